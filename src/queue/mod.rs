//! A multi-producer multi-consumer queue, bounded, unbounded or rendezvous: as one shared object,
//! [`Queue`], or as a channel with a [`Sender`] and a [`Receiver`].
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
//! # Fairness
//!
//! Pushes and reserves wait in one line for slots, pops in another for items, each by the rules of
//! [`Fairness`]: bounded overtaking, and no futurelock. An item is handed to no pop that waits, and taken
//! out of no push that waits (a capacity of 0 excepted): whoever is called takes its turn when it is
//! polled, and one that is not polled any more is passed over.
//!
//! | file | its one idea |
//! |---|---|
//! | `storage` | where items lie; knows nothing of waiting |
//! | `state` | where storage and waiting meet |
//! | `core` | the operations: one critical section each, and the wakers after it |
//! | `sides` | items and slots, as their waiters see them |
//! | `faces` | what can be waited for |
//! | `push`, `pop`, `reserve`, `permit` | futures and permits |
//! | `sender`, `receiver`, `unbounded`, `weak`, `sink` | the handles |

mod core;
mod error;
mod faces;
mod permit;
mod pop;
mod push;
mod receiver;
mod reserve;
mod sender;
mod sides;
#[cfg(feature = "futures-sink")]
mod sink;
mod state;
mod storage;
mod unbounded;
mod weak;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use self::core::{Core, Refusal};
use crate::fairness::Fairness;
use crate::sync::{Deadline, const_fn, for_models};
use crate::wait::crowd::Need;
use crate::wait::{InLine, wait_blocking, wait_blocking_timeout};
use faces::{Items, Slots, To};
use push::given;
use state::{Giving, UNBOUNDED};

pub use error::{
    PushManyError, RecvTimeoutError, SendError, SendTimeoutError, SendUntilError, TryRecvError,
    TrySendError,
};
pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use pop::{Closed, Pop, PopMany};
pub use push::{Push, PushMany, SendUntil};
pub use receiver::Receiver;
pub use reserve::{Reserve, ReserveMany, ReserveOwned};
pub use sender::Sender;
pub use unbounded::UnboundedSender;
pub use weak::{WeakReceiver, WeakSender, WeakUnboundedSender};

/// A bounded channel; a capacity of 0 makes it a rendezvous: see [`Queue::bounded`].
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    Queue::bounded(capacity).into_channel()
}

/// An unbounded channel.
pub fn unbounded<T>() -> (UnboundedSender<T>, Receiver<T>) {
    let (sender, receiver) = Queue::unbounded().into_channel();
    (UnboundedSender::new(sender), receiver)
}

/// A queue that many push to and many pop from: to be shared by `&`, [`Arc`] or as a `static`.
///
/// ```
/// use wakeful::Queue;
///
/// static JOBS: Queue<u32> = Queue::bounded(128);
///
/// # futures::executor::block_on(async {
/// JOBS.push(1).await.unwrap();
/// assert_eq!(JOBS.pop().await, Some(1));
/// # });
/// ```
///
/// # Order
///
/// Items leave in the order in which their pushes took effect.
///
/// # Memory ordering
///
/// What happened before a push happens before what follows the pop of its item; what happened before
/// [`close`](Self::close) happens before what follows learning of it.
///
/// # Memory
///
/// Nothing is allocated before the first push, and no wait allocates. What a long queue took is given
/// back as it drains.
pub struct Queue<T> {
    core: Core<T>,
}

impl<T> Queue<T> {
    const_fn! {
        /// A queue of at most `capacity` items.
        ///
        /// A capacity of 0 makes it a *rendezvous*: there is no storage, and a push is ready when a pop
        /// has taken its item. A waiting push *is* the item then: whoever pops takes it out of the
        /// waiting future, and that is the completion, even if the future is dropped before it learns
        /// of it ([`Push::into_item`] tells). [`try_push`](Self::try_push) is always `Full`, and there
        /// are no slots to reserve nor to force.
        #[must_use]
        pub const fn bounded(capacity: usize) -> Self {
            Self {
                core: Core::new(capacity, Fairness::DEFAULT),
            }
        }
    }

