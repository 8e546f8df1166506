//! Pushing and popping on the calling thread, which waits in the same queue as the futures.

use std::pin::pin;
use std::time::Duration;

use crate::queue::Queue;
use crate::queue::core::items::Items;
use crate::queue::error::{RecvTimeoutError, SendError, SendTimeoutError};
use crate::wait::{block_on, block_on_for};

impl<T> Queue<T> {
    /// Pushes an item, blocking this thread until a slot is free.
    ///
    /// The thread waits in the same queue as the futures, by the same rules. It may spin for a few microseconds
    /// before it parks. It leaves the token of [`std::thread::park`] alone.
    ///
    /// Unlike tokio's, this does not panic in an async context: it blocks the executor's thread, forever if the
    /// tasks that would pop run only on this thread.
    ///
    /// # Errors
    ///
    /// Gives the item back if the queue is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics). Where threads cannot park
    /// (`wasm32-unknown-unknown`), it also panics if it has to wait.
    ///
    /// # Examples
    ///
    /// From a thread to a task:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wakeful::Queue;
    ///
    /// let queue = Arc::new(Queue::bounded(1));
    /// let thread = std::thread::spawn({
    ///     let queue = Arc::clone(&queue);
    ///     move || (0..10).for_each(|n| queue.blocking_push(n).unwrap())
    /// });
    /// futures::executor::block_on(async {
    ///     for n in 0..10 {
    ///         assert_eq!(queue.pop().await, Some(n));
    ///     }
    /// });
    /// thread.join().unwrap();
    /// ```
    pub fn blocking_push(&self, item: T) -> Result<(), SendError<T>> {
        pin!(self.push(item)).block()
    }

    /// Pushes an item, blocking this thread for at most `timeout` until a slot is free.
    ///
    /// `Duration::ZERO` tries once; `Duration::MAX` waits forever. Before giving up, the thread makes one last
    /// attempt, which may also take a slot that is kept for a future that has not been polled for the
    /// [patience](crate::Fairness::patience) (never with
    /// [`FIFO`](crate::Fairness::FIFO)).
    ///
    /// # Errors
    ///
    /// Gives the item back: with `Closed` if the queue is closed, with `Timeout` if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics as [`blocking_push`](Self::blocking_push) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use wakeful::Queue;
    /// use wakeful::queue::SendTimeoutError;
    ///
    /// let queue = Queue::bounded(1);
    /// queue.try_push(1).unwrap();
    /// let late = queue.blocking_push_timeout(2, Duration::from_millis(1));
    /// assert_eq!(late, Err(SendTimeoutError::Timeout(2)));
    /// ```
    pub fn blocking_push_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), SendTimeoutError<T>> {
        pin!(self.push(item)).block_for(timeout)
    }

    /// Pops the oldest item, blocking this thread while the queue is empty.
    ///
    /// Returns `None` once the queue is closed and drained. It blocks as [`blocking_push`](Self::blocking_push)
    /// does, in an async context too.
    ///
    /// # Panics
    ///
    /// Panics as [`blocking_push`](Self::blocking_push) does.
    ///
    /// # Examples
    ///
    /// A thread for work that must not block the executor:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wakeful::Queue;
    ///
    /// let names = Arc::new(Queue::bounded(16));
    /// let thread = std::thread::spawn({
    ///     let names = Arc::clone(&names);
    ///     move || std::iter::from_fn(|| names.blocking_pop()).count()
    /// });
    /// futures::executor::block_on(async {
    ///     names.push("Ada").await.unwrap();
    ///     names.push("Grace").await.unwrap();
    /// });
    /// names.close();
    /// assert_eq!(thread.join().unwrap(), 2);
    /// ```
    pub fn blocking_pop(&self) -> Option<T> {
        block_on::<Items<T>>(&self.core, 1)
    }

    /// Pops the oldest item, blocking this thread for at most `timeout` while the queue is empty.
    ///
    /// The timeout works as in [`blocking_push_timeout`](Self::blocking_push_timeout).
    ///
    /// # Errors
    ///
    /// Fails with `Timeout` if the timeout expires, and with `Disconnected` once the queue is closed and
    /// drained.
    ///
    /// # Panics
    ///
    /// Panics as [`blocking_push`](Self::blocking_push) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use wakeful::Queue;
    /// use wakeful::queue::RecvTimeoutError;
    ///
    /// let queue = Queue::<u32>::bounded(1);
    /// let none = queue.blocking_pop_timeout(Duration::from_millis(1));
    /// assert_eq!(none, Err(RecvTimeoutError::Timeout));
    /// ```
    pub fn blocking_pop_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        match block_on_for::<Items<T>>(&self.core, 1, timeout) {
            Some(Some(item)) => Ok(item),
            Some(None) => Err(RecvTimeoutError::Disconnected),
            None => Err(RecvTimeoutError::Timeout),
        }
    }
}
