//! Waiting in line for a resource: what every future of the crate is made of, and a thread.

use std::fmt;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::place::{Place, Resource};
use super::polling::Polled;
use crate::blocking::{Turn, block_on};
use crate::sync::Deadline;

/// What keeps a resource alive and leads to it, always to the same: a reference, an `Arc`.
pub(crate) trait Holder {
    type Resource: Resource;

    fn resource(&self) -> &Self::Resource;
}

impl<R: Resource> Holder for &R {
    type Resource = R;

    #[inline]
    fn resource(&self) -> &R {
        self
    }
}

/// The wait of a future, from before its first poll to after its last.
pub(crate) struct InLine<H: Holder> {
    /// `None` once it is done: whoever has the resource then has this too.
    holder: Option<H>,
    place: Place<H::Resource>,
    from: &'static Location<'static>,
}

type Want<H> = <<H as Holder>::Resource as Resource>::Want;
type Got<H> = <<H as Holder>::Resource as Resource>::Got;

impl<H: Holder> InLine<H> {
    #[inline]
    #[track_caller]
    pub(crate) fn new(holder: H, want: Want<H>) -> Self {
        Self {
            holder: Some(holder),
            place: Place::new(want),
            from: Location::caller(),
        }
    }

    #[inline]
    pub(crate) fn want(&self) -> Want<H> {
        self.place.want()
    }

    /// Whether it is done.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.holder.is_none()
    }

    #[inline]
    fn poll_for(self: Pin<&mut Self>, waker: &Waker, always_answers: bool) -> Polled<(H, Got<H>)> {
        // SAFETY: nothing is moved out of a pinned place; `place` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        let Some(holder) = &this.holder else {
            polled_after_completion(H::Resource::FUTURE, this.from);
        };
        // SAFETY: `place` is pinned because `this` was.
        let place = unsafe { Pin::new_unchecked(&mut this.place) };
        // SAFETY: it is polled with this resource alone, and cancelled in `drop`.
        match unsafe { place.poll(holder.resource(), waker, always_answers) } {
            Polled::Ready(got) => match this.holder.take() {
                Some(holder) => Polled::Ready((holder, got)),
                None => unreachable!("it was there a moment ago"),
            },
            Polled::Asleep => Polled::Asleep,
            Polled::Probing => Polled::Probing,
        }
    }

    /// Polls on behalf of a future.
    #[inline]
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(H, Got<H>)> {
        match self.poll_for(cx.waker(), false) {
            Polled::Ready(got) => return Poll::Ready(got),
            Polled::Asleep => {}
            Polled::Probing => cx.waker().wake_by_ref(),
        }
        Poll::Pending
    }

    pub(crate) fn fmt_future(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("from", &format_args!("{}", self.from))
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}

impl<H: Holder> Drop for InLine<H> {
    #[inline]
    fn drop(&mut self) {
        if let Some(holder) = &self.holder {
            // SAFETY: the resource it was polled with.
            unsafe { self.place.cancel(holder.resource()) }
        }
    }
}

#[cold]
fn polled_after_completion(future: &str, from: &Location<'_>) -> ! {
    panic!("{future}, made at {from}, was polled after completion")
}

/// Waits on this thread, its place in line on its stack; `None` if it was too late.
pub(crate) fn wait_blocking<R: Resource>(
    resource: &R,
    want: R::Want,
    deadline: Deadline,
) -> Option<R::Got> {
    if let Some(got) = resource.try_take(want) {
        return Some(got);
    }
    let mut in_line = pin!(InLine::new(resource, want));
    block_on(deadline, |waker| {
        match in_line.as_mut().poll_for(waker, true) {
            Polled::Ready((_, got)) => Turn::Ready(got),
            Polled::Asleep => Turn::Park,
            Polled::Probing => Turn::Yield,
        }
    })
}

/// The same for so long; zero tries once.
pub(crate) fn wait_blocking_timeout<R: Resource>(
    resource: &R,
    want: R::Want,
    timeout: Duration,
) -> Option<R::Got> {
    if timeout.is_zero() {
        resource.try_take(want)
    } else {
        wait_blocking(resource, want, Deadline::after(timeout))
    }
}
