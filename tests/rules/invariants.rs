//! What can be asked of the rules between two events, and what always holds there.

use super::rules::Rules;
use super::waiter::{Id, State, Waiter};

impl Rules {
    /// The permits that are free.
    pub fn free(&self) -> usize {
        self.balance.max(0) as usize
    }

    pub fn waiter(&self, id: Id) -> &Waiter {
        &self.waiters[id]
    }

    /// Who is called, in the order of the queue.
    pub fn called(&self) -> impl Iterator<Item = Id> {
        self.queue
            .iter()
            .copied()
            .filter(|&id| self.is(id, State::Called))
    }

    /// What holds between any two events.
    pub fn assert_invariants(&self) {
        for (at, &id) in self.queue.iter().enumerate() {
            let waiter = self.waiter(id);
            let queued = matches!(waiter.state, State::Asleep | State::Called);
            assert!(queued, "waiter {id} is queued and {:?}", waiter.state);
            let patient = waiter.patience > 0 || waiter.grant == 0;
            assert!(patient, "waiter {id} has no patience left");
            let in_order = |&x: &Id| self.waiter(x).ticket < waiter.ticket;
            let in_order = self.queue[..at].iter().all(in_order);
            assert!(in_order, "waiter {id} is not in its place");
        }
        let mut queued = 0;
        for (id, waiter) in self.waiters.iter().enumerate() {
            let Waiter {
                overtaken, state, ..
            } = *waiter;
            assert!(
                overtaken <= self.limit,
                "waiter {id} was overtaken {overtaken} times"
            );
            let waits = matches!(state, State::Asleep | State::Called);
            queued += usize::from(waits && !waiter.is_guest);
        }
        assert_eq!(queued, self.queue.len(), "a waiter is lost");
        assert!(
            self.prober
                .is_none_or(|id| self.queue.contains(&id) || self.waiter(id).is_guest),
            "the prober left the queue"
        );
        assert!(!self.closed || self.queue.is_empty(), "closed on a waiter");
        self.assert_everyone_is_called();
    }

    /// Nobody sleeps for whom enough is free beyond what those ahead need, unless enough are called. The
    /// first sleeper stands for all: who is behind it is called after it.
    fn assert_everyone_is_called(&self) {
        let asleep = |&&id: &&Id| self.is(id, State::Asleep);
        let Some(&sleeper) = self.queue.iter().find(asleep) else {
            return;
        };
        let ahead = self.ahead(sleeper);
        let wanted: usize = ahead.iter().map(|&id| self.waiter(id).need).sum();
        let need = self.waiter(sleeper).need;
        let enough_called = ahead.len() >= self.most_called(self.free());
        assert!(
            self.free() < wanted + need || enough_called,
            "enough is free for waiter {sleeper}, who was not called"
        );
    }
}
