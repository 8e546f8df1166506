//! Futures that reserve slots.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::Queue;
use super::core::{Core, Refusal};
use super::error::{SendError, TrySendError};
use super::faces::{Leads, Slots, To};
use super::giving::Giving;
use super::giving::Shut;
use super::permit::{OwnedPermit, Permit, PermitIterator};
use super::sender::Sender;
use crate::wait::InLine;

/// The future of [`Sender::reserve`](super::Sender::reserve): a place in line, and nothing at all until
/// it is first polled.
///
/// It is fused: [`FusedFuture`] tells whether it may be polled.
///
/// # Cancel safety
///
/// It is cancelled by dropping it, in any state, and never takes a slot with it.
///
/// # Fairness, memory ordering
///
/// See [`Queue`](Queue#fairness).
///
/// # Errors
///
/// The channel is closed.
///
/// # Panics
///
/// As [`Push`](super::Push).
#[must_use = "futures do nothing unless polled"]
pub struct Reserve<'a, T> {
    queue: &'a Queue<T>,
    in_line: InLine<To<Slots, &'a Queue<T>>>,
}

/// The future of [`Sender::reserve_many`](super::Sender::reserve_many); as [`Reserve`] otherwise.
///
/// # Cancel safety
///
/// As that of [`Reserve`]; those behind it who need fewer slots are called at once.
#[must_use = "futures do nothing unless polled"]
pub struct ReserveMany<'a, T> {
    queue: &'a Queue<T>,
    /// `None` if that many are refused.
    in_line: Option<InLine<To<Slots, &'a Queue<T>>>>,
    slots: u32,
    done: bool,
}

/// The future of [`Sender::reserve_owned`](super::Sender::reserve_owned), which counts as a sender; as
/// [`Reserve`] otherwise.
///
/// # Cancel safety
///
/// As that of [`Reserve`]; the sender is dropped with it.
#[must_use = "futures do nothing unless polled"]
pub struct ReserveOwned<T> {
    in_line: InLine<To<Slots, Sender<T>>>,
}

impl<T> Leads for Sender<T> {
    type Item = T;

    #[inline]
    fn core(&self) -> &Core<T> {
        &self.queue().core
    }
}

/// How many slots may be waited for at once; `None` if that many are refused.
fn at_once<T>(queue: &Queue<T>, slots: usize) -> Option<u32> {
    refuse_rendezvous(queue);
    u32::try_from(slots)
        .ok()
        .filter(|_| slots <= queue.max_capacity())
}

#[track_caller]
fn refuse_rendezvous<T>(queue: &Queue<T>) {
    assert!(
        queue.max_capacity() > 0,
        "a queue of capacity 0 has no slots to reserve"
    );
}

impl<'a, T> Reserve<'a, T> {
    #[track_caller]
    pub(super) fn new(queue: &'a Queue<T>) -> Self {
        refuse_rendezvous(queue);
        Self {
            queue,
            in_line: InLine::new(To::new(queue), Giving::slots(1)),
        }
    }
}

impl<'a, T> ReserveMany<'a, T> {
    #[track_caller]
    pub(super) fn new(queue: &'a Queue<T>, slots: usize) -> Self {
        let slots = at_once(queue, slots);
        Self {
            queue,
            in_line: slots.map(|slots| InLine::new(To::new(queue), Giving::slots(slots))),
            slots: slots.unwrap_or(0),
            done: false,
        }
    }
}

impl<T> ReserveOwned<T> {
    #[track_caller]
    pub(super) fn new(sender: Sender<T>) -> Self {
        refuse_rendezvous(sender.queue());
        Self {
            in_line: InLine::new(To::new(sender), Giving::slots(1)),
        }
    }
}

/// Reserves slots without waiting.
pub(super) fn try_reserve<T>(queue: &Queue<T>, slots: usize) -> Result<(), TrySendError<()>> {
    let Some(slots) = at_once(queue, slots) else {
        return Err(if queue.is_closed() {
            TrySendError::Closed(())
        } else {
            TrySendError::Full(())
        });
    };
    let reserved = queue.core.try_give(&mut Giving::slots(slots));
    reserved.map_err(|refusal| match refusal {
        Refusal::Full => TrySendError::Full(()),
        Refusal::Closed => TrySendError::Closed(()),
    })
}

impl<'a, T> Future for Reserve<'a, T> {
    type Output = Result<Permit<'a, T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let queue = self.queue;
        // SAFETY: the field is pinned as the whole is.
        let in_line = unsafe { self.map_unchecked_mut(|this| &mut this.in_line) };
        let (_, got) = ready!(in_line.poll(cx));
        Poll::Ready(match got {
            Ok(()) => Ok(Permit::new(queue)),
            Err(Shut) => Err(SendError(())),
        })
    }
}

impl<'a, T> Future for ReserveMany<'a, T> {
    type Output = Result<PermitIterator<'a, T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: `in_line` stays pinned, and nothing else is.
        let this = unsafe { self.get_unchecked_mut() };
        assert!(
            !this.done,
            "the future of a queue's reserve_many was polled after completion"
        );
        // SAFETY: as above.
        let in_line = unsafe { Pin::new_unchecked(&mut this.in_line) };
        let got = match in_line.as_pin_mut() {
            Some(in_line) => ready!(in_line.poll(cx)).1,
            None => Err(Shut),
        };
        this.done = true;
        Poll::Ready(match got {
            Ok(()) => Ok(PermitIterator::new(this.queue, this.slots as usize)),
            Err(Shut) => Err(SendError(())),
        })
    }
}

impl<T> Future for ReserveOwned<T> {
    type Output = Result<OwnedPermit<T>, SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the field is pinned as the whole is.
        let in_line = unsafe { self.map_unchecked_mut(|this| &mut this.in_line) };
        let (to, got) = ready!(in_line.poll(cx));
        Poll::Ready(match got {
            Ok(()) => Ok(OwnedPermit::new(to.0)),
            Err(Shut) => Err(SendError(())),
        })
    }
}

impl<T> FusedFuture for Reserve<'_, T> {
    fn is_terminated(&self) -> bool {
        self.in_line.is_done()
    }
}

impl<T> FusedFuture for ReserveMany<'_, T> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<T> FusedFuture for ReserveOwned<T> {
    fn is_terminated(&self) -> bool {
        self.in_line.is_done()
    }
}

impl<T> fmt::Debug for Reserve<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_line.fmt_future("Reserve", f)
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

impl<T> fmt::Debug for ReserveOwned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_line.fmt_future("ReserveOwned", f)
    }
}
