//! Items and reserved slots, in and out; stored waiters are told of it.

use super::{Fifo, State};

impl<T> State<T> {
    /// Whether a push that leaves enough for those who were called finds a slot, where nobody sleeps.
    #[inline]
    pub(in crate::queue) fn has_room_to_spare(&self) -> bool {
        self.items.len() < self.ceiling
    }

    /// Where nobody sleeps, and there is room to spare.
    #[inline]
    pub(in crate::queue) fn push_carelessly(&mut self, item: T) {
        self.items.push(item);
    }

    /// Where nobody sleeps: what leaves enough for those who were called.
    #[inline]
    pub(in crate::queue) fn pop_carelessly(&mut self) -> Option<T> {
        if self.items.len() <= self.floor {
            return None;
        }
        self.items.pop()
    }

    #[inline]
    pub(in crate::queue) fn push(&mut self, item: T) {
        self.items.push(item);
        self.tell_streams();
    }

    /// The oldest item, if there is one, whoever it is kept for.
    #[inline]
    pub(in crate::queue) fn pop(&mut self) -> Option<T> {
        let item = self.items.pop();
        if item.is_none() {
            return self.take_offer();
        }
        self.tell_sinks();
        item
    }

    pub(in crate::queue) fn pop_many(&mut self, to: &mut Vec<T>, limit: usize) -> usize {
        self.tell_sinks();
        let popped = self.items.pop_many(to, limit);
        let offers = std::iter::from_fn(|| self.take_offer()).take(limit - popped);
        let before = to.len();
        to.extend(offers);
        popped + to.len() - before
    }

    /// Puts back what was popped when somebody panicked, unless nobody will ever receive it.
    pub(in crate::queue) fn put_back(&mut self, item: T) -> Option<T> {
        if self.deserted {
            return Some(item);
        }
        self.items.push_front(item);
        self.tell_streams();
        None
    }

    /// Throws out the oldest for a new one.
    pub(in crate::queue) fn replace(&mut self, item: T) -> T {
        match self.items.pop() {
            Some(oldest) => {
                self.push(item);
                oldest
            }
            None => item,
        }
    }

    /// Puts back what was taken by [`take_all`](Self::take_all), unless nobody will ever receive it.
    pub(in crate::queue) fn put_all_back(&mut self, taken: &mut Fifo<T>) {
        if !self.deserted {
            std::mem::swap(&mut self.items, taken);
            while let Some(newer) = taken.pop() {
                self.items.push(newer);
            }
            self.tell_streams();
        }
    }

    pub(in crate::queue) fn take_all(&mut self) -> Fifo<T> {
        self.tell_sinks();
        self.items.take()
    }

    pub(in crate::queue) fn reserve(&mut self, slots: usize) {
        self.reserved += slots;
    }

    /// Slots that were reserved are filled by `item`, or given back.
    pub(in crate::queue) fn unreserve(&mut self, slots: usize, item: Option<T>) -> Option<T> {
        self.reserved -= slots;
        self.tell_sinks();
        let rest = match item {
            Some(item) if !self.deserted => {
                self.push(item);
                None
            }
            item => item,
        };
        if self.closed && self.reserved == 0 {
            self.flush_pops();
        }
        rest
    }
}
