//! Whom a queue has to call: the next in each crowd, by the rules; all who wait for what closing brings;
//! and stored waiters, all of them when there is news, and whenever one of them could take.

use std::task::Waker;

use super::State;
use crate::queue::giving::Giving;
use crate::wait::crowd::{Need, Stand};
use crate::wait::stock::Called;
use crate::wait::{Node, start_again};

impl<T> State<T> {
    pub(in crate::queue) fn news_of_items(&self) -> u32 {
        self.news_of_items
    }

    pub(in crate::queue) fn news_of_slots(&self) -> u32 {
        self.news_of_slots
    }

    #[inline]
    pub(super) fn tell_streams(&mut self) {
        self.news_of_items = self.news_of_items.wrapping_add(1);
    }

    #[inline]
    pub(super) fn tell_sinks(&mut self) {
        self.news_of_slots = self.news_of_slots.wrapping_add(1);
    }

    /// `node` is leaving: if it is still the prober, a stored pop probes instead, which is to be woken.
    pub(in crate::queue) fn heir_among_streams(&mut self, node: Node<Need>) -> Option<Waker> {
        let heir = self
            .pops
            .line
            .is_prober(node)
            .then(|| self.streams.unshelve_last());
        heir.flatten()
    }

    /// The same for stored pushes.
    pub(in crate::queue) fn heir_among_sinks(&mut self, node: Node<Giving<T>>) -> Option<Waker> {
        let heir = self
            .pushes
            .line
            .is_prober(node)
            .then(|| self.sinks.unshelve_last());
        heir.flatten()
    }

    #[inline]
    pub(in crate::queue) fn has_to_call(&mut self) -> bool {
        self.pops.line.first().is_some() && self.pop_to_call().is_some()
            || self.pushes.line.first().is_some() && self.push_to_call().is_some()
            || self.has_others_to_call()
    }

    #[inline]
    fn has_others_to_call(&mut self) -> bool {
        self.taken.first().is_some()
            || self.streams.first().is_some() && self.calls_streams()
            || self.sinks.first().is_some() && self.calls_sinks()
            || self.closed && self.closings.first().is_some()
    }

    fn pop_to_call(&self) -> Option<Node<Need>> {
        if self.flush > 0 {
            return self.pops.line.first();
        }
        self.pops.next_to_call(self.ready())
    }

    fn push_to_call(&self) -> Option<Node<Giving<T>>> {
        if self.closed {
            return self.pushes.line.first();
        }
        self.pushes.next_to_call(self.room())
    }

    fn calls_streams(&self) -> bool {
        !self.streams.first_knows(self.news_of_items) && (self.ready() > 0 || self.is_over())
            || self.price_of_items(Stand::Behind, 1).is_some()
    }

    fn calls_sinks(&self) -> bool {
        self.closed
            || !self.sinks.first_knows(self.news_of_slots) && self.room() > 0
            || self.price_of_slots(Stand::Behind, 1).is_some()
    }

    pub(in crate::queue) fn call_pop(&mut self) -> Option<Called<Need>> {
        let Some(node) = self.pop_to_call() else {
            self.flush = 0;
            return None;
        };
        let waker = if self.flush > 0 {
            self.flush -= 1;
            self.pops.leave(node);
            let waker = self.pops.line.get_mut(node).disarm();
            start_again(&mut self.pops.line, node);
            waker
        } else {
            self.pops.call(node)
        };
        Some(Called {
            node: Some(node),
            waker,
        })
    }

    pub(in crate::queue) fn call_push(&mut self) -> Option<Called<Giving<T>>> {
        let node = self.push_to_call()?;
        let waker = if self.closed {
            self.leave_pushes(node);
            self.pushes.line.get_mut(node).disarm()
        } else {
            self.pushes.call(node)
        };
        Some(Called {
            node: Some(node),
            waker,
        })
    }

    /// Calls the next of those who do not stand in a crowd.
    pub(in crate::queue) fn call_other(&mut self) -> Option<Option<Waker>> {
        if let Some(node) = self.taken.first() {
            self.taken.leave(node);
            return Some(self.taken.get_mut(node).disarm());
        }
        if let Some(node) = self.streams.first().filter(|_| self.calls_streams()) {
            return Some(self.streams.unshelve(node));
        }
        if let Some(node) = self.sinks.first().filter(|_| self.calls_sinks()) {
            return Some(self.sinks.unshelve(node));
        }
        let node = self.closings.first().filter(|_| self.closed)?;
        self.closings.leave(node);
        Some(self.closings.get_mut(node).disarm())
    }

    /// Calls whoever is next, wherever it stands.
    pub(in crate::queue) fn call_any(&mut self) -> Option<Option<Waker>> {
        if let Some(called) = self.call_pop() {
            return Some(called.waker);
        }
        if let Some(called) = self.call_push() {
            return Some(called.waker);
        }
        self.call_other()
    }
}
