//! Whom a change of a queue calls: pops, pushes, and the rare ones, in one order.

use std::task::Waker;

use super::{CLOSED, POP_SLEEP, PUSH_SLEEP, RARE, State};
use crate::wait::{Due, Inside, NodeRef};

impl<T> State<T> {
    /// The next pop to be woken because nothing is kept any more.
    fn to_dismiss(&self) -> Option<NodeRef> {
        self.pops.first_until(self.dismissed_until?)
    }

    fn calls_streams(&self, word: usize) -> bool {
        let ready = self.ready();
        !self.streams.is_empty()
            && (self.streams.has_news() && (ready > 0 || word & CLOSED != 0)
                || if word & CLOSED != 0 {
                    ready > 0
                } else {
                    self.pops.would_admit_newcomer(ready)
                })
    }

    fn calls_sinks(&self, word: usize) -> bool {
        let room = self.room();
        !self.sinks.is_empty()
            && (word & CLOSED != 0
                || self.sinks.has_news() && room > 0
                || self.pushes.would_admit_newcomer(room))
    }

    /// Who is to be called next; pops before pushes if `pops_first`.
    #[inline(always)]
    pub(in crate::queue) fn due(&self, word: usize, pops_first: bool) -> Option<Due> {
        if word & (RARE | CLOSED | POP_SLEEP | PUSH_SLEEP) == 0 {
            return None;
        }
        let holes = self.pops.holes() | self.pushes.holes();
        if word & (RARE | CLOSED) != 0 || holes != 0 {
            return self.due_rare(word, pops_first);
        }
        let pop = || match word & POP_SLEEP {
            0 => None,
            _ => self.pops.due(self.buffer.len()).map(Due::First),
        };
        let push = || match word & PUSH_SLEEP {
            0 => None,
            _ => self.pushes.due(self.plain_room()).map(Due::Second),
        };
        if pops_first {
            pop().or_else(push)
        } else {
            push().or_else(pop)
        }
    }

    #[cold]
    fn due_rare(&self, word: usize, pops_first: bool) -> Option<Due> {
        let rare = |is_due: bool| is_due.then_some(Due::Rare);
        let pop = || {
            rare(self.to_dismiss().is_some() || self.pops.is_untidy())
                .or_else(|| self.pops.due(self.ready()).map(Due::First))
        };
        let push = || {
            if word & CLOSED != 0 {
                return rare(!self.pushes.is_empty());
            }
            rare(self.pushes.is_untidy()).or_else(|| self.pushes.due(self.room()).map(Due::Second))
        };
        let others = || {
            rare(
                !self.served.is_empty()
                    || self.calls_streams(word)
                    || self.calls_sinks(word)
                    || word & CLOSED != 0 && !self.closings.is_empty(),
            )
        };
        if pops_first {
            pop().or_else(push).or_else(others)
        } else {
            push().or_else(pop).or_else(others)
        }
    }

    /// Calls who is due.
    #[inline(always)]
    pub(in crate::queue) fn call(&mut self, word: &mut usize, due: Due) -> Option<Waker> {
        match due {
            Due::First(node) => {
                let waker = self.pops.call(node);
                if !self.pops.has_sleepers() {
                    *word &= !POP_SLEEP;
                }
                waker
            }
            Due::Second(node) => {
                let waker = self.pushes.call(node);
                if !self.pushes.has_sleepers() {
                    *word &= !PUSH_SLEEP;
                }
                waker
            }
            Due::Rare => self.call_rare(word),
        }
    }

    #[cold]
    fn call_rare(&mut self, word: &mut usize) -> Option<Waker> {
        let waker = if let Some(node) = self.to_dismiss() {
            self.pops.dismiss(node)
        } else if self.pops.is_untidy() {
            self.pops.tidy_up();
            None
        } else if let (true, Some(node)) = (*word & CLOSED != 0, self.pushes.first()) {
            let waker = node.disarm();
            self.pushes.leave(node);
            waker
        } else if self.pushes.is_untidy() {
            self.pushes.tidy_up();
            None
        } else if let Some(waker) = self.served.notify_one() {
            waker
        } else if self.calls_streams(*word) {
            self.streams.call()
        } else if self.calls_sinks(*word) {
            self.sinks.call()
        } else if *word & CLOSED != 0 {
            self.closings.notify_one().flatten()
        } else {
            None
        };
        if self.to_dismiss().is_none() {
            self.dismissed_until = None;
        }
        *word = self.word(*word);
        waker
    }
}

impl<T> Inside for State<T> {
    // Long enough for the holder to push or pop a few times more while it has all it needs at hand.
    const FIRST_SPINS: u32 = 40;

    fn is_settled(&self, word: usize) -> bool {
        self.due_rare(word, true).is_none()
    }
}
