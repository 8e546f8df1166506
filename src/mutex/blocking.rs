//! Locking on the calling thread, which waits in the same queue as the futures.

use std::sync::Arc;
use std::time::Duration;

use super::raw::Turn;
use super::{Mutex, MutexGuard, OwnedMutexGuard};
use crate::wait::{block_on, block_on_for};

impl<T: ?Sized> Mutex<T> {
    /// Locks the mutex, blocking this thread until that is possible.
    ///
    /// The thread waits in the same queue as the futures, by the same rules. It may spin for a few microseconds
    /// before it parks. It leaves the token of [`std::thread::park`] alone.
    ///
    /// Unlike tokio's, this does not panic in an async context: it blocks the executor's thread, forever if the
    /// lock is held by a task that only this thread runs.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Mutex`](Mutex#panics). Where threads cannot park
    /// (`wasm32-unknown-unknown`), it also panics if it has to wait.
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

    /// Locks the mutex, blocking this thread for at most `timeout`. Returns `None` if the timeout expires.
    ///
    /// `Duration::ZERO` tries once, like [`Mutex::try_lock`]; `Duration::MAX` waits forever, like
    /// [`Mutex::blocking_lock`]. Before giving up, the thread makes one last attempt, which may also take a lock
    /// that is kept for a future that has not been polled for the [patience](crate::Fairness::patience) (never
    /// with [`FIFO`](crate::Fairness::FIFO)).
    ///
    /// # Panics
    ///
    /// Panics as [`Mutex::blocking_lock`] does.
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

    /// Locks the mutex like [`Mutex::blocking_lock`], but returns a guard that owns the [`Arc`].
    ///
    /// # Panics
    ///
    /// Panics as [`Mutex::blocking_lock`] does.
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        block_on::<Turn>(&self.raw, 1);
        OwnedMutexGuard::new(self)
    }

    /// Locks the mutex like [`Mutex::blocking_lock_timeout`], but returns a guard that owns the [`Arc`]. The
    /// `Arc` is dropped if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics as [`Mutex::blocking_lock`] does.
    pub fn blocking_lock_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Option<OwnedMutexGuard<T>> {
        block_on_for::<Turn>(&self.raw, 1, timeout).map(|()| OwnedMutexGuard::new(self))
    }
}
