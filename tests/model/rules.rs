//! The fairness rules as a sequential program: one method per event, each of them one atomic step.
//!
//! It says who is woken, in which order, and hands nothing over: a release frees the permits, a called waiter
//! takes them by being polled. The mutex is the case of one permit; a semaphore is the same with other needs,
//! and can be resized and closed: see `permits.rs`.
//! Nothing here is clever or fast: the queue is a `Vec`, every question walks it, and a waiter is never freed.
//!
//! One deviation, which an implementation is free to make, since it leaves a useless wake-up out: a
//! prober that is dropped leaves its role to the sleeper just ahead of it, unless that one is the
//! first. The first has nobody ahead of it to probe.

use super::seen::{Seen, What};
use super::waiter::{Got, Id, NEVER, Polled, State, Task, Waiter};

/// A counting core under the rules.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// The permits that are free; what is owed, if negative.
    pub(super) balance: isize,
    pub(super) closed: bool,
    /// Whether what is free is kept for those who were called.
    pub(super) keeps: bool,
    pub(super) limit: u32,
    patience: u32,
    pub(super) waiters: Vec<Waiter>,
    pub(super) queue: Vec<Id>,
    pub(super) calls: u64,
    pub(super) prober: Option<Id>,
    /// How often each rule made a difference.
    pub(crate) seen: Seen,
}

/// What an acquisition costs.
pub(super) enum Price {
    /// Nobody is ahead, or nothing is wanted.
    Nothing,
    /// Enough is left for all ahead, who are called.
    Spare,
    /// Credit of this waiter.
    Of(Id),
}

impl Rules {
    pub(crate) fn new(free: usize, limit: u32, patience: u32) -> Self {
        let (waiters, queue) = (Vec::new(), Vec::new());
        Self {
            balance: free as isize,
            closed: false,
            keeps: true,
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
        self.waiters[id].is_awake = false;
        match was {
            State::New | State::Asleep | State::Failed => {}
            State::Called => self.waiters[id].sleep(),
            State::Passed if !self.closed => self.come_back(id),
            State::Passed => {}
            State::Done | State::Gone => panic!("waiter {id} was polled after it ended"),
        }
        loop {
            if self.closed {
                self.leave(id, State::Done);
                let got = Got::Closed;
                return Polled { got, woken };
            }
            if let Some(price) = self.may_take(id) {
                self.pay(price);
                self.leave(id, State::Done);
                self.take(self.waiters[id].need);
                let got = Got::It(());
                return Polled { got, woken };
            }
            if self.waiters[id].state == State::New {
                self.waiters[id].state = State::Asleep;
                if !self.waiters[id].is_guest {
                    self.queue.push(id);
                }
            }
            // The same task: its other future will not answer first.
            if let Some(mine) = self.first_called_ahead(id, |x| x.task == task) {
                self.seen.count(What::PassedSameTask);
                self.pass_over(mine, id, &mut woken);
                continue;
            }
            // Enough is free, but kept for a call that nobody has answered.
            let may_probe = new || self.waiters[id].probed || self.prober == Some(id);
            let kept = may_probe && self.free() >= self.waiters[id].need;
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
            if self.called_behind(id) {
                self.seen.count(What::Hole);
            }
            self.waiters[id].answered_in_vain(self.limit);
        }
        if self.prober == Some(id) && !probes {
            self.prober = None;
        }
        let got = Got::NotYet;
        Polled { got, woken }
    }

    /// Takes without waiting, as a stranger would that arrives now.
    pub(crate) fn try_take(&mut self, need: usize) -> Got {
        if self.closed {
            return Got::Closed;
        }
        let Some(price) = self.price(need, &self.queue) else {
            if self.free() >= need {
                self.seen.count(What::Kept);
            }
            return Got::NotYet;
        };
        self.pay(price);
        self.take(need);
        Got::It(())
    }

    /// Permits come back, or are added: the same event.
    pub(crate) fn release(&mut self, permits: usize) -> Vec<Task> {
        let owed = self.balance < 0;
        self.balance += permits as isize;
        let mut woken = Vec::new();
        self.call(None, &mut woken);
        if owed && !woken.is_empty() {
            self.seen.count(What::PaidOff);
        }
        if woken.len() > 1 {
            self.seen.count(What::CalledSeveral);
        }
        woken
    }

    /// Cancels a wait. A forgotten future is no event: it stays as it is, for ever.
    pub(crate) fn drop(&mut self, id: Id) -> Vec<Task> {
        let mut woken = Vec::new();
        let place = match self.waiters[id].is_guest {
            true => Some(self.queue.len()),
            false => self.queue.iter().position(|&x| x == id),
        };
        let was_prober = self.prober == Some(id);
        let slept = self.is(id, State::Asleep);
        self.leave(id, State::Gone);
        // Whoever sleeps just ahead of a prober probes on.
        let heir = place
            .filter(|&at| was_prober && at >= 2)
            .map(|at| self.queue[at - 1]);
        if let Some(heir) = heir.filter(|&heir| self.is(heir, State::Asleep)) {
            self.seen.count(What::RolePassedOn);
            self.prober = Some(heir);
            let by_guest = self.waiters[id].is_guest;
            let heir = &mut self.waiters[heir];
            if !heir.is_awake {
                woken.push(heir.task);
            }
            heir.is_awake |= by_guest;
        }
        let nudged = woken.len();
        self.call(None, &mut woken);
        if slept && place == Some(0) && woken.len() > nudged {
            self.seen.count(What::HeadGaveWay);
        }
        woken
    }
}
