//! [`Semaphore`], its permits, futures and errors.

// | file | its one idea |
// |---|---|
// | `mod.rs` | the type: what it promises, how it is made and closed |
// | `acquire.rs` | how tasks acquire |
// | `resize.rs` | adding permits, and taking them out for good |
// | `blocking.rs` | how threads acquire |
// | `permit.rs` | the two permits |
// | `future.rs` | `Acquire` and `AcquireOwned` |
// | `error.rs` | the errors |
// | `pool.rs` | the algorithm: taking and giving back; the races as stories |
// | `word.rs` | the state word |

mod acquire;
mod blocking;
mod error;
mod future;
mod permit;
mod pool;
mod resize;
mod word;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use crate::wait::{Guarded, Line, Needs, Pool};
use pool::Permits;
use word::Word;

pub use error::{AcquireError, AcquireTimeoutError, TryAcquireError};
pub use future::{Acquire, AcquireOwned};
pub use permit::{OwnedSemaphorePermit, SemaphorePermit};

/// An async counting semaphore that can be resized while it is in use. Tasks and threads share one wait queue.
///
/// Use it to limit how much happens at once: requests to an upstream, open files, bytes in memory (with the
/// size passed to [`acquire_many`](Semaphore::acquire_many)). At any time,
/// [`add_permits`](Semaphore::add_permits) raises the limit and [`reduce_permits`](Semaphore::reduce_permits)
/// lowers it by an exact number.
///
/// # Cancel safety
///
/// [`acquire`](Semaphore::acquire) and its variants are cancel safe. Dropping the future, in any state, gives
/// up its place in the queue and passes on any wake-up that it received. When a large request is cancelled, the
/// smaller ones behind it are woken at once if enough is free for them. Calling `acquire` again joins the end
/// of the queue.
///
/// # Fairness
///
/// Returned permits are handed to nobody: they become free, and the waiters at the front that need no more than
/// that are *called* (woken). While a waiter is first, at most [`Fairness::limit`] later acquisitions may
/// overtake it, each counting once however many permits it takes. Once they have, the permits that woken
/// waiters need are *kept* for them. So small requests never starve a request for many permits.
///
/// A woken waiter that is never polled again does not block the semaphore, which rules out *futurelock*. Its
/// own task gets past it at the second poll, whatever the fairness; others get past it once the
/// [patience](Fairness::patience) has expired (never, with [`Fairness::FIFO`]). See [`Fairness`] for [the
/// rules](Fairness#the-rules) and [their limits](Fairness#limits).
///
/// # Errors
///
/// Acquiring fails once the semaphore is [closed](Semaphore::close). `try_*` methods also fail if they would
/// block, and `*_timeout` methods if the timeout expires.
///
/// # Panics
///
/// Polling a future after completion panics.
///
/// If a waker panics, all other wakers that are due are woken first. Then the panic propagates (unless the
/// thread is already unwinding) out of the call that woke it: a poll, [`add_permits`](Semaphore::add_permits),
/// [`close`](Semaphore::close), or the drop of a permit or a future. The semaphore stays usable. A poll that
/// panicked holds no permits: poll the future again or drop it.
///
/// # Memory ordering
///
/// Returning or adding permits synchronizes with every later acquisition, and with every later
/// [`forget_permits`](Semaphore::forget_permits) and [`reduce_permits`](Semaphore::reduce_permits).
/// [`close`](Semaphore::close) synchronizes with every call that reports that the semaphore is closed.
/// [`available_permits`](Semaphore::available_permits) and `NoPermits` synchronize with nothing, and neither
/// does one acquisition with another. (tokio promises
/// [more](crate::moving_over#what-differs-from-all-of-them).)
///
/// # Examples
///
/// At most two requests at once:
///
/// ```
/// use std::sync::Arc;
/// use wakeful::Semaphore;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let upstream = Arc::new(Semaphore::new(2));
/// let requests: Vec<_> = (0..5)
///     .map(|request| {
///         let upstream = Arc::clone(&upstream);
///         tokio::spawn(async move {
///             let _permit = upstream.acquire().await.unwrap();
///             assert!(upstream.available_permits() < 2);
///             tokio::task::yield_now().await;
///             request
///         })
///     })
///     .collect();
/// for request in requests {
///     request.await.unwrap();
/// }
/// assert_eq!(upstream.available_permits(), 2);
/// # }
/// ```
pub struct Semaphore {
    guarded: Guarded<Line<Needs>>,
}

