//! The plain wait list, without fairness: intrusive and doubly linked; its handle is a pointer to the first
//! node.
//!
//! ```text
//!          first
//!            |
//!   +----- [node] <--> [node] <--> [node]      no node points into the primitive, and the list
//!   | prev                           ^         embeds no sentinel: both may move
//!   +--------------------------------+
//! ```
//!
//! The `prev` links form a circle, so the first node points to the last.
//!
//! [`Event`](super::event::Event) and [`Line`](super::line::Line) are built on it.

use std::task::Waker;

use super::node::{NodeRef, State};

#[derive(Debug)]
pub(crate) struct WaitList {
    first: Option<NodeRef>,
}

impl WaitList {
    pub(crate) const fn new() -> Self {
        Self { first: None }
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<NodeRef> {
        self.first
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    #[inline]
    pub(super) fn last(&self) -> Option<NodeRef> {
        self.first?.queued().prev.get()
    }

    /// The node behind `node`.
    #[inline]
    pub(super) fn behind(&self, node: NodeRef) -> Option<NodeRef> {
        node.queued().next.get()
    }

    /// The node ahead of `node`.
    #[inline]
    pub(super) fn ahead(&self, node: NodeRef) -> Option<NodeRef> {
        if self.first == Some(node) {
            return None;
        }
        node.queued().prev.get()
    }

    #[inline]
    pub(super) fn push_back(&mut self, node: NodeRef) {
        let queued = node.queued();
        queued.next.set(None);
        let Some(first) = self.first else {
            queued.prev.set(Some(node));
            self.first = Some(node);
            return;
        };
        let last = first.queued().prev.replace(Some(node));
        queued.prev.set(last);
        if let Some(last) = last {
            last.queued().next.set(Some(node));
        }
    }

    /// Links `node` just ahead of `next`.
    pub(super) fn insert_ahead(&mut self, next: NodeRef, node: NodeRef) {
        let prev = next.queued().prev.replace(Some(node));
        let queued = node.queued();
        queued.next.set(Some(next));
        queued.prev.set(prev);
        if self.first == Some(next) {
            self.first = Some(node);
        } else if let Some(prev) = prev {
            prev.queued().next.set(Some(node));
        }
    }

    /// Unlinks `node`, which is the first.
    #[inline(always)]
    pub(super) fn remove_first(&mut self, node: NodeRef) {
        let queued = node.queued();
        self.first = queued.next.get();
        if let Some(first) = self.first {
            first.queued().prev.set(queued.prev.get());
        }
    }

    /// Unlinks `node`, which is linked here.
    #[inline]
    pub(super) fn remove(&mut self, node: NodeRef) {
        let queued = node.queued();
        let (next, prev) = (queued.next.get(), queued.prev.get());
        if self.first == Some(node) {
            return self.remove_first(node);
        }
        if let Some(prev) = prev {
            prev.queued().next.set(next);
        }
        if let Some(behind) = next.or(self.first) {
            behind.queued().prev.set(prev);
        }
    }

    /// Queues a new waiter, or one that is polled again, with a clone of the waker it is polled with. Returns
    /// its previous waker.
    pub(crate) fn enqueue(&mut self, node: NodeRef, clone: Waker, polled: &Waker) -> Option<Waker> {
        let old = node.disarm();
        node.arm(clone, polled);
        if node.state() != State::Asleep {
            node.state.set(State::Asleep);
            self.push_back(node);
        }
        old
    }

    /// Removes the first waiter for good; `None` if there is none. To notify all, call it until then.
    pub(crate) fn notify_one(&mut self) -> Option<Option<Waker>> {
        let first = self.first?;
        Some(self.cancel(first))
    }

    /// Removes `node` for good, in any state. Returns its waker.
    pub(crate) fn cancel(&mut self, node: NodeRef) -> Option<Waker> {
        if matches!(node.state(), State::Asleep | State::Served) {
            self.remove(node);
            node.state.set(State::Done);
        }
        node.disarm()
    }
}
