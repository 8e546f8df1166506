//! The parts of which the events of the rules are made.

use super::rules::{Price, Rules};
use super::seen::What;
use super::waiter::{Id, State, Task, Waiter};
use super::without::Without;

/// How many called waiters a poll looks at.
const CALLED_SEEN: usize = 16;

impl Rules {
    /// Whether this was not taken out of the rules.
    pub fn has(&self, what: Without) -> bool {
        self.without != Some(what)
    }

    pub fn is(&self, id: Id, state: State) -> bool {
        self.waiters[id].state == state
    }

    /// How many are queued ahead of `id`: all, for a guest. `None` if it does not wait.
    pub fn place(&self, id: Id) -> Option<usize> {
        if self.waiters[id].is_guest {
            Some(self.queue.len())
        } else {
            self.queue.iter().position(|&x| x == id)
        }
    }

    /// Who is queued ahead of `id`: everyone, if it is not queued itself.
    pub fn ahead(&self, id: Id) -> &[Id] {
        &self.queue[..self.place(id).unwrap_or(self.queue.len())]
    }

    /// Whether this waiter may take what it needs now, and whose credit that costs.
    pub fn may_take(&self, id: Id) -> Option<Price> {
        self.price(self.waiters[id].need, self.ahead(id))
    }

    pub fn price(&self, need: usize, ahead: &[Id]) -> Option<Price> {
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
            let has_credit = self.waiters[first].overtaken < self.limit;
            (has_credit || !self.has(Without::Credit)).then_some(Price::Of(first))
        }
    }

    pub fn pay(&mut self, price: Price) {
        match price {
            Price::Nothing => {}
            Price::Spare => self.seen.count(What::LeftEnough),
            Price::Of(first) => {
                self.seen.count(What::Overtaken);
                self.waiters[first].overtaken += 1;
            }
        }
    }

    pub fn take(&mut self, permits: usize) {
        self.balance -= permits as isize;
    }

    /// To sleep, at the end of the queue.
    pub fn queue_up(&mut self, id: Id) {
        self.waiters[id].sleep();
        if !self.waiters[id].is_guest {
            self.tickets += 1;
            self.waiters[id].ticket = self.tickets;
            self.queue.push(id);
        }
    }

    /// Who was called sleeps again in its old place, or takes what it needs.
    pub fn sleep_again(&mut self, id: Id) {
        self.waiters[id].sleep();
        if !self.has(Without::SleepingInPlace) {
            self.queue.retain(|&x| x != id);
            self.queue.push(id);
        }
    }

    /// It was called, and sleeps again, with half of its credit.
    pub fn answers_in_vain(&mut self, id: Id) {
        self.seen.count(What::AnsweredInVain);
        if self.called_behind(id) {
            self.seen.count(What::Hole);
        }
        if self.has(Without::Halving) {
            self.waiters[id].answered_in_vain(self.limit);
        }
    }

    /// Who was passed over takes its old place, by order of arrival.
    pub fn come_back(&mut self, id: Id) {
        let Waiter { ticket, .. } = self.waiters[id];
        let ahead = |&&x: &&Id| self.waiters[x].ticket < ticket;
        let at = if self.has(Without::OldPlace) {
            self.queue.iter().take_while(ahead).count()
        } else {
            self.queue.len()
        };
        self.seen.count(if at == 0 {
            What::CameBackFirst
        } else {
            What::CameBackBehind
        });
        self.waiters[id].sleep();
        self.queue.insert(at, id);
        if self.called_behind(id) {
            self.seen.count(What::CameBackAheadOfCalled);
        }
        if !self.has(Without::CreditLeft) {
            self.waiters[id].overtaken = 0;
        }
    }

    /// The first of its kind among the called ones nearest the front that a poll looks at.
    pub fn first_called_ahead(&self, id: Id, which: impl Fn(&Waiter) -> bool) -> Option<Id> {
        let ahead = self.ahead(id).iter().copied();
        let mut seen = ahead
            .filter(|&x| self.is(x, State::Called))
            .take(CALLED_SEEN);
        seen.find(|&x| which(&self.waiters[x]))
    }

    pub fn called_behind(&self, id: Id) -> bool {
        let at = self.queue.iter().position(|&x| x == id);
        at.is_some_and(|at| self.queue[at..].iter().any(|&x| self.is(x, State::Called)))
    }

    /// A called waiter leaves the queue and the next are called; `by` is being polled and needs no waking.
    pub fn pass_over(&mut self, called: Id, by: Id, woken: &mut Vec<Task>) {
        self.leave(called, State::Passed);
        self.call(Some(by), woken);
        if self.price(1, &self.queue).is_some() {
            self.had_spare.get_or_insert(woken.len());
        }
    }

    pub fn leave(&mut self, id: Id, state: State) {
        self.queue.retain(|&x| x != id);
        self.prober = self.prober.filter(|&x| x != id);
        self.waiters[id].state = state;
    }

    /// Wakes, in order, every sleeper for whom enough is free beyond what those ahead of it need; of
    /// those who want slots a few at a time.
    pub fn call(&mut self, by: Option<Id>, woken: &mut Vec<Task>) {
        let free = self.free();
        let most = self.most_called(free);
        let mut budget = free;
        for (at, &id) in self.queue.iter().enumerate() {
            let waiter = &mut self.waiters[id];
            if waiter.state == State::Asleep {
                if budget < waiter.need {
                    break;
                }
                if at >= most {
                    self.seen.count(What::CalledFew);
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

    /// How many of those in front may be called.
    pub fn most_called(&self, free: usize) -> usize {
        if self.few && self.has(Without::Few) {
            (usize::BITS - free.leading_zeros()) as usize
        } else {
            usize::MAX
        }
    }
}
