//! Futures that reserve slots.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::permit::{OwnedPermit, Permit, PermitIterator};
use crate::queue::Queue;
use crate::queue::Sender;
use crate::queue::core::load::Load;
use crate::queue::core::slots::Slots;
use crate::queue::error::{ReserveManyError, SendError, TrySendError};
use crate::wait::{WaitFuture, waits};

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
    queue: &'a Queue<T>,
    /// `None` if that many slots are not waited for.
    wait: Option<WaitFuture<Slots<T>, &'a Queue<T>>>,
    slots: usize,
    done: bool,
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
        let from = Location::caller();
        let wait = (slots <= most_at_once(queue))
            .then(|| WaitFuture::made_at(from, queue, slots as u32, Load::Reserve));
        Self {
            queue,
            wait,
            slots,
            done: false,
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
        // SAFETY: the field is pinned as the whole is.
        let wait = unsafe { self.map_unchecked_mut(|this| &mut this.wait) };
        wait.poll_owned(cx)
            .map(|(queue, got)| got.map(|()| Permit::new(queue)))
    }
}

impl<'a, T> Future for ReserveMany<'a, T> {
    type Output = Result<PermitIterator<'a, T>, ReserveManyError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: `wait` stays pinned, and nothing else is.
        let this = unsafe { self.get_unchecked_mut() };
        assert!(
            !this.done,
            "the future of a queue's reserve_many was polled after completion"
        );
        // SAFETY: as above.
        let wait = unsafe { Pin::new_unchecked(&mut this.wait) };
        let Self { queue, slots, .. } = *this;
        let got = match wait.as_pin_mut() {
            Some(wait) => ready!(wait.poll(cx)).map_err(|SendError(())| ReserveManyError::Closed),
            None => try_reserve(queue, slots).map_err(|error| match error {
                TrySendError::Closed(()) => ReserveManyError::Closed,
                TrySendError::Full(()) => ReserveManyError::TooMany {
                    slots,
                    most: most_at_once(queue),
                },
            }),
        };
        this.done = true;
        Poll::Ready(got.map(|()| PermitIterator::new(queue, slots)))
    }
}

impl<T> Future for ReserveOwned<T> {
    type Output = Result<OwnedPermit<T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the field is pinned as the whole is.
        let wait = unsafe { self.map_unchecked_mut(|this| &mut this.wait) };
        wait.poll_owned(cx)
            .map(|(sender, got)| got.map(|()| OwnedPermit::new(sender)))
    }
}

impl<T> FusedFuture for ReserveMany<'_, T> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<T> fmt::Debug for ReserveMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReserveMany")
            .field("slots", &self.slots)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}
