//! The fair wait list: the queue of those who ask for some of something countable, and rules 1 to 3 of
//! [`Fairness`](crate::Fairness#the-rules). Rules 4 to 6 are in [`rules`](super::rules).
//!
//! ```text
//!  first                                next
//!    |                                   |
//!  [called] [asleep] [called] [called] [asleep] [asleep]
//!    2         1        3        1     |   5        1
//!              hole                    |
//!  \________ the front ______________/
//!    needs 7, has 1 hole
//! ```
//!
//! The *front* is everybody up to the last one called. Calls go out in order, so it has no *holes*
//! until somebody who was called finds too little and sleeps again, or somebody who was passed over
//! comes back to a place inside. While there are none, all questions of rules 1 to 3 are answered by
//! the sums alone. With holes the front is walked, to [`FAR`] waiters at most.
//!
//! Invariants:
//!
//! - **L1.** A node is linked here exactly while it is `Asleep` or `Called`.
//! - **L2.** `next` is the first node behind the front; all behind it are asleep. Each node in the
//!   front is called, or asleep and marked as a hole; `holes` counts the latter, and the tally counts
//!   the needs of both.
//! - **L3.** Tickets rise from the first to the last, but for nodes that came back from further than
//!   [`FAR`] from both ends.
//!
//! Holes at the end of the front are taken out of it, [`FAR`] at a time: then the latch is released for
//! a moment, so that nobody holds it for longer the longer the queue is.

use std::task::Waker;

use super::list::WaitList;
use super::node::{Node, NodeRef, State, mark};
use super::tally::Tally;
use crate::fairness::{Fairness, Patience};

/// How many waiters are looked at, in one operation, at most.
pub(super) const FAR: usize = 64;

#[repr(C)]
#[derive(Debug)]
pub(crate) struct Line<F> {
    pub(super) list: WaitList,
    next: Option<NodeRef>,
    front: F,
    holes: u32,
    /// Numbers arrivals and calls alike.
    sequence: u32,
    /// The ticket of the prober (rule 5); 0 if there is none.
    pub(super) prober: u32,
    limit: u16,
    pub(super) patience: Patience,
}

impl<F: Tally> Line<F> {
    pub(crate) const fn new(fairness: Fairness) -> Self {
        Self {
            list: WaitList::new(),
            next: None,
            front: F::NOTHING,
            holes: 0,
            sequence: 0,
            prober: 0,
            limit: fairness.limit(),
            patience: Patience::new(fairness.patience()),
        }
    }

    /// Nobody waits yet.
    pub(crate) const fn set_fairness(&mut self, fairness: Fairness) {
        self.limit = fairness.limit();
        self.patience = Patience::new(fairness.patience());
    }

    /// Nobody is to wait here any more. (The patience says so: there is no need of one then, and no byte
    /// to spare.)
    pub(crate) fn end(&mut self) {
        self.patience = Patience::ENDED;
    }

