//! The queue as an object: what it promises, how it is made, inspected and closed.

mod batches;
mod blocking;
mod verbs;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fairness::Fairness;
use crate::queue::core::Core;
use crate::queue::core::state::{CLOSED, UNBOUNDED};
use crate::queue::future::closing::Closed;
use crate::queue::{Receiver, Sender};
use crate::sync::{const_fn, for_models};
use crate::wait::Holder;

/// A multi-producer multi-consumer queue, to be shared by `&`, [`Arc`] or as a `static`.
///
/// Nobody owns a side of it, so only [`close`](Self::close) closes it. A channel
/// ([`bounded`](crate::queue::bounded), [`unbounded`](crate::queue::unbounded), [`into_channel`](Self::into_channel))
/// is also closed when all senders, or all receivers, are gone.
///
/// # Order
///
/// Items leave in the order in which their pushes took effect, which is when a push was ready (with a
/// capacity of 0: when it took its place in line). An item sent by a [`Permit`](crate::queue::Permit) takes its
/// place when it is sent.
///
/// # Closing
///
/// Once the queue is closed, pushes and reserves fail, waiting ones included, and give their items back.
/// Pops drain what is queued, wait for what [`Permit`](crate::queue::Permit)s may still send, and then get
/// `None`. Nothing is kept for anyone any more: the first to be polled takes. A closed queue stays closed.
///
/// # Cancel safety
///
/// Every future here is cancel safe: when it is dropped, in any state, it gives up its place in line,
/// passes on a wake-up that it received, and loses nothing that is in the queue.
///
/// - A pop that is dropped takes no item with it.
/// - A push that is dropped before it was ready was never received and never will be. Its item is dropped
///   with it, unless [`Push::into_item`](crate::queue::Push::into_item) took it back. Or reserve a slot first
///   ([`Sender::reserve`]), and make the item when there is room for it. The one exception is a capacity
///   of 0: see [`bounded`](Self::bounded).
///
/// Starting again means waiting at the end of the line.
///
/// # Fairness
///
/// Pushes and reserves wait in one line for slots, pops in another for items: async and blocking, borrowed
/// and owned, of all handles. What becomes free is handed to nobody. The waiters at the front for whom
/// enough is free are *called* (woken); of those that wait for slots, only a few at a time. Until they
/// are polled, at most [`Fairness::limit`] later arrivals may overtake the first waiter. A waiter that was
/// called and is not polled keeps nobody out forever, which rules out *futurelock*: its own task passes
/// it over at the second meeting, whatever the fairness, and others when the
/// [patience](Fairness::patience) has passed.
///
/// See [`Fairness`] for [the rules](Fairness#the-rules) and [their limits](Fairness#limits). The rules do
/// not cover [`force_push`](Self::force_push) and [`drain`](Self::drain), which wait for nobody, nor
/// handles that are polled ([`Receiver`] as a `Stream`, [`Sender`] as a `Sink`), for which nothing is
/// kept.
///
/// # Panics
///
/// If a waker panics, every other waiter that was due is woken first, and then the panic propagates
/// (unless the thread is unwinding already). The queue stays usable. This can happen wherever waiters are
/// woken: in a push, a pop, a poll, where a future, a permit or a handle is dropped, in
/// [`close`](Self::close). What was pushed stays in the queue; what a pop or a drain took is put back in
/// front; slots that were reserved are free again. If a poll panicked, poll the future again or drop it.
///
/// As long as an item may be put back, the queue is not drained: if it is closed while a pop that took the
/// last item still wakes others, nobody learns of the end before that pop has returned. Then those who
/// wait are woken; if one of their wakers panics, the panic is swallowed, because the item is out for
/// good.
///
/// An item whose `Drop` panics keeps no other from being dropped.
///
/// # Memory ordering
///
/// A push synchronizes with the pop of its item: what was done before the one is visible after the other.
/// A pop that frees a slot synchronizes with the push or reserve that takes it. Closing synchronizes with
/// every call that reports it: by an error, by `None` or by [`is_closed`](Self::is_closed). The sizes
/// ([`len`](Self::len), [`capacity`](Self::capacity)) are those of one moment, and say nothing of any
/// other.
///
/// # Memory
///
/// Nothing is allocated before the first push or reserve, whatever the capacity, and no wait allocates. A
/// queue that has grown long gives memory back as it drains.
///
/// # Examples
///
/// A service accepts jobs while there is room, and refuses them otherwise:
///
/// ```
/// use wakeful::Queue;
/// use wakeful::queue::TrySendError;
///
/// static JOBS: Queue<u32> = Queue::bounded(2);
///
/// fn accept(job: u32) -> &'static str {
///     match JOBS.try_push(job) {
///         Ok(()) => "202 Accepted",
///         Err(TrySendError::Full(_)) => "503 Service Unavailable",
///         Err(TrySendError::Closed(_)) => "503 Stopping",
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!([1, 2].map(accept), ["202 Accepted"; 2]);
/// assert_eq!(accept(3), "503 Service Unavailable");
/// let worker = tokio::spawn(async {
///     let mut run = Vec::new();
///     while let Some(job) = JOBS.pop().await {
///         run.push(job);
///     }
///     run
/// });
/// JOBS.close();
/// assert_eq!(accept(4), "503 Stopping");
/// assert_eq!(worker.await.unwrap(), [1, 2]);
/// # }
/// ```
pub struct Queue<T> {
    pub(super) core: Core<T>,
}

