//! The error of `try_lock`.

use std::error::Error;
use std::fmt;

/// The error of [`Mutex::try_lock`](crate::Mutex::try_lock): the mutex is locked, or kept for a woken waiter.
#[derive(Debug)]
pub struct TryLockError(pub(super) ());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation would block")
    }
}

impl Error for TryLockError {}
