//! Waiting until every item is done.

use crate::queue::Queue;
use crate::queue::future::Join;

impl<T> Queue<T> {
    /// Marks one item as done: what was popped has been worked on.
    ///
    /// Call it once for each item that was popped or [drained](Self::drain). [`join`](Self::join) waits until as
    /// many items are done as were pushed. It does not matter which item is meant, who calls it, or whether
    /// the queue is closed.
    ///
    /// It is `asyncio.Queue.task_done`. Forget it if nobody joins.
    ///
    /// # Panics
    ///
    /// Panics if it is called more often than items were pushed, before anything changed; or if a waker does:
    /// see [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// It synchronizes with every [`join`](Self::join) that completes because of it.
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
    /// The future is ready if that was so at any moment since its first poll: items that are pushed afterwards
    /// do not delay it. An item counts from the moment it is in the queue; with a capacity of 0, from the
    /// moment it is received. [`force_push`](Self::force_push) marks the item that it replaces as done, and
    /// [`close_and_drain`](Self::close_and_drain) those that it returns.
    ///
    /// It is `asyncio.Queue.join`. Whether the queue is closed does not matter.
    ///
    /// # Cancel safety
    ///
    /// Drop the future at any time.
    ///
    /// # Panics
    ///
    /// See [`Queue`](Queue#panics).
    ///
    /// # Memory ordering
    ///
    /// Every [`task_done`](Self::task_done) that was counted synchronizes with it.
    ///
    /// # Examples
    ///
    /// Workers in the background, and somebody who waits until all work is done:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wakeful::Queue;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let queue = Arc::new(Queue::bounded(2));
    /// for _ in 0..3 {
    ///     let queue = Arc::clone(&queue);
    ///     tokio::spawn(async move {
    ///         while let Some(job) = queue.pop().await {
    ///             tokio::task::yield_now().await; // work on it
    ///             println!("{job} is done");
    ///             queue.task_done();
    ///         }
    ///     });
    /// }
    /// for job in 0..10 {
    ///     queue.push(job).await.unwrap();
    /// }
    /// queue.join().await;
    /// assert!(queue.is_empty());
    /// # }
    /// ```
    #[track_caller]
    pub fn join(&self) -> Join<'_, T> {
        Join::new(self)
    }
}
