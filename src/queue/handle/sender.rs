//! The sending handle of a channel.

use std::fmt;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use crate::queue::Queue;
use crate::queue::core::Core;
use crate::queue::error::{SendError, SendTimeoutError, TrySendError};
use crate::queue::future::push::{Push, PushMany, SendUntil};
use crate::wait::Holder;
use crate::wait::wake::FirstPanic;

/// The sending half of a channel, made by [`bounded`](crate::queue::bounded) and [`Queue::into_channel`].
///
/// Its methods are those of [`Queue`], which states what they promise: order, closing, cancel safety,
/// fairness, panics, memory ordering.
///
/// Dropping the last sender closes the channel: receivers drain it, and then get `None`.
/// [`OwnedPermit`](crate::queue::OwnedPermit)s and pending futures of [`reserve_owned`](Self::reserve_owned) count
/// as senders.
///
/// With the feature `futures-sink`, it is a `Sink`.
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
    queue: Arc<Queue<T>>,
    /// What `Sink` pushes.
    #[cfg(feature = "futures-sink")]
    pub(super) stored: Option<super::sink::StoredPush<T>>,
}

impl<T> Sender<T> {
    /// It is counted already.
    pub(in crate::queue) fn new(queue: Arc<Queue<T>>) -> Self {
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

    /// Sends an item, waiting for a slot if it has to. See [`Queue::push`].
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it completed, its item was never received and never will be (for the
    /// one exception, a capacity of 0, see [`Queue::bounded`]). The item is dropped with it: to keep it, use
    /// [`Push::into_item`], [`send_until`](Self::send_until) or [`reserve`](Self::reserve).
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, or is closed while this waits.
    #[inline]
    #[track_caller]
    pub fn send(&self, item: T) -> Push<'_, T> {
        self.queue.push(item)
    }

    /// Sends an item if that is possible without waiting. See [`Queue::try_push`].
    ///
    /// # Errors
    ///
    /// `Closed` if the channel is closed; `Full` if no slot is free, if those that are free are kept for
    /// waiters that were called, and always with a capacity of 0. Both give the item back.
    #[inline]
    pub fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        self.queue.try_push(item)
    }

    /// Sends an item at once, in place of the oldest if no slot is free, and returns the one that it replaced.
    /// See [`Queue::force_push`].
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0.
    pub fn force_send(&self, item: T) -> Result<Option<T>, SendError<T>> {
        self.queue.force_push(item)
    }

    /// Sends many items, one after another, waiting for a slot for each. See [`Queue::push_many`].
    ///
    /// Returns how many.
    ///
    /// # Cancel safety
    ///
    /// What was sent stays in the queue. Dropping the future drops the item in hand, if there is one.
    ///
    /// # Errors
    ///
    /// If the channel is closed, returns how many items were sent, the one that was not, and the rest of the
    /// iterator.
    #[track_caller]
    pub fn send_many<I: IntoIterator<Item = T>>(&self, items: I) -> PushMany<'_, T, I::IntoIter> {
        self.queue.push_many(items)
    }

    /// Sends an item, or gives it back if `until` is ready first: a timer, a shutdown, a cancellation token.
    ///
    /// The send is polled before `until`. When `until` is ready, it looks once more, and takes a slot that is
    /// free but kept for an older future that is not polled.
    ///
    /// # Cancel safety
    ///
    /// As [`send`](Self::send).
    ///
    /// # Errors
    ///
    /// Gives the item back: `Closed` if the channel is closed, `Interrupted` if `until` was ready first.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send), or if `until` does.
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
        SendUntil::new(self.send(item), until)
    }

    /// Sends an item, blocking this thread until there is a slot for it. See [`Queue::blocking_push`].
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, or is closed while this waits.
    pub fn blocking_send(&self, item: T) -> Result<(), SendError<T>> {
        self.queue.blocking_push(item)
    }

    /// Sends an item, blocking this thread for at most `timeout` until there is a slot for it. See
    /// [`Queue::blocking_push_timeout`].
    ///
    /// # Errors
    ///
    /// Gives the item back if the channel is closed, or if the timeout expires.
    pub fn blocking_send_timeout(
        &self,
        item: T,
        timeout: Duration,
    ) -> Result<(), SendTimeoutError<T>> {
        self.queue.blocking_push_timeout(item, timeout)
    }

    /// [`sender_count`](Self::sender_count), by tokio's name.
    pub fn strong_count(&self) -> usize {
        self.sender_count()
    }

    /// Returns how many weak senders there are.
    pub fn weak_count(&self) -> usize {
        self.queue.handles().weak_senders
    }
}

impl<T> Holder<Core<T>> for Sender<T> {
    #[inline]
    fn core(&self) -> &Core<T> {
        &self.queue.core
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.queue.core.latch().handles.senders += 1;
        Self::new(Arc::clone(&self.queue))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        #[cfg(feature = "futures-sink")]
        panic.catch(|| self.stored = None);
        let mut state = self.queue.core.latch();
        state.handles.senders -= 1;
        if state.handles.senders == 0 {
            self.queue.core.close_and(state, &mut panic);
        } else {
            drop(state);
        }
        panic.go_on();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.queue).finish()
    }
}

impl<T> UnwindSafe for Sender<T> {}
impl<T> RefUnwindSafe for Sender<T> {}
