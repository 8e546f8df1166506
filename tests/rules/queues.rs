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
        let mut woken = Vec::new();
        for id in self.queue.clone() {
            if self.is(id, State::Asleep) && !self.waiter(id).is_awake {
                woken.push(self.waiter(id).task);
            }
            self.leave(id, State::New);
            self.start_again(id);
        }
        woken
    }

    /// It is as if it had never been polled.
    pub fn start_again(&mut self, id: Id) {
        let Waiter {
            task,
            need,
            is_guest,
            met,
            ..
        } = self.waiters[id];
        let fresh = self.newcomer(task, need);
        let fresh = self.waiters.remove(fresh);
        // One that is stored remembers what it met.
        let met = if is_guest { met } else { fresh.met };
        self.waiters[id] = Waiter {
            is_guest,
            met,
            ..fresh
        };
    }
}