impl<T> Holder<Core<T>> for &Queue<T> {
    #[inline]
    fn core(&self) -> &Core<T> {
        &self.core
    }
}

impl<T> Holder<Core<T>> for Arc<Queue<T>> {
    #[inline]
    fn core(&self) -> &Core<T> {
        &self.core
    }
}

impl<T> Queue<T> {
    const_fn! {
        /// Creates a queue of at most `capacity` items. Memory for them is allocated from the first push on.
        ///
        /// A capacity of 0 makes it a *rendezvous*: there is no storage, and a push is ready when a pop has
        /// taken its item. Here a waiting push *is* the item: a pop takes it out of the waiting future, and
        /// that completes the push, even if the future is dropped before it learns of it
        /// ([`Push::into_item`](crate::queue::Push::into_item) tells). Pushes are served in the order of their
        /// line. [`try_push`](Self::try_push) is always `Full`, a
        /// [`blocking_push_timeout`](Self::blocking_push_timeout) of zero always times out,
        /// [`len`](Self::len) and [`capacity`](Self::capacity) are 0, and there are no slots to reserve or
        /// to force.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::Queue;
        ///
        /// static FRAMES: Queue<Vec<u8>> = Queue::bounded(4);
        ///
        /// FRAMES.blocking_push(vec![0; 1500]).unwrap();
        /// assert_eq!((FRAMES.len(), FRAMES.capacity()), (1, 3));
        /// ```
        #[must_use]
        pub const fn bounded(capacity: usize) -> Self {
            Self {
                core: Core::new(capacity, Fairness::DEFAULT),
            }
        }
    }

    const_fn! {
        /// Creates a queue without a bound: a push never waits, and only memory limits it.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::Queue;
        ///
        /// static EVENTS: Queue<&str> = Queue::unbounded();
        ///
        /// EVENTS.try_push("started").unwrap();
        /// assert_eq!(EVENTS.capacity(), usize::MAX);
        /// ```
        #[must_use]
        pub const fn unbounded() -> Self {
            Self::bounded(UNBOUNDED)
        }
    }

