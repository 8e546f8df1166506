//! Acquiring: waiting and not, one and many, borrowed and owned.

use std::sync::Arc;

use super::raw::Closed;
use super::{
    Acquire, AcquireOwned, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError,
};

impl Semaphore {
    /// Acquires a permit, waiting for its turn. The future has its place in line from its first poll
    /// on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing.
    ///
    /// # Fairness
    ///
    /// The first poll acquires if a permit is free and not kept for waiters that were called. See
    /// [`Semaphore`](Semaphore#fairness).
    ///
    /// # Errors
    ///
    /// The semaphore is closed, or it is closed before the permit was had.
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

    /// Acquires so many permits, all at once.
    ///
    /// 0 permits are ready at once unless the semaphore is closed. More than there are at all are
    /// waited for, since permits can be added; it is for the caller to check if that can not happen.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing; those behind it who need less
    /// are called at once.
    ///
    /// # Fairness
    ///
    /// However many smaller requests there are, at most [`Fairness::limit`](crate::Fairness::limit) of
    /// them overtake it while it is first; then they wait behind it until it has what it needs. See
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

    /// Acquires a permit if that is possible at once.
    ///
    /// # Fairness
    ///
    /// It counts as a later arrival, and so overtakes those in line while the bound allows it. It
    /// uses up nobody's patience, however often it is repeated.
    ///
    /// # Errors
    ///
    /// The semaphore is closed, or no permit is free, or those that are free are kept for waiters that
    /// were called.
    ///
    /// # Memory ordering
    ///
    /// See [`Semaphore`](Semaphore#memory-ordering). That too few are free, orders nothing; that it is
    /// closed, does.
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

    /// Acquires so many permits, all or none, if that is possible at once. 0 permits always are unless
    /// the semaphore is closed.
    ///
    /// # Fairness
    ///
    /// As [`Semaphore::try_acquire`]: it counts as one arrival, however many permits it takes.
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

    /// [`Semaphore::acquire`] with a permit that keeps the semaphore alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing.
    ///
    /// # Fairness, panics, memory ordering
    ///
    /// As [`Semaphore::acquire`]: borrowed and owned wait in one line.
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

    /// [`Semaphore::acquire_many`] with a permit that keeps the semaphore alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing.
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

    /// [`Semaphore::try_acquire`] with a permit that keeps the semaphore alive and borrows nothing.
    ///
    /// # Fairness, memory ordering
    ///
    /// As [`Semaphore::try_acquire`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::try_acquire`]; if it fails, the `Arc` is dropped.
    #[inline]
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// [`Semaphore::try_acquire_many`] with a permit that keeps the semaphore alive and borrows
    /// nothing.
    ///
    /// # Fairness, memory ordering
    ///
    /// As [`Semaphore::try_acquire_many`].
    ///
    /// # Errors
    ///
    /// As [`Semaphore::try_acquire_many`]; if it fails, the `Arc` is dropped.
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
