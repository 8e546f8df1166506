//! Why something was not sent or received.

use std::error::Error;
use std::fmt;

macro_rules! error {
    ($name:ident<T>: $($pattern:pat => $message:literal),+ $(,)?) => {
        impl<T> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($pattern => $message),+ })
            }
        }

        impl<T> Error for $name<T> {}
    };
    ($name:ident: $($pattern:pat => $message:literal),+ $(,)?) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($pattern => $message),+ })
            }
        }

        impl Error for $name {}
    };
}

/// The queue was closed: here is the item that was not sent.
///
/// Nothing opens it again. Whoever gets this sees what was done before the closing: see
/// [`Queue`](super::Queue#memory-ordering).
#[derive(PartialEq, Eq, Clone, Copy)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

error!(SendError<T>: Self(_) => "channel closed");

/// Why an item was not sent without waiting: see [`Queue::try_push`](super::Queue::try_push), with an
/// example.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum TrySendError<T> {
    /// No slot is free, or all that are free are kept for those who were called.
    Full(T),
    /// The queue was closed.
    Closed(T),
}

impl<T> TrySendError<T> {
    /// The item that was not sent.
    pub fn into_inner(self) -> T {
        match self {
            Self::Full(item) | Self::Closed(item) => item,
        }
    }

    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> TrySendError<U> {
        match self {
            Self::Full(item) => TrySendError::Full(f(item)),
            Self::Closed(item) => TrySendError::Closed(f(item)),
        }
    }
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

error!(TrySendError<T>:
    Self::Full(_) => "no available capacity",
    Self::Closed(_) => "channel closed",
);

impl<T> From<SendError<T>> for TrySendError<T> {
    fn from(SendError(item): SendError<T>) -> Self {
        Self::Closed(item)
    }
}

/// Why an item was not sent in time: see
/// [`Queue::blocking_push_timeout`](super::Queue::blocking_push_timeout), with an example.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum SendTimeoutError<T> {
    /// It was too late.
    Timeout(T),
    /// The queue was closed.
    Closed(T),
}

impl<T> SendTimeoutError<T> {
    /// The item that was not sent.
    pub fn into_inner(self) -> T {
        match self {
            Self::Timeout(item) | Self::Closed(item) => item,
        }
    }
}

impl<T> fmt::Debug for SendTimeoutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout(_) => "Timeout(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

error!(SendTimeoutError<T>:
    Self::Timeout(_) => "timed out waiting on send operation",
    Self::Closed(_) => "channel closed",
);

/// Why [`Sender::send_until`](super::Sender::send_until) did not send.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum SendUntilError<T> {
    /// The queue was closed.
    Closed(T),
    /// The other future was ready first.
    Interrupted(T),
}

impl<T> SendUntilError<T> {
    /// The item that was not sent.
    pub fn into_inner(self) -> T {
        match self {
            Self::Closed(item) | Self::Interrupted(item) => item,
        }
    }
}

impl<T> fmt::Debug for SendUntilError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed(_) => "Closed(..)",
            Self::Interrupted(_) => "Interrupted(..)",
        })
    }
}

error!(SendUntilError<T>:
    Self::Closed(_) => "channel closed",
    Self::Interrupted(_) => "interrupted before it was sent",
);

/// The queue was closed while many items were sent: see [`Queue::push_many`](super::Queue::push_many).
///
/// # Examples
///
/// What was not sent is there, in order:
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
    /// How many were sent.
    pub sent: usize,
    /// The item that was not.
    pub item: T,
    /// What is left of the iterator.
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

/// Why no item was received without waiting: see [`Queue::try_pop`](super::Queue::try_pop), with an
/// example.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum TryRecvError {
    /// Nothing is queued, or all of it is kept for those who were called.
    Empty,
    /// The queue was closed, and nothing is queued nor can still arrive.
    Disconnected,
}

error!(TryRecvError:
    Self::Empty => "receiving on an empty channel",
    Self::Disconnected => "receiving on a closed channel",
);

/// Why no item was received in time: see
/// [`Queue::blocking_pop_timeout`](super::Queue::blocking_pop_timeout), with an example.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum RecvTimeoutError {
    /// It was too late.
    Timeout,
    /// The queue was closed, and nothing is queued nor can still arrive.
    Disconnected,
}

error!(RecvTimeoutError:
    Self::Timeout => "timed out waiting on receive operation",
    Self::Disconnected => "channel is empty and disconnected",
);
