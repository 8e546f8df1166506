//! What is waited for alike, whatever it is: each case is tested for every verb that waits.

pub(crate) mod cancel;
mod forget;
mod order;
pub(crate) mod traps;
