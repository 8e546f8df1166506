//! What a contestant is: a channel to open, to send to and to receive from.

use super::payload::Payload;

pub(crate) type Another<R> = Option<fn(&R) -> R>;

pub(crate) trait Channel<T: Payload>: 'static {
    type Sender: Clone + Send + Sync + 'static;
    type Receiver: Send + 'static;
    /// A second receiver, where there can be one.
    const ANOTHER: Another<Self::Receiver>;

    /// One that is unbounded takes no notice of `capacity`.
    fn open(capacity: usize) -> (Self::Sender, Self::Receiver);
    fn send(sender: &Self::Sender, item: T) -> impl Future<Output = impl Sent> + Send;
    fn receive(receiver: &mut Self::Receiver) -> impl Future<Output = impl Received<T>> + Send;
}

/// What a send gives.
pub(crate) trait Sent {
    fn arrived(self) -> bool;
}

impl<E> Sent for Result<(), E> {
    fn arrived(self) -> bool {
        self.is_ok()
    }
}

impl Sent for bool {
    fn arrived(self) -> bool {
        self
    }
}

/// What a receive gives: an item, unless all senders are gone and all items received.
pub(crate) trait Received<T> {
    fn item(self) -> Option<T>;
}

impl<T> Received<T> for Option<T> {
    fn item(self) -> Option<T> {
        self
    }
}

impl<T, E> Received<T> for Result<T, E> {
    fn item(self) -> Option<T> {
        self.ok()
    }
}
