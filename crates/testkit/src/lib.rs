//! The synthetic province, and registers for tests on both databases.

pub mod postgres;
pub mod province;
pub mod stores;
