//! The sending handle of an unbounded channel.

use std::sync::Arc;

use super::sender::Sender;
use crate::queue::Queue;
use crate::queue::error::{PushManyError, SendError};

/// The sending half of an unbounded channel, created by [`unbounded`](crate::queue::unbounded). It never waits,
/// and can be cloned.
///
/// [`Queue`](crate::queue::Queue) documents what its methods promise. Dropping the last sender closes the
/// channel: receivers drain it, and then get `None`.
///
/// With the feature `futures-sink`, a sender is a `Sink`.
///
/// # Examples
///
/// ```
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::unbounded();
/// sender.send("one").unwrap();
/// sender.send_many(["two", "three"]).unwrap();
/// drop(receiver);
/// assert!(sender.send("four").is_err());
/// ```
pub struct UnboundedSender<T> {
    pub(super) sender: Sender<T>,
}

impl<T> UnboundedSender<T> {
    pub(in crate::queue) fn new(sender: Sender<T>) -> Self {
        Self { sender }
    }

    pub(in crate::queue) fn shared(&self) -> &Arc<Queue<T>> {
        self.sender.shared()
    }

    /// Sends an item, from a task or a thread, without waiting. See
    /// [`Queue::try_push`](crate::queue::Queue::try_push).
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does, after the item was sent: see [`Queue`](crate::queue::Queue#panics).
    #[inline]
    pub fn send(&self, item: T) -> Result<(), SendError<T>> {
        let sent = self.sender.try_send(item);
        sent.map_err(|closed| SendError(closed.into_inner()))
    }

    /// Sends many items, one after another, and returns how many it sent.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed. The error holds how many items were sent, the one that was not, and the
    /// rest of the iterator.
    ///
    /// # Panics
    ///
    /// Panics as [`send`](Self::send) does, or if the iterator does. Items that were sent stay in the queue.
    pub fn send_many<I: IntoIterator<Item = T>>(
        &self,
        items: I,
    ) -> Result<usize, PushManyError<T, I::IntoIter>> {
        let mut rest = items.into_iter();
        let mut sent = 0;
        while let Some(item) = rest.next() {
            if let Err(SendError(item)) = self.send(item) {
                return Err(PushManyError { sent, item, rest });
            }
            sent += 1;
        }
        Ok(sent)
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        Self::new(self.sender.clone())
    }
}