    #[inline]
    pub(crate) fn is_ended(&self) -> bool {
        self.patience == Patience::ENDED
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<NodeRef> {
        self.list.first()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    #[inline]
    pub(crate) fn is_first(&self, node: NodeRef) -> bool {
        self.first() == Some(node)
    }

    /// Whether somebody waits who was not called.
    #[inline]
    pub(crate) fn has_sleepers(&self) -> bool {
        self.next.is_some() || self.holes != 0
    }

    /// How many in the front sleep.
    #[inline]
    pub(crate) fn holes(&self) -> u32 {
        self.holes
    }

    /// Whether somebody in the front sleeps.
    #[inline]
    pub(crate) fn has_holes(&self) -> bool {
        self.holes != 0
    }

    /// Whether somebody was called and has not answered (or may have been).
    #[inline]
    pub(crate) fn has_called(&self) -> bool {
        self.first() != self.next
    }

    /// What the front needs.
    #[inline(always)]
    pub(crate) fn kept(&self) -> usize {
        self.front.needs()
    }

    /// What is free beyond the needs of the front.
    #[inline]
    pub(crate) fn spare(&self, free: usize) -> usize {
        self.front.spare(!self.has_called(), free)
    }

    /// Whether that much is free beyond the needs of the front.
    #[inline]
    fn fits(&self, need: u32, free: usize) -> bool {
        self.front.fits(!self.has_called(), need, free)
    }

    #[inline]
    fn is_in_front(&self, node: &Node) -> bool {
        node.state.get() == State::Called || node.has(mark::HOLE)
    }

    /// The next number, which is never 0.
    #[inline]
    pub(super) fn number(&mut self) -> u32 {
        self.sequence = self.sequence.wrapping_add(1).max(1);
        self.sequence
    }

    // Rule 1.

    /// Who is to be called next, while `free` units are free.
    #[inline]
    pub(crate) fn due(&self, free: usize) -> Option<NodeRef> {
        if self.holes != 0 {
            return self.due_in_front(free);
        }
        let next = self.next?;
        if !self.fits(next.need(), free) || !self.front.may_call(free) {
            return None;
        }
        Some(next)
    }

    #[cold]
    #[inline(never)]
    fn due_in_front(&self, free: usize) -> Option<NodeRef> {
        let mut rest = free;
        let mut next = self.first();
        for place in 0..FAR {
            let at = next?;
            rest = rest.checked_sub(at.need() as usize)?;
            if at.state() != State::Called {
                return F::may_call_at(place, free).then_some(at);
            }
            next = self.list.behind(at);
        }
        None
    }

    /// Calls `node`, which is due; whom to wake, unless its waker was used already.
    #[inline]
    pub(crate) fn call(&mut self, node: NodeRef) -> Option<Waker> {
        let number = self.number();
        let waiter = node.get();
        if self.next == Some(node) {
            self.next = self.list.behind(node);
            self.front.add(waiter.need());
        } else {
            self.holes -= 1;
            waiter.mark(mark::HOLE, false);
        }
        waiter.state.set(State::Called);
        waiter.mark(mark::CLOCKED, false);
        waiter.queued().call.set(number);
        waiter.disarm()
    }

    // Rules 2 and 3: each of these says whether it may acquire, and has paid for it then.

    /// One behind all others, while `free` units are free.
    #[inline]
    pub(crate) fn admit_newcomer(&mut self, need: u32, free: usize) -> bool {
        if free < need as usize {
            return false;
        }
        let Some(first) = self.first() else {
            return true;
        };
        self.newcomer_is_free(need, free) || Self::pay(first)
    }

    /// Whether a newcomer leaves enough for all ahead, who are called, and so pays nothing.
    #[inline]
    fn newcomer_is_free(&self, need: u32, free: usize) -> bool {
        self.is_empty() || !self.has_sleepers() && self.fits(need, free)
    }

    /// How much a newcomer may take at no cost, of those that are free.
    #[inline]
    pub(crate) fn spare_for_newcomer(&self, free: usize) -> usize {
        if self.has_sleepers() {
            0
        } else {
            self.spare(free)
        }
    }

    /// Whether a newcomer that needs 1 may acquire, without doing it.
    #[inline]
    pub(crate) fn would_admit_newcomer(&self, free: usize) -> bool {
        let has_credit = |first: NodeRef| first.get().credit.get() > 0;
        free > 0 && (self.newcomer_is_free(1, free) || self.first().is_some_and(has_credit))
    }

    /// One that was called, while `free` units are free.
    #[inline]
    pub(crate) fn admit_called(&mut self, node: NodeRef, free: usize) -> bool {
        free >= node.need() as usize
            && (self.is_first(node)
                || self.holes == 0 && self.front.is_met_by(free)
                || self.admit_queued_slow(node, free))
    }

    /// One that is queued, while `free` units are free.
    #[cold]
    pub(super) fn admit_queued(&mut self, node: NodeRef, free: usize) -> bool {
        free >= node.need() as usize && (self.is_first(node) || self.admit_queued_slow(node, free))
    }

    #[cold]
    #[inline(never)]
    fn admit_queued_slow(&mut self, node: NodeRef, free: usize) -> bool {
        self.leaves_enough_ahead(node, free) || self.first().is_some_and(Self::pay)
    }

    /// Whether all ahead of `node` were called and find enough beside it: false if they are too many.
    fn leaves_enough_ahead(&self, node: NodeRef, free: usize) -> bool {
        if self.next == Some(node) {
            return self.holes == 0 && self.fits(node.need(), free);
        }
        let mut rest = free - node.need() as usize;
        let mut next = self.first();
        for _ in 0..FAR {
            let Some(at) = next.filter(|&at| at != node) else {
                return true;
            };
            match rest.checked_sub(at.need() as usize) {
                Some(left) if at.state() == State::Called => rest = left,
                _ => return false,
            }
            next = self.list.behind(at);
        }
        next == Some(node)
    }

    /// Takes a unit of credit, if there is one.
    #[inline]
    fn pay(first: NodeRef) -> bool {
        let credit = &first.get().credit;
        let Some(rest) = credit.get().checked_sub(1) else {
            return false;
        };
        credit.set(rest);
        true
    }

    // Coming and going.

    /// A new waiter takes its place at the end, with a clone of the waker it was polled with.
    #[inline]
    pub(crate) fn enqueue(&mut self, node: NodeRef, blocked: bool, clone: Waker, polled: &Waker) {
        debug_assert!(node.need() > 0, "who needs nothing does not wait");
        let ticket = self.number();
        let waiter = node.get();
        waiter.initialise_queued(ticket, blocked, clone, polled);
        waiter.credit.set(self.limit);
        waiter.state.set(State::Asleep);
        self.list.push_back(node);
        if self.next.is_none() {
            self.next = Some(node);
        }
    }

    /// A called one leaves for good.
    #[inline]
    pub(crate) fn leave_called(&mut self, node: NodeRef) {
        self.leave_front(node);
        self.list.remove(node);
        let waiter = node.get();
        waiter.state.set(State::Done);
        self.end_probing(node);
    }

    /// Leaves for good, from wherever it is.
    pub(crate) fn leave(&mut self, node: NodeRef) {
        match node.state() {
            State::Asleep | State::Called => {
                self.unlink(node);
                node.get().state.set(State::Done);
            }
            _ => node.get().state.set(State::Done),
        }
    }

    /// Out of the queue, where it is.
    pub(super) fn unlink(&mut self, node: NodeRef) {
        if self.is_in_front(node.get()) {
            self.leave_front(node);
        } else if self.next == Some(node) {
            self.next = self.list.behind(node);
        }
        self.list.remove(node);
        self.end_probing(node);
    }

    /// One of the front is about to be removed.
    #[inline]
    fn leave_front(&mut self, node: NodeRef) {
        self.front.sub(node.need());
        if self.holes != 0 {
            self.leave_front_of_holes(node);
        }
    }

    #[cold]
    fn leave_front_of_holes(&mut self, node: NodeRef) {
        if node.get().has(mark::HOLE) {
            self.holes -= 1;
            node.get().mark(mark::HOLE, false);
        }
    }

    /// A called one found too little: it sleeps again in its old place, with half of its credit.
    #[inline]
    pub(crate) fn answer_in_vain(&mut self, node: NodeRef) {
        let waiter = node.get();
        waiter.state.set(State::Asleep);
        waiter.credit.set(waiter.credit.get() / 2);
        if self.list.behind(node) == self.next {
            self.front.sub(waiter.need());
            self.next = Some(node);
        } else {
            self.holes += 1;
            waiter.mark(mark::HOLE, true);
        }
    }

    /// Holes at the end of the front leave it, [`FAR`] of them at most.
    #[cold]
    pub(crate) fn tidy_up(&mut self) {
        for _ in 0..FAR {
            let Some(hole) = self.hole_at_end() else {
                return;
            };
            self.holes -= 1;
            hole.get().mark(mark::HOLE, false);
            self.front.sub(hole.need());
            self.next = Some(hole);
        }
    }

    /// The last of the front, if it is a hole.
    fn hole_at_end(&self) -> Option<NodeRef> {
        let end = match self.next {
            Some(next) => self.list.ahead(next),
            None => self.list.last(),
        };
        end.filter(|end| end.get().has(mark::HOLE))
    }

    /// Whether there are holes at the end of the front, to be [tidied up](Self::tidy_up).
    pub(crate) fn is_untidy(&self) -> bool {
        self.holes != 0 && self.hole_at_end().is_some()
    }

    /// The ticket of the latest arrival, or the number of a later call.
    pub(crate) fn latest(&self) -> u32 {
        self.sequence
    }

    /// The first, if it arrived no later than that.
    pub(crate) fn first_until(&self, ticket: u32) -> Option<NodeRef> {
        let is_later =
            |first: &NodeRef| (ticket.wrapping_sub(first.get().queued().ticket.get()) as i32) < 0;
        self.first().filter(|first| !is_later(first))
    }

    /// What a waiter gave was taken out of it: it leaves for `served`, to be woken.
    pub(crate) fn serve(&mut self, node: NodeRef, served: &mut WaitList) {
        self.unlink(node);
        node.get().state.set(State::Served);
        served.push_back(node);
    }

    /// Sends a waiter away that is to be polled again as if for the first time.
    pub(crate) fn dismiss(&mut self, node: NodeRef) -> Option<Waker> {
        self.leave(node);
        let waker = node.get().disarm();
        node.get().start_again();
        waker
    }

    /// One that was passed over comes back to its old place, by its ticket (rule 6).
    #[cold]
    pub(super) fn come_back(&mut self, node: NodeRef) {
        node.get().state.set(State::Asleep);
        let Some(next) = self.place_of(node) else {
            self.list.push_back(node);
            if self.next.is_none() {
                self.next = Some(node);
            }
            return;
        };
        self.list.insert_ahead(next, node);
        if self.is_in_front(next.get()) {
            self.holes += 1;
            node.get().mark(mark::HOLE, true);
            self.front.add(node.need());
        } else if self.next == Some(next) {
            self.next = Some(node);
        }
    }

    /// Behind whose old place `node` does not stand: the first from the front, or from the end.
    fn place_of(&self, node: NodeRef) -> Option<NodeRef> {
        let mut at = self.first()?;
        for _ in 0..FAR {
            if stands_ahead(node, at) {
                return Some(at);
            }
            at = self.list.behind(at)?;
        }
        let far = Some(at);
        let mut at = self.list.last()?;
        if stands_ahead(at, node) {
            return None;
        }
        for _ in 0..FAR {
            let ahead = self.list.ahead(at)?;
            if stands_ahead(ahead, node) {
                return Some(at);
            }
            at = ahead;
        }
        far
    }

    /// Who stands in line. Panics unless all invariants hold, L3 for fewer than [`FAR`].
    #[cfg(fuzzing)]
    pub(super) fn assert_valid(&self) -> Vec<NodeRef> {
        let mut order: Vec<NodeRef> = Vec::new();
        let (mut holes, mut needs, mut behind) = (0, 0, false);
        let mut next = self.first();
        while let Some(node) = next {
            assert_eq!(self.list.ahead(node), order.last().copied(), "the way back");
            if let Some(&ahead) = order.last() {
                assert!(stands_ahead(ahead, node), "L3");
            }
            behind |= self.next == Some(node);
            let is_hole = node.get().has(mark::HOLE);
            match node.state() {
                State::Called => assert!(!behind && !is_hole, "L2: called, but not in the front"),
                State::Asleep => assert_eq!(behind, !is_hole, "L2: asleep, but no hole"),
                state => panic!("L1: {state:?}"),
            }
            if !behind {
                holes += u32::from(is_hole);
                needs += node.need() as usize;
            }
            order.push(node);
            next = self.list.behind(node);
        }
        assert_eq!(self.list.last(), order.last().copied(), "the last");
        assert_eq!(behind, self.next.is_some(), "L2: next is in line");
        assert_eq!((holes, needs), (self.holes, self.front.needs()), "L2");
        order
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

/// Whether `one` was queued before `other`. (The numbers wrap around.)
pub(super) fn stands_ahead(one: NodeRef, other: NodeRef) -> bool {
    let ticket = |node: NodeRef| node.get().queued().ticket.get();
    (ticket(one).wrapping_sub(ticket(other)) as i32) < 0
}
