//! The sending handle of a weighted channel.

use std::sync::Arc;
use std::time::Duration;

use super::error::{WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError};
use super::many::WeightedPushMany;
use super::push::{WeightedPush, WeightedSendUntil};
use super::scale::Scale;
use crate::queue::{Queue, Sender};

/// The sending handle of a weighted channel. [`WeightedQueue::into_channel`](super::WeightedQueue::into_channel)
/// creates it.
///
/// Clone it for more senders. The channel closes when the last one is dropped. Capacities are weights. Unlike a
/// [`Sender`], it cannot reserve slots, and has no `force_send`.
///
/// With the feature `futures-sink`, it is a `Sink`.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::Queue;
///
/// let (sender, receiver) = Queue::weighted(100, String::len).into_channel();
/// sender.send("hello".to_owned()).await.unwrap();
/// assert_eq!(receiver.capacity(), 95);
/// drop(sender);
/// assert_eq!(receiver.recv().await.as_deref(), Some("hello"));
/// assert_eq!(receiver.recv().await, None);
/// # });
/// ```
pub struct WeightedSender<T> {
    pub(in crate::queue) sender: Sender<T>,
    pub(in crate::queue) scale: Scale<T>,
}

impl<T> WeightedSender<T> {
    pub(in crate::queue) fn shared(&self) -> &Arc<Queue<T>> {
        self.sender.shared()
    }

    /// Weighs the item, and waits until there is room for it: see
    /// [`WeightedQueue::push`](super::WeightedQueue::push).
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, and [`WeightedPush::into_item`] gives the item back.
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, before or during the wait, and at once if the item is too
    /// heavy.
    ///
    /// # Panics
    ///
    /// Panics if `weigh` does. Polling the future may panic: see [`Queue`](Queue#panics).
    #[track_caller]
    pub fn send(&self, item: T) -> WeightedPush<'_, T> {
        self.scale.push(self.shared(), item)
    }

    /// Weighs and sends many items, one after another, waiting until there is room for each: see
    /// [`WeightedQueue::push_many`](super::WeightedQueue::push_many).
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`Sender::send_many`] is.
    ///
    /// # Errors
    ///
    /// Fails as `push_many` does.
    ///
    /// # Panics
    ///
    /// Panics as `push_many` does.
    #[track_caller]
    pub fn send_many<I: IntoIterator<Item = T>>(
        &self,
        items: I,
    ) -> WeightedPushMany<'_, T, I::IntoIter> {
        WeightedPushMany::new(self.shared(), self.scale, items.into_iter())
    }

    /// Sends an item unless another future completes first, as [`Sender::send_until`] does.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`send`](Self::send) is.
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, if the other future completes first, or if the item is too
    /// heavy.
    ///
    /// # Panics
    ///
    /// Panics as [`send`](Self::send) does, or if the other future does.
    #[track_caller]
    pub fn send_until<F: Future>(&self, item: T, until: F) -> WeightedSendUntil<'_, T, F> {
        WeightedSendUntil::new(self.send(item), until)
    }

    /// Sends without waiting, as [`WeightedQueue::try_push`](super::WeightedQueue::try_push) does.
    ///
    /// # Errors
    ///
    /// Fails as `try_push` does.
    ///
    /// # Panics
    ///
    /// Panics if `weigh` or a waker does: see [`Queue`](Queue#panics).
    pub fn try_send(&self, item: T) -> Result<(), WeightedTrySendError<T>> {
        self.scale.try_push(self.shared(), item)
    }

    /// Sends, blocking this thread until there is room. Like [`Sender::blocking_send`], it also blocks in an async
    /// context.
    ///
    /// # Errors
    ///
    /// Fails as [`send`](Self::send) does.
    ///
    /// # Panics
    ///
    /// Panics as [`try_send`](Self::try_send) does.
    pub fn blocking_send(&self, item: T) -> Result<(), WeightedSendError<T>> {
        self.scale.blocking_push(self.shared(), item)
    }

    /// Sends, blocking this thread for at most `timeout`. `Duration::ZERO` tries once; `Duration::MAX` waits
    /// forever.
    ///
    /// # Errors
    ///
    /// Fails as [`send`](Self::send) does, and gives the item back if the timeout expires.
    ///
    /// # Panics
    ///
    /// Panics as [`try_send`](Self::try_send) does.
    pub fn blocking_send_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), WeightedSendTimeoutError<T>> {
        self.scale
            .blocking_push_timeout(self.shared(), item, timeout)
    }
}

impl<T> Clone for WeightedSender<T> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            scale: self.scale,
        }
    }
}
