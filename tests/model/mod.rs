//! The sequential reference model, and what drives it side by side with the real thing.
#![allow(
    dead_code,
    reason = "the tests and each fuzz target use different parts of it"
)]

pub(crate) mod answer;
pub(crate) mod drive;
mod ending;
mod live;
pub(crate) mod mutex;
pub(crate) mod pair;
pub(crate) mod primitive;
pub(crate) mod queue;
mod semaphore;
pub(crate) mod smallest;
pub(crate) mod tasks;
pub(crate) mod trace;

pub(crate) use wakeful_rules::{rules, seen, waiter};
