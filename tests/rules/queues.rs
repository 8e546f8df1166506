//! What only the model of a queue does with its waiters.

use super::rules::Rules;
use super::waiter::{Id, State, Task, Waiter};

impl Rules {
    /// A stored waiter: an arrival at each poll.
    pub fn guest(&mut self, task: Task) -> Id {
        let id = self.newcomer(task, 1);
        self.waiters[id].is_guest = true;
        id
    }

    /// Everybody is out of the queue, as if never polled, and woken unless that was done already.
    pub fn flush(&mut self) -> Vec<Task> {
        self.dismiss_all(|rules, id| {
            rules.leave(id, State::New);
            rules.start_again(id);
        })
    }

    /// It is as if it had never been polled.
    pub fn start_again(&mut self, id: Id) {
        let old = &self.waiters[id];
        self.waiters[id] = Waiter {
            is_guest: old.is_guest,
            // One that is stored remembers what it met.
            met: if old.is_guest { old.met } else { 0 },
            ..Waiter::new(old.task, old.need, self.patience)
        };
    }
}
