//! The synthetic province, a large file for benchmarks, and registers for tests on both databases.

pub mod cluster;
pub mod columns;
pub mod crowd;
pub mod harm;
pub mod intruder;
pub mod leaves;
pub mod mailbox;
pub mod national;
pub mod paper;
pub mod penalties;
pub mod postgres;
pub mod province;
pub mod receiver;
pub mod serving;
pub mod single;
pub mod soak;
pub mod stores;
