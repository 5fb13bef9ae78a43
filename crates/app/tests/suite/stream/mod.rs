//! The change stream: whoever copies what it tells holds what is public.

mod copy;
mod resumed;
pub mod world;
