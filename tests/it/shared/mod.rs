//! What is waited for alike, whatever it is: each case is tested for every verb that waits.

mod alloc;
mod blocking;
mod cancel;
mod closing;
mod forget;
pub(crate) mod fused;
mod order;
mod reentrant;
mod scale;
mod storm;
mod token;
pub(crate) mod traps;
mod waker_panics;
