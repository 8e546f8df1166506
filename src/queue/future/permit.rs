//! Permits: reserved slots, which can be filled without waiting.

use std::fmt;
use std::iter::FusedIterator;
use std::mem;

use crate::queue::Queue;
use crate::queue::Sender;

/// A reserved slot, which [`send`](Self::send) fills without waiting: see [`Sender::reserve`].
///
/// It can be used even after the queue was closed: receivers wait for it. Dropping it gives the slot back.
///
/// It is neither an error nor a panic to [`send`](Self::send) when all receivers are gone: the item is dropped.
///
/// # Panics
///
/// Sending or dropping panics only if a waker does, after the item was sent or the slot was given back: see
/// [`Queue`](Queue#panics).
#[must_use = "dropping a permit gives its slot back"]
pub struct Permit<'a, T> {
    queue: &'a Queue<T>,
}

impl<'a, T> Permit<'a, T> {
    /// The slot is reserved.
    pub(in crate::queue) fn new(queue: &'a Queue<T>) -> Self {
        Self { queue }
    }

    /// Sends an item, which takes its place in the queue now.
    ///
    /// It is dropped if all receivers are gone.
    pub fn send(self, item: T) {
        let queue = mem::ManuallyDrop::new(self).queue;
        queue.core.unreserve(1, Some(item));
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        self.queue.core.unreserve(1, None);
    }
}

impl<T> fmt::Debug for Permit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}

/// Several reserved slots, as an iterator of [`Permit`]s: see [`Sender::reserve_many`].
///
/// Dropping it gives back the slots that it still holds.
#[must_use = "dropping permits gives their slots back"]
pub struct PermitIterator<'a, T> {
    queue: &'a Queue<T>,
    left: usize,
}

impl<'a, T> PermitIterator<'a, T> {
    /// The slots are reserved.
    pub(in crate::queue) fn new(queue: &'a Queue<T>, slots: usize) -> Self {
        Self { queue, left: slots }
    }
}

impl<'a, T> Iterator for PermitIterator<'a, T> {
    type Item = Permit<'a, T>;

    fn next(&mut self) -> Option<Permit<'a, T>> {
        self.left = self.left.checked_sub(1)?;
        Some(Permit::new(self.queue))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for PermitIterator<'_, T> {}
impl<T> FusedIterator for PermitIterator<'_, T> {}

impl<T> Drop for PermitIterator<'_, T> {
    fn drop(&mut self) {
        if self.left > 0 {
            self.queue.core.unreserve(self.left, None);
        }
    }
}

impl<T> fmt::Debug for PermitIterator<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PermitIterator")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// A [`Permit`] that owns the [`Sender`] that reserved it, and so has no lifetime: see
/// [`Sender::reserve_owned`].
///
/// It counts as a sender.
///
/// # Examples
///
/// A thread that can reply once, without waiting:
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::bounded(1);
/// let permit = sender.reserve_owned().await.unwrap();
/// let answering = std::thread::spawn(move || permit.send(42));
/// assert_eq!(receiver.recv().await, Some(42));
/// let sender = answering.join().unwrap();
/// # drop(sender);
/// # });
/// ```
#[must_use = "dropping a permit gives its slot back"]
pub struct OwnedPermit<T> {
    /// `None` only while it is taken apart.
    sender: Option<Sender<T>>,
}

impl<T> OwnedPermit<T> {
    /// The slot is reserved.
    pub(in crate::queue) fn new(sender: Sender<T>) -> Self {
        Self {
            sender: Some(sender),
        }
    }

    /// Sends an item, which takes its place in the queue now, and returns the sender.
    ///
    /// The item is dropped if all receivers are gone.
    pub fn send(self, item: T) -> Sender<T> {
        self.fill(Some(item))
    }

    /// Gives the slot back, and returns the sender.
    pub fn release(self) -> Sender<T> {
        self.fill(None)
    }

    fn fill(mut self, item: Option<T>) -> Sender<T> {
        let sender = self.sender.take().expect("it is taken apart once");
        sender.shared().core.unreserve(1, item);
        sender
    }

    fn sender(&self) -> &Sender<T> {
        self.sender.as_ref().expect("it is taken apart once")
    }

    /// Returns whether both permits belong to the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        self.sender().same_channel(other.sender())
    }

    /// Returns whether `sender` belongs to the same channel.
    pub fn same_channel_as_sender(&self, sender: &Sender<T>) -> bool {
        self.sender().same_channel(sender)
    }
}

impl<T> Drop for OwnedPermit<T> {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take() {
            sender.shared().core.unreserve(1, None);
        }
    }
}

impl<T> fmt::Debug for OwnedPermit<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPermit").finish_non_exhaustive()
    }
}
