//! Locking on the calling thread, in the same line as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::raw::Turn;
use super::{Mutex, MutexGuard, OwnedMutexGuard};
use crate::wait::{block_on, block_on_for};

impl<T: ?Sized> Mutex<T> {
    /// Locks the mutex, blocking this thread until it is its turn.
    ///
    /// The thread waits in the same queue as the futures, by the same rules. It may spin for some microseconds
    /// first; then it parks, without using the token of [`std::thread::park`].
    ///
    /// In an async context, unlike tokio's, this does not panic: it blocks the executor's thread, forever if
    /// the lock is held by a task that only this thread would run.
    ///
    /// # Panics
    ///
    /// Only if a waker does: see [`Mutex`](Mutex#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// let mutex = wakeful::Mutex::new(1);
    /// *mutex.blocking_lock() += 1;
    /// ```
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        block_on::<Turn>(&self.raw, 1);
        MutexGuard::new(self)
    }

    /// Locks the mutex, blocking this thread for at most `timeout`. Returns `None` if that expires.
    ///
    /// `Duration::ZERO` tries once; `Duration::MAX` waits forever, like [`Mutex::blocking_lock`]. Before it
    /// gives up, the thread looks once more, and takes a lock that is free but kept for a future that was
    /// not polled for the [patience](crate::Fairness::patience).
    ///
    /// # Panics
    ///
    /// As [`Mutex::blocking_lock`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mutex = wakeful::Mutex::new(1);
    /// let held = mutex.blocking_lock();
    /// assert!(mutex.blocking_lock_timeout(Duration::from_millis(1)).is_none());
    /// ```
    pub fn blocking_lock_timeout(&self, timeout: Duration) -> Option<MutexGuard<'_, T>> {
        block_on_for::<Turn>(&self.raw, 1, timeout).map(|()| MutexGuard::new(self))
    }

    /// Locks the mutex like [`Mutex::blocking_lock`], with a guard that owns an [`Arc`] of it.
    ///
    /// # Panics
    ///
    /// As [`Mutex::blocking_lock`].
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        block_on::<Turn>(&self.raw, 1);
        OwnedMutexGuard::new(self)
    }

    /// Locks the mutex like [`Mutex::blocking_lock_timeout`], with a guard that owns an [`Arc`] of it.
    ///
    /// # Panics
    ///
    /// As [`Mutex::blocking_lock`].
    pub fn blocking_lock_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Option<OwnedMutexGuard<T>> {
        block_on_for::<Turn>(&self.raw, 1, timeout).map(|()| OwnedMutexGuard::new(self))
    }
}
