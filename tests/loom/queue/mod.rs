//! Models of the queue.

mod cancel;
mod cast;
mod close;
mod handles;
mod items;
mod rendezvous;
mod sharing;
mod storage;
