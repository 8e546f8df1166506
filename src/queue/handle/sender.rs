//! The sending handle of a channel.

use std::sync::Arc;
use std::time::Duration;

use crate::queue::Queue;
use crate::queue::core::Core;
use crate::queue::core::state::SENDERS;
use crate::queue::error::{SendError, SendTimeoutError, TrySendError};
use crate::queue::future::many::PushMany;
use crate::queue::future::push::{Push, SendUntil};
use crate::queue::handle::counted::Counted;
use crate::wait::Holder;
#[cfg(feature = "futures-sink")]
use crate::wait::wake::FirstPanic;

#[cfg(feature = "futures-sink")]
type StoredPush<T> =
    crate::wait::WaitFuture<crate::queue::core::slots::Slots<T, true>, Arc<Queue<T>>>;

/// The sending half of a channel, created by [`bounded`](crate::queue::bounded) or [`Queue::into_channel`]. It
/// can be cloned.
///
/// Its methods are those of [`Queue`] under a channel's names. That page documents [order](Queue#order),
/// [closing](Queue#closing), [cancel safety](Queue#cancel-safety), [fairness](Queue#fairness),
/// [panics](Queue#panics) and [memory ordering](Queue#memory-ordering).
///
/// Dropping the last sender closes the channel: receivers drain it, and then get `None`. An
/// [`OwnedPermit`](crate::queue::OwnedPermit) and a pending [`reserve_owned`](Self::reserve_owned) each count
/// as a sender.
///
/// With the feature `futures-sink`, a sender is a `Sink`.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::bounded(2);
/// let other = sender.clone();
/// sender.send("one").await.unwrap();
/// other.send("two").await.unwrap();
/// drop((sender, other));
/// assert_eq!(receiver.recv().await, Some("one"));
/// assert_eq!(receiver.recv().await, Some("two"));
/// assert_eq!(receiver.recv().await, None);
/// # });
/// ```
pub struct Sender<T> {
    /// The item of the `Sink`.
    #[cfg(feature = "futures-sink")]
    pub(super) stored: Option<std::pin::Pin<Box<StoredPush<T>>>>,
    queue: Counted<T, SENDERS>,
}

impl<T> Sender<T> {
    pub(in crate::queue) fn new(queue: Counted<T, SENDERS>) -> Self {
        Self {
            queue,
            #[cfg(feature = "futures-sink")]
            stored: None,
        }
    }

    #[inline]
    pub(in crate::queue) fn shared(&self) -> &Arc<Queue<T>> {
        &self.queue
    }

    /// Sends an item, waiting for a slot if none is free. See [`Queue::push`].
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. If the future is dropped before it completes, its item was never received
    /// and never will be. (The one exception is a capacity of 0: see [`Queue::bounded`].) The item is dropped
    /// with the future: to keep it, use [`Push::into_item`], [`send_until`](Self::send_until) or
    /// [`reserve`](Self::reserve).
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics).
    #[inline]
    #[track_caller]
    pub fn send(&self, item: T) -> Push<'_, T> {
        self.queue.push(item)
    }

    /// Tries to send an item, without waiting. See [`Queue::try_push`].
    ///
    /// # Errors
    ///
    /// Fails with `Closed` if the channel is closed. Fails with `Full` if no slot is free, if the free ones are
    /// [kept](crate::Fairness#terms) for woken waiters, and always with a capacity of 0. Both give the item
    /// back.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does; the item is in the queue then. See [`Queue`](Queue#panics).
    #[inline]
    pub fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        self.queue.try_push(item)
    }

    /// Sends an item at once. If no slot is free, it replaces the oldest item, and returns that. See
    /// [`Queue::force_push`].
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0, or if a waker does: see [`Queue::force_push`].
    pub fn force_send(&self, item: T) -> Result<Option<T>, SendError<T>> {
        self.queue.force_push(item)
    }

    /// Sends many items, one after another, waiting for a slot for each. See [`Queue::push_many`].
    ///
    /// Returns how many it sent.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Items that were sent stay in the queue. Dropping the future drops the item
    /// that it was about to send, if there is one; pass `&mut iterator` to continue with the rest.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, before or during the wait. The error holds how many items were sent, the
    /// one that was not, and the rest of the iterator.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). If the iterator panics, the future is
    /// terminated.
    #[track_caller]
    pub fn send_many<I: IntoIterator<Item = T>>(&self, items: I) -> PushMany<'_, T, I::IntoIter> {
        self.queue.push_many(items)
    }

    /// Sends an item, or gives it back if `until` completes first: a timer, a shutdown signal, a cancellation
    /// token.
    ///
    /// The send is polled before `until`. When `until` completes, the send makes one last attempt, which may also
    /// take a slot that is kept for a future that was woken before this send began to wait and has not been polled
    /// for the [patience](crate::Fairness::patience).
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`send`](Self::send) is.
    ///
    /// # Errors
    ///
    /// Gives the item back: with `Closed` if the channel is closed, with `Interrupted` if `until` completed
    /// first.
    ///
    /// # Panics
    ///
    /// Polling the future may panic: see [`Queue`](Queue#panics). It also panics if `until` does.
    ///
    /// # Examples
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::future::ready;
    /// use wakeful::queue::{self, SendUntilError};
    ///
    /// let (sender, receiver) = queue::bounded(1);
    /// assert_eq!(sender.send_until(1, ready(())).await, Ok(()));
    /// let late = sender.send_until(2, ready(())).await;
    /// assert_eq!(late, Err(SendUntilError::Interrupted(2)));
    /// # drop(receiver);
    /// # });
    /// ```
    #[track_caller]
    pub fn send_until<F: Future>(&self, item: T, until: F) -> SendUntil<'_, T, F> {
        self.queue.push_until(item, until)
    }

    /// Sends an item, blocking this thread until a slot is free. See [`Queue::blocking_push`].
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    pub fn blocking_send(&self, item: T) -> Result<(), SendError<T>> {
        self.queue.blocking_push(item)
    }

    /// Sends an item, blocking this thread for at most `timeout` until a slot is free. See
    /// [`Queue::blocking_push_timeout`].
    ///
    /// # Errors
    ///
    /// Gives the item back: with `Closed` if the channel is closed, with `Timeout` if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    pub fn blocking_send_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), SendTimeoutError<T>> {
        self.queue.blocking_push_timeout(item, timeout)
    }
}

impl<T> Holder<Core<T>> for Sender<T> {
    #[inline]
    fn core(&self) -> &Core<T> {
        &self.queue.core
    }
}

#[cfg(feature = "futures-sink")]
impl<T> Drop for Sender<T> {
    /// Drops the stored item first. While the thread unwinds, a panic of that would abort.
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        panic.catch(|| self.stored = None);
        panic.go_on();
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self::new(self.queue.clone())
    }
}
