//! The fair wait list: the queue of waiters for the units of one resource, and rules 1 to 3 of
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
//! The *front* is every waiter up to the last one called. Waiters are called in order, so the front has no
//! *holes* until a called waiter answers in vain and goes back to sleep, or one that was passed over comes back
//! to a place inside. Without holes, sums alone answer every question of rules 1 to 3. With holes, the front is
//! walked, [`FAR`] waiters at most.
//!
//! Invariants:
//!
//! - **L1.** A node is linked here exactly while it is `Asleep` or `Called`.
//! - **L2.** `next` is the first node behind the front; it and all behind it are asleep. Each node in the front
//!   is called, or asleep and marked as a hole; `holes` counts the latter, and the tally counts the needs of
//!   both.
//! - **L3.** Tickets increase from the first node to the last, except for nodes that came back to a place more
//!   than [`FAR`] from both ends.
//!
//! Holes at the end of the front leave it in the same hold of the latch, up to [`NEAR`] of them. (After an answer
//! in vain, the caller sees to that by `drop_near_holes`.) The rest is due work, like a call: [`FAR`] of them at
//! a time. In between, the latch is released for a moment, so that the time for which it is held does not grow
//! with the queue.

/// For fuzzing only: no primitive needs it.
#[cfg(fuzzing)]
#[path = "../../tests/fuzz/line_under_test.rs"]
pub mod fuzzing;
mod places;

use std::ptr;
use std::task::Waker;

use super::guarded::Due;
use super::list::WaitList;
use super::node::{NodeRef, State, mark};
use super::tally::Tally;
use crate::fairness::{Fairness, Patience};

/// How many waiters one operation inspects, at most.
pub(super) const FAR: usize = 64;

/// How many holes leave the front at once, when they come to its end.
const NEAR: usize = 8;

