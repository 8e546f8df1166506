//! Futures that reserve slots.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::permit::{OwnedPermit, Permit, PermitIterator};
use crate::queue::Queue;
use crate::queue::Sender;
use crate::queue::core::load::Load;
use crate::queue::core::slots::Slots;
use crate::queue::error::{ReserveManyError, SendError, TrySendError};
use crate::wait::{WaitFuture, pinned, polled_after_completion, waits};

/// The future of [`Sender::reserve`](crate::queue::Sender::reserve). It joins the wait queue at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time, and loses no slot: see [`Queue`](Queue#cancel-safety).
///
/// # Errors
///
/// Fails if the channel is closed, before or during the wait.
///
/// # Panics
///
/// Panics as [`Push`](crate::queue::Push) does.
#[must_use = "futures do nothing unless polled"]
pub struct Reserve<'a, T> {
    wait: WaitFuture<Slots<T>, &'a Queue<T>>,
}

/// The future of [`Sender::reserve_many`](crate::queue::Sender::reserve_many); otherwise the same as
/// [`Reserve`].
///
/// # Errors
///
/// Fails if the channel is closed, or if it can never have that many free slots: see [`ReserveManyError`].
#[must_use = "futures do nothing unless polled"]
pub struct ReserveMany<'a, T> {
    /// Not polled if that many slots are not waited for.
    wait: WaitFuture<Slots<T>, &'a Queue<T>>,
    queue: &'a Queue<T>,
    slots: usize,
    most: usize,
}

/// The future of [`Sender::reserve_owned`](crate::queue::Sender::reserve_owned); otherwise the same as
/// [`Reserve`].
///
/// It owns its sender and counts as one. Dropping it drops the sender.
#[must_use = "futures do nothing unless polled"]
pub struct ReserveOwned<T> {
    wait: WaitFuture<Slots<T>, Sender<T>>,
}

waits!([T] Reserve<'_, T>, "Reserve");
waits!([T] ReserveOwned<T>, "ReserveOwned");

#[track_caller]
fn refuse_rendezvous<T>(queue: &Queue<T>) {
    assert!(
        queue.max_capacity() > 0,
        "a queue of capacity 0 has no slots to reserve"
    );
}

impl<'a, T> Reserve<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>) -> Self {
        refuse_rendezvous(queue);
        Self {
            wait: WaitFuture::new(queue, 1, Load::Reserve),
        }
    }
}

impl<'a, T> ReserveMany<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>, slots: usize) -> Self {
        refuse_rendezvous(queue);
        Self {
            // If that is cut off, it is more than `most`.
            wait: WaitFuture::new(queue, slots as u32, Load::Reserve),
            queue,
            slots,
            most: most_at_once(queue),
        }
    }
}

impl<T> ReserveOwned<T> {
    #[track_caller]
    pub(in crate::queue) fn new(sender: Sender<T>) -> Self {
        refuse_rendezvous(sender.shared());
        Self {
            wait: WaitFuture::new(sender, 1, Load::Reserve),
        }
    }
}

/// How many slots can be waited for at once.
fn most_at_once<T>(queue: &Queue<T>) -> usize {
    queue.max_capacity().min(u32::MAX as usize)
}

/// Reserves slots without waiting.
#[track_caller]
pub(in crate::queue) fn try_reserve<T>(
    queue: &Queue<T>,
    slots: usize,
) -> Result<(), TrySendError<()>> {
    refuse_rendezvous(queue);
    queue.core.try_push(slots, &mut Load::Reserve)
}

impl<'a, T> Future for Reserve<'a, T> {
    type Output = Result<Permit<'a, T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(queue, got)| got.map(|()| Permit::new(queue)))
    }
}

impl<'a, T> Future for ReserveMany<'a, T> {
    type Output = Result<PermitIterator<'a, T>, ReserveManyError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            queue, slots, most, ..
        } = *self;
        let wait = pinned!(self.wait);
        if wait.is_done() {
            polled_after_completion("the future of a queue's reserve_many", wait.from());
        }
        let got = if slots <= most {
            ready!(wait.poll(cx)).map_err(|SendError(())| ReserveManyError::Closed)
        } else {
            wait.cancel();
            try_reserve(queue, slots).map_err(|error| match error {
                TrySendError::Closed(()) => ReserveManyError::Closed,
                TrySendError::Full(()) => ReserveManyError::TooMany { slots, most },
            })
        };
        Poll::Ready(got.map(|()| PermitIterator::new(queue, slots)))
    }
}

impl<T> Future for ReserveOwned<T> {
    type Output = Result<OwnedPermit<T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(sender, got)| got.map(|()| OwnedPermit::new(sender)))
    }
}

impl<T> FusedFuture for ReserveMany<'_, T> {
    fn is_terminated(&self) -> bool {
        self.wait.is_done()
    }
}

impl<T> fmt::Debug for ReserveMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReserveMany")
            .field("slots", &self.slots)
            .field("done", &self.wait.is_done())
            .finish_non_exhaustive()
    }
}
