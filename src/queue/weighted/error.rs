//! The errors of a weighted queue.

use std::error::Error;
use std::fmt;

use crate::queue::{SendError, SendTimeoutError, SendUntilError, TrySendError};

/// An item that is heavier than its queue accepts.
pub(in crate::queue) struct TooHeavy<T> {
    pub(super) item: T,
    pub(super) weight: usize,
    pub(super) max: usize,
}

macro_rules! weighted_error {
    (
        $(#[$meta:meta])*
        $name:ident, from $unweighted:ident:
        $($(#[$doc:meta])* $variant:ident $of:path => $message:literal,)+
    ) => {
        $(#[$meta])*
        #[derive(PartialEq, Eq, Clone, Copy)]
        pub enum $name<T> {
            $($(#[$doc])* $variant(T),)+
            /// The item is heavier than the queue accepts.
            TooHeavy {
                /// The item.
                item: T,
                /// What it weighs.
                weight: usize,
                /// The most that an item may weigh.
                max: usize,
            },
        }

        impl<T> $name<T> {
            /// Returns the item that was not sent.
            pub fn into_inner(self) -> T {
                match self {
                    $(Self::$variant(item) => item,)+
                    Self::TooHeavy { item, .. } => item,
                }
            }
        }

        impl<T> From<TooHeavy<T>> for $name<T> {
            fn from(TooHeavy { item, weight, max }: TooHeavy<T>) -> Self {
                Self::TooHeavy { item, weight, max }
            }
        }

        impl<T> From<$unweighted<T>> for $name<T> {
            fn from(error: $unweighted<T>) -> Self {
                match error {
                    $($of(item) => Self::$variant(item),)+
                }
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(_) => f.write_str(concat!(stringify!($variant), "(..)")),)+
                    Self::TooHeavy { weight, max, .. } => f
                        .debug_struct("TooHeavy")
                        .field("weight", weight)
                        .field("max", max)
                        .finish_non_exhaustive(),
                }
            }
        }

        impl<T> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(_) => f.write_str($message),)+
                    Self::TooHeavy { weight, max, .. } => {
                        write!(f, "item weighs {weight}, but the limit is {max}")
                    }
                }
            }
        }

        impl<T> Error for $name<T> {}
    };
}

weighted_error! {
    /// The error of [`WeightedQueue::push`](super::WeightedQueue::push) and
    /// [`WeightedSender::send`](super::WeightedSender::send): it holds the item.
    WeightedSendError, from SendError:
    /// The queue is closed.
    Closed SendError => "channel closed",
}

weighted_error! {
    /// The error of [`WeightedQueue::try_push`](super::WeightedQueue::try_push) and
    /// [`WeightedSender::try_send`](super::WeightedSender::try_send): it holds the item.
    WeightedTrySendError, from TrySendError:
    /// Too little is free, or what is free is kept for woken waiters.
    Full TrySendError::Full => "no available capacity",
    /// The queue is closed.
    Closed TrySendError::Closed => "channel closed",
}

weighted_error! {
    /// The error of [`WeightedQueue::blocking_push_timeout`](super::WeightedQueue::blocking_push_timeout) and
    /// [`WeightedSender::blocking_send_timeout`](super::WeightedSender::blocking_send_timeout): it holds the item.
    WeightedSendTimeoutError, from SendTimeoutError:
    /// The timeout expired.
    Timeout SendTimeoutError::Timeout => "timed out waiting on send operation",
    /// The queue is closed.
    Closed SendTimeoutError::Closed => "channel closed",
}

weighted_error! {
    /// The error of [`WeightedQueue::push_until`](super::WeightedQueue::push_until) and
    /// [`WeightedSender::send_until`](super::WeightedSender::send_until): it holds the item.
    WeightedSendUntilError, from SendUntilError:
    /// The queue is closed.
    Closed SendUntilError::Closed => "channel closed",
    /// The other future completed first.
    Interrupted SendUntilError::Interrupted => "interrupted before it was sent",
}

/// The error of [`WeightedQueue::push_many`](super::WeightedQueue::push_many) and
/// [`WeightedSender::send_many`](super::WeightedSender::send_many).
///
/// # Examples
///
/// Going on without the item that is too heavy:
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::Queue;
///
/// let queue = Queue::weighted(5, |text: &&str| text.len());
/// let error = queue.push_many(["one", "fourteen", "2"]).await.unwrap_err();
/// assert_eq!((error.sent, error.error.into_inner()), (1, "fourteen"));
/// assert_eq!(queue.push_many(error.rest).await.ok(), Some(1));
/// # });
/// ```
#[derive(Clone)]
pub struct WeightedPushManyError<T, I> {
    /// How many items were sent.
    pub sent: usize,
    /// Why the next one was not: it holds that item.
    pub error: WeightedSendError<T>,
    /// The rest of the iterator.
    pub rest: I,
}

impl<T, I> fmt::Debug for WeightedPushManyError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeightedPushManyError")
            .field("sent", &self.sent)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<T, I> fmt::Display for WeightedPushManyError<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; items sent before it: {}", self.error, self.sent)
    }
}

impl<T, I> Error for WeightedPushManyError<T, I> {}

impl<T> From<WeightedSendError<T>> for WeightedSendUntilError<T> {
    fn from(error: WeightedSendError<T>) -> Self {
        match error {
            WeightedSendError::Closed(item) => Self::Closed(item),
            WeightedSendError::TooHeavy { item, weight, max } => {
                Self::TooHeavy { item, weight, max }
            }
        }
    }
}
