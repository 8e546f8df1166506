//! Locking on the calling thread, in the same line as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::raw::Turn;
use super::{Mutex, MutexGuard, OwnedMutexGuard};
use crate::wait::{block_on, block_on_for};

impl<T: ?Sized> Mutex<T> {
    /// Locks by blocking this thread until it is its turn.
    ///
    /// It can not tell whether it runs inside an executor: there it blocks that executor's thread, and
    /// if the lock is held by a task that only this thread would run, for ever.
    ///
    /// # Fairness
    ///
    /// It waits in the same line as those who wait in an executor; a blocked thread is never passed over.
    /// As long as nobody else waits, it looks for some microseconds before it takes its place.
    ///
    /// # Panics
    ///
    /// If a waker that it wakes, clones or drops does: see [`Mutex`].
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

    /// [`Mutex::blocking_lock`] for at most so long; `None` if that was too short.
    ///
    /// `Duration::ZERO` tries once; `Duration::MAX` waits for ever.
    ///
    /// # Fairness
    ///
    /// As [`Mutex::blocking_lock`]; whoever gives up leaves the line as a future that is dropped.
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

    /// [`Mutex::blocking_lock`] with a guard that keeps the mutex alive and borrows nothing; as fair, and
    /// it panics where that does.
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        block_on::<Turn>(&self.raw, 1);
        OwnedMutexGuard::new(self)
    }

    /// [`Mutex::blocking_lock_timeout`] with a guard that keeps the mutex alive and borrows nothing; as
    /// fair, and it panics where that does.
    pub fn blocking_lock_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Option<OwnedMutexGuard<T>> {
        block_on_for::<Turn>(&self.raw, 1, timeout).map(|()| OwnedMutexGuard::new(self))
    }
}
