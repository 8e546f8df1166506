//! The future that weighs and pushes many items.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use super::error::WeightedPushManyError;
use super::push::WeightedPush;
use super::scale::Scale;
use crate::queue::Queue;
use crate::queue::future::many::Each;
use crate::wait::pinned;

/// The future of [`WeightedQueue::push_many`](super::WeightedQueue::push_many) and
/// [`WeightedSender::send_many`](super::WeightedSender::send_many).
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time. Items that were pushed stay in the queue. Dropping it drops the item that it
/// was about to push, if there is one; pass `&mut iterator` to continue with the rest.
///
/// # Errors
///
/// Fails if the queue is closed, or at an item that is too heavy: see [`WeightedPushManyError`].
///
/// # Panics
///
/// Panics as [`WeightedPush`] does. If the iterator or `weigh` panics, the future is terminated.
#[must_use = "futures do nothing unless polled"]
pub struct WeightedPushMany<'a, T, I> {
    queue: &'a Queue<T>,
    scale: Scale<T>,
    each: Each<WeightedPush<'a, T>, I>,
}

impl<'a, T, I> WeightedPushMany<'a, T, I> {
    #[track_caller]
    pub(super) fn new(queue: &'a Queue<T>, scale: Scale<T>, items: I) -> Self {
        Self {
            queue,
            scale,
            each: Each::new(items),
        }
    }
}

impl<T, I: Iterator<Item = T>> Future for WeightedPushMany<'_, T, I> {
    type Output = Result<usize, WeightedPushManyError<T, I>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { queue, scale, .. } = *self;
        let each = pinned!(self.each);
        let new = |item, from| scale.push_from(from, queue, item);
        let failed = |sent, error, rest| WeightedPushManyError { sent, error, rest };
        each.poll(cx, new, failed)
    }
}

impl<T, I: Iterator<Item = T>> FusedFuture for WeightedPushMany<'_, T, I> {
    fn is_terminated(&self) -> bool {
        self.each.is_done()
    }
}

impl<T, I> fmt::Debug for WeightedPushMany<'_, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.each.fmt_future("WeightedPushMany", f)
    }
}
