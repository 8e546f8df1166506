//! The black-box tests: what the public contract promises, shown on the crate as a user has it.
//!
//! What one primitive has alone is in a folder of its name. What is waited for alike is tested once, for
//! every verb that waits, in `shared` and `fairness`, over the lines of `support::lines`.
#![cfg(not(wakeful_loom))]

mod between;
mod differential;
mod fairness;
#[path = "../model/mod.rs"]
mod model;
mod mutex;
mod neighbourhood;
mod queue;
mod semaphore;
mod shared;
mod support;
mod yielding;
