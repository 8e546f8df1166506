//! The fairness rules as a sequential program: one method per event, each of them one atomic step.
//!
//! It says who is woken, in which order, and hands nothing over: a release frees the permits, a called waiter
//! takes them by being polled. The mutex is the case of one permit; a semaphore is the same with other needs.
//! Nothing here is clever or fast: the queue is a `Vec`, every question walks it, and a waiter is never freed.
//!
//! One deviation, which an implementation is free to make, since it leaves a useless wake-up out: a
//! prober that is dropped leaves its role to the sleeper just ahead of it, unless that one is the
//! first. The first has nobody ahead of it to probe.

use super::seen::{Seen, What};
use super::waiter::{Id, NEVER, Polled, State, Task, Waiter};

/// A counting core under the rules.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(super) free: usize,
    pub(super) limit: u32,
    patience: u32,
    pub(super) waiters: Vec<Waiter>,
    pub(super) queue: Vec<Id>,
    calls: u64,
    pub(super) prober: Option<Id>,
    /// How often each rule made a difference.
    pub(crate) seen: Seen,
}

/// Whose credit an acquisition costs.
enum Price {
    Nobodys,
    Of(Id),
}

impl Rules {
    pub(crate) fn new(free: usize, limit: u32, patience: u32) -> Self {
        let (waiters, queue) = (Vec::new(), Vec::new());
        Self {
            free,
            limit,
            patience,
            waiters,
            queue,
            calls: 0,
            prober: None,
            seen: Seen::default(),
        }
    }

    /// A future that was not polled yet.
    pub(crate) fn newcomer(&mut self, task: Task, need: usize) -> Id {
        self.waiters.push(Waiter::new(task, need, self.patience));
        self.waiters.len() - 1
    }

    /// A thread that is about to wait: it always answers, so nobody passes it over for want of patience.
    pub(crate) fn blocking_newcomer(&mut self, task: Task, need: usize) -> Id {
        self.waiters.push(Waiter::new(task, need, NEVER));
        self.waiters.len() - 1
    }

    /// Polling is how a called waiter answers, and how one that was passed over comes back.
    pub(crate) fn poll(&mut self, id: Id, task: Task) -> Polled {
        let was = self.waiters[id].state;
        let (new, answers) = (was == State::New, was == State::Called);
        let (mut woken, mut probes) = (Vec::new(), false);
        self.waiters[id].task = task;
        match was {
            State::New | State::Asleep => {}
            State::Called => self.waiters[id].sleep(),
            State::Passed => self.come_back(id),
            State::Done | State::Gone => panic!("waiter {id} was polled after it ended"),
        }
        loop {
            if let Some(price) = self.may_take(id) {
                self.pay(price);
                self.leave(id, State::Done);
                self.free -= self.waiters[id].need;
                return Polled { ready: true, woken };
            }
            if self.waiters[id].state == State::New {
                self.waiters[id].state = State::Asleep;
                self.queue.push(id);
            }
            // The same task: its other future will not answer first.
            if let Some(mine) = self.first_called_ahead(id, |x| x.task == task) {
                self.seen.count(What::PassedSameTask);
                self.pass_over(mine, id, &mut woken);
                continue;
            }
            // Enough is free, but kept for a call that nobody has answered.
            let may_probe = new || self.waiters[id].probed || self.prober == Some(id);
            let kept = may_probe && self.free >= self.waiters[id].need;
            let unanswered = self.first_called_ahead(id, |x| kept && x.patience < NEVER);
            if let Some(called) = unanswered {
                if !new && self.wears_down(id, called) {
                    self.seen.count(What::PassedByProbe);
                    self.pass_over(called, id, &mut woken);
                    continue;
                }
                self.seen.count(What::Probe);
                self.waiters[id].probe = self.waiters[called].call;
                probes = true;
                woken.push(task);
            }
            break;
        }
        self.waiters[id].probed = new && probes;
        if answers {
            self.seen.count(What::AnsweredInVain);
            self.waiters[id].answered_in_vain(self.limit);
        }
        if self.prober == Some(id) && !probes {
            self.prober = None;
        }
        Polled {
            ready: false,
            woken,
        }
    }

    /// Takes without waiting, as a stranger would that arrives now.
    pub(crate) fn try_take(&mut self, need: usize) -> bool {
        let Some(price) = self.price(need, &self.queue) else {
            if self.free >= need {
                self.seen.count(What::Kept);
            }
            return false;
        };
        self.pay(price);
        self.free -= need;
        true
    }

