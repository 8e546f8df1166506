//! What can be wrong: the lock was taken.

use std::error::Error;
use std::fmt;

/// The lock was taken, or kept for a waiter that was called: what
/// [`Mutex::try_lock`](crate::Mutex::try_lock) fails with.
#[derive(Debug)]
pub struct TryLockError(pub(super) ());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation would block")
    }
}

impl Error for TryLockError {}
