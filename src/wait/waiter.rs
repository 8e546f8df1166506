//! A waiter: the node that lives in a pinned future or on the stack of a blocked thread.

use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::task::{RawWakerVTable, Waker};

use crate::fairness::NEVER;

/// A pointer to a waiter: invariant 1 of [`super::list`], which is where it is followed.
#[derive(Debug)]
pub(crate) struct Node<A>(pub(super) NonNull<Waiter<A>>);

impl<A> Node<A> {
    /// # Safety
    ///
    /// `waiter` is initialised, does not move until it is unlinked, is unlinked before it is dropped
    /// or its memory used for anything else, and is reached through nodes alone until then.
    pub(crate) unsafe fn new(waiter: NonNull<Waiter<A>>) -> Self {
        Self(waiter)
    }
}

// SAFETY: an address, which is followed with the list locked only (invariant 2 of `super::list`); what
// is found there, links, a waker and an `A`, may be used on any thread.
unsafe impl<A: Send> Send for Node<A> {}

// Not derived, which would ask the same of `A`.
impl<A> Clone for Node<A> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Node<A> {}

impl<A> PartialEq for Node<A> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<A> Eq for Node<A> {}

/// The most that probing makes a waiter's patience grow to.
const MOST_PATIENCE: u16 = 4096;

/// Where a waiter stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Not queued yet.
    New,
    /// Queued, to be woken by a call.
    Asleep,
    /// Queued and woken, not polled since: what is free is kept for it.
    Called,
    /// Woken, not polled since, and passed over: out of the queue, nothing is kept for it.
    Passed,
    /// Out of the queue for good: it has what it wanted, or was cancelled.
    Done,
}

/// One waiter, and `ask`, what it asks for. Every field is protected by the internal lock of the
/// primitive it waits for.
#[derive(Debug)]
pub(crate) struct Waiter<A> {
    /// The neighbours while it is queued; that ahead of the first is the last.
    pub(super) next: Option<Node<A>>,
    pub(super) prev: Option<Node<A>>,
    waker: WakerSlot,
    /// The number of its latest call; on a shelf, that of the news that it knows.
    pub(super) call: u32,
    /// The number of the call that it last found unanswered, once it probes.
    pub(super) probe: u32,
    /// How often later arrivals may still overtake it. (While it is first in line for a mutex, the
    /// state word holds this instead.)
    pub(crate) credit: u16,
    /// How many polls of a prober its present call may stay unanswered.
    patience: u16,
    /// The patience of its next call.
    grant: u16,
    pub(super) state: State,
    pub(super) marks: Marks,
    pub(crate) ask: A,
}

/// What a waiter remembers, a bit each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks(u8);

impl Marks {
    /// It found the resource free, but kept, at its first poll: it may become the prober.
    pub(super) const PROBED: u8 = 1;
    /// It was first when it was passed over.
    pub(super) const WAS_FIRST: u8 = 2;
    /// A called waiter may stand behind it: see the invariant in [`super::line`].
    pub(super) const COVERS: u8 = 4;

    #[inline]
    pub(super) fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }

    #[inline]
    pub(super) fn set(&mut self, mark: u8, on: bool) {
        self.0 = if on { self.0 | mark } else { self.0 & !mark };
    }
}

impl<A> Waiter<A> {
    pub(crate) const fn new(ask: A) -> Self {
        Self {
            next: None,
            prev: None,
            waker: WakerSlot::EMPTY,
            call: 0,
            probe: 0,
            credit: 0,
            patience: 0,
            grant: 0,
            state: State::New,
            marks: Marks(0),
            ask,
        }
    }

    /// It may wait again as if for the first time; what it asks for stays.
    pub(super) fn start_again(&mut self) {
        let Self {
            next,
            prev,
            waker,
            call,
            probe,
            credit,
            patience,
            grant,
            state,
            marks,
            ask: _,
        } = self;
        debug_assert!(prev.is_none() && !waker.is_armed());
        (*next, *prev, *waker) = (None, None, WakerSlot::EMPTY);
        (*call, *probe, *credit, *patience, *grant) = (0, 0, 0, 0, 0);
        (*state, *marks) = (State::New, Marks(0));
    }