    pub(crate) fn release(&mut self, permits: usize) -> Vec<Task> {
        self.free += permits;
        let mut woken = Vec::new();
        self.call(None, &mut woken);
        woken
    }

    /// Cancels a wait. A forgotten future is no event: it stays as it is, for ever.
    pub(crate) fn drop(&mut self, id: Id) -> Vec<Task> {
        let mut woken = Vec::new();
        let place = self.queue.iter().position(|&x| x == id);
        let was_prober = self.prober == Some(id);
        self.leave(id, State::Gone);
        // Whoever sleeps just ahead of a prober probes on.
        let heir = place
            .filter(|&at| was_prober && at >= 2)
            .map(|at| self.queue[at - 1]);
        if let Some(heir) = heir.filter(|&heir| self.is(heir, State::Asleep)) {
            self.seen.count(What::RolePassedOn);
            self.prober = Some(heir);
            woken.push(self.waiters[heir].task);
        }
        self.call(None, &mut woken);
        woken
    }
}

// The parts of the events.
impl Rules {
    pub(super) fn is(&self, id: Id, state: State) -> bool {
        self.waiters[id].state == state
    }

    /// Who is queued ahead of `id`: everyone, if it is not queued itself.
    fn ahead(&self, id: Id) -> &[Id] {
        &self.queue[..self
            .queue
            .iter()
            .position(|&x| x == id)
            .unwrap_or(self.queue.len())]
    }

    /// Whether this waiter may take what it needs now, and whose credit that costs.
    fn may_take(&self, id: Id) -> Option<Price> {
        self.price(self.waiters[id].need, self.ahead(id))
    }

    fn price(&self, need: usize, ahead: &[Id]) -> Option<Price> {
        let wanted: usize = ahead.iter().map(|&x| self.waiters[x].need).sum();
        if self.free < need {
            None
        } else if ahead.iter().all(|&x| self.is(x, State::Called)) && self.free >= wanted + need {
            Some(Price::Nobodys)
        } else {
            let first = ahead[0];
            (self.waiters[first].overtaken < self.limit).then_some(Price::Of(first))
        }
    }

    fn pay(&mut self, price: Price) {
        if let Price::Of(first) = price {
            self.seen.count(What::Overtaken);
            self.waiters[first].overtaken += 1;
        }
    }

    fn come_back(&mut self, id: Id) {
        self.waiters[id].sleep();
        let was_first = self.waiters[id].was_first;
        self.seen.count(if was_first {
            What::CameBackFirst
        } else {
            What::CameBackBehind
        });
        let first = self.queue.first().copied();
        if was_first && first.is_some_and(|first| self.is(first, State::Called)) {
            self.seen.count(What::CameBackAheadOfCalled);
        }
        let place = if was_first {
            0
        } else {
            self.queue.len().min(1)
        };
        self.queue.insert(place, id);
    }

    fn first_called_ahead(&self, id: Id, which: impl Fn(&Waiter) -> bool) -> Option<Id> {
        let mut ahead = self.ahead(id).iter().copied();
        ahead.find(|&x| self.is(x, State::Called) && which(&self.waiters[x]))
    }

    /// Makes `id` the prober. Says whether that was the last that `called` had of patience.
    fn wears_down(&mut self, id: Id, called: Id) -> bool {
        self.prober = Some(id);
        self.waiters[id].probe == self.waiters[called].call && self.waiters[called].wear_down()
    }

    /// A called waiter leaves the queue and the next are called; `by` is being polled and needs no waking.
    fn pass_over(&mut self, called: Id, by: Id, woken: &mut Vec<Task>) {
        self.waiters[called].was_first = self.queue[0] == called;
        self.leave(called, State::Passed);
        self.call(Some(by), woken);
    }

    fn leave(&mut self, id: Id, state: State) {
        self.queue.retain(|&x| x != id);
        self.prober = self.prober.filter(|&x| x != id);
        self.waiters[id].state = state;
    }

    /// Wakes, in order, every sleeper for whom enough is free beyond what those called ahead of it need.
    pub(super) fn call(&mut self, by: Option<Id>, woken: &mut Vec<Task>) {
        let mut budget = self.free;
        for &id in &self.queue {
            let waiter = &mut self.waiters[id];
            if waiter.state == State::Asleep {
                if budget < waiter.need {
                    break;
                }
                self.calls += 1;
                waiter.call = self.calls;
                waiter.state = State::Called;
                if by != Some(id) {
                    woken.push(waiter.task);
                }
            }
            budget = budget.saturating_sub(waiter.need);
        }
    }
}
