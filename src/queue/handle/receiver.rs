//! The receiving handle of a channel.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::stream::{FusedStream, Stream};

use crate::queue::Queue;
use crate::queue::core::items::Items;
use crate::queue::core::state::{RECEIVERS, WEAK_RECEIVERS, WEAK_SENDERS};
use crate::queue::error::{RecvTimeoutError, TryRecvError};
use crate::queue::future::pop::{Pop, PopMany};
use crate::queue::handle::counted::Counted;
use crate::wait::WaitFuture;

type StoredPop<T> = WaitFuture<Items<T, true>, Arc<Queue<T>>>;

/// The receiving half of a channel. It can be cloned: each item goes to one of the clones.
///
/// Its methods are those of [`Queue`] under a channel's names. That page documents [order](Queue#order),
/// [closing](Queue#closing), [cancel safety](Queue#cancel-safety), [fairness](Queue#fairness),
/// [panics](Queue#panics) and [memory ordering](Queue#memory-ordering).
///
/// Dropping the last receiver closes the channel and drops all queued items at once. Items that are sent later,
/// through permits, are dropped too.
///
/// # As a stream
///
/// [`poll_recv`](Self::poll_recv) and [`Stream`] keep one waiter in the handle, which is allocated when first
/// needed and then reused. Dropping the future of `StreamExt::next` loses nothing.
///
/// The handle may never be polled again, so nothing is kept for this waiter, and the bound of
/// [`Fairness`](crate::Fairness) does not cover it. When an item arrives, it is woken in addition to the
/// [`recv`](Self::recv) whose turn it is.
///
/// ```
/// # futures::executor::block_on(async {
/// use futures::StreamExt;
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::unbounded();
/// sender.send_many(1..=3).unwrap();
/// drop(sender);
/// let doubled: Vec<_> = receiver.map(|n| 2 * n).collect().await;
/// assert_eq!(doubled, [2, 4, 6]);
/// # });
/// ```
pub struct Receiver<T> {
    /// The waiter of `poll_recv`. It is done only after `poll_recv` returned `None`. (It is dropped first, so that it
    /// is not woken for nothing.)
    stored: Option<Pin<Box<StoredPop<T>>>>,
    queue: Counted<T, RECEIVERS>,
}

impl<T> Receiver<T> {
    pub(in crate::queue) fn new(queue: Counted<T, RECEIVERS>) -> Self {
        Self {
            queue,
            stored: None,
        }
    }

    pub(in crate::queue) fn shared(&self) -> &Arc<Queue<T>> {
        &self.queue
    }

