//! The intrusive list of waiters: doubly linked, known by its first node alone.
//!
//! ```text
//!          first
//!            |
//!   +--- [ waiter ] <--> [ waiter ] <--> [ waiter ]      no node points into the list, and the
//!   | prev                                    ^          list embeds no sentinel: both may move
//!   +-----------------------------------------+
//! ```
//!
//! Only backwards it is a circle: that leads to the last node, and who leaves from the front touches
//! nobody but who stands behind it.
//!
//! Invariants:
//!
//! 1. A [`Node`] in anybody's hand leads to a waiter that is initialised, does not move, and is
//!    either linked in a list or about to be linked or taken apart by the thread that has the node.
//!    [`Node::new`] is where this is promised. A waiter that was forgotten stays linked and valid for
//!    ever, since memory that was pinned is not reused without a drop.
//! 2. The fields of a waiter are touched through the list that it waits in, with that list locked:
//!    [`List::get`] and [`List::get_mut`] borrow the list, so that there is never a second reference
//!    to a waiter while an exclusive one lives.
//! 3. A linked waiter's `next`, if it is not the last, and its `prev` are linked in the same list; the
//!    first one's `prev` is the last, and every other one's has it as its `next`.

use super::waiter::{Node, Waiter};

/// The list: the first node, or none.
#[derive(Debug)]
pub(crate) struct List<A> {
    first: Option<Node<A>>,
}

impl<A> List<A> {
    pub(crate) const fn new() -> Self {
        Self { first: None }
    }

    #[inline]
    pub(crate) fn get(&self, node: Node<A>) -> &Waiter<A> {
        // SAFETY: invariant 1 makes the pointer valid, invariant 2 the reference not exclusive.
        unsafe { node.0.as_ref() }
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, mut node: Node<A>) -> &mut Waiter<A> {
        // SAFETY: invariant 1 makes the pointer valid, invariant 2 the reference unique.
        unsafe { node.0.as_mut() }
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<Node<A>> {
        self.first
    }

    #[inline]
    pub(crate) fn is_first(&self, node: Node<A>) -> bool {
        self.first == Some(node)
    }

    pub(crate) fn last(&self) -> Option<Node<A>> {
        self.first.and_then(|first| self.get(first).prev)
    }

    /// Who stands behind `node`, which is linked.
    #[inline]
    pub(crate) fn behind(&self, node: Node<A>) -> Option<Node<A>> {
        self.get(node).next
    }

    /// Who stands ahead of `node`, which is linked.
    #[inline]
    pub(crate) fn ahead(&self, node: Node<A>) -> Option<Node<A>> {
        self.get(node).prev.filter(|_| !self.is_first(node))
    }

    #[inline]
    pub(crate) fn push_back(&mut self, node: Node<A>) {
        let Some(first) = self.first else {
            return self.push_alone(node);
        };
        let last = self.get_mut(first).prev.replace(node);
        self.get_mut(node).prev = last;
        if let Some(last) = last {
            self.get_mut(last).next = Some(node);
        }
    }

    pub(crate) fn push_front(&mut self, node: Node<A>) {
        match self.first {
            Some(first) => self.link_ahead_of(first, node),
            None => self.push_alone(node),
        }
        self.first = Some(node);
    }

    /// Links `node` just behind the first, or as the first.
    pub(crate) fn push_second(&mut self, node: Node<A>) {
        let Some((first, second)) = self
            .first
            .and_then(|first| Some((first, self.behind(first)?)))
        else {
            return self.push_back(node);
        };
        self.link_ahead_of(second, node);
        self.get_mut(first).next = Some(node);
    }

    /// Unlinks `node`, which is linked.
    #[inline]
    pub(crate) fn remove(&mut self, node: Node<A>) {
        let waiter = self.get_mut(node);
        let (Some(prev), next) = (waiter.prev.take(), waiter.next.take()) else {
            unreachable!("a waiter that is removed is linked");
        };
        if self.is_first(node) {
            self.first = next;
        } else {
            self.get_mut(prev).next = next;
        }
        // Nobody is left if there is neither a next nor a first.
        if let Some(behind) = next.or(self.first) {
            self.get_mut(behind).prev = Some(prev);
        }
    }

    #[inline]
    fn push_alone(&mut self, node: Node<A>) {
        self.get_mut(node).prev = Some(node);
        self.first = Some(node);
    }

    /// All but what leads to it from ahead.
    fn link_ahead_of(&mut self, next: Node<A>, node: Node<A>) {
        let prev = self.get_mut(next).prev.replace(node);
        let waiter = self.get_mut(node);
        waiter.next = Some(next);
        waiter.prev = prev;
    }

    /// Panics if invariant 3 is broken; walks the whole list.
    #[cfg(fuzzing)]
    pub(crate) fn assert_valid(&self) -> usize {
        let Some(first) = self.first else { return 0 };
        let (mut node, mut len) = (first, 1);
        while let Some(next) = self.get(node).next {
            assert!(self.get(next).prev == Some(node), "linked back");
            (node, len) = (next, len + 1);
        }
        assert!(self.last() == Some(node), "the first leads to the last");
        len
    }
}
