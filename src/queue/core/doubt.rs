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

    /// Puts back what was popped when a waker panicked: it was never received.
    #[cold]
    pub(in crate::queue) fn put_back(&self, mut items: VecDeque<T>) {
        let mut latched = self.latch();
        // Some were put back before these: these were ahead of them.
        while let Some(mut newer) = latched.take_returned() {
            latched.word = latched.word(latched.word);
            latched.drop_unsettled();
            items.append(&mut newer);
            latched = self.latch();
        }
        if latched.deserted {
            drop(latched);
            return drop_each(items);
        }
        latched.put_back(items);
        latched.word = latched.word(latched.word);
        if latched.word & CLOSED != 0 {
            latched.dismiss_at_end(&self.decided);
        }
        latched.settle();
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
