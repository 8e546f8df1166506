//! The mutex: [`Mutex`], its guards and its futures.
//!
//! | file | its one idea |
//! |---|---|
//! | `mod.rs` | the typed face |
//! | `guard.rs` | the four guards |
//! | `future.rs` | [`Lock`] and [`LockOwned`], and blocking |
//! | `wait.rs` | the waiter's place in a future |
//! | `raw.rs` | locking, unlocking, cancelling; the races as stories |
//! | `poll.rs` | polling a waiter: the fairness rules |
//! | `word.rs` | the state word |

mod future;
mod guard;
mod poll;
mod raw;
mod wait;
mod word;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use crate::fairness::Fairness;
use crate::sync::{Deadline, Tracker, UnsafeCell, const_fn};
use raw::RawMutex;

pub use future::{Lock, LockOwned};
pub use guard::{MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

/// An async mutex.
pub struct Mutex<T: ?Sized> {
    raw: RawMutex,
    tracker: Tracker,
    value: UnsafeCell<T>,
}

// SAFETY: moving the mutex moves the value; nothing of the lock is tied to a thread or a place.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: the lock gives the value to one thread at a time, which is a `Send` of it; `T: Sync` is not
// needed, because no two threads look at it at once.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

// There is no poisoning, so a value that a panic left half changed is seen by whoever locks next:
// the mutex is as unwind safe as its value. The line holds no state that a panic could tear.
impl<T: ?Sized + UnwindSafe> UnwindSafe for Mutex<T> {}
impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for Mutex<T> {}

impl<T> Mutex<T> {
    const_fn! {
        /// A mutex, not locked, with [`Fairness::DEFAULT`].
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self::with_fairness(value, Fairness::DEFAULT)
        }
    }

    const_fn! {
        /// [`Mutex::new`], by the name that tokio gives it.
        #[must_use]
        pub const fn const_new(value: T) -> Self {
            Self::new(value)
        }
    }

    const_fn! {
        /// A mutex, not locked, with a fairness of its own.
        #[must_use]
        pub const fn with_fairness(value: T, fairness: Fairness) -> Self {
            Self {
                raw: RawMutex::new(fairness),
                tracker: Tracker::new(),
                value: UnsafeCell::new(value),
            }
        }
    }

    /// The value; nobody can have the lock.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Locks.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> Lock<'_, T> {
        Lock::new(self)
    }

    /// Locks now or never.
    #[inline]
    pub fn try_lock(&self) -> Result<MutexGuard<'_, T>, TryLockError> {
        if self.raw.try_lock() {
            Ok(MutexGuard::new(self))
        } else {
            Err(TryLockError(()))
        }
    }

    /// lock_owned
    #[inline]
    #[track_caller]
    pub fn lock_owned(self: Arc<Self>) -> LockOwned<T> {
        LockOwned::new(self)
    }

    /// try
    #[inline]
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        if self.raw.try_lock() {
            Ok(OwnedMutexGuard::new(self))
        } else {
            Err(TryLockError(()))
        }
    }

    /// blocking
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        future::lock_blocking(&self.raw, Deadline::NEVER);
        MutexGuard::new(self)
    }

    /// blocking
    pub fn blocking_lock_timeout(&self, timeout: Duration) -> Option<MutexGuard<'_, T>> {
        future::lock_blocking_timeout(&self.raw, timeout).then(|| MutexGuard::new(self))
    }

    /// blocking
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        future::lock_blocking(&self.raw, Deadline::NEVER);
        OwnedMutexGuard::new(self)
    }

    /// blocking
    pub fn blocking_lock_owned_timeout(
        self: Arc<Self>,
        timeout: Duration,
    ) -> Option<OwnedMutexGuard<T>> {
        future::lock_blocking_timeout(&self.raw, timeout).then(|| OwnedMutexGuard::new(self))
    }

    /// is_locked
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked()
    }

    /// get_mut
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// Panics unless nobody has the lock, waits for it, or probes; for the end of a model.
    #[cfg(any(test, fuzzing, wakeful_loom))]
    #[doc(hidden)]
    pub fn assert_idle(&self) {
        self.raw.assert_idle();
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mutex = f.debug_struct("Mutex");
        match self.try_lock() {
            Ok(value) => mutex.field("data", &&*value),
            Err(TryLockError(())) => mutex.field("data", &format_args!("<locked>")),
        };
        mutex.finish()
    }
}

/// The lock was taken, or kept for a waiter that was called: what [`Mutex::try_lock`] fails with.
#[derive(Debug)]
pub struct TryLockError(());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation would block")
    }
}

impl std::error::Error for TryLockError {}