    const_fn! {
        /// Returns the queue with this fairness in place of [`Fairness::DEFAULT`], for both lines.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::{Fairness, Queue};
        ///
        /// // Every push and every pop strictly in turn.
        /// static TICKETS: Queue<u64> = Queue::bounded(100).with_fairness(Fairness::FIFO);
        ///
        /// TICKETS.try_push(1).unwrap();
        /// ```
        #[must_use]
        pub const fn with_fairness(mut self, fairness: Fairness) -> Self {
            self.core.set_fairness(fairness);
            self
        }
    }

    /// Turns the queue, with what is in it, into a channel. If it is unbounded, the [`Sender`] never waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::{Fairness, Queue};
    ///
    /// let queue = Queue::bounded(8).with_fairness(Fairness::overtakes(16));
    /// let (sender, receiver) = queue.into_channel();
    /// sender.try_send('x').unwrap();
    /// assert_eq!(receiver.try_recv(), Ok('x'));
    /// ```
    #[must_use]
    pub fn into_channel(self) -> (Sender<T>, Receiver<T>) {
        let queue = Arc::new(self);
        let mut state = queue.core.latch();
        (state.handles.senders, state.handles.receivers) = (1, 1);
        drop(state);
        let sender = Sender::new(Arc::clone(&queue));
        (sender, Receiver::new(queue))
    }

    /// Returns how many items are queued at this moment: always 0 with a capacity of 0.
    pub fn len(&self) -> usize {
        self.core.latch().len()
    }

    /// Whether no item is queued at this moment.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether [`capacity`](Self::capacity) is 0.
    pub fn is_full(&self) -> bool {
        self.capacity() == 0
    }

    /// Returns how many slots are neither filled nor reserved at this moment, kept ones included;
    /// `usize::MAX` if there is no bound. (As in tokio. The bound is
    /// [`max_capacity`](Self::max_capacity).)
    pub fn capacity(&self) -> usize {
        self.core.latch().capacity()
    }

    /// Returns the bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.latch().bound()
    }

    /// Closes the queue. Returns whether this call did it. See [`Queue`](Queue#closing).
    ///
    /// # Panics
    ///
    /// If a waker does, after all waiters were woken: see [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// It synchronizes with every call that reports that the queue is closed.
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::Queue;
    ///
    /// let queue = Queue::bounded(4);
    /// queue.push("queued").await.unwrap();
    /// assert!(queue.close());
    /// assert!(!queue.close());
    /// assert!(queue.push("late").await.is_err());
    /// assert_eq!(queue.pop().await, Some("queued"));
    /// assert_eq!(queue.pop().await, None);
    /// # });
    /// ```
    pub fn close(&self) -> bool {
        self.core.close()
    }

    /// Whether the queue is closed, drained or not.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// Waits until the queue is closed, drained or not.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// Giving up work whose result nobody wants any more:
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use futures::{FutureExt, select};
    /// use wakeful::queue;
    ///
    /// let (sender, receiver) = queue::bounded::<u64>(1);
    /// let work = std::future::pending::<u64>();
    /// drop(receiver);
    /// select! {
    ///     result = work.fuse() => sender.send(result).await.unwrap(),
    ///     () = sender.closed() => {} // nobody is there to receive it
    /// }
    /// # });
    /// ```
    #[track_caller]
    pub fn closed(&self) -> Closed<'_, T> {
        Closed::new(self)
    }

    for_models! {
        /// Panics if somebody waits still.
        #[doc(hidden)]
        pub fn assert_idle(&self) {
            self.core.assert_idle();
        }
    }
}

/// Creates an unbounded queue.
impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::unbounded()
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.core.latch();
        let (len, max, closed) = (state.len(), state.bound(), state.word & CLOSED != 0);
        drop(state);
        let mut debug = f.debug_struct("Queue");
        debug.field("len", &len);
        if max != UNBOUNDED {
            debug.field("max_capacity", &max);
        }
        debug.field("closed", &closed).finish_non_exhaustive()
    }
}

// No panic leaves a queue half changed.
impl<T> UnwindSafe for Queue<T> {}
impl<T> RefUnwindSafe for Queue<T> {}
