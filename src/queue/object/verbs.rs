//! Pushing and popping one item.

use crate::queue::core::load::Load;
use crate::queue::{Pop, Push, Queue, SendError, TryRecvError, TrySendError};
use crate::wait::WaitFuture;

impl<T> Queue<T> {
    /// Pushes an item, waiting for a slot if it has to.
    ///
    /// The future joins the wait queue at its first poll, unless a slot is free and not kept for a waiter that
    /// was called: then it pushes at once.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it completed, its item was never received and never will be. The item
    /// is dropped with it unless [`Push::into_item`] takes it back. For the one exception, a capacity of 0,
    /// see [`bounded`](Self::bounded).
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, or is closed while this waits.
    ///
    /// # Panics
    ///
    /// See [`Queue`](Queue#panics).
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
        Push {
            wait: WaitFuture::new(self, 1, Load::Item(item)),
        }
    }

    /// Pushes an item if that is possible without waiting.
    ///
    /// It may overtake waiters, within the [limit](crate::Fairness::limit). It never passes anyone over.
    ///
    /// # Errors
    ///
    /// `Closed` if the queue is closed; `Full` if no slot is free, if those that are free are kept for waiters
    /// that were called, and always with a capacity of 0. Both give the item back.
    ///
    /// # Panics
    ///
    /// Only if a waker does; the item is in the queue then. See [`Queue`](Queue#panics).
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
        let mut load = Load::Item(item);
        let pushed = self.core.try_push(1, &mut load);
        pushed.map_err(|refusal| refusal.map(|()| load.unsent()))
    }

    /// Pushes an item at once, in place of the oldest if no slot is free, and returns the one that it replaced.
    ///
    /// It is one atomic step. If every slot is reserved, it returns its own item as `Ok(Some(item))`. The rules
    /// of [`Fairness`](crate::Fairness) do not cover it: it takes a free slot even if that is kept for a waiter
    /// that was called.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0, or if a waker does: then the item is in the queue, and the one that it
    /// replaced is dropped. See [`Queue`](Queue#panics).
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
        self.core.force_push(item).map_err(SendError)
    }

    /// Pops the oldest item, waiting for one if it has to. Returns `None` once the queue is closed and drained.
    ///
    /// The future joins the wait queue at its first poll, unless an item is queued and not kept for a waiter
    /// that was called: then it pops at once.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes no item with it, so a `select!` in a loop can make a new one in every
    /// iteration.
    ///
    /// # Panics
    ///
    /// See [`Queue`](Queue#panics).
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
        Pop {
            wait: WaitFuture::new(self, 1, ()),
        }
    }

    /// Pops the oldest item if that is possible without waiting.
    ///
    /// It may overtake waiters, within the [limit](crate::Fairness::limit). It never passes anyone over.
    ///
    /// # Errors
    ///
    /// - `Empty` if nothing is queued, or all of it is kept for waiters that were called; never because another
    ///   operation is half done.
    /// - `Disconnected` once the queue is closed, and nothing is queued, can still arrive or [be put
    ///   back](Queue#panics). So while the pop that took the last item still wakes others, it is `Empty`.
    ///
    /// # Panics
    ///
    /// Only if a waker does; the item is back in the queue then. See [`Queue`](Queue#panics).
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
}
