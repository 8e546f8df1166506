//! What can be wrong: the semaphore is closed, has too few permits, or it took too long.

use std::error::Error;
use std::fmt;

/// The semaphore was closed: what waiting for permits fails with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcquireError(pub(super) ());

/// Why no permits were had at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TryAcquireError {
    /// The semaphore was closed.
    Closed,
    /// Fewer are free than were asked for, or those free are kept for waiters that were called.
    NoPermits,
}

/// Why no permits were had in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AcquireTimeoutError {
    /// The semaphore was closed.
    Closed,
    /// The time was up.
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
