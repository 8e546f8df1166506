//! The sequential reference model, and what drives it side by side with the real thing.
#![allow(
    dead_code,
    reason = "the tests and each fuzz target use different parts of it"
)]

#[cfg(test)]
mod asserts;
pub(crate) mod drive;
mod invariants;
pub(crate) mod pair;
pub(crate) mod rules;
pub(crate) mod seen;
pub(crate) mod tasks;
pub(crate) mod trace;
pub(crate) mod waiter;
