//! The sequential reference model, and what drives it side by side with the real thing.
#![allow(
    dead_code,
    reason = "the tests and each fuzz target use different parts of it"
)]

pub(crate) mod drive;
mod ending;
mod invariants;
mod live;
pub(crate) mod mutex;
pub(crate) mod pair;
mod parts;
mod permits;
pub(crate) mod primitive;
mod probing;
pub(crate) mod queue;
pub(crate) mod rules;
pub(crate) mod seen;
mod semaphore;
pub(crate) mod smallest;
pub(crate) mod tasks;
pub(crate) mod trace;
pub(crate) mod waiter;
pub(crate) mod without;
