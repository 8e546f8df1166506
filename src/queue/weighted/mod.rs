//! A queue that is bounded by the weight of its items rather than by their number.

pub(super) mod error;
pub(super) mod many;
pub(super) mod push;
pub(super) mod scale;
pub(super) mod sender;

use std::fmt;
use std::time::Duration;

use self::error::{WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError};
use self::many::WeightedPushMany;
use self::push::{WeightedPush, WeightedSendUntil};
use self::scale::Scale;
use self::sender::WeightedSender;
use crate::fairness::Fairness;
use crate::queue::core::Core;
use crate::queue::core::storage::Order;
use crate::queue::{Closed, Join, Pop, PopMany, Queue, Receiver, RecvTimeoutError, TryRecvError};
use crate::sync::{const_fn, for_models};

/// A FIFO queue that is bounded by the total weight of its items, such as their size in bytes. [`Queue::weighted`]
/// creates it.
///
/// It works like a [`Queue`], with these differences:
///
/// - Its bound and its [`capacity`](Self::capacity) are weights; [`len`](Self::len) counts items.
/// - Each item is weighed once, outside the internal lock, when its push is created.
/// - A push waits until there is room for the whole item, in one wait queue with all others: light items overtake a
///   heavy one no more often than [`Fairness`] permits, so a heavy item is never starved. (This does not cover a
///   [`WeightedSender`] as a `Sink`.)
/// - An item that is heavier than the bound, or than `u32::MAX`, is refused at once, even if the queue is closed.
/// - An item of weight 0 takes no room, and is pushed at once unless other pushes wait. Then it queues behind them
///   and, like an item of weight 1, needs a free unit.
/// - An item that goes back to the front because a waker panicked weighs 1 until it is popped, so the queue may hold
///   more than its bound meanwhile.
/// - There is no `force_push`, and slots cannot be reserved.
///
/// # Examples
///
/// At most a megabyte of messages, however many that is:
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::Queue;
/// use wakeful::queue::WeightedTrySendError;
///
/// let messages = Queue::weighted(1_000_000, Vec::len);
/// messages.push(vec![0_u8; 600_000]).await.unwrap();
/// assert_eq!((messages.len(), messages.capacity()), (1, 400_000));
///
/// let refused = messages.try_push(vec![0; 500_000]).unwrap_err();
/// assert!(matches!(refused, WeightedTrySendError::Full(_)));
///
/// let refused = messages.try_push(vec![0; 2_000_000]).unwrap_err();
/// assert_eq!(refused.to_string(), "item weighs 2000000, but the limit is 1000000");
/// # });
/// ```
pub struct WeightedQueue<T> {
    queue: Queue<T>,
    scale: Scale<T>,
}

impl<T> Queue<T> {
    const_fn! {
        /// Creates a queue whose items together weigh at most `max_weight`.
        ///
        /// `weigh` is called once for each item, when its push is created. It is a function, or a closure that captures
        /// nothing and says of what type its argument is: `|line: &String| line.len()`. An item may weigh `max_weight`,
        /// or `u32::MAX` if that is less.
        ///
        /// # Panics
        ///
        /// Panics if `max_weight` is 0.
        ///
        /// # Examples
        ///
        /// ```
        /// use wakeful::Queue;
        /// use wakeful::queue::WeightedQueue;
        ///
        /// static LINES: WeightedQueue<String> = Queue::weighted(64 * 1024, String::len);
        ///
        /// LINES.try_push("GET / HTTP/1.1".to_owned()).unwrap();
        /// assert_eq!(LINES.capacity(), 64 * 1024 - 14);
        /// ```
        #[must_use]
        pub const fn weighted(max_weight: usize, weigh: fn(&T) -> usize) -> WeightedQueue<T> {
            assert!(max_weight > 0, "a weighted queue of capacity 0 can hold nothing");
            let core = Core::new(max_weight, Order::weighted(), Fairness::DEFAULT);
            WeightedQueue {
                queue: Queue { core },
                scale: Scale::new(max_weight, weigh),
            }
        }
    }
}

