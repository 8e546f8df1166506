//! Two programs written for `tokio::sync`, and the same moved over: what had to be touched is the diff of
//! `*_tokio.rs` and `*_wakeful.rs`, which `docs/moving-over.md` shows. Both include the rest, as it is.
#![cfg(not(wakeful_loom))]

mod page;
mod pool_tokio;
mod pool_wakeful;
mod scheduler_tokio;
mod scheduler_wakeful;

// What is included is formatted all the same.
#[cfg(any())]
mod pool;
#[cfg(any())]
mod scheduler;