/// Precedes the first number. Numbers are odd, so never 0, and wrap around. In debug builds they do so soon, so
/// that tests cover it.
const NO_NUMBER: u32 = if cfg!(debug_assertions) {
    u32::MAX - 4
} else {
    u32::MAX
};

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
            sequence: NO_NUMBER,
            prober: 0,
            limit: fairness.limit(),
            patience: Patience::new(fairness.patience()),
        }
    }

    /// Only while nobody waits.
    pub(crate) const fn set_fairness(&mut self, fairness: Fairness) {
        self.limit = fairness.limit();
        self.patience = Patience::new(fairness.patience());
    }

    /// From now on, nobody may wait here. (The patience field records this: it is not needed any more, and
    /// there is no spare byte.)
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

    /// Whether any waiter is asleep.
    #[inline]
    pub(crate) fn has_sleepers(&self) -> bool {
        self.next.is_some() || self.holes != 0
    }

    /// Whether any waiter in the front is asleep.
    #[inline]
    pub(crate) fn has_holes(&self) -> bool {
        self.holes != 0
    }

    /// Whether any waiter may be called and unanswered: false means that none is.
    #[inline]
    pub(crate) fn has_called(&self) -> bool {
        // Cheaper than comparing the options.
        let address = |node: Option<NodeRef>| node.map_or(ptr::null_mut(), NodeRef::as_ptr);
        address(self.first()) != address(self.next)
    }

    /// What the front needs.
    #[inline(always)]
    pub(crate) fn kept(&self) -> usize {
        self.front.needs() as usize
    }

    /// What is free beyond the needs of the front.
    #[inline]
    pub(crate) fn spare(&self, free: usize) -> usize {
        self.front.spare(!self.has_called(), free)
    }

    /// Whether `need` units are free beyond the needs of the front.
    #[inline]
    fn fits(&self, need: u32, free: usize) -> bool {
        self.front.fits(!self.has_called(), need, free)
    }

    #[inline]
    fn is_in_front(&self, node: NodeRef) -> bool {
        node.state() == State::Called || node.has(mark::HOLE)
    }

    /// The next number, which is never 0.
    #[inline]
    pub(super) fn number(&mut self) -> u32 {
        self.sequence = self.sequence.wrapping_add(2);
        self.sequence
    }

    // Rule 1.

    /// What is due while `free` units are free, or [`Due::Rare`] if that takes a closer look; `one` says of which
    /// line a waiter is.
    #[inline(always)]
    pub(crate) fn glance(&self, free: usize, one: impl FnOnce(NodeRef) -> Due) -> Option<Due> {
        if self.holes != 0 {
            return Some(Due::Rare);
        }
        self.next_if_due(free).map(one)
    }

    /// The same after a closer look: to tidy up, or else to call a waiter.
    pub(crate) fn look(&self, free: usize, one: impl FnOnce(NodeRef) -> Due) -> Option<Due> {
        if self.is_untidy() {
            return Some(Due::Rare);
        }
        self.next_to_call(free).map(one)
    }

    /// The waiter that is due next while `free` units are free.
    pub(crate) fn next_to_call(&self, free: usize) -> Option<NodeRef> {
        if self.holes != 0 {
            return self.due_in_front(free);
        }
        self.next_if_due(free)
    }

    /// The waiter behind the front, if it is due. There are no holes.
    #[inline(always)]
    fn next_if_due(&self, free: usize) -> Option<NodeRef> {
        let next = self.next?;
        (self.fits(next.need(), free) && self.front.may_call(free)).then_some(next)
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

    /// Calls `node`, which is due; returns its waker, unless that was used already.
    #[inline]
    pub(crate) fn call(&mut self, node: NodeRef) -> Option<Waker> {
        let number = self.number();
        if self.next == Some(node) {
            self.next = self.list.behind(node);
            self.front.add(node.need());
        } else {
            self.holes -= 1;
            node.mark(mark::HOLE, false);
        }
        node.state.set(State::Called);
        node.queued().call.set(number);
        node.disarm()
    }

    // Rules 2 and 3. Each of these returns whether a waiter may acquire; if so, the credit for it is paid.

    /// A waiter behind all others, while `free` units are free.
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

    /// Whether a newcomer pays nothing: all waiters are called, and it leaves enough for them.
    #[inline]
    fn newcomer_is_free(&self, need: u32, free: usize) -> bool {
        self.is_empty() || !self.has_sleepers() && self.fits(need, free)
    }

    /// How many of the free units a newcomer may take without paying.
    #[inline]
    pub(crate) fn spare_for_newcomer(&self, free: usize) -> usize {
        if self.has_sleepers() {
            0
        } else {
            self.spare(free)
        }
    }

    /// Whether a newcomer that needs this might acquire. Pays nothing.
    #[inline]
    pub(crate) fn would_admit_newcomer(&self, need: u32, free: usize) -> bool {
        let has_credit = |first: NodeRef| first.credit.get() > 0;
        free >= need as usize
            && (self.newcomer_is_free(need, free) || self.first().is_some_and(has_credit))
    }

    /// A called waiter that is the first, unless there are holes.
    #[inline(always)]
    pub(super) fn admit_first(&self, node: NodeRef, free: usize) -> bool {
        free >= node.need() as usize && self.is_first(node) && self.holes == 0
    }

    /// A called waiter, while `free` units are free.
    #[inline(always)]
    pub(crate) fn admit_called(&mut self, node: NodeRef, free: usize) -> bool {
        free >= node.need() as usize
            && (self.is_first(node)
                || self.holes == 0 && self.front.is_met_by(free)
                || self.admit_queued_slow(node, free))
    }

    /// A queued waiter, while `free` units are free.
    #[cold]
    pub(super) fn admit_queued(&mut self, node: NodeRef, free: usize) -> bool {
        free >= node.need() as usize && (self.is_first(node) || self.admit_queued_slow(node, free))
    }

    #[cold]
    #[inline(never)]
    fn admit_queued_slow(&mut self, node: NodeRef, free: usize) -> bool {
        self.leaves_enough_ahead(node, free) || self.first().is_some_and(Self::pay)
    }

    /// Whether all waiters ahead of `node` were called and it leaves enough for them; false if there are more
    /// than [`FAR`].
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

    /// Takes a unit of credit from the first waiter, if it has one.
    #[inline]
    fn pay(first: NodeRef) -> bool {
        let credit = &first.credit;
        let Some(rest) = credit.get().checked_sub(1) else {
            return false;
        };
        credit.set(rest);
        true
    }
}
