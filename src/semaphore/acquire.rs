//! Acquiring, with and without waiting: one permit or many, borrowed or owned.

use std::sync::Arc;

use super::{
    Acquire, AcquireError, AcquireOwned, OwnedSemaphorePermit, Semaphore, SemaphorePermit,
    TryAcquireError,
};
use crate::wait::WaitFuture;

impl Semaphore {
    /// Acquires a permit, waiting until that is possible.
    ///
    /// The future joins the wait queue at its first poll, unless a permit is free and not
    /// [kept](crate::Fairness#terms) for a woken waiter: then it acquires at once.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Dropping the future only gives up its place in the queue.
    ///
    /// # Errors
    ///
    /// Fails if the semaphore is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Semaphore`](Semaphore#panics).
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
        self.acquire_many(1)
    }

    /// Acquires `n` permits, all at once.
    ///
    /// With `n == 0`, the future is ready at once unless the semaphore is closed. A request for more permits
    /// than the semaphore has waits, because more may be added.
    ///
    /// However many smaller requests there are, at most [`Fairness::limit`](crate::Fairness::limit) of them
    /// overtake this one while it is first.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Dropping the future only gives up its place in the queue. Waiters behind it
    /// that need less are woken at once.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::acquire`] does.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Semaphore`](Semaphore#panics).
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
        Acquire {
            wait: WaitFuture::new(self, n, ()),
        }
    }

    /// Tries to acquire a permit, without waiting.
    ///
    /// It may overtake waiters, within the [limit](crate::Fairness::limit), but never passes over a woken one,
    /// however often it is repeated.
    ///
    /// # Errors
    ///
    /// Fails with `Closed` if the semaphore is closed, and with `NoPermits` if no permit is free or the free
    /// ones are [kept](crate::Fairness#terms) for woken waiters.
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

    /// Tries to acquire `n` permits, all or none, without waiting.
    ///
    /// With `n == 0`, it succeeds unless the semaphore is closed. Overtaking a waiter counts once, however many
    /// permits are taken.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::try_acquire`] does.
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

    /// Acquires a permit like [`Semaphore::acquire`], but one that owns the [`Arc`], and so has no lifetime.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`Semaphore::acquire`] is. The `Arc` is dropped with the future.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::acquire`] does.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Semaphore`](Semaphore#panics).
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
        self.acquire_many_owned(1)
    }

    /// Acquires `n` permits like [`Semaphore::acquire_many`], as one permit that owns the [`Arc`].
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`Semaphore::acquire_many`] is. The `Arc` is dropped with the future.
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::acquire`] does.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Semaphore`](Semaphore#panics).
    #[inline]
    #[track_caller]
    pub fn acquire_many_owned(self: Arc<Self>, n: u32) -> AcquireOwned {
        AcquireOwned {
            wait: WaitFuture::new(self, n, ()),
        }
    }

    /// Tries to acquire a permit like [`Semaphore::try_acquire`], but one that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::try_acquire`] does. The `Arc` is dropped.
    #[inline]
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// Tries to acquire `n` permits like [`Semaphore::try_acquire_many`], as one permit that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Semaphore::try_acquire`] does. The `Arc` is dropped.
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
        match self.take_now(n) {
            Some(Ok(())) => Ok(()),
            Some(Err(AcquireError(()))) => Err(TryAcquireError::Closed),
            None => Err(TryAcquireError::NoPermits),
        }
    }
}
