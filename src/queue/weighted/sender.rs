//! The sending handle of a weighted channel.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::error::{WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError};
use super::push::WeightedPush;
use super::scale::Scale;
use crate::queue::{Queue, Sender};

/// The sending handle of a weighted channel. [`WeightedQueue::into_channel`](super::WeightedQueue::into_channel)
/// creates it.
///
/// Clone it for more senders. The channel closes when the last one is dropped.
pub struct WeightedSender<T> {
    pub(super) sender: Sender<T>,
    pub(super) scale: Scale<T>,
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
    /// Gives the item back if the channel is closed, or if the item is heavier than it can ever hold.
    ///
    /// # Panics
    ///
    /// Panics if the function that weighs does. Polling the future may panic: see [`Queue`](Queue#panics).
    #[track_caller]
    pub fn send(&self, item: T) -> WeightedPush<'_, T> {
        self.scale.push(self.shared(), item)
    }

    /// Sends without waiting, as [`WeightedQueue::try_push`](super::WeightedQueue::try_push) does.
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is full or closed, or if the item is heavier than it can ever hold.
    pub fn try_send(&self, item: T) -> Result<(), WeightedTrySendError<T>> {
        self.scale.try_push(self.shared(), item)
    }

    /// Sends, blocking this thread while there is no room.
    ///
    /// # Errors
    ///
    /// Fails as [`WeightedSender::send`] does.
    pub fn blocking_send(&self, item: T) -> Result<(), WeightedSendError<T>> {
        self.scale.blocking_push(self.shared(), item)
    }

    /// Sends, blocking this thread for at most `timeout`. `Duration::ZERO` tries once; `Duration::MAX` waits
    /// forever.
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, the timeout expires, or the item is heavier than the channel
    /// can ever hold.
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

impl<T> fmt::Debug for WeightedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WeightedSender")
            .field(self.shared())
            .finish()
    }
}
