//! Pops in doubt. A pop takes its item out of the queue, and then wakes others; if a waker panics, the item
//! comes back. Until the pop returns, it is in doubt, and nobody may be told that a closed queue is drained:
//!
//! 1. A pops the last item of a full queue, calls the push that waits, and wakes it.
//! 2. The queue is closed. B finds no item, and is told that none will come.
//! 3. The waker panics, and A's item is put back: it is received after the end.
//!
//! So A counts itself in [`State::in_doubt`](super::state::State) while it holds the latch, and B waits until
//! the count is 0. If the item is put back, A counts itself off under the latch. If not, that would cost every
//! pop that wakes somebody a second latch. Instead, A adds itself to [`Decided`], and the next thread that
//! needs the count under the latch subtracts that. This leaves a race, in which both sides change `Decided`, so
//! one of them is first:
//!
//! - A is first: B sees that A is decided, and is told of the end.
//! - B is first, and goes to sleep: A sees B's change of `Decided`, and hence that the queue is closed, which B
//!   had seen in the state word before. So A takes the latch, and wakes all waiting pops.
//!
//! Closing wakes all waiting pops, too, so pops that waited before it do not depend on A.

use std::collections::VecDeque;

use super::buffer::Buffer;
use super::word::CLOSED;
use super::{Core, LatchedState};
use crate::sync::{Counter, Ordering, const_fn};
use crate::wait::wake::FirstPanic;
use Ordering::{Acquire, Release};

/// How many pops have left doubt with their item since this count was last taken.
pub(in crate::queue) struct Decided(Counter);

impl Decided {
    const_fn! {
        pub(in crate::queue) const fn new() -> Self {
            Self(Counter::new(0))
        }
    }

    #[inline]
    fn add(&self) {
        // Ordering: Acquire pairs with the Release of `take`; see above for B, which was first.
        self.0.fetch_add(1, Acquire);
    }

    pub(in crate::queue) fn take(&self) -> usize {
        // Ordering: Release pairs with the Acquire of `add`, and makes it see that the queue is closed.
        self.0.swap(0, Release)
    }
}

impl<T> Core<T> {
    /// Whether no item is queued, can arrive or can come back.
    pub(in crate::queue) fn is_over(&self, latched: &mut LatchedState<'_, T>) -> bool {
        latched.word & CLOSED != 0 && latched.ready() == 0 && latched.has_ended(&self.decided)
    }

    /// A pop is no longer in doubt: its item is about to be returned.
    #[inline]
    pub(in crate::queue) fn decide(&self) {
        self.decided.add();
        if self.is_closed_now() {
            self.tell_end();
        }
    }

    /// Tells waiting pops of the end, if nothing can arrive or come back any more.
    #[cold]
    #[inline(never)]
    fn tell_end(&self) {
        let mut panic = FirstPanic::default();
        let mut latched = self.latch();
        latched.dismiss_at_end(&self.decided);
        latched.settle_and(None, &mut panic);
        // The item is about to be returned, and it is too late to put it back, so panics are swallowed.
        panic.swallow();
    }

    /// Puts back what was popped when a waker panicked: it was never received, and so many that counted as
    /// done are not.
    #[cold]
    pub(in crate::queue) fn put_back(&self, mut items: VecDeque<T>, done: usize) {
        let mut panic = FirstPanic::default();
        loop {
            let mut latched = self.latch();
            if latched.is_deserted() {
                break;
            }
            match latched.put_back(items) {
                Ok(()) => {
                    latched.unfinished += done as u64;
                    latched.word = latched.word(latched.word);
                    if latched.word & CLOSED != 0 {
                        latched.dismiss_at_end(&self.decided);
                    }
                    latched.settle_and(None, &mut panic);
                    return panic.go_on();
                }
                // Others were put back before these, but these come first.
                Err(mut rest) => {
                    let mut newer = latched.take_returned();
                    latched.word = latched.word(latched.word);
                    latched.drop_unsettled();
                    rest.append(&mut newer);
                    items = rest;
                }
            }
        }
        panic.catch(|| drop_each(items));
        panic.go_on();
    }
}

#[cfg(wakeful_loom)]
impl<T> Core<T> {
    /// Panics if somebody waits still, or a pop is in doubt.
    pub(in crate::queue) fn assert_idle(&self) {
        self.latch().assert_idle(&self.decided);
    }
}

/// Drops each, whichever of them panics.
pub(in crate::queue) fn drop_each<T>(items: VecDeque<T>) {
    let mut panic = FirstPanic::default();
    items
        .into_iter()
        .for_each(|item| panic.catch(|| drop(item)));
    panic.go_on();
}

/// What may have been popped: one item, or all.
pub(in crate::queue) trait Popped<T> {
    fn into_items(self) -> VecDeque<T>;
}

impl<T> Popped<T> for Option<T> {
    fn into_items(self) -> VecDeque<T> {
        self.into_iter().collect()
    }
}

impl<T> Popped<T> for (VecDeque<T>, Buffer<T>) {
    fn into_items(self) -> VecDeque<T> {
        let (mut items, buffer) = self;
        items.extend(buffer);
        items
    }
}

/// What a pop took, in doubt while wakers run: if one panics, it is put back.
pub(in crate::queue) struct PutBack<'a, T, P: Popped<T>> {
    core: &'a Core<T>,
    popped: Option<P>,
    /// How many of them were counted as done.
    done: usize,
}

impl<'a, T, P: Popped<T>> PutBack<'a, T, P> {
    #[inline]
    pub(in crate::queue) fn new(
        core: &'a Core<T>,
        latched: &mut LatchedState<'_, T>,
        popped: P,
    ) -> Self {
        latched.doubt();
        Self {
            core,
            popped: Some(popped),
            done: 0,
        }
    }

    /// As many of them count as done, unless they are put back.
    pub(in crate::queue) fn counted_as_done(mut self, done: usize) -> Self {
        self.done = done;
        self
    }

    /// Nothing panicked.
    #[inline]
    pub(in crate::queue) fn keep(mut self) -> P {
        let Some(popped) = self.popped.take() else {
            unreachable!("it is taken once");
        };
        self.core.decide();
        popped
    }
}

impl<T, P: Popped<T>> Drop for PutBack<'_, T, P> {
    #[inline]
    fn drop(&mut self) {
        if let Some(popped) = self.popped.take() {
            self.core.put_back(popped.into_items(), self.done);
        }
    }
}
