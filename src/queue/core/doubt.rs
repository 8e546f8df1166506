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

    /// Puts popped items back because a waker panicked: they were never received. `done` of them had been
    /// counted as done, and are unfinished again.
    #[cold]
    pub(in crate::queue) fn put_back(&self, mut items: VecDeque<T>, done: usize) {
        let mut latched = self.latch();
        // Others were put back before these, but these come first.
        while let Some(mut newer) = latched.take_returned() {
            latched.word = latched.word(latched.word);
            latched.drop_unsettled();
            items.append(&mut newer);
            drop(newer);
            latched = self.latch();
        }
        if latched.deserted {
            drop(latched);
            return drop_each(items);
        }
        latched.put_back(&mut items);
        latched.unfinished += done as u64;
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
