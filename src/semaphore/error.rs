//! The errors: the semaphore is closed, has too few permits, or the timeout expired.

use std::error::Error;
use std::fmt;

/// The error of [`Semaphore::acquire`](crate::Semaphore::acquire) and its variants: the semaphore is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcquireError(pub(super) ());

/// The error of [`Semaphore::try_acquire`](crate::Semaphore::try_acquire) and its variants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TryAcquireError {
    /// The semaphore is closed.
    Closed,
    /// Too few permits are free, or the free ones are kept for woken waiters.
    NoPermits,
}

/// The error of [`Semaphore::blocking_acquire_timeout`](crate::Semaphore::blocking_acquire_timeout) and its
/// variants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AcquireTimeoutError {
    /// The semaphore is closed.
    Closed,
    /// The timeout expired.
    Timeout,
}

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("semaphore closed")
    }
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "semaphore closed",
            Self::NoPermits => "no permits available",
        })
    }
}

impl fmt::Display for AcquireTimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "semaphore closed",
            Self::Timeout => "timed out waiting for permits",
        })
    }
}

impl Error for AcquireError {}
impl Error for TryAcquireError {}
impl Error for AcquireTimeoutError {}
