//! The errors of queues and channels, also exported from [`queue`](super).

use std::error::Error;
use std::fmt;

use crate::error::messages;

/// Implements what errors share that hold the item that was not sent, in each variant.
macro_rules! holds_item {
    ($name:ident: $($variant:ident => $message:literal),+ $(,)?) => {
        impl<T> $name<T> {
            /// Returns the item that was not sent.
            pub fn into_inner(self) -> T {
                match self {
                    $(Self::$variant(item) => item,)+
                }
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant(_) => concat!(stringify!($variant), "(..)"),)+
                })
            }
        }

        messages!($name<T>: $(Self::$variant(_) => $message),+);
    };
}

/// The error of [`Queue::push`](super::Queue::push) and its variants: the queue is closed. It holds the item
/// that was not sent.
#[derive(PartialEq, Eq, Clone, Copy)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

messages!(SendError<T>: Self(_) => "channel closed");

/// The error of [`Queue::try_push`](super::Queue::try_push) and its variants, with the item that was not sent.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum TrySendError<T> {
    /// No slot is free, or the free ones are kept for woken waiters.
    Full(T),
    /// The queue is closed.
    Closed(T),
}

impl<T> TrySendError<T> {
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> TrySendError<U> {
        match self {
            Self::Full(item) => TrySendError::Full(f(item)),
            Self::Closed(item) => TrySendError::Closed(f(item)),
        }
    }
}

holds_item!(TrySendError:
    Full => "no available capacity",
    Closed => "channel closed",
);

impl<T> From<SendError<T>> for TrySendError<T> {
    fn from(SendError(item): SendError<T>) -> Self {
        Self::Closed(item)
    }
}

/// The error of [`Queue::blocking_push_timeout`](super::Queue::blocking_push_timeout), with the item that was
/// not sent.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum SendTimeoutError<T> {
    /// The timeout expired.
    Timeout(T),
    /// The queue is closed.
    Closed(T),
}

holds_item!(SendTimeoutError:
    Timeout => "timed out waiting on send operation",
    Closed => "channel closed",
);

/// The error of [`Queue::push_until`](super::Queue::push_until) and
/// [`Sender::send_until`](super::Sender::send_until), with the item that was not sent.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum SendUntilError<T> {
    /// The queue is closed.
    Closed(T),
    /// The other future was ready first.
    Interrupted(T),
}

holds_item!(SendUntilError:
    Closed => "channel closed",
    Interrupted => "interrupted before it was sent",
);

/// The error of [`Queue::push_many`](super::Queue::push_many): the queue is closed.
///
/// # Examples
///
/// The items that were not sent come back, in order:
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::Queue;
///
/// let queue = Queue::bounded(2);
/// let closing = async { queue.close() };
/// let (pushed, _) = futures::join!(queue.push_many(1..=5), closing);
/// let error = pushed.unwrap_err();
/// assert_eq!((error.sent, error.item), (2, 3));
/// assert_eq!(error.rest, 4..=5);
/// # });
/// ```
#[derive(Clone)]
pub struct PushManyError<T, I> {
    /// How many items were sent.
    pub sent: usize,
    /// The first item that was not sent.
    pub item: T,
    /// The rest of the iterator.
    pub rest: I,
}

impl<T, I> fmt::Debug for PushManyError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushManyError")
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

impl<T, I> fmt::Display for PushManyError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "channel closed after {} items", self.sent)
    }
}

impl<T, I> Error for PushManyError<T, I> {}

/// The error of [`Sender::reserve_many`](super::Sender::reserve_many).
///
/// It converts into a [`SendError`], which is what tokio's method returns. `Closed` compares equal to that.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue::{self, ReserveManyError};
///
/// let (sender, _receiver) = queue::bounded::<u8>(2);
/// let error = sender.reserve_many(3).await.unwrap_err();
/// assert_eq!(error, ReserveManyError::TooMany { slots: 3, most: 2 });
/// assert_eq!(error.to_string(), "3 slots at once are more than the 2 that can be waited for");
/// # });
/// ```
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum ReserveManyError {
    /// The channel is closed.
    Closed,
    /// The request is for more slots than the channel can ever have free, or for more than can be waited for.
    TooMany {
        /// How many slots were requested.
        slots: usize,
        /// How many can be waited for at once: the bound, but at most `u32::MAX`.
        most: usize,
    },
}

impl fmt::Display for ReserveManyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("channel closed"),
            Self::TooMany { slots, most } => write!(
                f,
                "{slots} slots at once are more than the {most} that can be waited for"
            ),
        }
    }
}

impl Error for ReserveManyError {}

// tokio's error, for code that moves over.
impl From<ReserveManyError> for SendError<()> {
    fn from(_: ReserveManyError) -> Self {
        Self(())
    }
}

impl PartialEq<SendError<()>> for ReserveManyError {
    fn eq(&self, _: &SendError<()>) -> bool {
        *self == Self::Closed
    }
}

/// The error of [`Queue::try_pop`](super::Queue::try_pop) and its variants.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum TryRecvError {
    /// No item is queued, or all that are queued are kept for woken waiters.
    Empty,
    /// The queue is closed, and no item is queued or can still arrive.
    Disconnected,
}

messages!(TryRecvError:
    Self::Empty => "receiving on an empty channel",
    Self::Disconnected => "receiving on a closed channel",
);

/// The error of [`Queue::blocking_pop_timeout`](super::Queue::blocking_pop_timeout).
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum RecvTimeoutError {
    /// The timeout expired.
    Timeout,
    /// The queue is closed, and no item is queued or can still arrive.
    Disconnected,
}

messages!(RecvTimeoutError:
    Self::Timeout => "timed out waiting on receive operation",
    Self::Disconnected => "channel is empty and disconnected",
);
