//! Probing (rule 5), same tasks (rule 4), and who takes over from a prober that is dropped.

use std::task::Waker;

use super::{Line, Node, SEEN, State};
use crate::fairness::NEVER;
use crate::wait::waiter::Marks;

/// What is to be done about those called ahead who have not answered.
pub(crate) enum Unanswered<A> {
    /// Nothing: nobody is, or it is not for this waiter to do anything.
    Nothing,
    /// Go on probing: wake yourself.
    Probe,
    /// It is of the same task: pass it over (rule 4).
    SameTask(Node<A>),
    /// Its call has been unanswered for as long as its patience goes: pass it over (rule 5). Nothing
    /// else has changed yet, but for who probes.
    Late(Node<A>),
}

/// What became of the waker that nudged somebody.
pub(crate) enum Nudged {
    TakenBack,
    /// Called meanwhile, without a waker: to be woken now.
    Wake(Waker),
    Drop(Waker),
}

impl<A> Line<A> {
    /// `node` was polled with `waker` and can not have what it wants; whether that is `kept`, which is
    /// that enough is free.
    #[inline]
    pub(crate) fn unanswered(
        &mut self,
        node: Node<A>,
        waker: &Waker,
        is_new: bool,
        kept: bool,
    ) -> Unanswered<A> {
        match self.called_of_task(node, waker) {
            Some(mine) => Unanswered::SameTask(mine),
            None if kept => self.probe(node, is_new),
            None => Unanswered::Nothing,
        }
    }

    /// `node` was polled and found enough free, but kept (rule 5).
    #[inline]
    pub(crate) fn probe(&mut self, node: Node<A>, is_new: bool) -> Unanswered<A> {
        let may = is_new || self.prober == Some(node) || self.get(node).marks.has(Marks::PROBED);
        if !may || self.fairness.looks() == NEVER {
            return Unanswered::Nothing;
        }
        let late = self.called_ahead(node, |_, waiter| waiter.may_be_passed());
        let Some(called) = late else {
            return Unanswered::Nothing;
        };
        let call = self.get(called).call;
        if !is_new {
            self.prober = Some(node);
            if self.get(node).probe == call {
                if self.get(called).is_last_probe() {
                    return Unanswered::Late(called);
                }
                self.get_mut(called).lose_patience();
            }
        }
        self.get_mut(node).probe = call;
        Unanswered::Probe
    }

    /// `node` goes to sleep; whether it probed at its first poll decides whether it goes on.
    #[inline]
    pub(crate) fn settle(&mut self, node: Node<A>, is_new: bool, probes: bool) {
        self.get_mut(node)
            .marks
            .set(Marks::PROBED, is_new && probes);
        if !probes {
            self.end_probing(node);
        }
    }

    #[inline]
    pub(crate) fn end_probing(&mut self, node: Node<A>) {
        if self.prober == Some(node) {
            self.prober = None;
        }
    }

    /// Who takes over from `node`, the prober that is being dropped: whoever sleeps just ahead of it.
    /// The first waiter need not: while it sleeps, too little is free to be kept for anybody.
    pub(crate) fn heir(&self, node: Node<A>) -> Option<Node<A>> {
        if self.prober != Some(node) || !self.is_queued(node) {
            return None;
        }
        self.list
            .ahead(node)
            .filter(|&heir| !self.is_first(heir) && self.get(heir).state == State::Asleep)
    }

    #[inline]
    pub(crate) fn is_prober(&self, node: Node<A>) -> bool {
        self.prober == Some(node)
    }

    /// The prober, which never stood in this line, is dropped: whoever sleeps at its end takes over, and
    /// is to be woken.
    pub(crate) fn bequeath(&mut self) -> Option<Waker> {
        let heir = self
            .list
            .last()
            .filter(|&last| !self.is_first(last) && self.get(last).state == State::Asleep);
        self.prober = heir;
        // If it is called before it is polled, this is its wake-up.
        self.get_mut(heir?).disarm()
    }

    /// `heir` takes over: whom to wake, by reference, before [`Line::after_nudge`] takes it back.
    pub(crate) fn nudge(&mut self, heir: Node<A>) -> Option<Waker> {
        self.prober = Some(heir);
        self.get_mut(heir).disarm()
    }

    /// Takes back the waker by which `heir` was nudged on behalf of `node`, so that a later call finds
    /// it.
    pub(crate) fn after_nudge(&mut self, node: Node<A>, heir: Node<A>, waker: Waker) -> Nudged {
        // The heir may be gone, and its memory with it: it is touched only if it is found in the line.
        // As long as `node` is queued, nobody comes between the two unless the heir is near the front.
        let ahead = self
            .is_queued(node)
            .then(|| self.list.ahead(node))
            .flatten();
        let mut front = std::iter::successors(self.first(), |&at| self.behind(at)).take(SEEN);
        if ahead != Some(heir) && !front.any(|at| at == heir) {
            return Nudged::Drop(waker);
        }
        let waiter = self.get_mut(heir);
        match waiter.state {
            State::Asleep if waiter.lacks(&waker) => {
                waiter.rearm(waker);
                Nudged::TakenBack
            }
            State::Called if waiter.lacks(&waker) => Nudged::Wake(waker),
            _ => Nudged::Drop(waker),
        }
    }
}
