//! Waiting for slots, for a future and for a stored waiter, and for a taker where there are none.

use std::task::Waker;

use super::core::{Core, Face, Refusal};
use super::faces::Slots;
use super::giving::{Giving, Shut};
use super::sides::SlotSide;
use super::state::NO_SLOT;
use crate::wait::polling::Polling;
use crate::wait::stock::call_others;
use crate::wait::stock::quick::{poll_again, poll_new};
use crate::wait::stored::{leave_shelf, poll_stored};
use crate::wait::{Node, Polled, Resource, Step, start_again};

impl<const STORED: bool, T> Resource for Face<Slots<STORED>, T> {
    type Ask = Giving<T>;
    type Got = Result<(), Shut>;
    const FUTURE: &'static str = "the future of a queue's push";

    #[inline]
    fn take_idle(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        let given = self.core.give_at_once(giving)?;
        Some(given.map_err(|_| Shut))
    }

    fn has_line(&self) -> bool {
        self.core.has_line()
    }

    fn try_take(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        match self.core.try_give(giving) {
            Ok(()) => Some(Ok(())),
            Err(Refusal::Closed) => Some(Err(Shut)),
            Err(Refusal::Full) => None,
        }
    }

    fn poll_new(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        let lock = || SlotSide(self.core.lock());
        let undo = |got| self.core.undo_push(node, got);
        if self.core.is_rendezvous() {
            self.core.poll_offer(node, waker, always_answers)
        } else if STORED {
            poll_stored(lock, node, waker, always_answers, undo)
        } else {
            poll_new(lock, node, waker, always_answers, undo)
        }
    }

    fn is_short_of(&self, _: u32) -> bool {
        self.core.has_none(NO_SLOT)
    }

    fn poll_again(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
        sleeps: bool,
    ) -> Polled<Result<(), Shut>> {
        if STORED || self.core.is_rendezvous() {
            return self.poll_new(node, waker, always_answers);
        }
        let lock = || SlotSide(self.core.lock());
        let undo = |got| self.core.undo_push(node, got);
        poll_again(lock, node, waker, always_answers, sleeps, undo)
    }

    fn cancel(&self, node: Node<Giving<T>>) {
        // Where there is no storage, a stored push is an offer as any other.
        if STORED && !self.core.is_rendezvous() {
            let mut side = SlotSide(self.core.lock());
            let old = side.0.sinks.get_mut(node).disarm();
            let heir = leave_shelf(&mut side, node);
            return self.core.finish_with(side.0, heir, old);
        }
        self.core.cancel(node, |state| {
            let heir = state.heir_among_sinks(node);
            let old = state.pushes.line.get_mut(node).disarm();
            state.leave_pushes(node);
            [heir, old]
        });
    }
}

impl<T> Core<T> {
    /// Polls a push where there is no storage: the waiting push is the item.
    fn poll_offer(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        let clone = Some(waker.clone());
        Polling::new(node, waker, always_answers, clone).run(
            |poll| {
                let mut side = SlotSide(self.lock());
                loop {
                    let state = &mut *side.0;
                    if let Some(got) = state.push_came_to(node) {
                        let old = state.pushes.line.get_mut(node).disarm();
                        poll.keep_old(old);
                        state.leave_pushes(node);
                        return Step::Done(Polled::Ready(got));
                    }
                    if poll.needs_clone(&state.pushes.line) {
                        return Step::Clone;
                    }
                    let sleeps = poll.settle(&mut state.pushes.line, false);
                    if !state.pushes.line.is_queued(node) {
                        state.offer(node, always_answers);
                        poll.is_new = true;
                    }
                    if !poll.is_new {
                        return sleeps;
                    }
                    if !call_others(&mut side, poll) {
                        return Step::Wake;
                    }
                    // Those calls may have been another's to make, and this waiter among them.
                    if side.0.pushes.line.get(node).would_wake(poll.waker) {
                        return sleeps;
                    }
                }
            },
            |_| {},
        )
    }

    /// A push that panicked when its item was in the queue has pushed it; slots come back.
    fn undo_push(&self, node: Node<Giving<T>>, got: Result<(), Shut>) {
        let mut state = self.lock();
        let slots = state.pushes.line.get(node).ask.slots_reserved();
        start_again(&mut state.pushes.line, node);
        drop(state);
        if got.is_ok() && slots > 0 {
            self.unreserve(slots, None);
        }
    }
}