    /// Receives the oldest item, waiting for one if the channel is empty. See [`Queue::pop`].
    ///
    /// Returns `None` once the channel is closed and drained.
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
    /// use wakeful::queue;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (sender, receiver) = queue::bounded(4);
    /// let mut producer = tokio::spawn(async move {
    ///     sender.send(1).await.unwrap();
    ///     sender.send(2).await.unwrap();
    ///     sender // the channel stays open
    /// });
    /// let mut sum = 0;
    /// loop {
    ///     tokio::select! {
    ///         biased;
    ///         Some(item) = receiver.recv() => sum += item,
    ///         _ = &mut producer => break,
    ///     }
    /// }
    /// assert_eq!(sum, 3);
    /// # }
    /// ```
    #[inline]
    #[track_caller]
    pub fn recv(&self) -> Pop<'_, T> {
        self.queue.pop()
    }

    /// Tries to receive the oldest item, without waiting. See [`Queue::try_pop`].
    ///
    /// # Errors
    ///
    /// Fails with `Empty` if no item is queued or all of them are [kept](crate::Fairness#terms) for woken
    /// waiters, and with `Disconnected` once the channel is closed and drained.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the item is back in the queue then. See [`Queue`](Queue#panics).
    #[inline]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.queue.try_pop()
    }

    /// Waits for an item, and appends up to `limit` items to `to`. See [`Queue::pop_many`].
    ///
    /// Returns how many it appended: 0 only if `limit` is 0, or if the channel is closed and drained.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. It takes no item before it is ready.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue::pop_many`].
    #[track_caller]
    pub fn recv_many<'a>(&'a self, to: &'a mut Vec<T>, limit: usize) -> PopMany<'a, T> {
        self.queue.pop_many(to, limit)
    }

    /// Tries to append up to `limit` items to `to`, without waiting. Returns how many it appended. See
    /// [`Queue::try_pop_many`].
    ///
    /// # Errors
    ///
    /// Fails as [`try_recv`](Self::try_recv) does, unless `limit` is 0.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue::try_pop_many`].
    pub fn try_recv_many(&self, to: &mut Vec<T>, limit: usize) -> Result<usize, TryRecvError> {
        self.queue.try_pop_many(to, limit)
    }

    /// Receives the oldest item, blocking this thread while the channel is empty. See [`Queue::blocking_pop`].
    ///
    /// Returns `None` once the channel is closed and drained.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    pub fn blocking_recv(&self) -> Option<T> {
        self.queue.blocking_pop()
    }

    /// Receives the oldest item, blocking this thread for at most `timeout` while the channel is empty. See
    /// [`Queue::blocking_pop_timeout`].
    ///
    /// # Errors
    ///
    /// Fails with `Timeout` if the timeout expires, and with `Disconnected` once the channel is closed and
    /// drained.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    pub fn blocking_recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        self.queue.blocking_pop_timeout(timeout)
    }

    /// Polls for the oldest item, for futures and streams written by hand.
    ///
    /// Returns `None` once the channel is closed and drained. While it is pending, the task that polled last is
    /// woken when there may be an item: see [as a stream](Receiver#as-a-stream).
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::future::poll_fn;
    /// use wakeful::queue;
    ///
    /// let (sender, mut receiver) = queue::bounded(1);
    /// sender.send(5).await.unwrap();
    /// assert_eq!(poll_fn(|cx| receiver.poll_recv(cx)).await, Some(5));
    /// # });
    /// ```
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let new = || WaitFuture::new(Arc::clone(&self.queue), 1, ());
        let stored = match &mut self.stored {
            Some(stored) if stored.is_done() => {
                stored.set(new());
                stored
            }
            Some(stored) => stored,
            none => {
                let got = self.queue.core.try_pop();
                if let Some(Some(item)) = got {
                    return Poll::Ready(Some(item));
                }
                none.insert(Box::pin(new()))
            }
        };
        let got = ready!(stored.as_mut().poll(cx));
        if got.is_some() {
            stored.set(new());
        }
        Poll::Ready(got)
    }

    /// Takes all queued items, in one atomic step. See [`Queue::drain`].
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the items are back in the queue then. See [`Queue`](Queue#panics).
    pub fn drain(&self) -> Vec<T> {
        self.queue.drain()
    }

    /// Closes the channel and takes all queued items, in one atomic step. See [`Queue::close_and_drain`].
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the items are back in the queue then. See [`Queue`](Queue#panics).
    pub fn close_and_drain(&self) -> Vec<T> {
        self.queue.close_and_drain()
    }

    /// [`sender_count`](Self::sender_count) under tokio's name.
    pub fn sender_strong_count(&self) -> usize {
        self.sender_count()
    }

    /// Returns how many weak senders there are.
    pub fn sender_weak_count(&self) -> usize {
        self.queue.handles(WEAK_SENDERS)
    }

    /// [`receiver_count`](Self::receiver_count) under the name that senders use.
    pub fn strong_count(&self) -> usize {
        self.receiver_count()
    }

    /// Returns how many weak receivers there are.
    pub fn weak_count(&self) -> usize {
        self.queue.handles(WEAK_RECEIVERS)
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_recv(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
}

/// Terminated once this handle has returned `None`.
impl<T> FusedStream for Receiver<T> {
    fn is_terminated(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| stored.is_done())
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self::new(self.queue.clone())
    }
}
