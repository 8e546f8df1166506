//! [`Mutex`], its guards and its futures.

// | file | its one idea |
// |---|---|
// | `mod.rs` | the type: what it promises, and how tasks lock it |
// | `blocking.rs` | how threads lock it |
// | `guard.rs` | the four guards |
// | `future.rs` | `Lock` and `LockOwned` |
// | `error.rs` | the error of `try_lock` |
// | `raw.rs` | the algorithm, without the value: locking and unlocking; the races as stories |
// | `word.rs` | the state word |

mod blocking;
mod error;
mod future;
mod guard;
mod raw;
mod word;

use std::cell::UnsafeCell;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fairness::Fairness;
use crate::sync::{Tracker, const_fn, for_models};
use crate::wait::WaitFuture;
use raw::RawMutex;

pub use error::TryLockError;
pub use future::{Lock, LockOwned};
pub use guard::{MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

/// An async mutex: its guard may be held across an `.await`. Tasks and threads share one wait queue.
///
/// If you never hold the lock across an `.await`, use `std::sync::Mutex` or parking_lot instead: a synchronous
/// mutex is simpler, and no slower.
///
/// It is not reentrant: a task or thread that locks again while it holds the guard waits forever.
///
/// # Cancel safety
///
/// [`lock`](Mutex::lock) is cancel safe. Dropping the future, in any state, gives up its place in the queue and
/// passes on any wake-up that it received. Calling `lock` again joins the end of the queue.
///
/// # Fairness
///
/// Unlocking frees the mutex and *calls* (wakes) the first waiter, without handing it the lock. While that
/// waiter is first, at most [`Fairness::limit`] later arrivals may overtake it. Once they have, the lock is
/// *kept* for it.
///
/// A woken waiter that is never polled again does not block the mutex, which rules out *futurelock*. Its own
/// task gets past it at the second poll, whatever the fairness; others get past it once the
/// [patience](Fairness::patience) has expired (never, with [`Fairness::FIFO`]). See [`Fairness`] for [the
/// rules](Fairness#the-rules) and [their limits](Fairness#limits).
///
/// # Errors
///
/// Locking cannot fail. `try_*` methods fail if they would block, and `*_timeout` methods return `None` if the
/// timeout expires.
///
/// # Panics
///
/// There is no poisoning: a panic while the lock is held releases it, and the next holder finds the value as
/// the panic left it.
///
/// Polling a future after completion panics.
///
/// If a waker panics, all other wakers that are due are woken first. Then the panic propagates (unless the
/// thread is already unwinding) out of the call that woke it: a poll, an unlock, or the drop of a future. The
/// mutex stays usable. A poll that panicked does not hold the lock: poll the future again or drop it.
///
/// # Memory ordering
///
/// Unlocking synchronizes with every later acquisition of the lock. A failed `try_lock` and
/// [`is_locked`](Mutex::is_locked) synchronize with nothing.
///
/// # Examples
///
/// Tasks that read a counter, wait, and write it back:
///
/// ```
/// use std::sync::Arc;
/// use wakeful::Mutex;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let counter = Arc::new(Mutex::new(0));
/// let tasks: Vec<_> = (0..3)
///     .map(|_| {
///         let counter = Arc::clone(&counter);
///         tokio::spawn(async move {
///             let mut value = counter.lock().await;
///             let seen = *value;
///             tokio::task::yield_now().await;
///             *value = seen + 1;
///         })
///     })
///     .collect();
/// for task in tasks {
///     task.await.unwrap();
/// }
/// assert_eq!(*counter.lock().await, 3);
/// # }
/// ```
pub struct Mutex<T: ?Sized> {
    raw: RawMutex,
    tracker: Tracker,
    value: UnsafeCell<T>,
}

// SAFETY: moving the mutex moves the value; nothing in the lock is tied to a thread or to an address.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: the lock gives the value to one thread at a time, which amounts to sending it; `T: Sync` is not
// needed, because no two threads access it at once.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

// There is no poisoning, so the next holder sees a value that a panic left half changed: the mutex is as unwind
// safe as its value. No panic leaves the wait queue half changed.
impl<T: ?Sized + UnwindSafe> UnwindSafe for Mutex<T> {}
impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for Mutex<T> {}

impl<T> Mutex<T> {
    const_fn! {
        /// Creates an unlocked mutex with [`Fairness::DEFAULT`].
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::Mutex;
        ///
        /// static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
        ///
        /// NAMES.blocking_lock().push("Ada".to_owned());
        /// ```
        #[must_use]
        pub const fn new(value: T) -> Self {
            Self::with_fairness(value, Fairness::DEFAULT)
        }
    }

    const_fn! {
        /// Creates an unlocked mutex: [`Mutex::new`] by tokio's name.
        #[must_use]
        pub const fn const_new(value: T) -> Self {
            Self::new(value)
        }
    }

    const_fn! {
        /// Creates an unlocked mutex with this fairness.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::{Fairness, Mutex};
        ///
        /// // First come, first served, as in tokio.
        /// static LEDGER: Mutex<u64> = Mutex::with_fairness(0, Fairness::FIFO);
        ///
        /// *LEDGER.blocking_lock() += 1;
        /// ```
        #[must_use]
        pub const fn with_fairness(value: T, fairness: Fairness) -> Self {
            Self {
                raw: RawMutex::new(fairness),
                tracker: Tracker::new(),
                value: UnsafeCell::new(value),
            }
        }
    }

    /// Returns the value, consuming the mutex. It need not lock, because nobody else has a reference to it.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Locks the mutex, waiting until that is possible.
    ///
    /// The future joins the wait queue at its first poll, unless the mutex is free and not
    /// [kept](Fairness#terms) for a woken waiter: then it locks at once.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Dropping the future only gives up its place in the queue.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Mutex`](Mutex#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let mutex = wakeful::Mutex::new(1);
    /// *mutex.lock().await += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> Lock<'_, T> {
        Lock {
            wait: WaitFuture::new(self, 1, ()),
        }
    }

    /// Tries to lock the mutex, without waiting.
    ///
    /// It may overtake waiters, within the [limit](Fairness::limit), but never passes over a woken one, however
    /// often it is repeated.
    ///
    /// # Errors
    ///
    /// Fails if the mutex is locked, or free but [kept](Fairness#terms) for a woken waiter.
    ///
    /// # Examples
    ///
    /// ```
    /// let mutex = wakeful::Mutex::new(1);
    /// let held = mutex.try_lock().unwrap();
    /// assert!(mutex.try_lock().is_err());
    /// drop(held);
    /// assert!(mutex.try_lock().is_ok());
    /// ```
    #[inline]
    pub fn try_lock(&self) -> Result<MutexGuard<'_, T>, TryLockError> {
        if self.raw.try_lock() {
            Ok(MutexGuard::new(self))
        } else {
            Err(TryLockError(()))
        }
    }

    /// Locks the mutex like [`Mutex::lock`], but returns a guard that owns the [`Arc`], and so has no lifetime.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`Mutex::lock`] is. The `Arc` is dropped with the future.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Mutex`](Mutex#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    /// use wakeful::Mutex;
    ///
    /// let mutex = Arc::new(Mutex::new(1));
    /// let guard = Arc::clone(&mutex).lock_owned().await;
    /// std::thread::spawn(move || drop(guard)).join().unwrap();
    /// assert!(!mutex.is_locked());
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn lock_owned(self: Arc<Self>) -> LockOwned<T> {
        LockOwned {
            wait: WaitFuture::new(self, 1, ()),
        }
    }

    /// Tries to lock the mutex like [`Mutex::try_lock`], but returns a guard that owns the [`Arc`].
    ///
    /// # Errors
    ///
    /// Fails as [`Mutex::try_lock`] does. The `Arc` is dropped.
    #[inline]
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        if self.raw.try_lock() {
            Ok(OwnedMutexGuard::new(self))
        } else {
            Err(TryLockError(()))
        }
    }

    /// Returns whether the mutex is currently locked.
    ///
    /// The answer may be out of date as soon as it is returned, and the call synchronizes with nothing.
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked()
    }

    /// Returns a mutable reference to the value. It need not lock, because `&mut self` proves that nobody else
    /// can.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    for_models! {
        /// Panics unless nobody has the lock, waits for it, or probes; for the end of a model.
        #[doc(hidden)]
        pub fn assert_idle(&self) {
            self.raw.assert_idle();
        }
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

/// Shows the value if [`try_lock`](Mutex::try_lock) succeeds, and `<locked>` otherwise. The lock is held meanwhile.
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
