//! The future of a push that is weighed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::error::{TooHeavy, WeightedSendError};
use crate::queue::Push;

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
/// Gives the item back if the queue is closed, before or during the wait, and at once if the item is heavier than
/// the queue can ever hold.
///
/// # Panics
///
/// Panics as [`Push`] does.
#[must_use = "futures do nothing unless polled"]
pub struct WeightedPush<'a, T> {
    pub(super) push: Push<'a, T>,
    /// What the item weighs and the most that it may weigh, if it is too heavy.
    pub(super) too_heavy: Option<(usize, usize)>,
}

impl<'a, T> WeightedPush<'a, T> {
    pub(super) fn push(self: Pin<&mut Self>) -> Pin<&mut Push<'a, T>> {
        // SAFETY: the field is pinned as the whole is.
        unsafe { self.map_unchecked_mut(|this| &mut this.push) }
    }

    /// Cancels the push and gives its item back, as [`Push::into_item`] does.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](crate::Queue#panics).
    pub fn into_item(self: Pin<&mut Self>) -> Option<T> {
        self.push().into_item()
    }

    /// The refusal, if the item is too heavy and was not given back yet.
    pub(super) fn refusal(self: Pin<&mut Self>) -> Option<TooHeavy<T>> {
        let (weight, max) = self.too_heavy?;
        let item = self.into_item()?;
        Some(TooHeavy { item, weight, max })
    }
}

impl<T> Future for WeightedPush<'_, T> {
    type Output = Result<(), WeightedSendError<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(refusal) = self.as_mut().refusal() {
            return Poll::Ready(Err(WeightedSendError::too_heavy(refusal)));
        }
        let pushed = ready!(self.push().poll(cx));
        Poll::Ready(pushed.map_err(WeightedSendError::from))
    }
}

impl<T> FusedFuture for WeightedPush<'_, T> {
    fn is_terminated(&self) -> bool {
        self.push.is_terminated()
    }
}

impl<T> fmt::Debug for WeightedPush<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeightedPush")
            .field("push", &self.push)
            .finish_non_exhaustive()
    }
}
