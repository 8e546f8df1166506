//! Waiting in line for a resource: what every future of the crate is made of, and a thread.

use std::fmt;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::place::{Place, Resource};
use super::polling::Polled;
use crate::blocking::{Turn, block_on};
use crate::sync::{Deadline, spin};

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

type Ask<H> = <<H as Holder>::Resource as Resource>::Ask;
type Got<H> = <<H as Holder>::Resource as Resource>::Got;

impl<H: Holder> InLine<H> {
    #[inline]
    #[track_caller]
    pub(crate) fn new(holder: H, ask: Ask<H>) -> Self {
        Self::made_at(Location::caller(), holder, ask)
    }

    #[inline]
    pub(crate) fn made_at(from: &'static Location<'static>, holder: H, ask: Ask<H>) -> Self {
        Self {
            holder: Some(holder),
            place: Place::new(ask),
            from,
        }
    }

    /// What leads to the resource, unless it is done.
    pub(crate) fn holder(&self) -> Option<&H> {
        self.holder.as_ref()
    }

    /// What it asks for, unless it waits for it.
    #[inline]
    pub(crate) fn ask(self: Pin<&mut Self>) -> Option<&mut Ask<H>> {
        // SAFETY: `place` stays pinned.
        unsafe { self.map_unchecked_mut(|this| &mut this.place) }.ask()
    }

    /// How many it asks for.
    #[inline]
    pub(crate) fn number(&self) -> u32 {
        self.place.number()
    }

    /// Ends the wait, wherever it stands, and gives back what led to the resource, unless it was done.
    pub(crate) fn cancel(self: Pin<&mut Self>) -> Option<H> {
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.get_unchecked_mut() };
        let holder = this.holder.take()?;
        // SAFETY: the resource it was polled with.
        unsafe { this.place.cancel(holder.resource()) }
        Some(holder)
    }

    /// Whether it is done.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.holder.is_none()
    }

    /// Done at once, if it does not wait and `take` can.
    #[inline]
    pub(crate) fn quick<T>(
        self: Pin<&mut Self>,
        take: impl FnOnce(&H, &mut Ask<H>) -> Option<T>,
    ) -> Option<T> {
        // SAFETY: nothing is moved out of a pinned place; `place` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `place` is pinned because `this` was.
        let place = unsafe { Pin::new_unchecked(&mut this.place) };
        let (Some(holder), Some(ask)) = (&this.holder, place.ask()) else {
            return None;
        };
        let got = take(holder, ask);
        if got.is_some() {
            this.holder = None;
        }
        got
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

    /// Waits on this thread; `None` if it was too late.
    pub(crate) fn block(mut self: Pin<&mut Self>, deadline: Deadline) -> Option<Got<H>> {
        if let got @ Some(_) = self.as_mut().try_take() {
            return got;
        }
        if let got @ Some(_) = self.as_mut().spin() {
            return got;
        }
        block_on(deadline, |waker| {
            match self.as_mut().poll_for(waker, true) {
                Polled::Ready((_, got)) => Turn::Ready(got),
                Polled::Asleep => Turn::Park,
                Polled::Probing => Turn::Yield,
            }
        })
    }

    /// The same for so long; zero tries once.
    pub(crate) fn block_for(self: Pin<&mut Self>, timeout: Duration) -> Option<Got<H>> {
        if timeout.is_zero() {
            self.try_take()
        } else {
            self.block(Deadline::after(timeout))
        }
    }

    /// Before it queues, and as long as nobody else waits, looks a moment longer: a thread that is woken
    /// for each item or permit is slower than one that finds several.
    fn spin(self: Pin<&mut Self>) -> Option<Got<H>> {
        // SAFETY: nothing is moved out of a pinned place; `place` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `place` is pinned because `this` was.
        let place = unsafe { Pin::new_unchecked(&mut this.place) };
        let (resource, ask) = (this.holder.as_ref()?.resource(), place.ask()?);
        let look = || match resource.has_line() {
            true => Some(None),
            false => resource.take_idle(ask).map(Some),
        };
        let got = spin(look).flatten()?;
        this.holder = None;
        Some(got)
    }

    /// Takes it without waiting, and before any wait.
    fn try_take(self: Pin<&mut Self>) -> Option<Got<H>> {
        // SAFETY: nothing is moved out of a pinned place; `place` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `place` is pinned because `this` was.
        let place = unsafe { Pin::new_unchecked(&mut this.place) };
        let got = this.holder.as_ref()?.resource().try_take(place.ask()?)?;
        this.holder = None;
        Some(got)
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

/// Waits on this thread, its place in line on its stack.
pub(crate) fn wait_blocking<R: Resource>(resource: &R, ask: R::Ask) -> R::Got {
    match pin!(InLine::new(resource, ask)).block(Deadline::NEVER) {
        Some(got) => got,
        None => unreachable!("there was no deadline"),
    }
}

/// The same for so long; `None` if it was too late, and zero tries once.
pub(crate) fn wait_blocking_timeout<R: Resource>(
    resource: &R,
    ask: R::Ask,
    timeout: Duration,
) -> Option<R::Got> {
    pin!(InLine::new(resource, ask)).block_for(timeout)
}
