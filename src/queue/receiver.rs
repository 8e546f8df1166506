//! The receiving handle of a channel.

use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::stream::{FusedStream, Stream};

use super::closing::Closed;
use super::error::{RecvTimeoutError, TryRecvError};
use super::items::Items;
use super::pop::{Pop, PopMany};
use super::{Queue, state};
use crate::wait::WaitFuture;
use crate::wait::wake::FirstPanic;

type StoredPop<T> = WaitFuture<Items<T, true>, Arc<Queue<T>>>;

/// The receiving half of a channel; each item goes to one of its clones. Its verbs are those of
/// [`Queue`], where their rules are.
///
/// When the last one is dropped, the channel is closed and what is queued is dropped then and there, and
/// so is what permits still send.
///
/// # As a stream
///
/// [`poll_recv`](Self::poll_recv) and [`Stream`] keep one waiter in the handle, allocated when first
/// needed and used again. Nobody knows whether it will be polled again, so nothing is kept for it (the
/// bound of [`Fairness`](crate::Fairness) is not promised to it): whenever an item comes, it is woken
/// besides the [`recv`](Self::recv) whose turn it is. Dropping the future of a `next()` loses nothing.
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
    queue: Arc<Queue<T>>,
    stored: Option<Pin<Box<StoredPop<T>>>>,
    /// Whether `poll_recv` has told the end.
    ended: bool,
}

impl<T> Receiver<T> {
    /// It is counted already.
    pub(super) fn new(queue: Arc<Queue<T>>) -> Self {
        Self {
            queue,
            stored: None,
            ended: false,
        }
    }

    pub(super) fn shared(&self) -> &Arc<Queue<T>> {
        &self.queue
    }

    fn handles(&self) -> state::Handles {
        self.queue.core.latch().handles
    }

    /// Receives the oldest item when there is one; `None` once the channel is closed and drained. See
    /// [`Queue::pop`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes no item with it, so it can stand in a `select!` and be made anew in
    /// every round.
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

    /// Receives an item if that needs no waiting; see [`Queue::try_pop`].
    ///
    /// # Errors
    ///
    /// `Empty` if nothing is queued, or all of it is kept; `Disconnected` once the channel is closed and
    /// drained.
    #[inline]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.queue.try_pop()
    }

    /// Receives up to `limit` items as soon as there is one; says how many. See [`Queue::pop_many`].
    #[track_caller]
    pub fn recv_many<'a>(&'a self, to: &'a mut Vec<T>, limit: usize) -> PopMany<'a, T> {
        self.queue.pop_many(to, limit)
    }

    /// Receives up to `limit` items if that needs no waiting; says how many. See [`Queue::try_pop_many`].
    ///
    /// # Errors
    ///
    /// As [`try_recv`](Self::try_recv), unless `limit` is 0.
    pub fn try_recv_many(&self, to: &mut Vec<T>, limit: usize) -> Result<usize, TryRecvError> {
        self.queue.try_pop_many(to, limit)
    }

    /// Receives an item by blocking this thread; `None` once the channel is closed and drained. See
    /// [`Queue::blocking_pop`].
    pub fn blocking_recv(&self) -> Option<T> {
        self.queue.blocking_pop()
    }

    /// Receives an item by blocking this thread for so long; see [`Queue::blocking_pop_timeout`].
    ///
    /// # Errors
    ///
    /// `Timeout` if it was too late, `Disconnected` once the channel is closed and drained.
    pub fn blocking_recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        self.queue.blocking_pop_timeout(timeout)
    }

    /// Receives an item, or has the task woken when there may be one: for futures and streams written by
    /// hand. `None` once the channel is closed and drained.
    ///
    /// The last task that polled is the one that is woken. See [as a stream](Receiver#as-a-stream).
    ///
    /// # Panics
    ///
    /// If a waker does: see [`Queue`](Queue#panics).
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
        let new = || WaitFuture::new(Arc::clone(&self.queue), 1, (), Location::caller());
        let stored = match &mut self.stored {
            Some(stored) => {
                if stored.is_done() {
                    stored.set(new());
                }
                stored
            }
            stored => {
                if let Some(got) = self.queue.core.try_pop() {
                    self.ended = got.is_none();
                    return Poll::Ready(got);
                }
                stored.insert(Box::pin(new()))
            }
        };
        let (_, got) = ready!(stored.as_mut().poll(cx));
        self.ended = got.is_none();
        Poll::Ready(got)
    }

    /// Closes the channel, and says whether this call did; see [`Queue::close`]. What is queued can still
    /// be received.
    pub fn close(&self) -> bool {
        self.queue.close()
    }

    /// Whether the channel was closed.
    pub fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    /// Ready when the channel is closed, drained or not.
    #[track_caller]
    pub fn closed(&self) -> Closed<'_, T> {
        self.queue.closed()
    }

    /// Takes all that is queued at one moment, kept or not; see [`Queue::drain`].
    pub fn drain(&self) -> Vec<T> {
        self.queue.drain()
    }

    /// Closes the channel, and takes all that is queued in the same step; see [`Queue::close_and_drain`].
    pub fn close_and_drain(&self) -> Vec<T> {
        self.queue.close_and_drain()
    }

    /// Whether both are of the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.queue, &other.queue)
    }

    /// How many items are queued at this moment.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether no item is queued at this moment.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether [`capacity`](Self::capacity) is 0.
    pub fn is_full(&self) -> bool {
        self.queue.is_full()
    }

    /// How many slots are neither filled nor reserved; see [`Queue::capacity`].
    pub fn capacity(&self) -> usize {
        self.queue.capacity()
    }

    /// The bound; `usize::MAX` if there is none.
    pub fn max_capacity(&self) -> usize {
        self.queue.max_capacity()
    }

    /// How many senders there are, with [`OwnedPermit`](super::OwnedPermit)s and futures of
    /// `reserve_owned` that are pending.
    pub fn sender_count(&self) -> usize {
        self.handles().senders
    }

    /// How many receivers there are.
    pub fn receiver_count(&self) -> usize {
        self.handles().receivers
    }

    /// How many senders there are, as tokio calls it.
    pub fn sender_strong_count(&self) -> usize {
        self.sender_count()
    }

    /// How many weak senders there are.
    pub fn sender_weak_count(&self) -> usize {
        self.handles().weak_senders
    }

    /// How many receivers there are, as tokio would call it.
    pub fn strong_count(&self) -> usize {
        self.receiver_count()
    }

    /// How many weak receivers there are.
    pub fn weak_count(&self) -> usize {
        self.handles().weak_receivers
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

/// It is terminated once this handle has given `None`.
impl<T> FusedStream for Receiver<T> {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        self.queue.core.latch().handles.receivers += 1;
        Self::new(Arc::clone(&self.queue))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        // First, lest it is woken for nothing.
        panic.catch(|| self.stored = None);
        let mut state = self.queue.core.latch();
        state.handles.receivers -= 1;
        if state.handles.receivers == 0 {
            self.queue.core.desert(state, &mut panic);
        } else {
            drop(state);
        }
        panic.go_on();
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Receiver").field(&self.queue).finish()
    }
}

impl<T> UnwindSafe for Receiver<T> {}
impl<T> RefUnwindSafe for Receiver<T> {}
