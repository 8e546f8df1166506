//! Waiting until every item is done.

use crate::queue::Queue;
use crate::queue::future::Join;

impl<T> Queue<T> {
    /// Marks one popped item as processed.
    ///
    /// Call it once for each item that was popped or [drained](Self::drain), also where processing it fails or
    /// panics; [`join`](Self::join) waits until as many items are done as were pushed. It does not matter which task calls it, in which order, or whether
    /// the queue is closed. Without a `join`, it is not needed.
    ///
    /// This is `asyncio.Queue.task_done`. Only the queue itself has it, not the handles of a channel.
    ///
    /// # Panics
    ///
    /// Panics, without changing anything, if every item that was pushed is already done. It also panics if a waker
    /// does: see [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// It synchronizes with each [`join`](Self::join) that counts it.
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    ///
    /// let queue = Queue::bounded(4);
    /// queue.try_push("job").unwrap();
    /// let _job = queue.try_pop().unwrap();
    /// queue.task_done();
    /// assert!(std::panic::catch_unwind(|| queue.task_done()).is_err(), "there was one item");
    /// ```
    #[track_caller]
    pub fn task_done(&self) {
        assert!(
            self.core.task_done(),
            "task_done was called more often than items were pushed"
        );
    }

    /// Waits until every item that was pushed is [done](Self::task_done).
    ///
    /// The future completes if that was so at any moment since its first poll, even if more items were pushed
    /// before it is polled again. An item counts once it is in the queue (with a capacity of 0, once it is
    /// received). [`force_push`](Self::force_push) marks the item that it replaces as done, and
    /// [`close_and_drain`](Self::close_and_drain) the items that it returns. Closing the queue marks none.
    ///
    /// This is `asyncio.Queue.join`.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time.
    ///
    /// # Panics
    ///
    /// See [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// Each [`task_done`](Self::task_done) that it counts synchronizes with its completion.
    ///
    /// # Examples
    ///
    /// Shutting down workers in the background, once they have processed everything that was accepted:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wakeful::Queue;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let queue = Arc::new(Queue::bounded(2));
    /// let workers = [1, 2, 3].map(|worker| {
    ///     let queue = Arc::clone(&queue);
    ///     tokio::spawn(async move {
    ///         while let Some(job) = queue.pop().await {
    ///             println!("{worker} is processing {job}");
    ///             queue.task_done();
    ///         }
    ///     })
    /// });
    /// for job in 0..10 {
    ///     queue.push(job).await.unwrap();
    /// }
    /// queue.close(); // first, or more jobs may be accepted after the join
    /// queue.join().await;
    /// for worker in workers {
    ///     worker.await.unwrap();
    /// }
    /// # }
    /// ```
    #[track_caller]
    pub fn join(&self) -> Join<'_, T> {
        Join::new(self)
    }
}
