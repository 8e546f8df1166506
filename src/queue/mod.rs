//! A multi-producer multi-consumer queue, bounded, unbounded or rendezvous: as one shared object,
//! [`Queue`], or as a channel, whose [`Sender`] and [`Receiver`] close it when the last of either side is
//! dropped.
//!
//! ```
//! # futures::executor::block_on(async {
//! use wakeful::queue;
//!
//! let (sender, receiver) = queue::bounded(16);
//! sender.send("hello").await.unwrap();
//! drop(sender);
//! assert_eq!(receiver.recv().await, Some("hello"));
//! assert_eq!(receiver.recv().await, None);
//! # });
//! ```
//!
//! Two lines wait at a queue, one for slots and another for items, each by the rules of [`Fairness`]:
//! bounded overtaking, and no futurelock. An item is handed to no pop that waits, and taken out of no
//! push that waits (a capacity of 0 excepted): whoever is called takes its turn when it is polled, and
//! one that is not polled any more is passed over. [`Queue`] says all of this precisely; what is said
//! there holds for channels too.
//!
//! # Worker pool and graceful shutdown
//!
//! Every job that was accepted runs: dropping the last sender closes the channel, and the workers drain
//! it before they end.
//!
//! ```
//! use wakeful::queue;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (jobs, inbox) = queue::bounded::<u32>(8);
//! let workers: Vec<_> = (0..3)
//!     .map(|_| {
//!         let inbox = inbox.clone();
//!         tokio::spawn(async move {
//!             let mut done = 0;
//!             while let Some(job) = inbox.recv().await {
//!                 done += job;
//!                 tokio::task::yield_now().await;
//!             }
//!             done
//!         })
//!     })
//!     .collect();
//! for job in 1..=100 {
//!     jobs.send(job).await.unwrap();
//! }
//! drop(jobs);
//! let mut done = 0;
//! for worker in workers {
//!     done += worker.await.unwrap();
//! }
//! assert_eq!(done, 5050);
//! # }
//! ```
//!
//! # A timeout that gives the item back
//!
//! An item whose push was cancelled was never received and never will be, so it can be sent elsewhere, or
//! again, and does not arrive twice. Any timer of any runtime will do:
//!
//! ```
//! use std::time::Duration;
//! use wakeful::queue::{self, SendUntilError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (sender, receiver) = queue::bounded(1);
//! sender.send("first").await.unwrap();
//! let timeout = tokio::time::sleep(Duration::from_millis(1));
//! let late = sender.send_until("second", timeout).await;
//! assert_eq!(late, Err(SendUntilError::Interrupted("second")));
//! # drop(receiver);
//! # }
//! ```
//!
//! [`Push::into_item`] does the same for a push in a `select!`.
//!
//! # Overwriting the oldest
//!
//! ```
//! use wakeful::Queue;
//!
//! let last_three = Queue::bounded(3);
//! for reading in 1..=5 {
//!     last_three.force_push(reading).unwrap();
//! }
//! assert_eq!(last_three.drain(), [3, 4, 5]);
//! ```
//!
//! # Batches
//!
//! ```
//! use wakeful::Queue;
//!
//! # futures::executor::block_on(async {
//! let log = Queue::unbounded();
//! log.push_many(["a", "b", "c", "d"]).await.unwrap();
//! let mut lines = Vec::new();
//! // Waits for one, and takes what else there is.
//! assert_eq!(log.pop_many(&mut lines, 100).await, 4);
//! # });
//! ```
//!
//! # Rendezvous
//!
//! With a capacity of 0, a push is ready when its item was received:
//!
//! ```
//! # futures::executor::block_on(async {
//! use wakeful::queue;
//!
//! let (give, take) = queue::bounded(0);
//! let giving = async {
//!     give.send("in person").await.unwrap();
//!     "it was received"
//! };
//! let (told, item) = futures::join!(giving, take.recv());
//! assert_eq!((told, item), ("it was received", Some("in person")));
//! # });
//! ```
//!
//! # The files
//!
//! | file | its one idea |
//! |---|---|
//! | `storage` | where items lie; knows nothing of waiting |
//! | `state` | where storage and waiting meet; whom to call (`calls`), offers (`offers`) |
//! | `core` | the operations: one critical section each, and the wakers after it |
//! | `sides` | items and slots, as their waiters see them |
//! | `faces`: `items`, `slots`, `closing` | what can be waited for |
//! | `giving` | what a waiter for slots has with it |
//! | `batches`, `blocking` | many items at a time; threads |
//! | `push`, `pop`, `reserve`, `permit` | futures and permits |
//! | `sender`, `receiver`, `unbounded`, `weak`, `sink` | the handles |

mod batches;
mod blocking;
mod closing;
mod core;
mod error;
mod faces;
mod giving;
mod items;
mod permit;
mod pop;
mod push;
mod receiver;
mod reserve;
mod sender;
mod sides;
#[cfg(feature = "futures-sink")]
mod sink;
mod slots;
mod state;
mod storage;
mod unbounded;
mod weak;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use self::core::{Core, Refusal};
use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use giving::Giving;
use state::UNBOUNDED;

