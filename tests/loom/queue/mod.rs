//! Models of the queue.

mod cancel;
mod cast;
mod handles;
mod items;
mod sharing;
mod storage;
