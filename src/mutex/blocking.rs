//! Locking on the calling thread, in the same line as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::raw::Turn;
use super::{Mutex, MutexGuard, OwnedMutexGuard};
use crate::wait::{block_on, block_on_for};

impl<T: ?Sized> Mutex<T> {
    /// Locks the mutex, blocking this thread until it is its turn.
    ///
    /// It cannot tell whether it runs in an async context. There it blocks the executor's thread, forever
    /// if the lock is held by a task that only this thread would run.
    ///
    /// # Fairness
    ///
    /// The thread waits in the same line as the futures, by the same rules: see
    /// [`Mutex`](Mutex#fairness). A thread always answers, so no prober passes it over.
    ///
    /// While nobody else waits, it looks for some microseconds before it takes its place. Then it parks, on
    /// a token of its own: the one of [`std::thread::park`] stays the caller's.
    ///
    /// # Panics
    ///
    /// If a waker does: see [`Mutex`](Mutex#panics).
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

    /// [`Mutex::blocking_lock`] with a timeout; `None` if it expires.
    ///
    /// `Duration::ZERO` tries once; `Duration::MAX` waits forever.
    ///
    /// # Fairness
    ///
    /// As [`Mutex::blocking_lock`]. Before the thread gives up it looks once more, and takes a lock that is
    /// free but kept for a future that was woken and not polled for the
    /// [patience](crate::Fairness::patience). On a timeout it leaves the line as a dropped future does.
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

    /// [`Mutex::blocking_lock`], with a guard that owns an [`Arc`] of the mutex.
    ///
    /// # Fairness, panics
    ///
    /// As [`Mutex::blocking_lock`].
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        block_on::<Turn>(&self.raw, 1);
        OwnedMutexGuard::new(self)
    }

    /// [`Mutex::blocking_lock_timeout`], with a guard that owns an [`Arc`] of the mutex.
    ///
    /// # Fairness, panics
    ///
    /// As [`Mutex::blocking_lock_timeout`].
    pub fn blocking_lock_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Option<OwnedMutexGuard<T>> {
        block_on_for::<Turn>(&self.raw, 1, timeout).map(|()| OwnedMutexGuard::new(self))
    }
}
