//! Pops in doubt: their items are out of the queue, and come back if a waker panics that runs before they
//! are returned. Nobody may be told meanwhile that a closed queue is drained:
//!
//! 1. A pops the last item of a full queue, calls the push that waits, and runs its waker.
//! 2. The queue is closed. B finds nothing, and learns that nothing will come.
//! 3. The waker panics, and the item is put back: it is received after the end.
//!
//! So A counts itself in [`State::in_doubt`](super::state::State) while it holds the latch, and B waits
//! for as long as the count is not 0. An item that is put back is counted off under the latch. One that
//! is kept is not, lest every pop that wakes somebody latches twice: A counts it in [`Decided`], and the
//! next who has to know the count under the latch takes that off. That leaves a race, of which both sides
//! change `Decided`, so that one of them is first:
//!
//! - A is first: B sees that it is decided, and is told the end.
//! - B is first, and sleeps: A sees B's change, and so, in the state word, what B saw there before, that
//!   the queue is closed. Then A latches, and has all look who wait.
//!
//! A closing has all look, too, so that those who waited before it need not know what A does.

use std::collections::VecDeque;

use super::buffer::Buffer;
use super::word::CLOSED;
use super::{Core, LatchedState};
use crate::sync::{Counter, Ordering, const_fn};
use crate::wait::wake::FirstPanic;
use Ordering::{Acquire, Release};

/// How many pops that were in doubt were kept since somebody took the count.
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
    /// Whether no item is there, nor can arrive or come back.
    pub(in crate::queue) fn is_over(&self, latched: &mut LatchedState<'_, T>) -> bool {
        latched.word & CLOSED != 0 && latched.ready() == 0 && latched.has_ended(&self.decided)
    }

    /// A pop that was in doubt is not: its item is about to be returned.
    #[inline]
    pub(in crate::queue) fn decide(&self) {
        self.decided.add();
        if self.is_closed_now() {
            self.tell_end();
        }
    }

    /// Those who wait learn of the end, if nothing can arrive or come back any more.
    #[cold]
    #[inline(never)]
    fn tell_end(&self) {
        let mut panic = FirstPanic::default();
        let mut latched = self.latch();
        latched.dismiss_at_end(&self.decided);
        latched.settle_and(None, &mut panic);
        // There is an item to be returned, and it is too late to put it back.
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
                // Some were put back before these: these were ahead of them.
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

/// What was popped, in doubt while wakers run: if one panics, it is put back.
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
