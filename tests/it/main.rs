//! The black-box tests: what the public contract promises, shown on the crate as a user has it.
#![cfg(not(wakeful_loom))]

mod alloc;
mod auto_traits;
mod behaviour;
mod between;
mod cancel;
mod differential;
mod fairness;
mod forget;
mod found;
#[path = "../model/mod.rs"]
mod model;
mod neighbourhood;
mod queue;
mod reentrant;

mod scale;
mod semaphore;
mod sizes;
mod storm;
mod support;
mod traps;
mod waker_panics;
mod yielding;
