//! The mutex, as a user has it: what it does, how it is locked, what cancelling and wakers may do to it,
//! and storms.

mod auto_traits;
mod forget;
mod found;
mod guards;
mod panics;
mod shown;
mod sizes;
mod values;
