//! The waiters that receivers store: each an arrival at each poll, for whom nothing is kept.

use super::channel::{Answer, Channel};
use super::{Id, Task};
use crate::model::seen::What;
use crate::model::waiter::{State, Waiter};

impl Channel {
    pub(crate) fn new_stored(&mut self, task: Task) -> Id {
        self.pops.guest(task)
    }

    pub(crate) fn poll_stored(&mut self, id: Id, task: Task) -> Answer {
        let answer = self.poll_pop(id, task);
        if self.pops.waiter(id).probed {
            self.seen.count(What::StoredProbes);
            let probing = |x: &&Waiter| x.is_guest && x.probed && x.state == State::Asleep;
            if self.pops.waiters().iter().filter(probing).count() > 1 {
                self.seen.count(What::StoredProbeTogether);
            }
        }
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

    /// Wakes every stored pop if there is news, or an item that it may take.
    pub(super) fn wake_stored(&mut self) {
        let news = std::mem::take(&mut self.news);
        let may_take = || self.pops.price(1, self.pops.queue()).is_some();
        if news || self.is_over() || may_take() {
            self.wake_all_stored();
        }
    }

    pub(super) fn wake_all_stored(&mut self) {
        for id in std::mem::take(&mut self.asleep) {
            // Not one that is being polled, and has just taken an item.
            if self.pops.is(id, State::Asleep) {
                self.seen.count(What::StoredWoken);
                self.woken.push(self.pops.waiter(id).task);
                self.pops.start_again(id);
            }
        }
    }
}
