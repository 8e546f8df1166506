//! The parts of which the events of the rules are made.

use super::rules::{Price, Rules};
use super::seen::What;
use super::waiter::{Id, State, Task, Waiter};

impl Rules {
    pub(super) fn is(&self, id: Id, state: State) -> bool {
        self.waiters[id].state == state
    }

    /// Who is queued ahead of `id`: everyone, if it is not queued itself.
    pub(super) fn ahead(&self, id: Id) -> &[Id] {
        &self.queue[..self
            .queue
            .iter()
            .position(|&x| x == id)
            .unwrap_or(self.queue.len())]
    }

    /// Whether this waiter may take what it needs now, and whose credit that costs.
    pub(super) fn may_take(&self, id: Id) -> Option<Price> {
        self.price(self.waiters[id].need, self.ahead(id))
    }

    pub(super) fn price(&self, need: usize, ahead: &[Id]) -> Option<Price> {
        let wanted: usize = ahead.iter().map(|&x| self.waiters[x].need).sum();
        if need == 0 {
            Some(Price::Nothing)
        } else if self.free() < need {
            None
        } else if !self.keeps {
            Some(Price::Nothing)
        } else if ahead.iter().all(|&x| self.is(x, State::Called)) && self.free() >= wanted + need {
            let alone = ahead.is_empty();
            Some(if alone { Price::Nothing } else { Price::Spare })
        } else {
            let first = ahead[0];
            (self.waiters[first].overtaken < self.limit).then_some(Price::Of(first))
        }
    }

    pub(super) fn pay(&mut self, price: Price) {
        match price {
            Price::Nothing => {}
            Price::Spare => self.seen.count(What::LeftEnough),
            Price::Of(first) => {
                self.seen.count(What::Overtaken);
                self.waiters[first].overtaken += 1;
            }
        }
    }

    pub(super) fn take(&mut self, permits: usize) {
        self.balance -= permits as isize;
    }

    pub(super) fn come_back(&mut self, id: Id) {
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

    pub(super) fn first_called_ahead(&self, id: Id, which: impl Fn(&Waiter) -> bool) -> Option<Id> {
        let mut ahead = self.ahead(id).iter().copied();
        ahead.find(|&x| self.is(x, State::Called) && which(&self.waiters[x]))
    }

    pub(super) fn called_behind(&self, id: Id) -> bool {
        let at = self.queue.iter().position(|&x| x == id);
        at.is_some_and(|at| self.queue[at..].iter().any(|&x| self.is(x, State::Called)))
    }

    /// Makes `id` the prober. Says whether that was the last that `called` had of patience.
    pub(super) fn wears_down(&mut self, id: Id, called: Id) -> bool {
        self.prober = Some(id);
        self.waiters[id].probe == self.waiters[called].call && self.waiters[called].wear_down()
    }

    /// A called waiter leaves the queue and the next are called; `by` is being polled and needs no waking.
    pub(super) fn pass_over(&mut self, called: Id, by: Id, woken: &mut Vec<Task>) {
        self.waiters[called].was_first = self.queue[0] == called;
        self.leave(called, State::Passed);
        self.call(Some(by), woken);
    }

    pub(super) fn leave(&mut self, id: Id, state: State) {
        self.queue.retain(|&x| x != id);
        self.prober = self.prober.filter(|&x| x != id);
        self.waiters[id].state = state;
    }

    /// Wakes, in order, every sleeper for whom enough is free beyond what those called ahead of it need.
    pub(super) fn call(&mut self, by: Option<Id>, woken: &mut Vec<Task>) {
        let mut budget = self.free();
        for &id in &self.queue {
            let waiter = &mut self.waiters[id];
            if waiter.state == State::Asleep {
                if budget < waiter.need {
                    break;
                }
                self.calls += 1;
                waiter.call = self.calls;
                waiter.state = State::Called;
                if by != Some(id) && !waiter.is_awake {
                    woken.push(waiter.task);
                }
            }
            budget = budget.saturating_sub(waiter.need);
        }
    }
}
