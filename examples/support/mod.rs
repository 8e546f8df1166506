//! What the example programs share.

pub(crate) mod gauge;
pub(crate) mod table;
pub(crate) mod verdict;
pub(crate) mod waits;
