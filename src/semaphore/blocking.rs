//! Acquiring on the calling thread, in the same line as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::Semaphore;
use super::error::{AcquireError, AcquireTimeoutError};
use super::permit::{OwnedSemaphorePermit, SemaphorePermit};
use super::raw::{Closed, Permits};
use crate::wait::{block_on, block_on_for};

impl Semaphore {
    /// Acquires a permit, blocking this thread until it is its turn.
    ///
    /// It cannot tell whether it runs in an async context. There it blocks the executor's thread, forever
    /// if the permits are held by tasks that only this thread would run.
    ///
    /// # Fairness
    ///
    /// The thread waits in the same line as the futures, by the same rules: see
    /// [`Semaphore`](Semaphore#fairness). A thread always answers, so no prober passes it over.
    ///
    /// While nobody else waits, it looks for some microseconds before it takes its place. Then it parks, on
    /// a token of its own: the one of [`std::thread::park`] stays the caller's.
    ///
    /// # Errors
    ///
    /// The semaphore is closed, or is closed while this waits.
    ///
    /// # Panics
    ///
    /// Only if a waker does; no permit is held then. See [`Semaphore`](Semaphore#panics).
    ///
    /// # Memory ordering
    ///
    /// See [`Semaphore`](Semaphore#memory-ordering).
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = wakeful::Semaphore::new(1);
    /// let permit = semaphore.blocking_acquire().unwrap();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// ```
    pub fn blocking_acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.blocking_acquire_many(1)
    }

    /// [`Semaphore::blocking_acquire`] for `n` permits, all at once. As with [`Semaphore::acquire_many`], a
    /// request for more permits than there are waits.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire`].
    pub fn blocking_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.take_blocking(n)
            .map(|()| SemaphorePermit::new(self, n))
    }

    /// [`Semaphore::blocking_acquire`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire`].
    pub fn blocking_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.blocking_acquire_many_owned(1)
    }

    /// [`Semaphore::blocking_acquire_many`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire`].
    pub fn blocking_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.take_blocking(n)
            .map(|()| OwnedSemaphorePermit::new(self, n))
    }

    /// [`Semaphore::blocking_acquire`] with a timeout.
    ///
    /// `Duration::ZERO` tries once, like [`Semaphore::try_acquire`]; `Duration::MAX` waits forever.
    /// Before the thread gives up it looks once more, and takes permits that are free but kept for a future
    /// that was woken and not polled for the [patience](crate::Fairness::patience). On a timeout it leaves
    /// the line as a dropped future does.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire`].
    ///
    /// # Errors
    ///
    /// The semaphore is closed, or the timeout expired.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use wakeful::{AcquireTimeoutError, Semaphore};
    ///
    /// let semaphore = Semaphore::new(0);
    /// let acquired = semaphore.blocking_acquire_timeout(Duration::from_millis(1));
    /// assert_eq!(acquired.unwrap_err(), AcquireTimeoutError::Timeout);
    /// ```
    pub fn blocking_acquire_timeout(
        &self,
        timeout: Duration,
    ) -> Result<SemaphorePermit<'_>, AcquireTimeoutError> {
        self.blocking_acquire_many_timeout(1, timeout)
    }

    /// [`Semaphore::blocking_acquire_many`] with a timeout.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    pub fn blocking_acquire_many_timeout(
        &self,
        n: u32,
        timeout: Duration,
    ) -> Result<SemaphorePermit<'_>, AcquireTimeoutError> {
        self.take_blocking_timeout(n, timeout)
            .map(|()| SemaphorePermit::new(self, n))
    }

    /// [`Semaphore::blocking_acquire_timeout`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    pub fn blocking_acquire_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Result<OwnedSemaphorePermit, AcquireTimeoutError> {
        self.blocking_acquire_many_owned_timeout(1, timeout)
    }

    /// [`Semaphore::blocking_acquire_many_timeout`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::blocking_acquire_timeout`].
    pub fn blocking_acquire_many_owned_timeout(
        self: Arc<Self>,
        n: u32,
        timeout: Duration,
    ) -> Result<OwnedSemaphorePermit, AcquireTimeoutError> {
        self.take_blocking_timeout(n, timeout)
            .map(|()| OwnedSemaphorePermit::new(self, n))
    }

    fn take_blocking(&self, n: u32) -> Result<(), AcquireError> {
        block_on::<Permits>(&self.raw, n).map_err(|Closed| AcquireError(()))
    }

    fn take_blocking_timeout(&self, n: u32, timeout: Duration) -> Result<(), AcquireTimeoutError> {
        match block_on_for::<Permits>(&self.raw, n, timeout) {
            Some(Ok(())) => Ok(()),
            Some(Err(Closed)) => Err(AcquireTimeoutError::Closed),
            None => Err(AcquireTimeoutError::Timeout),
        }
    }
}
