//! The mutex, as a user has it: what it does, how it is locked, what cancelling and wakers may do to it,
//! and storms.

pub(crate) mod alloc;
mod auto_traits;
mod forget;
mod found;
mod fused;
mod guards;
mod locking;
mod panics;
pub(crate) mod scale;
mod shown;
mod sizes;
mod storm;
mod values;
