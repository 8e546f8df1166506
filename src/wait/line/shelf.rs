//! A line as a *shelf*, on which stored waiters sleep.

use std::task::Waker;

use super::{Line, Node};

impl<A> Line<A> {
    /// A stored waiter goes to sleep on this shelf, behind all, and knows the news of that number;
    /// whether it did not sleep there already.
    pub(crate) fn shelve(&mut self, node: Node<A>, news: u32) -> bool {
        let is_new = !self.is_queued(node);
        if !is_new {
            self.list.remove(node);
            self.list.push_back(node);
        } else {
            self.enqueue(node, true);
        }
        self.get_mut(node).call = news;
        is_new
    }

    /// Whether the first on this shelf knows the news of that number.
    pub(crate) fn first_knows(&self, news: u32) -> bool {
        self.first()
            .is_none_or(|first| self.get(first).call == news)
    }

    /// Takes a stored waiter off this shelf, as long as it is not polled.
    pub(crate) fn unshelve(&mut self, node: Node<A>) -> Option<Waker> {
        self.leave(node);
        let waiter = self.get_mut(node);
        let waker = waiter.disarm();
        waiter.start_again();
        waker
    }

    pub(crate) fn unshelve_last(&mut self) -> Option<Waker> {
        let last = self.list.last()?;
        self.unshelve(last)
    }
}
