//! How a change of what is free ends: call the waiters that are due, release the latch, wake them.

use std::task::Waker;

use super::guarded::{Due, Inside, Latched};
use super::node::NodeRef;
use super::wake::{FirstPanic, WakeBatch, wake};
use crate::sync::WOKEN_AT_ONCE;

impl<X: Inside> Latched<'_, X> {
    /// What must be done next before the latch may be released for good, or [`Due::Rare`] if that takes a closer
    /// look.
    #[inline(always)]
    pub(crate) fn glance(&self) -> Option<Due> {
        X::glance(self, self.word)
    }

    /// The same, with the closer look if it takes one.
    #[inline(always)]
    pub(crate) fn due(&self) -> Option<Due> {
        match self.glance() {
            Some(Due::Rare) => X::look(self, self.word),
            due => due,
        }
    }

    /// Does what is due, and returns the waker to wake, if any.
    #[inline(always)]
    pub(super) fn call_due(&mut self, due: Due) -> Option<Waker> {
        let mut word = self.word;
        let waker = X::call_due(self, &mut word, due);
        self.word = word;
        waker
    }

    /// Calls the waiters that are due, releases the latch, and wakes them.
    #[inline(always)]
    pub(crate) fn settle(self) {
        match self.glance() {
            Some(due) => self.call_and_wake(due),
            None => self.release(),
        }
    }

    /// [`settle`](Self::settle) as a function of its own, for callers that are inlined.
    #[inline(never)]
    pub(crate) fn settle_apart(self) {
        self.settle();
    }

    /// Does what is `due`, most often a single call, and then settles.
    #[inline(always)]
    pub(crate) fn call_and_wake(self, due: Due) {
        match due {
            Due::First(node) => self.call_first(node),
            Due::Second(node) => self.call_second(node),
            Due::Rare => self.look_and_settle(None),
        }
    }

    // One function for each line, so that neither asks which.

    #[inline(never)]
    fn call_first(self, node: NodeRef) {
        self.call_one(Due::First(node));
    }

    #[inline(never)]
    fn call_second(self, node: NodeRef) {
        self.call_one(Due::Second(node));
    }

    #[inline(always)]
    fn call_one(mut self, due: Due) {
        let waker = self.call_due(due);
        match waker {
            Some(waker) if self.glance().is_none() => self.release_and(|| wake(waker)),
            waker => self.look_and_settle(waker),
        }
    }

    /// Something may be due, but that takes a closer look. Wakes `waker` in any case.
    #[inline(never)]
    fn look_and_settle(self, waker: Option<Waker>) {
        match (X::look(&self, self.word), waker) {
            (None, Some(waker)) => self.release_and(|| wake(waker)),
            (None, None) => self.release(),
            (Some(due), None) if due != Due::Rare => self.call_one(due),
            (_, waker) => self.settle_many(waker),
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_many(self, waker: Option<Waker>) {
        let mut panic = FirstPanic::default();
        self.settle_and(waker, &mut panic);
        panic.go_on();
    }

    /// Like [`settle`](Self::settle), if more foreign code follows: a panic goes to `panic`. Wakes `first`
    /// before all others.
    pub(crate) fn settle_and(mut self, first: Option<Waker>, panic: &mut FirstPanic) {
        let guarded = self.guarded;
        let mut batch = WakeBatch::<WOKEN_AT_ONCE>::new();
        if let Some(first) = first {
            batch.push(first);
        }
        loop {
            let mut due = self.due();
            for _ in 0..WOKEN_AT_ONCE {
                let Some(next) = due.filter(|_| batch.has_room()) else {
                    break;
                };
                let waker = self.call_due(next);
                due = self.due();
                match waker {
                    Some(waker) => batch.push(waker),
                    // Something was tidied up: that is enough for one turn of the latch.
                    None if next == Due::Rare => break,
                    None => {}
                }
            }
            self.drop_unsettled();
            panic.catch(|| batch.wake_all());
            if due.is_none() {
                return;
            }
            (self, batch) = (guarded.latch(), WakeBatch::new());
        }
    }
}
