//! Acquiring, with and without waiting: one permit or many, borrowed or owned.

use std::sync::Arc;

use super::raw::Closed;
use super::{
    Acquire, AcquireOwned, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError,
};

impl Semaphore {
    /// Acquires a permit, waiting in line if need be. The future takes its place when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up its place in line and loses nothing.
    ///
    /// # Fairness
    ///
    /// The first poll acquires if a permit is free and not kept for a waiter that was called. See
    /// [`Semaphore`](Semaphore#fairness).
    ///
    /// # Errors
    ///
    /// The semaphore is closed, or is closed while this waits.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after completion, or if a waker does: see
    /// [`Semaphore`](Semaphore#panics).
    ///
    /// # Memory ordering
    ///
    /// See [`Semaphore`](Semaphore#memory-ordering).
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let semaphore = wakeful::Semaphore::new(1);
    /// let permit = semaphore.acquire().await.unwrap();
    /// assert!(semaphore.try_acquire().is_err());
    /// drop(permit);
    /// semaphore.close();
    /// assert!(semaphore.acquire().await.is_err());
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire::new(self, 1)
    }

    /// Acquires `n` permits, all at once.
    ///
    /// For 0 permits, the future is ready at once unless the semaphore is closed. A request for more
    /// permits than there are waits, since permits can be added.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up its place in line and loses nothing. Waiters behind it that need less
    /// are called at once.
    ///
    /// # Fairness
    ///
    /// However many smaller requests there are, at most [`Fairness::limit`](crate::Fairness::limit) of
    /// them overtake it while it is first; the others wait behind it. See
    /// [`Semaphore`](Semaphore#fairness).
    ///
    /// # Panics, memory ordering
    ///
    /// As [`Semaphore::acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::acquire`].
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let bytes = wakeful::Semaphore::new(1_000);
    /// let buffer = bytes.acquire_many(600).await.unwrap();
    /// assert_eq!(bytes.available_permits(), 400);
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn acquire_many(&self, n: u32) -> Acquire<'_> {
        Acquire::new(self, n)
    }

    /// Acquires a permit if that is possible without waiting.
    ///
    /// # Fairness
    ///
    /// It may overtake waiters as far as their credit goes ([rule 3](crate::Fairness#the-rules)). It never
    /// passes anyone over, however often it is repeated.
    ///
    /// # Errors
    ///
    /// The semaphore is closed, no permit is free, or those that are free are kept for waiters that were
    /// called.
    ///
    /// # Memory ordering
    ///
    /// See [`Semaphore`](Semaphore#memory-ordering). `NoPermits` orders nothing.
    ///
    /// # Examples
    ///
    /// Shedding load instead of queueing it:
    ///
    /// ```
    /// use wakeful::{Semaphore, TryAcquireError};
    ///
    /// let at_work = Semaphore::new(1);
    /// let first = at_work.try_acquire().unwrap();
    /// assert_eq!(at_work.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    /// ```
    #[inline]
    pub fn try_acquire(&self) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_acquire_many(1)
    }

    /// Acquires `n` permits, all or none, if that is possible without waiting. 0 permits always are, unless
    /// the semaphore is closed.
    ///
    /// # Fairness
    ///
    /// As [`Semaphore::try_acquire`]: overtaking costs one unit of credit, however many permits it takes.
    ///
    /// # Memory ordering
    ///
    /// As [`Semaphore::try_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::try_acquire`].
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::{Semaphore, TryAcquireError};
    ///
    /// let slots = Semaphore::new(3);
    /// let batch = slots.try_acquire_many(2).unwrap();
    /// assert_eq!(slots.try_acquire_many(2).unwrap_err(), TryAcquireError::NoPermits);
    /// assert_eq!(slots.available_permits(), 1);
    /// ```
    #[inline]
    pub fn try_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_take(n).map(|()| SemaphorePermit::new(self, n))
    }

    /// [`Semaphore::acquire`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up its place in line and loses nothing.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::acquire`], in the same line.
    ///
    /// # Errors
    ///
    /// As [`Semaphore::acquire`].
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    /// use wakeful::Semaphore;
    ///
    /// let semaphore = Arc::new(Semaphore::new(1));
    /// let permit = Arc::clone(&semaphore).acquire_owned().await.unwrap();
    /// std::thread::spawn(move || drop(permit)).join().unwrap();
    /// assert_eq!(semaphore.available_permits(), 1);
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn acquire_owned(self: Arc<Self>) -> AcquireOwned {
        AcquireOwned::new(self, 1)
    }

    /// [`Semaphore::acquire_many`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up its place in line and loses nothing.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::acquire_many`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::acquire_many`].
    #[inline]
    #[track_caller]
    pub fn acquire_many_owned(self: Arc<Self>, n: u32) -> AcquireOwned {
        AcquireOwned::new(self, n)
    }

    /// [`Semaphore::try_acquire`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, memory ordering
    ///
    /// As [`Semaphore::try_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::try_acquire`]; the `Arc` is dropped.
    #[inline]
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// [`Semaphore::try_acquire_many`], with a permit that owns an [`Arc`] of the semaphore.
    ///
    /// # Fairness, memory ordering
    ///
    /// As [`Semaphore::try_acquire_many`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::try_acquire_many`]; the `Arc` is dropped.
    #[inline]
    pub fn try_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_take(n)
            .map(|()| OwnedSemaphorePermit::new(self, n))
    }

    #[inline]
    fn try_take(&self, n: u32) -> Result<(), TryAcquireError> {
        match self.raw.take_now(n) {
            Some(Ok(())) => Ok(()),
            Some(Err(Closed)) => Err(TryAcquireError::Closed),
            None => Err(TryAcquireError::NoPermits),
        }
    }
}
