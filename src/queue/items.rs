//! Waiting for items, for a future and for a stored waiter.

use std::task::Waker;

use super::core::{Core, Face};
use super::faces::Items;
use super::sides::ItemSide;
use super::state::NO_ITEM;
use crate::wait::crowd::Need;
use crate::wait::stock::quick::{poll_again, poll_new};
use crate::wait::stored::{leave_shelf, poll_stored};
use crate::wait::{Node, Polled, Resource, start_again};

impl<const STORED: bool, T> Resource for Face<Items<STORED>, T> {
    type Ask = Need;
    type Got = Option<T>;
    const FUTURE: &'static str = "the future of a queue's pop";

    #[inline]
    fn take_idle(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.pop_at_once()
    }

    fn has_line(&self) -> bool {
        self.core.has_line()
    }

    fn try_take(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.try_pop()
    }

    fn poll_new(&self, node: Node<Need>, waker: &Waker, always_answers: bool) -> Polled<Option<T>> {
        let lock = || ItemSide(self.core.lock());
        let undo = |got| self.core.undo_pop(node, got);
        if STORED {
            poll_stored(lock, node, waker, always_answers, undo)
        } else {
            poll_new(lock, node, waker, always_answers, undo)
        }
    }

    fn is_short_of(&self, _: u32) -> bool {
        self.core.has_none(NO_ITEM)
    }

    fn poll_again(
        &self,
        node: Node<Need>,
        waker: &Waker,
        always_answers: bool,
        sleeps: bool,
    ) -> Polled<Option<T>> {
        if STORED {
            return self.poll_new(node, waker, always_answers);
        }
        let lock = || ItemSide(self.core.lock());
        let undo = |got| self.core.undo_pop(node, got);
        poll_again(lock, node, waker, always_answers, sleeps, undo)
    }

    fn cancel(&self, node: Node<Need>) {
        if STORED {
            let mut side = ItemSide(self.core.lock());
            let old = side.0.streams.get_mut(node).disarm();
            let heir = leave_shelf(&mut side, node);
            return self.core.finish_with(side.0, heir, old);
        }
        self.core.cancel(node, |state| {
            let heir = state.heir_among_streams(node);
            let old = state.pops.line.get_mut(node).disarm();
            state.pops.leave(node);
            [heir, old]
        });
    }
}

impl<T> Core<T> {
    /// A pop panicked when it had its item: that comes back, and it may be polled again.
    fn undo_pop(&self, node: Node<Need>, got: Option<T>) {
        start_again(&mut self.lock().pops.line, node);
        if let Some(item) = got {
            self.put_back(item);
        }
    }
}
