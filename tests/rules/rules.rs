//! The fairness rules as a sequential program: one method per event, each of them one atomic step.
//!
//! It says who is woken, in which order, and hands nothing over: a release frees the permits, a called waiter
//! takes them by being polled. The mutex is the case of one permit; a semaphore is the same with other needs,
//! and can be resized and closed: see `permits.rs`. The slots of a queue call only a few waiters at a time.
//! Nothing here is clever or fast: the queue is a `Vec`, every question walks it, and a waiter is never freed.
//!
//! Time is counted in looks at the clock. A poll wakes its own task after everybody else.
//!
//! Whoever takes over the role of a prober is woken with the waker that it sleeps with, and has none until
//! it is polled again. A call that comes before that counts as any other, but wakes nobody.

use std::mem::replace;

use super::seen::{Seen, What};
use super::waiter::{Got, Id, NEVER, Polled, State, Task, Waiter};
use super::without::Without;

/// A counting core under the rules.
#[derive(Clone, Default, Debug)]
pub struct Rules {
    /// The permits that are free; what is owed, if negative.
    pub balance: isize,
    pub closed: bool,
    /// Whether what is free is kept for those who were called.
    pub keeps: bool,
    pub limit: u32,
    pub patience: u32,
    /// With `f` free, no more than the first 1 + log2(`f`) in the queue are called.
    pub few: bool,
    pub waiters: Vec<Waiter>,
    /// In order of tickets.
    pub queue: Vec<Id>,
    pub tickets: u32,
    pub calls: u32,
    pub prober: Option<Id>,
    /// What is taken out of the rules, for a test that shows why it is there.
    pub without: Option<Without>,
    /// If, during the latest poll, a waiter was passed over and there was then enough for any arrival: how many
    /// had been woken before that.
    pub had_spare: Option<usize>,
    /// Whether the latest poll woke its own task.
    pub woke_itself: bool,
    /// How often each rule made a difference.
    pub seen: Seen,
}

/// What an acquisition costs.
pub enum Price {
    /// Nobody is ahead, or nothing is wanted.
    Nothing,
    /// Enough is left for all ahead, who are called.
    Spare,
    /// Credit of this waiter.
    Of(Id),
}

/// What a poll in vain does about a call ahead that has not been answered.
pub enum Unanswered {
    /// There is none, or it is no business of this waiter.
    Nothing,
    /// It is of the same task, met for the first time: it may be polled in this very turn.
    SameTask,
    /// What is free is kept for it: wake yourself, and look at the clock.
    Probe,
    PassOver(Id),
}

impl Rules {
    pub fn new(free: usize, limit: u32, patience: u32) -> Self {
        Self {
            balance: free as isize,
            keeps: true,
            limit,
            patience,
            ..Self::default()
        }
    }

    /// The same for slots, of which a few waiters are called at a time.
    pub fn of_slots(self) -> Self {
        Self { few: true, ..self }
    }

    pub fn without(self, without: Option<Without>) -> Self {
        Self { without, ..self }
    }

    /// A future that was not polled yet.
    pub fn newcomer(&mut self, task: Task, need: usize) -> Id {
        self.waiters.push(Waiter::new(task, need, self.patience));
        self.waiters.len() - 1
    }

    /// A thread that is about to wait: it always answers, so nobody passes it over for want of patience.
    pub fn blocking_newcomer(&mut self, task: Task, need: usize) -> Id {
        self.waiters.push(Waiter::new(task, need, NEVER));
        self.waiters.len() - 1
    }

    /// Polling is how a called waiter answers, and how one that was passed over comes back.
    pub fn poll(&mut self, id: Id, task: Task) -> Polled {
        // One that is stored arrives at each poll.
        let new = self.is(id, State::New) || self.waiters[id].is_guest;
        self.poll_by(id, task, new)
    }

    /// A wait with a deadline looks again, as an arrival does, shortly before that.
    pub fn look_again(&mut self, id: Id, task: Task) -> Polled {
        let looks = self.has(Without::Deadline);
        self.poll_by(id, task, looks)
    }

    fn poll_by(&mut self, id: Id, task: Task, new: bool) -> Polled {
        let was = self.waiters[id].state;
        let mut answers = was == State::Called;
        let mut woken = Vec::new();
        self.woke_itself = false;
        self.waiters[id].task = task;
        self.waiters[id].is_awake = false;
        match was {
            State::New | State::Asleep | State::Failed => {}
            State::Called => self.sleep_again(id),
            State::Passed if !self.closed && self.has(Without::ComingBack) => self.come_back(id),
            State::Passed => {}
            State::Done | State::Gone => panic!("waiter {id} was polled after it ended"),
        }
        let met = loop {
            if self.closed {
                self.leave(id, State::Done);
                return Polled::new(Got::Closed, woken);
            }
            if let Some(price) = self.may_take(id) {
                self.pay(price);
                self.leave(id, State::Done);
                self.take(self.waiters[id].need);
                if self.has(Without::CallingTheNext) {
                    self.call(None, &mut woken);
                }
                return Polled::new(Got::It(()), woken);
            }
            if self.is(id, State::New) {
                self.queue_up(id);
            }
            if replace(&mut answers, false) {
                self.answers_in_vain(id);
            }
            match self.unanswered(id, new) {
                Unanswered::PassOver(called) => self.pass_over(called, id, &mut woken),
                met => break met,
            }
            // Who is stored may have to give way to those stored who are called for that.
            if self.waiters[id].is_guest && self.had_spare.is_some() {
                return Polled::new(Got::NotYet, woken);
            }
        };
        // Who may probe still may, once the one of its task is passed over.
        let keeps = matches!(met, Unanswered::SameTask)
            && self.may_probe(id, new)
            && self.has(Without::ProbingOn);
        let probes = keeps || matches!(met, Unanswered::Probe);
        self.waiters[id].probed = probes && (new || keeps && self.waiters[id].probed);
        if self.prober == Some(id) && !probes {
            self.prober = None;
        }
        self.call(Some(id), &mut woken);
        self.woke_itself = !matches!(met, Unanswered::Nothing) && self.has(Without::WakingItself);
        if self.woke_itself {
            woken.push(task);
        }
        Polled::new(Got::NotYet, woken)
    }

    /// Takes without waiting, as a stranger would that arrives now.
    pub fn try_take(&mut self, need: usize) -> Got {
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
    pub fn release(&mut self, permits: usize) -> Vec<Task> {
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

    /// Cancels a wait. A forgotten future is no event: it stays as it is, forever.
    pub fn drop(&mut self, id: Id) -> Vec<Task> {
        let mut woken = Vec::new();
        let place = self.place(id);
        let slept = self.is(id, State::Asleep);
        let was_prober = self.prober == Some(id);
        self.leave(id, State::Gone);
        // A prober leaves its role to the sleeper just ahead of it.
        let ahead = place
            .filter(|_| was_prober)
            .and_then(|at| at.checked_sub(1));
        let heir = ahead.map(|at| self.queue[at]);
        if let Some(heir) = heir.filter(|&heir| self.is(heir, State::Asleep)) {
            if self.has(Without::Heir) {
                self.takes_over(heir, &mut woken);
            }
        }
        let nudged = woken.len();
        if self.has(Without::PassingOn) {
            self.call(None, &mut woken);
        }
        if slept && place == Some(0) && woken.len() > nudged {
            self.seen.count(What::HeadGaveWay);
        }
        woken
    }
}
