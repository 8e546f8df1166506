//! What a semaphore has beyond waiting: it is resized and closed.

use super::rules::Rules;
use super::seen::What;
use super::waiter::{Id, State, Task};

impl Rules {
    /// Takes what is free out for good, up to `permits`, and returns how many. Who is called stays called.
    pub fn forget_permits(&mut self, permits: usize) -> usize {
        let taken = permits.min(self.free());
        self.take(taken);
        let needs: usize = self.called().map(|id| self.waiter(id).need).sum();
        if taken > 0 && self.free() < needs {
            self.seen.count(What::TakenFromCalled);
        }
        taken
    }

    /// Takes exactly `permits` out for good; those that are not free are owed.
    pub fn reduce_permits(&mut self, permits: usize) {
        self.take(permits);
        if self.balance < 0 {
            self.seen.count(What::Owed);
        }
    }

    /// Everybody is out of the queue, and woken unless that was done already.
    pub fn close(&mut self) -> Vec<Task> {
        self.closed = true;
        for &id in &self.queue {
            let sleeps = self.is(id, State::Asleep);
            self.seen.count(if sleeps {
                What::ClosedOnSleeper
            } else {
                What::ClosedOnCalled
            });
        }
        self.dismiss_all(|rules, id| rules.leave(id, State::Failed))
    }

    /// Does this to everybody in the queue. Returns the tasks to wake: those that were not woken already.
    pub fn dismiss_all(&mut self, dismiss: impl Fn(&mut Self, Id)) -> Vec<Task> {
        let mut woken = Vec::new();
        for id in self.queue.clone() {
            if self.is(id, State::Asleep) && !self.waiter(id).is_awake {
                woken.push(self.waiter(id).task);
            }
            dismiss(self, id);
        }
        woken
    }
}
