//! A call that nobody answers: whom that concerns, and who is passed over (rules 4 and 5).

use std::mem::replace;

use super::rules::{Rules, Unanswered};
use super::seen::What;
use super::waiter::{Id, NEVER, Task};
use super::without::Without;

impl Rules {
    /// `id` is being polled and may not take what it needs.
    pub fn unanswered(&mut self, id: Id, new: bool) -> Unanswered {
        let task = self.waiters[id].task;
        let own = self.first_called_ahead(id, |x| x.task == task);
        match own.filter(|_| self.has(Without::OwnTask)) {
            Some(called) => self.meets_own(id, called),
            None if self.may_probe(id, new) => self.probe(id, new),
            None => Unanswered::Nothing,
        }
    }

    /// Rule 4: its other future will not be polled first, unless that is still to come in this turn.
    fn meets_own(&mut self, id: Id, called: Id) -> Unanswered {
        if self.meets_again(id, called) || !self.has(Without::SecondMeeting) {
            self.seen.count(What::PassedSameTask);
            return Unanswered::PassOver(called);
        }
        self.seen.count(What::MetSameTask);
        Unanswered::SameTask
    }

    /// Rule 5: enough is free, but kept, and this is an arrival or the prober.
    pub fn may_probe(&self, id: Id, new: bool) -> bool {
        let waiter = &self.waiters[id];
        let may = new || waiter.probed || self.prober == Some(id);
        may && self.free() >= waiter.need && self.has(Without::Probing)
    }

    fn probe(&mut self, id: Id, new: bool) -> Unanswered {
        let Some(called) = self.first_called_ahead(id, |x| x.patience < NEVER) else {
            return Unanswered::Nothing;
        };
        if !new {
            self.prober = Some(id);
        }
        let looks = self.meets_again(id, called) || !self.has(Without::StartingTheClock);
        if looks && self.waiters[called].runs_out() {
            self.seen.count(What::PassedByProbe);
            if self.has(Without::Growth) {
                self.waiters[called].grow_patience();
            }
            return Unanswered::PassOver(called);
        }
        self.seen.count(What::Probe);
        Unanswered::Probe
    }

    /// Whether `id` met this same call before, and has now.
    fn meets_again(&mut self, id: Id, called: Id) -> bool {
        let call = self.waiters[called].call;
        replace(&mut self.waiters[id].met, call) == call
    }

    /// The prober is gone, and `heir` probes on.
    pub fn takes_over(&mut self, heir: Id, woken: &mut Vec<Task>) {
        self.seen.count(What::RolePassedOn);
        self.prober = Some(heir);
        let heir = &mut self.waiters[heir];
        if !replace(&mut heir.is_awake, true) {
            woken.push(heir.task);
        }
    }
}
