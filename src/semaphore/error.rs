//! What can be wrong: the semaphore is closed, has too few permits, or it took too long.

use std::error::Error;
use std::fmt;

/// The semaphore was closed: what waiting for permits fails with.
///
/// Nothing opens it again. Whoever gets this sees what was done before the closing: see
/// [`Semaphore`](crate::Semaphore#memory-ordering).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcquireError(pub(super) ());

/// Why no permits were had at once: see [`Semaphore::try_acquire`](crate::Semaphore::try_acquire), with
/// an example.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TryAcquireError {
    /// The semaphore was closed.
    Closed,
    /// Fewer are free than were asked for, or those free are kept for waiters that were called. It may
    /// be different the next time.
    NoPermits,
}

/// Why no permits were had in time: see
/// [`Semaphore::blocking_acquire_timeout`](crate::Semaphore::blocking_acquire_timeout), with an example.
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
