//! The queue as an object: what it promises, how it is made, inspected and closed.

mod batches;
mod blocking;
mod verbs;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fairness::Fairness;
use crate::queue::core::Core;
use crate::queue::core::state::{Handles, UNBOUNDED};
use crate::queue::core::word::CLOSED;
use crate::queue::future::closing::Closed;
use crate::queue::{Receiver, Sender};
use crate::sync::{const_fn, for_models};
use crate::wait::Holder;

/// A multi-producer, multi-consumer queue, shared by reference, in an [`Arc`] or as a `static`.
///
/// Nobody owns a side of it, so only [`close`](Self::close) closes it. A channel
/// ([`bounded`](crate::queue::bounded), [`unbounded`](crate::queue::unbounded), [`into_channel`](Self::into_channel))
/// is also closed when all senders, or all receivers, are gone.
///
/// # Order
///
/// First in, first out: items leave in the order in which their pushes completed. An item that is sent by a
/// [`Permit`](crate::queue::Permit) takes its place when it is sent. With a capacity of 0, pushes are served
/// in the order in which they began to wait.
///
/// # Closing
///
/// Once the queue is closed, pushes and reserves fail, waiting ones included, and give their items back.
/// Pops take what is queued, wait for what [`Permit`](crate::queue::Permit)s may still send, and then return
/// `None`. Items are no longer kept for anyone: the first pop to be polled takes the next. A closed queue
/// stays closed.
///
/// # Cancel safety
///
/// Every future here is cancel safe. Dropping it, in any state, gives up its place in the wait queue and
/// passes on a wake-up that it received. Pushing or popping again joins its end.
///
/// - A pop that is dropped takes no item with it.
/// - The item of a push that is dropped before it completed was never received and never will be. It is
///   dropped with the push, unless [`Push::into_item`](crate::queue::Push::into_item) takes it back first. Or
///   reserve a slot ([`Sender::reserve`]), and make the item when there is room for it. The one exception is
///   a capacity of 0: see [`bounded`](Self::bounded).
///
/// # Fairness
///
/// Pushes and reserves share one wait queue, for slots; pops share another, for items. A slot or item that
/// becomes free is handed to nobody: the waiters at the front for whom enough is free are *called* (woken);
/// of those that wait for slots, only a few at a time. Until they are polled, at most [`Fairness::limit`]
/// later arrivals may overtake the first waiter.
///
/// A called waiter that is never polled again does not hold up the others, which rules out *futurelock*: its
/// own task passes it over at the second meeting, whatever the fairness, and others do when the
/// [patience](Fairness::patience) has passed, which is endless with [`Fairness::FIFO`]. See [`Fairness`] for
/// [the rules](Fairness#the-rules) and [their limits](Fairness#limits).
///
/// The rules do not cover [`force_push`](Self::force_push) and [`drain`](Self::drain), which never wait, nor
/// a [`Receiver`] as a `Stream` and a [`Sender`] as a `Sink`, for which nothing is kept.
///
/// # Errors
///
/// Pushing fails once the queue is closed, and gives the item back. `try_*` methods also fail if they would
/// have to wait, and timed ones if the timeout expires.
///
/// # Panics
///
/// Polling a future after completion panics. If a waker panics, every other waiter that was due is woken
/// first; then the panic propagates (unless the thread is already unwinding) out of the call that woke: a
/// push, a pop, a poll, the drop of a future, a permit or a handle, [`close`](Self::close). The queue stays
/// usable: what was pushed stays in it, what a pop or a drain took is put back in front, and slots that were
/// reserved are free again. If a poll panicked, poll the future again or drop it.
///
/// As long as an item may be put back, the queue does not count as drained: if it is closed while a pop that
/// took the last item still wakes others, nobody gets `None` before that pop has returned. It then wakes
/// those who wait for the end; if one of their wakers panics, that panic is swallowed.
///
/// If the `Drop` of an item panics, the others are dropped all the same.
///
/// # Memory ordering
///
/// A push synchronizes with the pop of its item. A pop that frees a slot synchronizes with the push or
/// reserve that takes it. Closing synchronizes with every call that reports it: by an error, by `None` or by
/// [`is_closed`](Self::is_closed). The sizes, such as [`len`](Self::len), are those of one moment.
///
/// # Memory
///
/// Nothing is allocated before the first push or reserve, whatever the capacity, and waiting never allocates.
/// A queue that has grown long gives memory back as it drains.
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
    pub(super) fn handles(&self) -> Handles {
        self.core.latch().handles
    }

    const_fn! {
        /// Creates a queue of at most `capacity` items.
        ///
        /// # Rendezvous
        ///
        /// With a capacity of 0 there is no storage, and a push completes when a pop has taken its item. The
        /// pop takes it out of the waiting future, so a push may be dropped after its item was received and
        /// before it was polled again; [`Push::into_item`](crate::queue::Push::into_item) tells which.
        ///
        /// [`try_push`](Self::try_push) is always `Full`, a
        /// [`blocking_push_timeout`](Self::blocking_push_timeout) of zero always times out,
        /// [`len`](Self::len) and [`capacity`](Self::capacity) are 0, and
        /// [`force_push`](Self::force_push) and reserving panic.
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
        /// Sets the fairness, for pushes and for pops, in place of [`Fairness::DEFAULT`].
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

    /// Turns the queue, with what is in it, into a channel.
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
        let mut state = queue.core.latch();
        (state.handles.senders, state.handles.receivers) = (1, 1);
        drop(state);
        let sender = Sender::new(Arc::clone(&queue));
        (sender, Receiver::new(queue))
    }

    /// Returns how many items are queued at this moment; always 0 with a capacity of 0.
    pub fn len(&self) -> usize {
        self.core.latch().len()
    }

    /// Returns whether no item is queued at this moment.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether [`capacity`](Self::capacity) is 0 at this moment.
    pub fn is_full(&self) -> bool {
        self.capacity() == 0
    }

    /// Returns how many slots are free at this moment, as in tokio; `usize::MAX` if there is no bound.
    ///
    /// A slot is free if it is neither filled nor reserved, even if it is kept for a waiter that was called.
    /// The bound is [`max_capacity`](Self::max_capacity).
    pub fn capacity(&self) -> usize {
        self.core.latch().capacity()
    }

    /// Returns the bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.latch().bound
    }

    /// Closes the queue, and returns whether this call did it. See [`Queue`](Queue#closing).
    ///
    /// # Panics
    ///
    /// Only if a waker does, after all waiters were woken: see [`Queue`](Queue#panics).
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
    /// Drop the future at any time.
    ///
    /// # Panics
    ///
    /// See [`Queue`](Queue#panics).
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
        let state = self.core.latch();
        let (len, max, closed) = (state.len(), state.bound, state.word & CLOSED != 0);
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
