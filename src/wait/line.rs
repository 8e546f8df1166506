//! The line: the queue with the bookkeeping of the six fairness rules, as far as they need to know
//! nothing of what is waited for. The primitive says what is free; the line says who is called, who
//! is passed over, who probes, and where one who comes back stands.
//!
//! Everything here runs under the primitive's internal lock and runs no foreign code: wakers come out
//! by value, to be woken when the lock was released.
//!
//! Invariant C (*covers*): whoever stands ahead of a called waiter is called itself or *covers*. In
//! the common case the first waiter is called, covers nobody, and looking at it alone answers who of
//! those ahead is called. Only a waiter that comes back to its place ahead of a called one covers, so
//! that a look goes further exactly where it has to.

mod probing;
mod shelf;

use std::task::Waker;

use super::list::List;
use super::waiter::{Marks, Node, State, Waiter};
use crate::fairness::{Fairness, NEVER};
use crate::sync::for_models;

pub(crate) use probing::{Nudged, Unanswered};

/// How many called waiters, from the front, a poll looks at for its own task.
const CALLED_SEEN: usize = 16;
/// How many waiters it looks at in all.
pub(crate) const SEEN: usize = 64;

#[derive(Debug)]
pub(crate) struct Line<A> {
    list: List<A>,
    /// The arrival that keeps waking itself because what it wants is free, but kept (rule 5).
    prober: Option<Node<A>>,
    /// How many calls there were: numbers them.
    calls: u32,
    fairness: Fairness,
}

/// What a line of waiters is part of.
pub(crate) trait Queued<A> {
    fn line(&mut self) -> &mut Line<A>;
}

impl<A> Queued<A> for Line<A> {
    #[inline]
    fn line(&mut self) -> &mut Self {
        self
    }
}

impl<A> Line<A> {
    pub(crate) const fn new(fairness: Fairness) -> Self {
        Self {
            list: List::new(),
            prober: None,
            calls: 0,
            fairness,
        }
    }

    /// Nobody waits yet.
    pub(crate) const fn set_fairness(&mut self, fairness: Fairness) {
        self.fairness = fairness;
    }

    /// How often later arrivals may overtake a new waiter.
    #[inline]
    pub(crate) fn limit(&self) -> u16 {
        self.fairness.limit()
    }

