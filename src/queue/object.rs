//! The queue as an object of its own: what it promises, how it is made, seen and closed.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::closing::Closed;
use super::core::Core;
use super::state::{CLOSED, UNBOUNDED};
use super::{Receiver, Sender};
use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use crate::wait::Holder;

/// A queue that many push to and many pop from: to be shared by `&`, [`Arc`] or as a `static`.
///
/// Nobody owns a side of it, so it is closed by [`close`](Self::close) alone; as a channel
/// ([`bounded`](super::bounded), [`unbounded`](super::unbounded), [`into_channel`](Self::into_channel))
/// it is closed when all senders, or all receivers, are gone.
///
/// # Order
///
/// Items leave in the order in which their pushes took effect, which is when a push was ready (with a
/// capacity of 0: when it took its place in line). An item sent by a [`Permit`](super::Permit) takes its
/// place when it is sent.
///
/// # Closing
///
/// From the closing on, pushes and reserves fail, those that wait too, and give their items back. Pops
/// drain what is queued, wait for what [`Permit`](super::Permit)s may still send, and then get `None`.
/// Nothing is kept for anybody any more: whoever is polled first takes. Nothing opens a queue again.
///
/// # Cancel safety
///
/// Every future here is cancel safe: dropping it at any moment gives its place in line up, passes on a
/// wake-up that it was given, and loses nothing that is in the queue.
///
/// - A pop that is dropped takes no item with it.
/// - A push that is dropped before it was ready was never received and never will be. Its item is dropped
///   with it, unless [`Push::into_item`](super::Push::into_item) took it back before; or reserve a slot first
///   ([`Sender::reserve`]) and make the item when there is a place for it. A capacity of 0 is the one
///   exception: see [`bounded`](Self::bounded).
///
/// Dropping it and starting again means waiting at the end of the line.
///
/// # Fairness
///
/// Pushes and reserves wait in one line for slots, pops in another for items; async and blocking,
/// borrowed and owned, of all handles. What becomes free is handed to nobody: the waiters at the front
/// for whom there is enough are *called* (woken), each once. Until they come, others may overtake: at
/// most [`Fairness::limit`] times in all while the same waiter is first, and half as often after each
/// time that it came in vain. Then what is free is *kept* for those called. A waiter that was called and
/// is not polled keeps nobody out for ever: its own task passes it over at once, others when its patience
/// ([`Fairness::patience`]) is used up. It is as with the permits of a
/// [`Semaphore`](crate::Semaphore#fairness), where the limits of this are listed.
///
/// Outside these rules stand [`force_push`](Self::force_push) and [`drain`](Self::drain), which wait for
/// nobody, and what is polled through a handle ([`Receiver`] as a `Stream`, [`Sender`] as a `Sink`), for
/// which nothing is kept.
///
/// # Panics
///
/// If a waker panics, others that were to be woken are woken first, and then the panic goes on (not while
/// the thread unwinds already); the queue stays usable. That can happen wherever waiters are woken: in a
/// push, a pop, a poll, where a future, a permit or a handle is dropped, in [`close`](Self::close). What
/// was pushed by then stays in the queue; a pop or a drain has put back, in front, what it took; slots
/// that were reserved are free again. A future whose poll panicked is to be polled again or dropped.
///
/// An item whose `Drop` panics keeps no other from being dropped.
///
/// # Memory ordering
///
/// What was done before an item was pushed happens before what is done by whoever pops it. What was done
/// before a pop made a slot free happens before what is done by whoever fills or reserves it. What was
/// done before the closing happens before what is done by whoever learns of it, be it by an error, by
/// `None` or by [`is_closed`](Self::is_closed). The sizes ([`len`](Self::len),
/// [`capacity`](Self::capacity)) are those of one moment; nothing is to be concluded from them about
/// another.
///
/// # Memory
///
/// Nothing is allocated before the first push, whatever the capacity, and no wait allocates. What a long
/// queue took is given back as it drains.
///
/// # Examples
///
/// Jobs that a service accepts as long as there is room, and refuses otherwise:
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
        /// A queue of at most `capacity` items. The memory for them is allocated as they come.
        ///
        /// A capacity of 0 makes it a *rendezvous*: there is no storage, and a push is ready when a pop
        /// has taken its item. A waiting push *is* the item then: whoever pops takes it out of the
        /// waiting future, and that is the completion, even if the future is dropped before it learns of
        /// it ([`Push::into_item`](super::Push::into_item) tells). Pushes are served in the order of
        /// their line. [`try_push`](Self::try_push) is always `Full`, a
        /// [`blocking_push_timeout`](Self::blocking_push_timeout) of zero is too late, [`len`](Self::len)
        /// and [`capacity`](Self::capacity) are 0, and there are no slots to reserve nor to force.
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
        /// A queue without a bound: a push never waits, and nothing but memory limits it.
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
        /// The same queue with other waits than [`Fairness::DEFAULT`], on both sides.
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

    /// The same queue, with what is in it, as a channel. An unbounded one gives a [`Sender`] that never
    /// waits.
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

    /// How many items are queued at this moment. Where the capacity is 0, none ever is.
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

    /// How many slots are neither filled nor reserved at this moment; those that are kept for somebody
    /// who was called are free. `usize::MAX` if there is no bound. (As in tokio; for the bound, see
    /// [`max_capacity`](Self::max_capacity).)
    pub fn capacity(&self) -> usize {
        self.core.latch().capacity()
    }

    /// The bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.latch().bound()
    }

    /// Closes the queue, and says whether this call did. See [`Queue`](Queue#closing).
    ///
    /// Besides waking those who wait, it counts the waiting pops, with everybody else kept out: 40 ms for
    /// a million of them.
    ///
    /// # Panics
    ///
    /// If a waker does, when all waiters were woken: see [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// What was done before happens before what is done by whoever learns that the queue is closed.
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

    /// Whether it was closed, drained or not.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// Ready when the queue is closed, drained or not.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// Work that nobody wants any more is given up:
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
            self.core.latch().assert_idle();
        }
    }
}

/// Unbounded.
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
