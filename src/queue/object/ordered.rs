//! Queues that are not first in, first out.

use std::fmt;
use std::ops::Deref;

use crate::fairness::Fairness;
use crate::queue::core::Core;
use crate::queue::core::state::UNBOUNDED;
use crate::queue::core::storage::Order;
use crate::queue::{Queue, Receiver, Sender};
use crate::sync::const_fn;

/// A queue whose newest item leaves first: a stack.
///
/// It dereferences to a [`Queue`], whose methods do the same here, with these differences:
///
/// - The capacity may not be 0.
/// - Where `Queue` and the handles say "the oldest item", read "the newest".
/// - [`force_push`](Queue::force_push) on a full queue evicts the oldest item, as it does in a `Queue`: here, the one
///   that would leave last.
/// - An item that goes back to the front because a waker panicked leaves before all others.
///
/// # Examples
///
/// Serving the newest request first, because its client is the least likely to have given up:
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue::LifoQueue;
///
/// static REQUESTS: LifoQueue<&str> = LifoQueue::bounded(2);
///
/// REQUESTS.push("first").await.unwrap();
/// REQUESTS.push("second").await.unwrap();
/// // Overload: the oldest request is turned away.
/// assert_eq!(REQUESTS.force_push("third"), Ok(Some("first")));
/// assert_eq!(REQUESTS.pop().await, Some("third"));
/// # });
/// ```
pub struct LifoQueue<T> {
    queue: Queue<T>,
}

/// A queue whose greatest item leaves first and, among equal ones, the one that was pushed first.
///
/// It dereferences to a [`Queue`], whose methods do the same here, with these differences:
///
/// - The capacity may not be 0.
/// - Where `Queue` and the handles say "the oldest item", read "the greatest".
/// - [`force_push`](Queue::force_push) on a full queue evicts the item that would leave last. That may be the new
///   one, which it then returns.
/// - An item that goes back to the front because a waker panicked leaves before all others.
/// - A push and a pop take time logarithmic in [`len`](Queue::len).
///
/// Wrap items in [`Reverse`](std::cmp::Reverse) to let the least leave first, as in asyncio. In a tuple of a priority and
/// something else, the latter decides among equal priorities, before age does: to prevent that, implement [`Ord`] by the
/// priority alone.
///
/// The order is that of the items only. Those who wait to push or to pop wait in turn, by the rules of
/// [`Fairness`].
///
/// # Panics
///
/// `Ord::cmp` runs inside the internal lock, so it must not use this queue: that would hang. If it panics, the
/// panic is caught: no item is lost, but items may leave in the wrong order. (The panic hook runs inside the lock,
/// too.)
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue::PriorityQueue;
///
/// let jobs = PriorityQueue::unbounded();
/// jobs.push((1, "rebuild the index")).await.unwrap();
/// jobs.push((9, "answer a user")).await.unwrap();
/// assert_eq!(jobs.pop().await, Some((9, "answer a user")));
/// # });
/// ```
pub struct PriorityQueue<T> {
    queue: Queue<T>,
}

macro_rules! ordered {
    ($name:ident, $($bound:ident)?, $order:expr) => {
        impl<T $(: $bound)?> $name<T> {
            const_fn! {
                /// Creates a queue of at most `capacity` items.
                ///
                /// # Panics
                ///
                /// Panics if `capacity` is 0.
                #[must_use]
                pub const fn bounded(capacity: usize) -> Self {
                    assert!(capacity > 0, "only a FIFO queue may have a capacity of 0");
                    let core = Core::new(capacity, $order, Fairness::DEFAULT);
                    Self { queue: Queue { core } }
                }
            }

            const_fn! {
                /// Creates a queue without a bound, so that a push never waits.
                #[must_use]
                pub const fn unbounded() -> Self {
                    Self::bounded(UNBOUNDED)
                }
            }
        }

        impl<T> $name<T> {
            const_fn! {
                /// Sets the fairness of pushes and of pops; without this, it is [`Fairness::DEFAULT`].
                #[must_use]
                pub const fn with_fairness(mut self, fairness: Fairness) -> Self {
                    self.queue.core.set_fairness(fairness);
                    self
                }
            }

            /// Turns the queue and the items in it into a channel of the same order.
            #[must_use]
            pub fn into_channel(self) -> (Sender<T>, Receiver<T>) {
                self.queue.into_channel()
            }
        }

        impl<T> Deref for $name<T> {
            type Target = Queue<T>;

            #[inline]
            fn deref(&self) -> &Queue<T> {
                &self.queue
            }
        }

        /// Creates an unbounded queue.
        impl<T $(: $bound)?> Default for $name<T> {
            fn default() -> Self {
                Self::unbounded()
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.queue.fmt_as(stringify!($name), f)
            }
        }
    };
}

ordered!(LifoQueue, , Order::Lifo);
ordered!(PriorityQueue, Ord, Order::priority());