    #[inline]
    pub(crate) fn get(&self, node: Node<A>) -> &Waiter<A> {
        self.list.get(node)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, node: Node<A>) -> &mut Waiter<A> {
        self.list.get_mut(node)
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<Node<A>> {
        self.list.first()
    }

    #[inline]
    pub(crate) fn is_first(&self, node: Node<A>) -> bool {
        self.list.is_first(node)
    }

    #[inline]
    pub(crate) fn is_called(&self, node: Node<A>) -> bool {
        self.get(node).state == State::Called
    }

    #[inline]
    pub(crate) fn is_first_and_called(&self, node: Node<A>) -> bool {
        self.is_first(node) && self.get(node).state == State::Called
    }

    #[inline]
    pub(crate) fn behind(&self, node: Node<A>) -> Option<Node<A>> {
        self.list.behind(node)
    }

    pub(crate) fn ahead(&self, node: Node<A>) -> Option<Node<A>> {
        self.list.ahead(node)
    }

    #[inline]
    pub(crate) fn is_queued(&self, node: Node<A>) -> bool {
        matches!(self.get(node).state, State::Asleep | State::Called)
    }

    /// A new waiter takes its place at the end; one that always answers is never passed over.
    #[inline]
    pub(crate) fn enqueue(&mut self, node: Node<A>, always_answers: bool) {
        let limit = self.fairness.limit();
        let patience = if always_answers {
            NEVER
        } else {
            self.fairness.looks()
        };
        self.get_mut(node).begin(limit, patience);
        self.list.push_back(node);
    }

    /// Whether `node`, which was passed over, would be first if it came back now (rule 6).
    pub(crate) fn would_be_first(&self, node: Node<A>) -> bool {
        self.get(node).marks.has(Marks::WAS_FIRST) || self.first().is_none()
    }

    /// One who was passed over comes back (rule 6): to the front, or just behind the first.
    pub(crate) fn come_back(&mut self, node: Node<A>) {
        let covers = self.may_have_called();
        if self.would_be_first(node) {
            self.list.push_front(node);
        } else {
            self.list.push_second(node);
        }
        let waiter = self.get_mut(node);
        waiter.sleep();
        waiter.marks.set(Marks::COVERS, covers);
    }

    /// A called waiter that found too little sleeps again in its old place.
    #[inline]
    pub(crate) fn sleep_again(&mut self, node: Node<A>) {
        let covers = self
            .behind(node)
            .is_some_and(|next| self.shows_called(next));
        let waiter = self.get_mut(node);
        waiter.sleep();
        waiter.marks.set(Marks::COVERS, covers);
    }

    /// Whether somebody may be called and unanswered.
    #[inline]
    pub(crate) fn may_have_called(&self) -> bool {
        self.first().is_some_and(|first| self.shows_called(first))
    }

    /// Whether one called may be found by looking at `node` and behind it (invariant C).
    #[inline]
    fn shows_called(&self, node: Node<A>) -> bool {
        let waiter = self.get(node);
        waiter.state == State::Called || waiter.marks.has(Marks::COVERS)
    }

    /// Calls a sleeping waiter (rule 1), and returns whom to wake.
    #[inline]
    pub(crate) fn call(&mut self, node: Node<A>) -> Option<Waker> {
        self.calls = self.calls.wrapping_add(1);
        let calls = self.calls;
        let waiter = self.get_mut(node);
        waiter.state = State::Called;
        waiter.call = calls;
        waiter.disarm()
    }

    /// A waiter leaves for good, from wherever it is.
    #[inline]
    pub(crate) fn leave(&mut self, node: Node<A>) {
        if self.is_queued(node) {
            self.leave_queued(node);
        } else {
            self.get_mut(node).state = State::Done;
        }
    }

    /// The same for one that is queued.
    #[inline]
    pub(crate) fn leave_queued(&mut self, node: Node<A>) {
        self.unlink(node);
        self.get_mut(node).state = State::Done;
    }

    #[inline]
    fn unlink(&mut self, node: Node<A>) {
        self.list.remove(node);
        self.end_probing(node);
    }

    /// A called waiter is passed over (rules 4 and 5): out of the queue, until it is polled.
    pub(crate) fn pass_over(&mut self, node: Node<A>) {
        let first = self.is_first(node);
        self.unlink(node);
        let waiter = self.get_mut(node);
        waiter.state = State::Passed;
        waiter.marks.set(Marks::WAS_FIRST, first);
    }

    /// The first that is `wanted` of those called ahead of `node`; looks at no more than a few.
    #[inline]
    pub(crate) fn called_ahead(
        &self,
        node: Node<A>,
        mut wanted: impl FnMut(Node<A>, &Waiter<A>) -> bool,
    ) -> Option<Node<A>> {
        let mut next = self.first();
        let mut called = 0;
        for _ in 0..SEEN {
            let at = next.filter(|&at| at != node)?;
            let waiter = self.get(at);
            if waiter.state == State::Called {
                if wanted(at, waiter) {
                    return Some(at);
                }
                called += 1;
                if called == CALLED_SEEN {
                    return None;
                }
            } else if !waiter.marks.has(Marks::COVERS) {
                return None; // invariant C
            }
            next = self.behind(at);
        }
        None
    }

    /// The first called waiter ahead of `node` that `waker`'s task polled last (rule 4).
    #[inline]
    pub(crate) fn called_of_task(&self, node: Node<A>, waker: &Waker) -> Option<Node<A>> {
        self.called_ahead(node, |_, waiter| waiter.is_of_task(waker))
    }

    /// After probing passed `node` over.
    pub(crate) fn grow_patience(&mut self, node: Node<A>) {
        self.get_mut(node).grow_patience();
    }

    /// Panics if the links are broken; how many wait.
    #[cfg(fuzzing)]
    pub(crate) fn assert_valid(&self) -> usize {
        self.list.assert_valid()
    }

    for_models! {
        /// Whether nobody waits and nobody probes.
        pub(crate) fn is_idle(&self) -> bool {
            self.first().is_none() && self.prober.is_none()
        }
    }
}