// It guards no value that a panic could leave half changed.
impl UnwindSafe for Semaphore {}
impl RefUnwindSafe for Semaphore {}

impl Semaphore {
    /// The greatest number of permits that may be free, or [owed](Semaphore::reduce_permits):
    /// `usize::MAX >> 3`.
    pub const MAX_PERMITS: usize = word::MAX_PERMITS;

    const_fn! {
        /// Creates a semaphore with `permits` permits and [`Fairness::DEFAULT`].
        ///
        /// # Panics
        ///
        /// Panics if `permits` is more than [`Semaphore::MAX_PERMITS`].
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::Semaphore;
        ///
        /// static OPEN_FILES: Semaphore = Semaphore::new(64);
        ///
        /// let _file = OPEN_FILES.blocking_acquire().unwrap();
        /// assert_eq!(OPEN_FILES.available_permits(), 63);
        /// ```
        #[must_use]
        #[track_caller]
        pub const fn new(permits: usize) -> Self {
            Self::with_fairness(permits, Fairness::DEFAULT)
        }
    }

    const_fn! {
        /// Creates a semaphore: [`Semaphore::new`] by tokio's name.
        ///
        /// # Panics
        ///
        /// Panics as [`Semaphore::new`] does.
        #[must_use]
        #[track_caller]
        pub const fn const_new(permits: usize) -> Self {
            Self::new(permits)
        }
    }

    const_fn! {
        /// Creates a semaphore with `permits` permits and this fairness.
        ///
        /// # Panics
        ///
        /// Panics as [`Semaphore::new`] does.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::{Fairness, Semaphore};
        ///
        /// // First come, first served, as in tokio.
        /// static TURNSTILE: Semaphore = Semaphore::with_fairness(1, Fairness::FIFO);
        ///
        /// assert!(TURNSTILE.try_acquire().is_ok());
        /// ```
        #[must_use]
        #[track_caller]
        pub const fn with_fairness(permits: usize, fairness: Fairness) -> Self {
            assert!(
                permits <= Self::MAX_PERMITS,
                "a semaphore may not have more than MAX_PERMITS permits"
            );
            Self {
                guarded: Guarded::new(Word::idle(permits).0, Line::new(fairness)),
            }
        }
    }

    /// Returns how many permits are currently free.
    ///
    /// This includes permits [kept](Fairness#terms) for woken waiters. It is 0 while permits are
    /// [owed](Semaphore::reduce_permits). The answer may be out of date as soon as it is returned.
    pub fn available_permits(&self) -> usize {
        Word(self.guarded.word.look()).free()
    }

    /// Closes the semaphore: all waiters fail, and so do all later attempts to acquire.
    ///
    /// Permits that are out stay valid, and still count when they are returned. Closing again does nothing.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does, after all waiters were woken: see [`Semaphore`](Semaphore#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::{Semaphore, TryAcquireError};
    ///
    /// let semaphore = Semaphore::new(2);
    /// let held = semaphore.try_acquire().unwrap();
    /// semaphore.close();
    /// assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
    /// drop(held);
    /// assert_eq!(semaphore.available_permits(), 2);
    /// ```
    pub fn close(&self) {
        let mut latched = self.guarded.latch();
        latched.end();
        Permits::sync(&mut latched);
        latched.settle();
    }

    /// Returns whether the semaphore is [closed](Semaphore::close).
    pub fn is_closed(&self) -> bool {
        let word = Word(self.guarded.word.load());
        word.is_queued() && self.guarded.latch().is_ended()
    }

    for_models! {
        /// Panics unless nobody waits or probes and this many permits are free; for the end of a model.
        #[doc(hidden)]
        pub fn assert_idle(&self, permits: usize) {
            let latched = self.guarded.latch();
            latched.assert_idle();
            let word = Word(latched.word);
            assert_eq!(word.is_queued(), latched.is_ended(), "the word says that somebody waits");
            assert_eq!(word.free(), permits, "permits that are free");
        }
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("permits", &self.available_permits())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
