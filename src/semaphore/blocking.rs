//! Acquiring on the calling thread, which waits in the same queue as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::Semaphore;
use super::error::{AcquireError, AcquireTimeoutError};
use super::permit::{OwnedSemaphorePermit, SemaphorePermit};
use super::pool::Permits;
use crate::wait::{block_on, block_on_for};

impl Semaphore {
    /// Acquires a permit, blocking this thread until that is possible.
    ///
    /// The thread waits in the same queue as the futures, by the same rules. It may spin for a few microseconds
    /// before it parks. It leaves the token of [`std::thread::park`] alone.
    ///
    /// Unlike tokio's, this does not panic in an async context: it blocks the executor's thread, forever if the
    /// permits are held by tasks that only this thread runs.
    ///
    /// # Errors
    ///
    /// Fails if the semaphore is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; no permit is held then. See [`Semaphore`](Semaphore#panics). Where threads
    /// cannot park (`wasm32-unknown-unknown`), it also panics if it has to wait.
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

    /// Acquires `n` permits, all at once, blocking this thread until that is possible.
    ///
    /// As with [`Semaphore::acquire_many`], a request for more permits than the semaphore has waits.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        block_on::<Permits>(self, n).map(|()| SemaphorePermit::new(self, n))
    }

    /// Acquires a permit like [`Semaphore::blocking_acquire`], but one that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.blocking_acquire_many_owned(1)
    }

    /// Acquires `n` permits like [`Semaphore::blocking_acquire_many`], as one permit that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        block_on::<Permits>(&self, n).map(|()| OwnedSemaphorePermit::new(self, n))
    }

    /// Acquires a permit, blocking this thread for at most `timeout`.
    ///
    /// `Duration::ZERO` tries once, like [`Semaphore::try_acquire`]; `Duration::MAX` waits forever. Before giving
    /// up, the thread makes one last attempt, which may also take permits that are kept for a future that has not
    /// been polled for the [patience](crate::Fairness::patience) (never with
    /// [`FIFO`](crate::Fairness::FIFO)).
    ///
    /// # Errors
    ///
    /// Fails with `Closed` if the semaphore is closed, and with `Timeout` if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
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

    /// Acquires `n` permits, all at once, blocking this thread for at most `timeout`.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire_timeout`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_many_timeout(
        &self,
        n: u32,
        timeout: Duration,
    ) -> Result<SemaphorePermit<'_>, AcquireTimeoutError> {
        self.take_blocking_timeout(n, timeout)
            .map(|()| SemaphorePermit::new(self, n))
    }

    /// Acquires a permit like [`Semaphore::blocking_acquire_timeout`], but one that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire_timeout`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Result<OwnedSemaphorePermit, AcquireTimeoutError> {
        self.blocking_acquire_many_owned_timeout(1, timeout)
    }

    /// Acquires `n` permits like [`Semaphore::blocking_acquire_many_timeout`], as one permit that owns the
    /// [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::blocking_acquire_timeout`] does.
    ///
    /// # Panics
    ///
    /// Panics as [`Semaphore::blocking_acquire`] does.
    pub fn blocking_acquire_many_owned_timeout(
        self: Arc<Self>,
        n: u32,
        timeout: Duration,
    ) -> Result<OwnedSemaphorePermit, AcquireTimeoutError> {
        self.take_blocking_timeout(n, timeout)
            .map(|()| OwnedSemaphorePermit::new(self, n))
    }

    fn take_blocking_timeout(&self, n: u32, timeout: Duration) -> Result<(), AcquireTimeoutError> {
        match block_on_for::<Permits>(self, n, timeout) {
            Some(Ok(())) => Ok(()),
            Some(Err(AcquireError(()))) => Err(AcquireTimeoutError::Closed),
            None => Err(AcquireTimeoutError::Timeout),
        }
    }
}
