//! The futures of a push that is weighed.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::error::{WeightedSendError, WeightedSendUntilError};
use crate::queue::{Push, SendUntil};
use crate::wait::pinned;

/// What an item weighs, and the most that it may weigh.
#[derive(Clone, Copy)]
pub(in crate::queue) struct Weighed {
    pub(super) weight: usize,
    pub(super) max: usize,
}

impl Weighed {
    /// What comes before the first poll: an item that is too heavy is refused, and one that weighs nothing need not
    /// wait for room, unless others wait.
    fn before_poll<T>(
        self,
        push: Pin<&mut Push<'_, T>>,
    ) -> Option<Result<(), WeightedSendError<T>>> {
        let Self { weight, max } = self;
        if weight > max {
            let item = push.into_item()?;
            return Some(Err(WeightedSendError::TooHeavy { item, weight, max }));
        }
        if weight > 0 {
            return None;
        }
        let sent = push.at_once()?;
        Some(sent.map_err(WeightedSendError::from))
    }
}

/// The future of [`WeightedQueue::push`](super::WeightedQueue::push) and
/// [`WeightedSender::send`](super::WeightedSender::send). It holds the item, and joins the wait queue at its first
/// poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time. If it is dropped before it completes, its item is dropped, was never received
/// and never will be. [`into_item`](Self::into_item) cancels it and gives the item back.
///
/// # Errors
///
/// Gives the item back if the queue is closed, before or during the wait, and at once if the item is too heavy.
///
/// # Panics
///
/// Panics as [`Push`] does.
#[must_use = "futures do nothing unless polled"]
pub struct WeightedPush<'a, T> {
    pub(super) inner: Push<'a, T>,
    pub(super) weighed: Weighed,
}

impl<'a, T> WeightedPush<'a, T> {
    pub(super) fn inner(self: Pin<&mut Self>) -> Pin<&mut Push<'a, T>> {
        pinned!(self.inner)
    }

    /// Cancels the push and gives its item back, as [`Push::into_item`] does.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](crate::Queue#panics).
    pub fn into_item(self: Pin<&mut Self>) -> Option<T> {
        self.inner().into_item()
    }
}

impl<T> Future for WeightedPush<'_, T> {
    type Output = Result<(), WeightedSendError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let weighed = self.weighed;
        let mut push = self.inner();
        if let Some(sent) = weighed.before_poll(push.as_mut()) {
            return Poll::Ready(sent);
        }
        push.poll(cx).map_err(WeightedSendError::from)
    }
}

impl<T> FusedFuture for WeightedPush<'_, T> {
    fn is_terminated(&self) -> bool {
        self.inner.is_terminated()
    }
}

impl<T> fmt::Debug for WeightedPush<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeightedPush")
            .field("push", &self.inner)
            .field("weight", &self.weighed.weight)
            .finish_non_exhaustive()
    }
}

/// The future of [`WeightedQueue::push_until`](super::WeightedQueue::push_until) and
/// [`WeightedSender::send_until`](super::WeightedSender::send_until); otherwise the same as [`SendUntil`].
///
/// # Errors
///
/// Fails if the channel is closed, if the other future completes first, or at once if the item is too heavy: see
/// [`WeightedSendUntilError`].
#[must_use = "futures do nothing unless polled"]
pub struct WeightedSendUntil<'a, T, F> {
    inner: SendUntil<'a, T, F>,
    weighed: Weighed,
}

impl<'a, T, F> WeightedSendUntil<'a, T, F> {
    pub(super) fn new(push: WeightedPush<'a, T>, until: F) -> Self {
        Self {
            inner: SendUntil::new(push.inner, until),
            weighed: push.weighed,
        }
    }
}

impl<T, F: Future> Future for WeightedSendUntil<'_, T, F> {
    type Output = Result<(), WeightedSendUntilError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let weighed = self.weighed;
        let mut inner = pinned!(self.inner);
        if let Some(sent) = weighed.before_poll(inner.as_mut().push()) {
            return Poll::Ready(sent.map_err(WeightedSendUntilError::from));
        }
        let sent = ready!(inner.poll(cx));
        Poll::Ready(sent.map_err(WeightedSendUntilError::from))
    }
}

impl<T, F: Future> FusedFuture for WeightedSendUntil<'_, T, F> {
    fn is_terminated(&self) -> bool {
        self.inner.is_terminated()
    }
}

impl<T, F> fmt::Debug for WeightedSendUntil<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WeightedSendUntil")
            .field(&self.inner)
            .finish()
    }
}
