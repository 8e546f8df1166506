//! The semaphore: [`Semaphore`], its permits and its futures.
//!
//! | file | its one idea |
//! |---|---|
//! | `mod.rs` | the type: what it promises, how it is made and closed |
//! | `acquire.rs` | acquiring |
//! | `resize.rs` | adding permits, and taking them out for good |
//! | `blocking.rs` | acquiring for threads |
//! | `permit.rs` | the two permits |
//! | `future.rs` | [`Acquire`] and [`AcquireOwned`] |
//! | `error.rs` | what can be wrong |
//! | `raw.rs` | taking, giving back, closing; the races as stories |
//! | `word.rs` | the state word |

mod acquire;
mod blocking;
mod error;
mod future;
mod permit;
mod raw;
mod resize;
mod word;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use raw::RawSemaphore;

pub use error::{AcquireError, AcquireTimeoutError, TryAcquireError};
pub use future::{Acquire, AcquireOwned};
pub use permit::{OwnedSemaphorePermit, SemaphorePermit};

/// An async counting semaphore: so many permits, for tasks of any executor and for threads, in one
/// line.
///
/// Use it to limit how much happens at once: requests to an upstream, open files, bytes in memory
/// ([`acquire_many`](Semaphore::acquire_many) with the size). The limit can be changed while it is in
/// use, [up](Semaphore::add_permits) and, exactly, [down](Semaphore::reduce_permits).
///
/// # Cancel safety
///
/// [`acquire`](Semaphore::acquire) and its like are cancel safe: dropping the future at any moment
/// gives its place in line up, passes on a wake-up that it was given, and loses nothing. Those behind a
/// cancelled large request are looked at at once. Dropping it and acquiring again means waiting at the
/// end of the line.
///
/// # Fairness
///
/// Permits that come back are handed to nobody. They are free, and the waiters at the front of the line
/// for whom enough is free are *called* (woken), each once, counting what those called ahead of them
/// need. Until they come, others may overtake: at most [`Fairness::limit`] acquisitions in all while
/// the same waiter is first, and half as many after each time that it came in vain. Then what is free
/// is *kept* for those called. So a request for many permits is never starved by small ones. An
/// acquisition that leaves enough for everybody ahead, all of them called, overtakes nobody; any other
/// counts once, however many permits it takes.
///
/// A waiter that was called and is not polled keeps nobody out for ever. A future that its own task
/// polls behind it passes it over at once, whatever the fairness: a task that polled one future, keeps
/// it and awaits another does not wait for itself, which is the *futurelock* of
/// [RFD 609](https://rfd.shared.oxide.computer/rfd/0609). Other tasks pass it over when its patience
/// ([`Fairness::patience`]) is used up. Either way, it comes back to its place when it is polled again.
///
/// The limits of this:
///
/// - *The same task* means the same waker, by its data and its vtable. Futures with wakers of their own
///   (in a `FuturesUnordered`, say), or with wakers whose clones have other data, depend on patience.
/// - A request for more than is free, at the head of the line and not polled any more, holds up those
///   behind it like any other request for more than is free.
/// - Patience is what arrivals have. A waiter that queued while too little was free sleeps until one
///   comes, if it stands behind a forgotten one.
/// - With [`Fairness::FIFO`] patience never ends: a future that another task forgot keeps everybody
///   out, as it does in tokio.
/// - Nobody looks further than the 64th waiter. Where more than 64 were called and have not come, one
///   further back that comes while too little is free for *all* who were called overtakes, and counts
///   as one that does, though it leaves enough for those ahead; where nobody may overtake any more, it
///   sleeps again, until fewer are ahead of it, even if enough for all comes back before.
/// - While one that came in vain sleeps further back than that, ahead of others that have not come,
///   whoever comes behind it or arrives counts as overtaking too, and an arrival may need more than one
///   patience: one for each waiter by which that sleeper is beyond the 64th.
/// - When many were called and all come in vain, the last of them, in its poll or when it is dropped,
///   pays for all: each is passed once for each time that it was called. That is constant on average,
///   but not in that one call (about 11 ns for each).
///
/// # Panics
///
/// If a waker panics, others that were to be woken are woken first, and then the panic goes on (not
/// while the thread unwinds already); the semaphore stays usable. That can happen wherever waiters are
/// woken: in a poll, where permits come back or are added, where a future is dropped, in
/// [`close`](Semaphore::close). A poll that panicked holds no permits, and is to be repeated or its
/// future dropped. Dropping a permit does not panic otherwise.
///
/// # Memory ordering
///
/// What was done before permits came back or were added happens before what is done by whoever acquires
/// them afterwards, or takes them out for good ([`forget_permits`](Semaphore::forget_permits),
/// [`reduce_permits`](Semaphore::reduce_permits)). What was done before the semaphore was closed happens
/// before what is done by whoever learns that it is.
/// [`available_permits`](Semaphore::available_permits) only looks, and is not sure to see what was done
/// before.
///
/// # Examples
///
/// At most two at once:
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
    raw: RawSemaphore,
}

// There is nothing behind it that a panic could tear.
impl UnwindSafe for Semaphore {}
impl RefUnwindSafe for Semaphore {}

impl Semaphore {
    /// The most permits that a semaphore may have, and the most that it may owe.
    pub const MAX_PERMITS: usize = word::MAX_PERMITS;

    const_fn! {
        /// A semaphore with so many permits and [`Fairness::DEFAULT`].
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
        /// [`Semaphore::new`], by the name that tokio gives it.
        ///
        /// # Panics
        ///
        /// As [`Semaphore::new`].
        #[must_use]
        #[track_caller]
        pub const fn const_new(permits: usize) -> Self {
            Self::new(permits)
        }
    }

    const_fn! {
        /// A semaphore with so many permits and a fairness of its own.
        ///
        /// # Panics
        ///
        /// As [`Semaphore::new`].
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
                raw: RawSemaphore::new(permits, fairness),
            }
        }
    }

    /// How many permits are free at this moment, kept ones among them; 0 while some are owed. It may be
    /// another moment when the caller learns of it, and nothing is ordered by it.
    pub fn available_permits(&self) -> usize {
        self.raw.free()
    }

    /// Closes it: every waiter fails, and so does whoever wants to acquire from now on.
    ///
    /// Permits that are out stay valid, and count when they come back. Closing again does nothing.
    ///
    /// # Panics
    ///
    /// If a waker does, when all waiters were woken: see [`Semaphore`](Semaphore#panics).
    ///
    /// # Memory ordering
    ///
    /// What was done before happens before what is done by whoever learns that it is closed, be it by an
    /// error or by [`is_closed`](Semaphore::is_closed).
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
        self.raw.close();
    }

    /// Whether it was [closed](Semaphore::close).
    pub fn is_closed(&self) -> bool {
        self.raw.is_closed()
    }

    for_models! {
        /// Panics unless nobody waits or probes and so many permits are free; for the end of a model.
        #[doc(hidden)]
        pub fn assert_idle(&self, permits: usize) {
            self.raw.assert_idle(permits);
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
