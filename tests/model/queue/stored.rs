//! The waiters that receivers store: each an arrival at each poll, for whom nothing is kept.

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
            self.drop_pop(id);
        }
    }

    /// A pop goes, stored or not. If it probed, and no sleeper in line takes over, the last to sleep of
    /// those that are stored is woken, and arrives anew.
    pub(super) fn drop_pop(&mut self, id: Id) {
        let probed = self.pops.prober() == Some(id);
        let woken = self.pops.drop(id);
        self.woken.extend(woken);
        if !probed || self.pops.prober().is_some() {
            return;
        }
        if let Some(heir) = self.asleep.pop() {
            self.seen.count(if self.pops.waiter(id).is_guest {
                What::RoleAmongStored
            } else {
                What::RoleToStored
            });
            self.wake_one_stored(heir);
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
                self.wake_one_stored(id);
            }
        }
    }

    fn wake_one_stored(&mut self, id: Id) {
        self.seen.count(What::StoredWoken);
        self.woken.push(self.pops.waiter(id).task);
        self.pops.start_again(id);
    }
}
