//! Joining and leaving: a waiter joins a line, leaves it, and comes back to its place.

use std::task::Waker;

use super::{FAR, Line, NEAR};
use crate::wait::list::WaitList;
use crate::wait::node::{NodeRef, State, mark};
use crate::wait::tally::Tally;

impl<F: Tally> Line<F> {
    /// A new waiter joins the end, with a clone of the waker it was polled with.
    #[inline]
    pub(crate) fn enqueue(&mut self, node: NodeRef, blocked: bool, clone: Waker, polled: &Waker) {
        debug_assert!(node.need() > 0, "who needs nothing does not wait");
        node.initialise();
        node.queued().ticket.set(self.number());
        node.mark(mark::BLOCKED, blocked);
        node.arm(clone, polled);
        node.credit.set(self.limit);
        node.state.set(State::Asleep);
        self.list.push_back(node);
        if self.next.is_none() {
            self.next = Some(node);
        }
    }

    /// The first waiter, which is called, leaves for good; there are no holes.
    #[inline(always)]
    pub(in super::super) fn leave_first(&mut self, node: NodeRef) {
        self.front.sub(node.need());
        self.list.remove_first(node);
        node.state.set(State::Done);
        self.end_probing(node);
    }

    /// A waiter leaves for good, in any state.
    pub(crate) fn leave(&mut self, node: NodeRef) {
        if matches!(node.state(), State::Asleep | State::Called) {
            self.unlink(node);
        }
        node.state.set(State::Done);
    }

    /// Unlinks a waiter, wherever it is.
    pub(in super::super) fn unlink(&mut self, node: NodeRef) {
        if self.is_in_front(node) {
            self.leave_front(node);
        } else {
            if self.next == Some(node) {
                self.next = self.list.behind(node);
            }
            self.list.remove(node);
        }
        self.end_probing(node);
    }

    /// Unlinks a waiter in the front.
    #[inline(always)]
    fn leave_front(&mut self, node: NodeRef) {
        self.front.sub(node.need());
        if self.holes != 0 {
            return self.leave_front_of_holes(node);
        }
        self.list.remove(node);
    }

    #[cold]
    fn leave_front_of_holes(&mut self, node: NodeRef) {
        if node.has(mark::HOLE) {
            self.holes -= 1;
            node.mark(mark::HOLE, false);
        }
        let ended_front = self.list.behind(node) == self.next;
        self.list.remove(node);
        if ended_front {
            self.drop_holes_at_end(NEAR);
        }
    }

    /// A called waiter found too little: it goes back to sleep in its old place, with half of its credit. That
    /// may leave [holes](Self::drop_near_holes) at the end of the front.
    #[inline(always)]
    pub(crate) fn answer_in_vain(&mut self, node: NodeRef) {
        node.state.set(State::Asleep);
        node.mark(mark::CLOCKED, false);
        node.credit.set(node.credit.get() / 2);
        if self.list.behind(node) == self.next {
            self.front.sub(node.need());
            self.next = Some(node);
        } else {
            self.holes += 1;
            node.mark(mark::HOLE, true);
        }
    }

    /// Takes holes at the end of the front out of it, [`NEAR`] of them at most.
    pub(crate) fn drop_near_holes(&mut self) {
        if self.holes != 0 {
            self.drop_holes_at_end(NEAR);
        }
    }

    /// Takes holes at the end of the front out of it, [`FAR`] of them at most.
    pub(crate) fn tidy_up(&mut self) {
        self.drop_holes_at_end(FAR);
    }

    #[cold]
    #[inline(never)]
    fn drop_holes_at_end(&mut self, most: usize) {
        for _ in 0..most {
            let Some(hole) = self.hole_at_end() else {
                return;
            };
            self.holes -= 1;
            hole.mark(mark::HOLE, false);
            self.front.sub(hole.need());
            self.next = Some(hole);
        }
    }

    /// The last waiter of the front, if it is a hole.
    #[cold]
    #[inline(never)]
    fn hole_at_end(&self) -> Option<NodeRef> {
        let end = match self.next {
            Some(next) => self.list.ahead(next),
            None => self.list.last(),
        };
        end.filter(|end| end.has(mark::HOLE))
    }

    /// Whether there are holes at the end of the front, to be [tidied up](Self::tidy_up).
    #[inline]
    pub(crate) fn is_untidy(&self) -> bool {
        self.holes != 0 && self.hole_at_end().is_some()
    }

    /// The ticket of the latest arrival, or the number of a later call.
    pub(crate) fn latest(&self) -> u32 {
        self.sequence
    }

    /// The first waiter, if its ticket is not later than this.
    pub(crate) fn first_until(&self, ticket: u32) -> Option<NodeRef> {
        let is_later =
            |first: &NodeRef| (ticket.wrapping_sub(first.queued().ticket.get()) as i32) < 0;
        self.first().filter(|first| !is_later(first))
    }

    /// The load of a waiter was taken: the waiter moves to `served`, to be woken.
    pub(crate) fn serve(&mut self, node: NodeRef, served: &mut WaitList) {
        self.unlink(node);
        node.state.set(State::Served);
        served.push_back(node);
    }

    /// Removes a waiter, which will be polled again as if for the first time.
    pub(crate) fn dismiss(&mut self, node: NodeRef) -> Option<Waker> {
        self.leave(node);
        let waker = node.disarm();
        node.start_again();
        waker
    }

    /// A waiter that was passed over comes back to its old place, by its ticket (rule 6).
    #[cold]
    pub(in super::super) fn come_back(&mut self, node: NodeRef) {
        node.state.set(State::Asleep);
        node.mark(mark::CLOCKED, false);
        let Some(next) = self.place_of(node) else {
            self.list.push_back(node);
            self.next.get_or_insert(node);
            return;
        };
        self.list.insert_ahead(next, node);
        if self.is_in_front(next) {
            self.holes += 1;
            node.mark(mark::HOLE, true);
            self.front.add(node.need());
        } else if self.next == Some(next) {
            self.next = Some(node);
        }
    }

    /// The waiter ahead of which `node` belongs, searched for from both ends.
    fn place_of(&self, node: NodeRef) -> Option<NodeRef> {
        let mut at = self.first()?;
        for _ in 0..FAR {
            if node.stands_ahead_of(at) {
                return Some(at);
            }
            at = self.list.behind(at)?;
        }
        let far = Some(at);
        let mut at = self.list.last()?;
        if at.stands_ahead_of(node) {
            return None;
        }
        for _ in 0..FAR {
            let ahead = self.list.ahead(at)?;
            if ahead.stands_ahead_of(node) {
                return Some(at);
            }
            at = ahead;
        }
        far
    }

    /// Panics unless nobody waits and nobody probes.
    #[cfg(wakeful_loom)]
    pub(crate) fn assert_idle(&self) {
        assert!(
            self.is_empty() && self.next.is_none() && self.holes == 0,
            "somebody waits still"
        );
        assert_eq!(self.prober, 0, "somebody probes still");
    }
}