pub use closing::Closed;
pub use error::{
    PushManyError, RecvTimeoutError, SendError, SendTimeoutError, SendUntilError, TryRecvError,
    TrySendError,
};
pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use pop::{Pop, PopMany};
pub use push::{Push, PushMany, SendUntil};
pub use receiver::Receiver;
pub use reserve::{Reserve, ReserveMany, ReserveOwned};
pub use sender::Sender;
pub use unbounded::UnboundedSender;
pub use weak::{WeakReceiver, WeakSender, WeakUnboundedSender};

/// A bounded channel: [`Queue::bounded`] with handles. A capacity of 0 makes it a rendezvous.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue::{self, TrySendError};
///
/// let (sender, receiver) = queue::bounded(1);
/// sender.send(1).await.unwrap();
/// assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
/// assert_eq!(receiver.recv().await, Some(1));
/// # });
/// ```
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    Queue::bounded(capacity).into_channel()
}

/// An unbounded channel: [`Queue::unbounded`] with handles, of which [`UnboundedSender`] never waits.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::unbounded();
/// sender.send("from anywhere, async or not").unwrap();
/// assert!(receiver.recv().await.is_some());
/// # });
/// ```
pub fn unbounded<T>() -> (UnboundedSender<T>, Receiver<T>) {
    let (sender, receiver) = Queue::unbounded().into_channel();
    (UnboundedSender::new(sender), receiver)
}

/// A queue that many push to and many pop from: to be shared by `&`, [`Arc`] or as a `static`.
///
/// Nobody owns a side of it, so it is closed by [`close`](Self::close) alone; as a channel ([`bounded`],
/// [`unbounded`], [`into_channel`](Self::into_channel)) it is closed when all senders, or all receivers,
/// are gone.
///
/// # Order
///
/// Items leave in the order in which their pushes took effect, which is when a push was ready (with a
/// capacity of 0: when it took its place in line). An item sent by a [`Permit`] takes its place when it
/// is sent.
///
/// # Closing
///
/// From the closing on, pushes and reserves fail, those that wait too, and give their items back. Pops
/// drain what is queued, wait for what [`Permit`]s may still send, and then get `None`. Nothing is kept
/// for anybody any more: whoever is polled first takes. Nothing opens a queue again.
///
/// # Cancel safety
///
/// Every future here is cancel safe: dropping it at any moment gives its place in line up, passes on a
/// wake-up that it was given, and loses nothing that is in the queue.
///
/// - A pop that is dropped takes no item with it.
/// - A push that is dropped before it was ready was never received and never will be. Its item is dropped
///   with it, unless [`Push::into_item`] took it back before; or reserve a slot first
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
    core: Core<T>,
}

impl<T> Queue<T> {
    const_fn! {
        /// A queue of at most `capacity` items. The memory for them is allocated as they come.
        ///
        /// A capacity of 0 makes it a *rendezvous*: there is no storage, and a push is ready when a pop
        /// has taken its item. A waiting push *is* the item then: whoever pops takes it out of the
        /// waiting future, and that is the completion, even if the future is dropped before it learns of
        /// it ([`Push::into_item`] tells). Pushes are served in the order of their line.
        /// [`try_push`](Self::try_push) is always `Full`, a
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
        let mut state = queue.core.lock();
        (state.handles.senders, state.handles.receivers) = (1, 1);
        drop(state);
        let sender = Sender::new(Arc::clone(&queue));
        (sender, Receiver::new(queue))
    }