    /// It waits from now on.
    #[inline]
    pub(super) fn begin(&mut self, credit: u16, patience: u16) {
        self.credit = credit;
        self.grant = patience;
        self.sleep();
    }

    #[inline]
    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// Whether it was last polled with a waker of the same task.
    #[inline]
    pub(crate) fn is_of_task(&self, waker: &Waker) -> bool {
        self.waker.is_of_task(waker)
    }

    /// Whether a call would wake the task of `waker`.
    #[inline]
    pub(crate) fn would_wake(&self, waker: &Waker) -> bool {
        self.waker.is_armed() && self.waker.is_of_task(waker)
    }

    /// Lays in `clone`, a clone of the waker that it is `polled` with, for its next call to wake, and
    /// returns the one that was there.
    #[inline]
    pub(crate) fn arm(&mut self, clone: Waker, polled: &Waker) -> Option<Waker> {
        let old = self.waker.take();
        self.arm_new(clone, polled);
        old
    }

    /// The same for one that had none.
    #[inline]
    pub(crate) fn arm_new(&mut self, clone: Waker, polled: &Waker) {
        debug_assert!(!self.waker.is_armed());
        self.waker = WakerSlot::new(clone, polled);
    }

    /// Whether `waker` was taken out and no other one laid in.
    pub(super) fn lacks(&self, waker: &Waker) -> bool {
        !self.waker.is_armed() && self.waker.data == waker.data()
    }

    /// Takes back the waker that it [`lacks`](Self::lacks).
    pub(super) fn rearm(&mut self, waker: Waker) {
        self.waker.put_back(waker);
    }

    /// Takes its waker out; whose it was is remembered.
    #[inline]
    pub(crate) fn disarm(&mut self) -> Option<Waker> {
        self.waker.take()
    }

    /// It is asleep: its next call finds fresh patience.
    #[inline]
    pub(super) fn sleep(&mut self) {
        self.state = State::Asleep;
        self.patience = self.grant;
    }

    /// Whether it is called and will be passed over if it does not answer.
    pub(super) fn may_be_passed(&self) -> bool {
        self.patience != NEVER
    }

    /// Whether one more probe uses its patience up.
    pub(super) fn is_last_probe(&self) -> bool {
        self.patience == 1
    }

    pub(super) fn lose_patience(&mut self) {
        self.patience -= 1;
    }

    /// After probing passed it over: who is slow but alive is soon no longer passed over.
    pub(super) fn grow_patience(&mut self) {
        self.grant = self
            .grant
            .saturating_mul(8)
            .min(self.grant.max(MOST_PATIENCE));
    }
}

/// A waker in its raw parts, of which those that tell the task stay after it was taken.
#[derive(Debug)]
struct WakerSlot {
    data: *const (),
    /// Invariant W: if there is one, it and `data` are those of a waker that this slot owns.
    vtable: Option<&'static RawWakerVTable>,
    /// That of the waker with which it was polled: that of a clone may be another.
    task: Option<&'static RawWakerVTable>,
}

impl WakerSlot {
    const EMPTY: Self = Self {
        data: ptr::null(),
        vtable: None,
        task: None,
    };

    /// `clone` is one of `polled`.
    #[inline]
    fn new(clone: Waker, polled: &Waker) -> Self {
        let clone = ManuallyDrop::new(clone);
        Self {
            data: clone.data(),
            vtable: Some(clone.vtable()),
            task: Some(polled.vtable()),
        }
    }

    #[inline]
    fn is_of_task(&self, polled: &Waker) -> bool {
        self.data == polled.data() && self.task.is_some_and(|task| ptr::eq(task, polled.vtable()))
    }

    #[inline]
    fn is_armed(&self) -> bool {
        self.vtable.is_some()
    }

    #[inline]
    fn take(&mut self) -> Option<Waker> {
        let vtable = self.vtable.take()?;
        // SAFETY: invariant W: the parts came from a waker that was not dropped, and taking `vtable`
        // made this the only use of it.
        Some(unsafe { Waker::new(self.data, vtable) })
    }

    /// Puts back what was taken.
    fn put_back(&mut self, waker: Waker) {
        self.vtable = Some(ManuallyDrop::new(waker).vtable());
    }
}
