//! Subscriptions to which changes are brought.

mod brought;
mod checked;
mod copy;
mod kept;
mod tasks;
mod world;
