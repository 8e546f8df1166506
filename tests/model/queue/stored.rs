//! The waiter that a receiver stores: an arrival at each poll, for whom nothing is kept.

use super::channel::{Answer, Channel};
use super::{Id, Task};
use crate::model::seen::What;
use crate::model::waiter::State;

impl Channel {
    pub(crate) fn new_stored(&mut self, task: Task) -> Id {
        self.pops.guest(task)
    }

    pub(crate) fn poll_stored(&mut self, id: Id, task: Task) -> Answer {
        let answer = self.poll_pop(id, task);
        self.asleep
            .retain(|&asleep| asleep != id || self.pops.is(id, State::Asleep));
        if self.pops.is(id, State::Asleep) && !self.asleep.contains(&id) {
            self.asleep.push(id);
        }
        answer
    }

    pub(crate) fn drop_stored(&mut self, id: Id) {
        self.asleep.retain(|&asleep| asleep != id);
        if !self.pops.is(id, State::Done) {
            let woken = self.pops.drop(id);
            self.woken.extend(woken);
        }
    }

    /// Wakes every stored pop if an item came, or there is one that it may take.
    pub(super) fn wake_stored(&mut self) {
        let came = std::mem::take(&mut self.came) && self.ready() > 0;
        let may_take = || self.pops.price(1, self.pops.queue()).is_some();
        if came || self.is_over() || may_take() {
            for id in std::mem::take(&mut self.asleep) {
                self.seen.count(What::StoredWoken);
                self.woken.push(self.pops.waiter(id).task);
                self.pops.start_again(id);
            }
        }
    }

    /// Somebody woke the one of this task, if it slept.
    pub(crate) fn stored_is_awake(&mut self, task: Task) {
        let of_task = |&id: &Id| self.pops.waiter(id).task == task;
        if let Some(at) = self.asleep.iter().position(of_task) {
            let id = self.asleep.remove(at);
            self.pops.start_again(id);
        }
    }
}