/// Methods that are those of the queue inside.
macro_rules! same_as_queue {
    ($($(#[$meta:meta])* $name:ident($($arg:ident: $type:ty),*) -> $output:ty;)+) => {
        $(
            #[doc = concat!("Like [`Queue::", stringify!($name), "`].")]
            $(#[$meta])*
            pub fn $name(&self, $($arg: $type),*) -> $output {
                self.queue.$name($($arg),*)
            }
        )+
    };
}

impl<T> WeightedQueue<T> {
    const_fn! {
        /// Sets the fairness of pushes and of pops; without this, it is [`Fairness::DEFAULT`].
        #[must_use]
        pub const fn with_fairness(mut self, fairness: Fairness) -> Self {
            self.queue.core.set_fairness(fairness);
            self
        }
    }

    /// Turns the queue and the items in it into a channel. The capacities that its handles report are weights.
    #[must_use]
    pub fn into_channel(self) -> (WeightedSender<T>, Receiver<T>) {
        let (sender, receiver) = self.queue.into_channel();
        let scale = self.scale;
        (WeightedSender { sender, scale }, receiver)
    }

    /// Weighs the item, and waits until there is room for it.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, and [`WeightedPush::into_item`] gives the item back.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, before or during the wait, and at once if the item is too heavy.
    ///
    /// # Panics
    ///
    /// Panics if `weigh` does. Polling the future may panic: see [`Queue`](Queue#panics).
    #[track_caller]
    pub fn push(&self, item: T) -> WeightedPush<'_, T> {
        self.scale.push(&self.queue, item)
    }

    /// Weighs and pushes many items, one after another, waiting until there is room for each. Returns how many it
    /// pushed. Otherwise, it works as [`Queue::push_many`] does.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`Queue::push_many`] is.
    ///
    /// # Errors
    ///
    /// Fails if the queue is closed, before or during the wait, and at an item that is too heavy. The error holds
    /// how many items were pushed, the one that was not, and the rest of the iterator.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). If the iterator or `weigh` panics, the future is
    /// terminated.
    #[track_caller]
    pub fn push_many<I: IntoIterator<Item = T>>(
        &self,
        items: I,
    ) -> WeightedPushMany<'_, T, I::IntoIter> {
        WeightedPushMany::new(&self.queue, self.scale, items.into_iter())
    }

    /// Pushes an item unless another future completes first, as [`Queue::push_until`] does.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`push`](Self::push) is.
    ///
    /// # Errors
    ///
    /// Fails as [`push`](Self::push) does, and gives the item back if the other future completes first.
    ///
    /// # Panics
    ///
    /// Panics as [`push`](Self::push) does, or if the other future does.
    #[track_caller]
    pub fn push_until<F: Future>(&self, item: T, until: F) -> WeightedSendUntil<'_, T, F> {
        WeightedSendUntil::new(self.push(item), until)
    }

    /// Pushes without waiting.
    ///
    /// # Errors
    ///
    /// Fails with `Full` if there is too little room, or if the room left is kept for woken waiters, with `Closed`
    /// if the queue is closed, and with `TooHeavy` if the item is too heavy.
    ///
    /// # Panics
    ///
    /// Panics if `weigh` or a waker does: see [`Queue`](Queue#panics).
    pub fn try_push(&self, item: T) -> Result<(), WeightedTrySendError<T>> {
        self.scale.try_push(&self.queue, item)
    }

    /// Pushes, blocking this thread until there is room. Like [`Queue::blocking_push`], it also blocks in an async
    /// context.
    ///
    /// # Errors
    ///
    /// Fails as [`push`](Self::push) does.
    ///
    /// # Panics
    ///
    /// Panics as [`try_push`](Self::try_push) does.
    pub fn blocking_push(&self, item: T) -> Result<(), WeightedSendError<T>> {
        self.scale.blocking_push(&self.queue, item)
    }

    /// Pushes, blocking this thread for at most `timeout`. `Duration::ZERO` tries once; `Duration::MAX` waits
    /// forever.
    ///
    /// # Errors
    ///
    /// Fails as [`push`](Self::push) does, and gives the item back if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics as [`try_push`](Self::try_push) does.
    pub fn blocking_push_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), WeightedSendTimeoutError<T>> {
        self.scale.blocking_push_timeout(&self.queue, item, timeout)
    }

    /// Returns how much weight is currently free, kept or not: the bound minus the weight of the queued items.
    pub fn capacity(&self) -> usize {
        self.queue.capacity()
    }

    /// Returns the bound, as a weight.
    pub fn max_capacity(&self) -> usize {
        self.queue.max_capacity()
    }

    /// Like [`Queue::pop_many`].
    #[track_caller]
    pub fn pop_many<'a>(&'a self, to: &'a mut Vec<T>, limit: usize) -> PopMany<'a, T> {
        self.queue.pop_many(to, limit)
    }

    same_as_queue! {
        #[track_caller]
        pop() -> Pop<'_, T>;
        try_pop() -> Result<T, TryRecvError>;
        try_pop_many(to: &mut Vec<T>, limit: usize) -> Result<usize, TryRecvError>;
        blocking_pop() -> Option<T>;
        blocking_pop_timeout(timeout: Duration) -> Result<T, RecvTimeoutError>;
        drain() -> Vec<T>;
        close_and_drain() -> Vec<T>;
        len() -> usize;
        is_empty() -> bool;
        is_full() -> bool;
        close() -> bool;
        is_closed() -> bool;
        #[track_caller]
        closed() -> Closed<'_, T>;
        #[track_caller]
        task_done() -> ();
        #[track_caller]
        join() -> Join<'_, T>;
    }

    for_models! {
        /// Panics if somebody waits still.
        #[doc(hidden)]
        pub fn assert_idle(&self) {
            self.queue.assert_idle();
        }
    }
}

impl<T> fmt::Debug for WeightedQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.queue.fmt_as("WeightedQueue", f)
    }
}