    const_fn! {
        /// A queue without a bound: a push never waits.
        #[must_use]
        pub const fn unbounded() -> Self {
            Self::bounded(UNBOUNDED)
        }
    }

    const_fn! {
        /// The same queue with other waits than [`Fairness::DEFAULT`].
        #[must_use]
        pub const fn with_fairness(mut self, fairness: Fairness) -> Self {
            self.core.set_fairness(fairness);
            self
        }
    }

    /// The same queue as a channel. An unbounded one gives a [`Sender`] that never waits.
    #[must_use]
    pub fn into_channel(self) -> (Sender<T>, Receiver<T>) {
        let queue = Arc::new(self);
        let mut state = queue.core.lock();
        (state.handles.senders, state.handles.receivers) = (1, 1);
        drop(state);
        let sender = Sender::new(Arc::clone(&queue));
        (sender, Receiver::new(queue))
    }

    /// Pushes an item when there is a slot for it.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, or closed meanwhile.
    ///
    /// # Cancel safety
    ///
    /// A push that is cancelled before it was ready was never received; see [`Push`].
    #[inline]
    #[track_caller]
    pub fn push(&self, item: T) -> Push<'_, T> {
        Push::new(self, item)
    }

    /// Pushes an item if that needs no waiting.
    ///
    /// # Errors
    ///
    /// `Full` if no slot is free, or all that are free are kept for pushes that were called (see
    /// [`Fairness`]); `Closed` if the queue is closed. The item comes back.
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

    /// Pushes an item at once: where no slot is free, the oldest item is thrown out for it, and
    /// returned.
    ///
    /// It is one step, and stands outside the fairness rules: it takes a free slot even if that is kept
    /// for a push that was called. Where every slot is reserved, it gives back its own item as
    /// `Ok(Some(item))`.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0.
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

    /// Pushes many items, one after another, each when there is a slot for it; says how many.
    ///
    /// Each push is an arrival of its own. The iterator is asked for an item when its turn has come; pass
    /// `&mut iterator` to keep what is left of it when the future is dropped.
    ///
    /// # Errors
    ///
    /// If the queue is closed: how many were pushed, the item that was not, and the rest of the iterator.
    pub fn push_many<I: IntoIterator<Item = T>>(&self, items: I) -> PushMany<'_, T, I::IntoIter> {
        PushMany::new(self, items.into_iter())
    }

    /// Pops the oldest item when there is one; `None` once the queue is closed and drained.
    ///
    /// # Cancel safety
    ///
    /// A pop that is dropped takes no item with it.
    #[inline]
    #[track_caller]
    pub fn pop(&self) -> Pop<'_, T> {
        Pop::new(self)
    }

    /// Pops an item if that needs no waiting.
    ///
    /// # Errors
    ///
    /// `Empty` if nothing is queued, or all of it is kept for pops that were called (see [`Fairness`]);
    /// `Disconnected` once the queue is closed and drained.
    #[inline]
    pub fn try_pop(&self) -> Result<T, TryRecvError> {
        match self.core.try_pop() {
            Some(Some(item)) => Ok(item),
            Some(None) => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        }
    }

    /// Pops up to `limit` items to the end of `to` as soon as there is one; says how many.
    ///
    /// It takes those that are free beyond what pops that were called need. 0 only if `limit` is 0, or the
    /// queue is closed and drained.
    ///
    /// # Cancel safety
    ///
    /// As that of [`pop`](Self::pop).
    #[track_caller]
    pub fn pop_many<'a>(&'a self, to: &'a mut Vec<T>, limit: usize) -> PopMany<'a, T> {
        PopMany::new(self, to, limit)
    }

    /// Pops up to `limit` items to the end of `to`, if that needs no waiting; says how many.
    ///
    /// # Errors
    ///
    /// As [`try_pop`](Self::try_pop), unless `limit` is 0.
    pub fn try_pop_many(&self, to: &mut Vec<T>, limit: usize) -> Result<usize, TryRecvError> {
        if limit == 0 {
            return Ok(0);
        }
        match self.core.try_pop_many(to, limit) {
            Some(0) => Err(TryRecvError::Empty),
            Some(popped) => Ok(popped),
            None => Err(TryRecvError::Disconnected),
        }
    }

    /// Pushes an item by blocking this thread until there is a slot for it, in the same line as all
    /// others.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, or closed meanwhile.
    ///
    /// # Panics
    ///
    /// It does not, and can not tell whether it runs in an async context: there it blocks the executor.
    pub fn blocking_push(&self, item: T) -> Result<(), SendError<T>> {
        let mut in_line = pin!(InLine::new(To::<Slots, _>::new(self), Giving::item(item)));
        match in_line.as_mut().block(Deadline::NEVER) {
            Some(got) => given(got, in_line.ask()),
            None => unreachable!("there was no deadline"),
        }
    }

    /// As [`blocking_push`](Self::blocking_push), for so long: `Duration::MAX` is for ever, and zero tries
    /// once.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, or if it was too late.
    pub fn blocking_push_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), SendTimeoutError<T>> {
        let mut in_line = pin!(InLine::new(To::<Slots, _>::new(self), Giving::item(item)));
        match in_line.as_mut().block_for(timeout) {
            Some(got) => {
                given(got, in_line.ask()).map_err(|SendError(item)| SendTimeoutError::Closed(item))
            }
            None => {
                in_line.as_mut().cancel();
                let item = in_line.ask().and_then(Giving::take_item);
                item.map_or(Ok(()), |item| Err(SendTimeoutError::Timeout(item)))
            }
        }
    }

    /// Pops an item by blocking this thread until there is one, in the same line as all others; `None`
    /// once the queue is closed and drained.
    ///
    /// # Panics
    ///
    /// It does not, and can not tell whether it runs in an async context: there it blocks the executor.
    pub fn blocking_pop(&self) -> Option<T> {
        wait_blocking(self.core.face::<Items>(), Need::new(1))
    }

    /// As [`blocking_pop`](Self::blocking_pop), for so long: `Duration::MAX` is for ever, and zero tries
    /// once.
    ///
    /// # Errors
    ///
    /// `Timeout` if it was too late, `Disconnected` once the queue is closed and drained.
    pub fn blocking_pop_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        match wait_blocking_timeout(self.core.face::<Items>(), Need::new(1), timeout) {
            Some(Some(item)) => Ok(item),
            Some(None) => Err(RecvTimeoutError::Disconnected),
            None => Err(RecvTimeoutError::Timeout),
        }
    }

    /// How many items are queued. Where the capacity is 0, none ever is.
    pub fn len(&self) -> usize {
        self.core.lock().len()
    }

    /// Whether no item is queued.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether [`capacity`](Self::capacity) is 0.
    pub fn is_full(&self) -> bool {
        self.capacity() == 0
    }

    /// How many slots are neither filled nor reserved; those that are kept for pushes that were called
    /// are free. `usize::MAX` if there is no bound.
    pub fn capacity(&self) -> usize {
        self.core.lock().capacity()
    }

    /// The bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.core.lock().max()
    }

    /// Closes the queue, and says whether this call did.
    ///
    /// Pushes fail from now on, those that wait too. Pops drain what is queued, wait for what permits may
    /// still send, and then get `None`. Nothing is kept for anybody any more.
    pub fn close(&self) -> bool {
        self.core.close()
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.core.lock().is_closed()
    }

    /// Ready when the queue is closed, drained or not.
    #[track_caller]
    pub fn closed(&self) -> Closed<'_, T> {
        Closed::new(self)
    }

    /// Takes all that is queued at one moment, kept or not.
    pub fn drain(&self) -> Vec<T> {
        self.take_all(false)
    }

    /// Closes the queue, and takes all that is queued in the same step.
    pub fn close_and_drain(&self) -> Vec<T> {
        self.take_all(true)
    }

    fn take_all(&self, close: bool) -> Vec<T> {
        let mut state = self.core.lock();
        if close {
            state.close();
        }
        let items = if self.core.is_rendezvous() {
            storage::Fifo::new()
        } else {
            state.take_all()
        };
        let mut taken = Vec::new();
        if let Some(mut items) = self.core.finish_or_put_back(state, items) {
            taken.reserve_exact(items.len());
            items.pop_many(&mut taken, usize::MAX);
        }
        taken
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
