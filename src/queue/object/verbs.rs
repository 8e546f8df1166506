//! Pushing and popping one item.

use crate::queue::core::load::Load;
use crate::queue::{Pop, Push, Queue, SendError, SendUntil, TryRecvError, TrySendError};
use crate::wait::WaitFuture;

impl<T> Queue<T> {
    /// Pushes an item, waiting for a slot if none is free.
    ///
    /// The future joins the wait queue at its first poll, unless a slot is free and not
    /// [kept](crate::Fairness#terms) for a woken waiter: then it pushes at once.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. If the future is dropped before it completes, its item was never received
    /// and never will be. The item is dropped with it, unless [`Push::into_item`] takes it back first. The one
    /// exception is a capacity of 0: see [`bounded`](Self::bounded).
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics).
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

    /// Pushes an item, or gives it back if `until` completes first: a timer, a shutdown signal, a cancellation
    /// token. See [`Sender::send_until`](crate::queue::Sender::send_until).
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`push`](Self::push) is.
    ///
    /// # Errors
    ///
    /// Gives the item back: with `Closed` if the queue is closed, with `Interrupted` if `until` completed first.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). It also panics if `until` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use wakeful::Queue;
    /// use wakeful::queue::SendUntilError;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let queue = Queue::bounded(1);
    /// queue.push("first").await.unwrap();
    /// let timeout = tokio::time::sleep(Duration::from_millis(1));
    /// let late = queue.push_until("second", timeout).await;
    /// assert_eq!(late, Err(SendUntilError::Interrupted("second")));
    /// # }
    /// ```
    #[track_caller]
    pub fn push_until<F: Future>(&self, item: T, until: F) -> SendUntil<'_, T, F> {
        SendUntil::new(self.push(item), until)
    }

    /// Tries to push an item, without waiting.
    ///
    /// It may overtake waiters, within the [limit](crate::Fairness::limit), but never passes over a woken one,
    /// however often it is repeated.
    ///
    /// # Errors
    ///
    /// Fails with `Closed` if the queue is closed. Fails with `Full` if no slot is free, if the free ones are
    /// [kept](crate::Fairness#terms) for woken waiters, and always with a capacity of 0. Both give the item
    /// back.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the item is in the queue then. See [`Queue`](Queue#panics).
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

    /// Pushes an item at once. If no slot is free, it replaces the oldest item, and returns that.
    ///
    /// It is one atomic step, and never waits. If every slot is reserved, it returns its own item as
    /// `Ok(Some(item))`: compare it with yours if that matters. The rules of [`Fairness`](crate::Fairness) do
    /// not cover it: it takes a free slot even if that is kept for a woken waiter.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0. Also panics if a waker does; then the item is in the queue, and the one
    /// that it replaced is dropped. See [`Queue`](Queue#panics).
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

    /// Pops the oldest item, waiting for one if the queue is empty. Returns `None` once the queue is closed and
    /// drained.
    ///
    /// The future joins the wait queue at its first poll, unless an item is queued and not
    /// [kept](crate::Fairness#terms) for a woken waiter: then it pops at once.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Dropping the future loses no item, so a `select!` in a loop can create a new
    /// one in every iteration.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics).
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

    /// Tries to pop the oldest item, without waiting.
    ///
    /// It may overtake waiters, within the [limit](crate::Fairness::limit), but never passes over a woken one,
    /// however often it is repeated.
    ///
    /// # Errors
    ///
    /// - `Empty` if no item is queued, or all of them are [kept](crate::Fairness#terms) for woken waiters;
    ///   never because another operation is half done.
    /// - `Disconnected` once the queue is closed, and no item is queued, can still arrive or [be put
    ///   back](Queue#panics). So while the pop that took the last item is still waking others, it is `Empty`.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the item is back in the queue then. See [`Queue`](Queue#panics).
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
