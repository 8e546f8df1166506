//! Rules 4 to 6 of [`Fairness`](crate::Fairness#the-rules): unanswered calls. Unless there is one, only a few
//! cheap checks here run, and no clock is read.

use std::task::Waker;

use super::line::{FAR, Line};
use super::node::{NodeRef, State, mark};
use super::tally::Tally;
use crate::sync::Since;

/// How many called waiters, from the front, a poll checks for its own task.
pub(super) const CALLED_SEEN: usize = 16;

/// What a waiter that cannot acquire should do about the called waiters ahead of it.
pub(super) enum Unanswered {
    /// Nothing: there are none, or this waiter need not act.
    Sleep,
    /// Wake itself, to give its own task the chance to answer first (rule 4).
    WakeItself,
    /// The same, as one that probes (rule 5).
    Probe,
    /// A waiter was passed over: check again, and call the waiters that are due.
    PassedOver,
}

impl<F: Tally> Line<F> {
    /// The first `wanted` one of the called waiters ahead of `node`.
    #[inline]
    fn called_ahead(
        &self,
        node: NodeRef,
        mut wanted: impl FnMut(NodeRef) -> bool,
    ) -> Option<NodeRef> {
        if !self.has_called() {
            return None;
        }
        let mut next = self.first();
        let mut called = 0;
        for _ in 0..FAR {
            let at = next.filter(|&at| at != node)?;
            if at.state() == State::Called {
                if wanted(at) {
                    return Some(at);
                }
                called += 1;
                if called == CALLED_SEEN {
                    return None;
                }
            } else if !at.has(mark::HOLE) {
                return None; // L2: nobody behind it is called
            }
            next = self.list.behind(at);
        }
        None
    }

    /// The first called waiter ahead of `node` that the task of `waker` polled last.
    #[inline]
    pub(super) fn called_of_task(&self, node: NodeRef, waker: &Waker) -> Option<NodeRef> {
        self.called_ahead(node, |at| at.is_of_task(waker))
    }

    /// `node` was polled with `waker` and cannot acquire. `kept`: enough is free, but kept. `arrives`: this is
    /// its first poll, or counts as one.
    pub(super) fn unanswered(
        &mut self,
        node: NodeRef,
        waker: &Waker,
        arrives: bool,
        kept: bool,
    ) -> Unanswered {
        if let Some(own) = self.called_of_task(node, waker) {
            if !self.meet(node, own) {
                return Unanswered::WakeItself;
            }
            self.pass_over(own);
            return Unanswered::PassedOver;
        }
        if !kept || !self.may_probe(node, arrives) {
            return Unanswered::Sleep;
        }
        let Some(called) = self.called_ahead(node, |at| !at.has(mark::BLOCKED)) else {
            return Unanswered::Sleep;
        };
        if !arrives {
            self.prober = node.queued().ticket.get();
        }
        if self.meet_kept(node, called) && self.is_late(called) {
            let passes = &called.queued().passes;
            passes.set(passes.get().saturating_add(1));
            self.pass_over(called);
            return Unanswered::PassedOver;
        }
        Unanswered::Probe
    }

    /// Whether a waiter that finds enough free, but kept, should probe.
    #[inline]
    pub(super) fn may_probe(&self, node: NodeRef, arrives: bool) -> bool {
        (arrives || node.has(mark::PROBED) || self.is_prober(node)) && !self.patience.is_never()
    }

    /// `node` was just queued, and found enough free, but kept. Returns whether it wakes itself.
    #[inline]
    pub(super) fn begins_probing(&mut self, node: NodeRef) -> bool {
        if self.patience.is_never() {
            return false;
        }
        let Some(called) = self.called_ahead(node, |at| !at.has(mark::BLOCKED)) else {
            return false;
        };
        self.meet_kept(node, called);
        node.mark(mark::PROBED, true);
        true
    }

    /// Whether `node` met this very call before.
    fn meet(&self, node: NodeRef, called: NodeRef) -> bool {
        let call = called.queued().call.get();
        node.queued().met.replace(call) == call
    }

    /// The same where units are kept for the call: the first meeting starts the clock.
    fn meet_kept(&self, node: NodeRef, called: NodeRef) -> bool {
        if !called.has(mark::CLOCKED) {
            called.mark(mark::CLOCKED, true);
            called.queued().since.set(Since::now());
        }
        self.meet(node, called)
    }

    /// `node` has waited since then, so an older call ahead of it has gone unanswered for at least as long.
    #[cold]
    pub(super) fn date_call(&self, node: NodeRef, since: Since) {
        let Some(called) = self.called_ahead(node, |at| !at.has(mark::BLOCKED)) else {
            return;
        };
        let call = called.queued().call.get();
        let ticket = node.queued().ticket.get();
        if !called.has(mark::CLOCKED) && (call.wrapping_sub(ticket) as i32) < 0 {
            called.mark(mark::CLOCKED, true);
            called.queued().since.set(since);
            node.queued().met.set(call);
        }
    }

    /// Whether a call that was met before has gone unanswered for its patience.
    fn is_late(&self, called: NodeRef) -> bool {
        let queued = called.queued();
        let (since, elapsed) = queued.since.get().elapsed();
        queued.since.set(since);
        self.patience.after(queued.passes.get()) <= elapsed
    }

    /// A called waiter is passed over: it is out of the queue until it is polled.
    pub(super) fn pass_over(&mut self, node: NodeRef) {
        self.unlink(node);
        node.state.set(State::Passed);
    }

    #[inline]
    pub(super) fn is_prober(&self, node: NodeRef) -> bool {
        self.prober != 0 && self.prober == node.queued().ticket.get()
    }

    #[inline]
    pub(super) fn end_probing(&mut self, node: NodeRef) {
        if self.is_prober(node) {
            self.prober = 0;
        }
    }

    /// `node` goes to sleep, or keeps probing.
    pub(super) fn settle(&mut self, node: NodeRef, arrives: bool, probes: bool) {
        node.mark(mark::PROBED, arrives && probes);
        if !probes {
            self.end_probing(node);
        }
    }

    /// `node` is being dropped. If it is the prober, the sleeping waiter just ahead of it becomes the prober,
    /// and must be woken. (That uses up its waker. If it is called before it is polled, it needs no other.)
    pub(super) fn bequeath(&mut self, node: NodeRef) -> Option<Waker> {
        if !self.is_prober(node) {
            return None;
        }
        self.prober = 0;
        let ahead = match node.state() {
            State::Asleep | State::Called => self.list.ahead(node),
            _ => None,
        };
        let heir = ahead.filter(|heir| heir.state() == State::Asleep)?;
        self.prober = heir.queued().ticket.get();
        // Perhaps an earlier prober has already woken it.
        heir.disarm()
    }
}
