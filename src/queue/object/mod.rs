//! The queue as an object: what it promises, and how it is created, inspected and closed.

mod batches;
mod blocking;
mod joining;
pub(super) mod ordered;
mod verbs;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fairness::Fairness;
use crate::queue::core::Core;
use crate::queue::core::state::UNBOUNDED;
use crate::queue::core::storage::Order;
use crate::queue::core::word::CLOSED;
use crate::queue::future::Closed;
use crate::queue::handle::counted::Counted;
use crate::queue::{Receiver, Sender};
use crate::sync::{const_fn, for_models};
use crate::wait::Holder;

/// A multi-producer, multi-consumer FIFO queue, shared by reference, in an [`Arc`] or as a `static`.
///
/// It has no handles, so only [`close`](Self::close) closes it. A channel ([`bounded`](crate::queue::bounded),
/// [`unbounded`](crate::queue::unbounded), [`into_channel`](Self::into_channel)) also closes when all senders,
/// or all receivers, are gone.
///
/// # Order
///
/// First in, first out: items leave in the order in which they entered the queue, which each does during the
/// poll that completes its push. An item sent through a [`Permit`](crate::queue::Permit) takes its place when it
/// is sent, not when the slot was reserved. With a capacity of 0, pushes are served in the order in which they
/// began to wait.
///
/// In a [`LifoQueue`](crate::LifoQueue) or a [`PriorityQueue`](crate::PriorityQueue), the newest or the greatest item
/// leaves first. Otherwise, they are as described here.
///
/// # Closing
///
/// Once the queue is closed, pushes and reserves fail, including those that are waiting, and give their items
/// back. Pops take the items that are queued, wait for those that outstanding [`Permit`](crate::queue::Permit)s
/// may still send, and then return `None`. Items are no longer kept for anyone: the first pop to be polled
/// takes the next item. A closed queue stays closed.
///
/// # Cancel safety
///
/// Every future here is cancel safe. Dropping it, in any state, gives up its place in the wait queue and passes
/// on any wake-up that it received. Pushing or popping again joins the end of the wait queue.
///
/// - A pop that is dropped takes no item with it.
/// - If a push is dropped before it completes, its item was never received and never will be. The item is
///   dropped with the push, unless [`Push::into_item`](crate::queue::Push::into_item) takes it back first.
///   (With [`Sender::reserve`], you create the item only when there is room for it.) The one exception is a
///   capacity of 0: see [`bounded`](Self::bounded).
///
/// # Fairness
///
/// Pushes and reserves share one wait queue, for slots; pops share another, for items. A slot or an item that
/// becomes free is handed to nobody: the waiters at the front whose needs are free are *called* (woken), and
/// those that wait for slots only a few at a time. While a waiter is first, at most [`Fairness::limit`] later
/// arrivals may overtake it. Once they have, what woken waiters need is *kept* for them.
///
/// A woken waiter that is never polled again does not block the queue, which rules out *futurelock*. Its own
/// task gets past it at the second poll, whatever the fairness; others get past it once the
/// [patience](Fairness::patience) has expired (never, with [`Fairness::FIFO`]). See [`Fairness`] for [the
/// rules](Fairness#the-rules) and [their limits](Fairness#limits).
///
/// The rules do not cover [`force_push`](Self::force_push) and [`drain`](Self::drain), which never wait, nor
/// a [`Receiver`] as a `Stream` and a [`Sender`] as a `Sink`, for which nothing is kept.
///
/// # Errors
///
/// Pushing fails once the queue is closed, and gives the item back. `try_*` methods also fail if they would
/// block, and `*_timeout` methods if the timeout expires.
///
/// # Panics
///
/// Polling a future after completion panics.
///
/// If a waker panics, all other wakers that are due are woken first. Then the panic propagates (unless the
/// thread is already unwinding) out of the call that woke it: a push, a pop, a poll, [`close`](Self::close), or
/// the drop of a future, a permit or a handle. The queue stays usable: a pushed item stays in the queue, items
/// taken by a pop or a drain go back to its front, and reserved slots are free again. Until items that went back
/// are popped, [`len`](Self::len) may exceed the bound. If a poll panicked, poll the future again or drop it.
///
/// While an item may still be put back, the queue does not count as drained: if it is closed while the pop that
/// took the last item is still waking others, nobody gets `None` before that pop is certain of its item. It
/// then wakes the waiters that wait for the end; if one of their wakers panics, that panic is swallowed.
///
/// If the `Drop` of an item panics, the other items are still dropped.
///
/// # Memory ordering
///
/// A push synchronizes with the pop of its item. A pop that frees a slot synchronizes with the push or reserve
/// that takes that slot. Closing synchronizes with every call that reports it: by an error, by `None` or by
/// [`is_closed`](Self::is_closed). Sizes, such as [`len`](Self::len), may be out of date as soon as they are
/// returned.
///
/// # Memory
///
/// Nothing is allocated before the first push, whatever the capacity, and waiting does not allocate. A long
/// queue gives memory back as it drains. A `Queue` itself takes some 600 bytes, whatever its items are.
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
    /// How many handles of this kind there are.
    pub(super) fn handles(&self, kind: usize) -> usize {
        self.core.latch().handles[kind]
    }

    const_fn! {
        /// Creates a queue of at most `capacity` items.
        ///
        /// # Rendezvous
        ///
        /// With a capacity of 0 there is no storage, and a push completes when a pop has taken its item. The
        /// pop takes the item out of the waiting push, so a push that is dropped may already have been
        /// received; [`Push::into_item`](crate::queue::Push::into_item) tells.
        ///
        /// Until it is closed, [`try_push`](Self::try_push) is always `Full` and a
        /// [`blocking_push_timeout`](Self::blocking_push_timeout) of zero always times out. [`len`](Self::len)
        /// and [`capacity`](Self::capacity) are 0. [`force_push`](Self::force_push) and reserving panic.
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
                core: Core::new(capacity, Order::Fifo, Fairness::DEFAULT),
            }
        }
    }

    const_fn! {
        /// Creates a queue without a bound, so that a push never waits.
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
        /// Sets the fairness of pushes and of pops; without this, it is [`Fairness::DEFAULT`].
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

    /// Turns the queue and the items in it into a channel.
    ///
    /// If the queue is unbounded, the [`Sender`] never waits.
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
        let sender = Sender::new(Counted::new(&queue));
        (sender, Receiver::new(Counted::new(&queue)))
    }

    /// Returns how many items are currently queued; always 0 with a capacity of 0.
    pub fn len(&self) -> usize {
        self.core.latch().len()
    }

    /// Returns whether no item is currently queued.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether [`capacity`](Self::capacity) is currently 0.
    pub fn is_full(&self) -> bool {
        self.capacity() == 0
    }

    /// Returns how many slots are currently free, as in tokio; `usize::MAX` if there is no bound.
    ///
    /// A slot is free if it is neither filled nor reserved, even if it is kept for a woken waiter. The bound is
    /// [`max_capacity`](Self::max_capacity).
    pub fn capacity(&self) -> usize {
        self.core.latch().capacity()
    }

    /// Returns the bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.latch().bound
    }

    /// Closes the queue, and returns `false` if it was already closed. See [`Queue`](Queue#closing).
    ///
    /// # Panics
    ///
    /// Panics only if a waker does, after all waiters were woken: see [`Queue`](Queue#panics).
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

    /// Returns whether the queue is closed, drained or not.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// Waits until the queue is closed, drained or not.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics).
    ///
    /// # Examples
    ///
    /// Giving up work whose result nobody will receive:
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
            self.core.latch().assert_idle(&self.core.decided);
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
        self.fmt_as("Queue", f)
    }
}

impl<T> Queue<T> {
    pub(super) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.core.latch();
        let (len, max, closed) = (state.len(), state.bound, state.word & CLOSED != 0);
        drop(state);
        let mut debug = f.debug_struct(name);
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