    /// Pushes an item when there is a slot for it. The future has its place in line from its first poll
    /// on.
    ///
    /// # Cancel safety
    ///
    /// A push that is dropped before it was ready was never received and never will be, and its item is
    /// dropped; [`Push::into_item`] takes it back. For the exception, see [`bounded`](Self::bounded).
    ///
    /// # Fairness
    ///
    /// The first poll pushes if a slot is free and not kept for those who were called. See
    /// [`Queue`](Queue#fairness).
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, or closed meanwhile.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after completion, or if a waker does: see
    /// [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// What was done before happens before what is done by whoever pops the item.
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::Queue;
    /// use wakeful::queue::SendError;
    ///
    /// let queue = Queue::bounded(8);
    /// queue.push(1).await.unwrap();
    /// queue.close();
    /// assert_eq!(queue.push(2).await, Err(SendError(2)));
    /// assert_eq!(queue.pop().await, Some(1));
    /// # });
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&self, item: T) -> Push<'_, T> {
        Push::new(self, item)
    }

    /// Pushes an item if that needs no waiting.
    ///
    /// # Fairness
    ///
    /// It counts as a later arrival, and so overtakes those in line while the bound allows it.
    ///
    /// # Errors
    ///
    /// `Full` if no slot is free, or all that are free are kept for those who were called, and always if
    /// the capacity is 0; `Closed` if the queue is closed. The item comes back.
    ///
    /// # Panics, memory ordering
    ///
    /// As [`push`](Self::push).
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    /// use wakeful::queue::TrySendError;
    ///
    /// let queue = Queue::bounded(1);
    /// assert_eq!(queue.try_push("first"), Ok(()));
    /// assert_eq!(queue.try_push("second"), Err(TrySendError::Full("second")));
    /// ```
    #[inline]
    pub fn try_push(&self, item: T) -> Result<(), TrySendError<T>> {
        let mut giving = Giving::item(item);
        let refusal = match self.core.try_give(&mut giving) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        match (giving.take_item(), refusal) {
            (Some(item), Refusal::Full) => Err(TrySendError::Full(item)),
            (Some(item), Refusal::Closed) => Err(TrySendError::Closed(item)),
            (None, _) => unreachable!("what was refused is still there"),
        }
    }

    /// Pushes an item at once: where no slot is free, the oldest item is thrown out for it, and returned.
    ///
    /// It is one step. Where every slot is reserved, it gives back its own item as `Ok(Some(item))`.
    ///
    /// # Fairness
    ///
    /// It waits for nobody and stands outside the rules: it takes a free slot even if that is kept for
    /// those who were called.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0, or if a waker does: see [`Queue`](Queue#panics). The item is in the
    /// queue then, and one that was thrown out for it is dropped.
    ///
    /// # Memory ordering
    ///
    /// As [`push`](Self::push).
    ///
    /// # Examples
    ///
    /// Only the latest value matters:
    ///
    /// ```
    /// use wakeful::Queue;
    ///
    /// let position = Queue::bounded(1);
    /// assert_eq!(position.force_push((0, 0)), Ok(None));
    /// assert_eq!(position.force_push((3, 4)), Ok(Some((0, 0))));
    /// assert_eq!(position.try_pop(), Ok((3, 4)));
    /// ```
    pub fn force_push(&self, item: T) -> Result<Option<T>, SendError<T>> {
        assert!(
            !self.core.is_rendezvous(),
            "a queue of capacity 0 has no slots to force"
        );
        let mut state = self.core.lock();
        if state.is_closed() {
            return Err(SendError(item));
        }
        let old = if state.room() > 0 {
            state.push(item);
            None
        } else {
            Some(state.replace(item))
        };
        self.core.finish(state);
        Ok(old)
    }

    /// Pops the oldest item when there is one; `None` once the queue is closed and drained. The future
    /// has its place in line from its first poll on.
    ///
    /// # Cancel safety
    ///
    /// A pop that is dropped takes no item with it, so it can stand in a `select!` and be made anew in
    /// every round.
    ///
    /// # Fairness
    ///
    /// The first poll pops if an item is there and not kept for those who were called. See
    /// [`Queue`](Queue#fairness).
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after completion, or if a waker does: see
    /// [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// What was done before the item was pushed happens before what follows.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wakeful::Queue;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let queue = Arc::new(Queue::unbounded());
    /// let popping = tokio::spawn({
    ///     let queue = Arc::clone(&queue);
    ///     async move { queue.pop().await }
    /// });
    /// queue.push("soon").await.unwrap();
    /// assert_eq!(popping.await.unwrap(), Some("soon"));
    /// # }
    /// ```
    #[inline]
    #[track_caller]
    pub fn pop(&self) -> Pop<'_, T> {
        Pop::new(self)
    }

    /// Pops an item if that needs no waiting. It is never `Empty` because another operation is half done.
    ///
    /// # Fairness
    ///
    /// It counts as a later arrival, and so overtakes those in line while the bound allows it.
    ///
    /// # Errors
    ///
    /// `Empty` if nothing is queued, or all of it is kept for those who were called; `Disconnected` once
    /// the queue is closed, and nothing is queued nor can still arrive.
    ///
    /// # Panics, memory ordering
    ///
    /// As [`pop`](Self::pop).
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    /// use wakeful::queue::TryRecvError;
    ///
    /// let queue = Queue::bounded(4);
    /// assert_eq!(queue.try_pop(), Err(TryRecvError::Empty));
    /// queue.try_push(1).unwrap();
    /// queue.close();
    /// assert_eq!(queue.try_pop(), Ok(1));
    /// assert_eq!(queue.try_pop(), Err(TryRecvError::Disconnected));
    /// ```
    #[inline]
    pub fn try_pop(&self) -> Result<T, TryRecvError> {
        match self.core.try_pop() {
            Some(Some(item)) => Ok(item),
            Some(None) => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        }
    }

    /// How many items are queued at this moment. Where the capacity is 0, none ever is.
    pub fn len(&self) -> usize {
        self.core.lock().len()
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
        self.core.lock().capacity()
    }

    /// The bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.lock().max()
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
        self.core.lock().is_closed()
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
            self.core.lock().assert_idle();
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
        let state = self.core.lock();
        let (len, max, closed) = (state.len(), state.max(), state.is_closed());
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
