//! Something that happens to all of its waiters at once. There is nothing to be shared out, so no fairness is
//! needed.

use std::task::Waker;

use super::list::WaitList;
use super::node::{NodeRef, State};

#[derive(Debug)]
pub(crate) struct Event {
    list: WaitList,
    /// How often it has happened. Each waiter remembers this number from when it was queued.
    times: u32,
}

impl Event {
    pub(crate) const fn new() -> Self {
        Self {
            list: WaitList::new(),
            times: 0,
        }
    }

    /// Makes every waiter [due](Self::is_due).
    pub(crate) fn happen(&mut self) {
        self.times = self.times.wrapping_add(1);
    }

    /// Whether `node` was queued, and it has happened since.
    pub(crate) fn has_happened(&self, node: NodeRef) -> bool {
        match node.state() {
            State::New => false,
            State::Asleep => node.queued().call.get() != self.times,
            _ => true,
        }
    }

    /// Whether a waiter is to be woken. (The first has waited longest.)
    pub(crate) fn is_due(&self) -> bool {
        let first = self.list.first();
        first.is_some_and(|first| self.has_happened(first))
    }

    /// Calls the first waiter, which is due; returns its waker.
    pub(crate) fn call(&mut self) -> Option<Waker> {
        self.list.notify_one().flatten()
    }

    /// Queues a new waiter, or one that is polled again, with a clone of the waker that it is polled with;
    /// returns the one that it had before.
    pub(crate) fn enqueue(&mut self, node: NodeRef, clone: Waker, polled: &Waker) -> Option<Waker> {
        node.queued().call.set(self.times);
        self.list.enqueue(node, clone, polled)
    }

    /// Removes `node` for good, in whatever state it is; returns its waker.
    pub(crate) fn cancel(&mut self, node: NodeRef) -> Option<Waker> {
        let waker = self.list.cancel(node);
        node.state.set(State::Done);
        waker
    }

    #[cfg(wakeful_loom)]
    pub(crate) fn assert_idle(&self) {
        assert!(self.list.is_empty(), "a waiter is left");
    }
}
