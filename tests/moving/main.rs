//! Two programs written for `tokio::sync`, and the same moved over: what had to be touched is the diff of
//! the two files, which `docs/moving-over.md` shows.
#![cfg(not(wakeful_loom))]

mod page;
mod pool_tokio;
mod pool_wakeful;
mod scheduler_tokio;
mod scheduler_wakeful;
