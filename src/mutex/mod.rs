//! The mutex: [`Mutex`], its guards and its futures.
//!
//! | file | its one idea |
//! |---|---|
//! | `mod.rs` | the type: what it promises, and how it is locked |
//! | `blocking.rs` | locking for threads |
//! | `guard.rs` | the four guards |
//! | `future.rs` | [`Lock`] and [`LockOwned`] |
//! | `error.rs` | what can be wrong |
//! | `raw.rs` | locking and unlocking; the races as stories |
//! | `word.rs` | the state word |

mod blocking;
mod error;
mod future;
mod guard;
mod raw;
mod word;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fairness::Fairness;
use crate::sync::{Tracker, UnsafeCell, const_fn, for_models};
use raw::RawMutex;

pub use error::TryLockError;
pub use future::{Lock, LockOwned};
pub use guard::{MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

/// An async mutex: mutual exclusion for tasks of any executor and for threads, in one line.
///
/// Use it where a lock is held across an `.await`, or where waiting must not block the executor. For a
/// value that is only read or written in between, a synchronous mutex is as good: that of parking_lot,
/// locked and unlocked without contention, costs the same.
///
/// # Cancel safety
///
/// [`lock`](Mutex::lock) is cancel safe: dropping the future at any moment gives its place in line up,
/// passes on a wake-up that it was given, and loses nothing. Dropping it and locking again means
/// waiting at the end of the line.
///
/// # Fairness
///
/// A release frees the mutex and *calls* (wakes) the first in line, once; the lock is handed to nobody.
/// Until the first comes, others may overtake it: at most [`Fairness::limit`] times in all while it is
/// first, and half as often after each time that it came in vain. Then the mutex is *kept* for it.
///
/// A waiter that was called and is not polled keeps nobody out for ever. A future that its own task
/// polls behind it passes it over at once, whatever the fairness: a task that polled one future, keeps
/// it and awaits another does not wait for itself, which is the *futurelock* of
/// [RFD 609](https://rfd.shared.oxide.computer/rfd/0609),
/// [tokio#6450](https://github.com/tokio-rs/tokio/issues/6450) and
/// [tokio#7892](https://github.com/tokio-rs/tokio/issues/7892). Other tasks pass it over when its
/// patience ([`Fairness::patience`]) is used up. Either way, it comes back to its place when it is
/// polled again.
///
/// The limits of this:
///
/// - *The same task* means the same waker, by its data and its vtable. Futures with wakers of their own
///   (in a `FuturesUnordered`, say), or with wakers whose clones have other data, depend on patience.
/// - Patience is what arrivals have. A waiter that queued while the mutex was locked sleeps until one
///   comes, if it stands behind a forgotten one.
/// - With [`Fairness::FIFO`] patience never ends: a future that another task forgot keeps everybody
///   out, as it does in tokio.
///
/// # Panics
///
/// There is no poisoning: a panic while the lock is held releases it, and whoever locks next finds the
/// value as the panic left it. If a waker panics, others that were to be woken are woken first, and
/// then the panic goes on; the mutex stays usable. A poll that panicked holds no lock, and is to be
/// repeated or its future dropped.
///
/// # Memory ordering
///
/// What was done to the value before it was unlocked happens before what is done after it is locked
/// the next time.
///
/// # Examples
///
/// A counter that several tasks read, await upon, and write back:
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

    /// The value. Nobody can have the lock, since nobody can have a reference to the mutex.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Locks, waiting for its turn. The future has its place in line from its first poll on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing.
    ///
    /// # Fairness
    ///
    /// The first poll locks if the mutex is free and not kept for a waiter that was called. See
    /// [`Mutex`].
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after completion.
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
        Lock::new(self)
    }

    /// Locks if that is possible at once.
    ///
    /// # Fairness
    ///
    /// It counts as a later arrival, and so overtakes those in line while the bound allows it.
    ///
    /// # Errors
    ///
    /// The mutex is locked, or it is free but kept for a waiter that was called.
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

    /// [`Mutex::lock`] with a guard that keeps the mutex alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in line up and loses nothing.
    ///
    /// # Fairness
    ///
    /// As [`Mutex::lock`].
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after completion.
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
        LockOwned::new(self)
    }

    /// [`Mutex::try_lock`] with a guard that keeps the mutex alive and borrows nothing.
    ///
    /// # Fairness
    ///
    /// As [`Mutex::try_lock`].
    ///
    /// # Errors
    ///
    /// As [`Mutex::try_lock`]; the `Arc` is dropped then.
    #[inline]
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        if self.raw.try_lock() {
            Ok(OwnedMutexGuard::new(self))
        } else {
            Err(TryLockError(()))
        }
    }

    /// Whether somebody has the lock at this moment. It may be another moment when the caller learns of
    /// it, and nothing is ordered by it.
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked()
    }

    /// The value, without locking: nobody else has a reference to the mutex.
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

/// Shows the value if it can be locked at once, which counts as a later arrival.
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
