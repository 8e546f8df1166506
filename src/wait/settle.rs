//! How a change of what is free ends: call the waiters that are due, release the latch, wake them.

use std::task::Waker;

use super::guarded::{Due, Inside, Latched};
use super::wake::{FirstPanic, WakeBatch, wake};
use crate::sync::WOKEN_AT_ONCE;

impl<X: Inside> Latched<'_, X> {
    /// What must be done next before the latch may be released for good.
    #[inline(always)]
    pub(crate) fn due(&self) -> Option<Due> {
        X::due(self, self.word)
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
        match self.due() {
            Some(due) => self.call_and_wake(due),
            None => self.release(),
        }
    }

    /// The same if something is due: most often a single call.
    #[inline(never)]
    pub(crate) fn call_and_wake(mut self, due: Due) {
        if due == Due::Rare {
            return self.settle_many(None);
        }
        let waker = self.call_due(due);
        if self.due().is_some() {
            return self.settle_many(waker);
        }
        self.release();
        if let Some(waker) = waker {
            wake(waker);
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
