//! Pushing and popping many items.

use crate::queue::Queue;
use crate::queue::error::TryRecvError;
use crate::queue::future::many::PushMany;
use crate::queue::future::pop::PopMany;

impl<T> Queue<T> {
    /// Pushes many items, one after another, waiting for a slot for each. Returns how many it pushed.
    ///
    /// Other pushes may come in between. The iterator is advanced only after the previous item is in the queue,
    /// and never while an internal lock is held.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Items that were pushed stay in the queue. Dropping the future drops the item
    /// that it was about to push, if there is one; pass `&mut iterator` to continue with the rest.
    ///
    /// # Errors
    ///
    /// Fails if the queue is closed, before or during the wait. The error holds how many items were pushed, the
    /// one that was not, and the rest of the iterator.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). If the iterator panics, the future is
    /// terminated.
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::Queue;
    ///
    /// let queue = Queue::bounded(2);
    /// let pushing = queue.push_many(1..=5);
    /// let popping = async {
    ///     let mut sum = 0;
    ///     for _ in 0..5 {
    ///         sum += queue.pop().await.unwrap();
    ///     }
    ///     sum
    /// };
    /// let (pushed, sum) = futures::join!(pushing, popping);
    /// assert_eq!((pushed.unwrap(), sum), (5, 15));
    /// # });
    /// ```
    #[track_caller]
    pub fn push_many<I: IntoIterator<Item = T>>(&self, items: I) -> PushMany<'_, T, I::IntoIter> {
        PushMany::new(self, items.into_iter())
    }

    /// Waits for an item, and appends up to `limit` items to `to`. Returns how many it appended.
    ///
    /// It returns 0 only if `limit` is 0, or if the queue is closed and drained. It waits like a pop of one
    /// item; beyond that one, it takes only items that no other woken pop needs.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. It takes no item before it is ready.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). If a waker panics, items that are in `to`
    /// stay there, and the next poll returns their number.
    ///
    /// # Examples
    ///
    /// A writer that takes everything that has arrived since its last batch:
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::Queue;
    ///
    /// let log = Queue::unbounded();
    /// log.push_many(1..=250).await.unwrap();
    /// log.close();
    /// let (mut batch, mut batches) = (Vec::new(), Vec::new());
    /// while log.pop_many(&mut batch, 100).await > 0 {
    ///     batches.push(batch.len());
    ///     batch.clear();
    /// }
    /// assert_eq!(batches, [100, 100, 50]);
    /// # });
    /// ```
    #[track_caller]
    pub fn pop_many<'a>(&'a self, to: &'a mut Vec<T>, limit: usize) -> PopMany<'a, T> {
        PopMany::new(self, to, limit)
    }

    /// Tries to append up to `limit` items to `to`, without waiting. Returns how many it appended.
    ///
    /// # Errors
    ///
    /// Fails as [`try_pop`](Self::try_pop) does, unless `limit` is 0.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; items that are in `to` stay there. See [`Queue`](Queue#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    ///
    /// let queue = Queue::bounded(8);
    /// queue.try_push('a').unwrap();
    /// queue.try_push('b').unwrap();
    /// let mut to = vec!['-'];
    /// assert_eq!(queue.try_pop_many(&mut to, 8), Ok(2));
    /// assert_eq!(to, ['-', 'a', 'b']);
    /// ```
    pub fn try_pop_many(&self, to: &mut Vec<T>, limit: usize) -> Result<usize, TryRecvError> {
        if limit == 0 {
            return Ok(0);
        }
        match self.core.try_pop_many(to, limit, true) {
            Some(0) => Err(TryRecvError::Empty),
            Some(popped) => Ok(popped),
            None => Err(TryRecvError::Disconnected),
        }
    }

    /// Takes all queued items, in one atomic step, and wakes the pushes that it makes room for.
    ///
    /// This includes items kept for woken pops. It never waits. With a capacity of 0, nothing is ever queued.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the items are back in the queue then. See [`Queue`](Queue#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    ///
    /// let queue = Queue::unbounded();
    /// (0..3).for_each(|n| queue.try_push(n).unwrap());
    /// assert_eq!(queue.drain(), [0, 1, 2]);
    /// assert_eq!(queue.drain(), []);
    /// ```
    pub fn drain(&self) -> Vec<T> {
        self.core.drain(false)
    }

    /// Closes the queue and takes all queued items, in one atomic step.
    ///
    /// Use it for a shutdown that saves the remaining items instead of processing them.
    ///
    /// # Panics
    ///
    /// Panics as [`drain`](Self::drain) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use wakeful::Queue;
    ///
    /// let jobs = Queue::bounded(8);
    /// jobs.try_push("resize").unwrap();
    /// assert_eq!(jobs.close_and_drain(), ["resize"]);
    /// assert!(jobs.try_push("crop").is_err());
    /// ```
    pub fn close_and_drain(&self) -> Vec<T> {
        self.core.drain(true)
    }
}
