//! The errors: the semaphore is closed, has too few permits, or the timeout expired.

use crate::error::messages;

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

messages!(AcquireError: Self(()) => "semaphore closed");

messages!(TryAcquireError:
    Self::Closed => "semaphore closed",
    Self::NoPermits => "no permits available",
);

messages!(AcquireTimeoutError:
    Self::Closed => "semaphore closed",
    Self::Timeout => "timed out waiting for permits",
);
