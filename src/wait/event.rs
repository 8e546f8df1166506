//! Something that happens, at once to all who wait for it: without fairness, since nothing is shared out.

use std::task::Waker;

use super::list::WaitList;
use super::node::{NodeRef, State};

#[derive(Debug)]
pub(crate) struct Event {
    list: WaitList,
    /// How often it has happened. Each waiter keeps the number from when it was queued.
    times: u32,
}

impl Event {
    pub(crate) const fn new() -> Self {
        Self {
            list: WaitList::new(),
            times: 0,
        }
    }

    /// It happens: everybody in the list is [due](Self::is_due).
    pub(crate) fn happen(&mut self) {
        self.times = self.times.wrapping_add(1);
    }

    /// Whether it has happened since `node` was queued, if it was.
    pub(crate) fn has_happened(&self, node: NodeRef) -> bool {
        match node.state() {
            State::New => false,
            State::Asleep => node.get().queued().call.get() != self.times,
            _ => true,
        }
    }

    /// Whether somebody is to be woken. (The first has waited longest.)
    pub(crate) fn is_due(&self) -> bool {
        let first = self.list.first();
        first.is_some_and(|first| self.has_happened(first))
    }

    /// Wakes the first, which is due.
    pub(crate) fn call(&mut self) -> Option<Waker> {
        self.list.notify_one().flatten()
    }

    /// Queues a new waiter, or one that is polled again, with a clone of the waker it is polled with;
    /// the waker it slept with before.
    pub(crate) fn enqueue(&mut self, node: NodeRef, clone: Waker, polled: &Waker) -> Option<Waker> {
        node.get().queued().call.set(self.times);
        self.list.enqueue(node, clone, polled)
    }

    /// Takes `node` out, for good; whatever state it is in.
    pub(crate) fn cancel(&mut self, node: NodeRef) -> Option<Waker> {
        self.list.cancel(node)
    }

    #[cfg(wakeful_loom)]
    pub(crate) fn assert_idle(&self) {
        assert!(self.list.is_empty(), "somebody waits still");
    }
}
