//! Which waiter of a queue is due next: pops first, then pushes, then the rare cases.

use std::task::Waker;

use super::State;
use crate::queue::core::load::Load;
use crate::queue::core::word::{CLOSED, POP_SLEEP, PUSH_SLEEP, RARE, SPECIAL};
use crate::wait::{Due, Inside, NodeRef};

impl<T> State<T> {
    /// The next pop to wake because nothing is kept any more.
    fn to_dismiss(&self) -> Option<NodeRef> {
        self.pops.first_until(self.dismissed_until?)
    }

    /// The next stored pop to call.
    fn stream_to_call(&self, word: usize) -> Option<NodeRef> {
        if self.streams.is_empty() {
            return None;
        }
        let ready = self.ready();
        let closed = word & CLOSED != 0;
        let with_news = self.streams.first_with_news();
        with_news.filter(|_| ready > 0 || closed).or_else(|| {
            let admits = |need| ready > 0 && closed || self.pops.would_admit_newcomer(need, ready);
            self.streams.admissible(admits)
        })
    }

    /// The next stored push to call.
    fn sink_to_call(&self, word: usize) -> Option<NodeRef> {
        if self.sinks.is_empty() || word & CLOSED != 0 {
            return self.sinks.first();
        }
        let room = self.room();
        let with_news = self.sinks.first_with_news();
        with_news.filter(|_| room > 0).or_else(|| {
            let admits = |need| self.pushes.would_admit_newcomer(need, room);
            self.sinks.admissible(admits)
        })
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
        } else if let Some(node) = self.stream_to_call(*word) {
            self.streams.call(node, &mut self.pops)
        } else if let Some(node) = self.sink_to_call(*word) {
            self.sinks.call(node, &mut self.pushes)
        } else if self.joins.is_due() {
            self.joins.call()
        } else if self.closings.is_due() {
            self.closings.call()
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
    type Load = Load<T>;

    // Long enough for the holder to push or pop a few more times while everything is in its cache.
    const FIRST_SPINS: u32 = 40;

    #[inline(always)]
    fn glance(&self, word: usize) -> Option<Due> {
        if word & (RARE | SPECIAL | CLOSED) != 0 {
            return Some(Due::Rare);
        }
        if word & POP_SLEEP != 0 {
            let pop = self.pops.glance(self.storage.buffer.len(), Due::First);
            if pop.is_some() {
                return pop;
            }
        }
        if word & PUSH_SLEEP == 0 {
            return None;
        }
        self.pushes.glance(self.plain_room(), Due::Second)
    }

    /// Asks the lines themselves, so that it does not depend on their bits in the word.
    #[cold]
    fn look(&self, word: usize) -> Option<Due> {
        if word & (RARE | SPECIAL | CLOSED) == SPECIAL {
            let pop = self.pops.look(self.storage.len(), Due::First);
            return pop.or_else(|| self.pushes.look(self.room(), Due::Second));
        }
        let rare = |is_due: bool| is_due.then_some(Due::Rare);
        let pop = || {
            rare(self.to_dismiss().is_some()).or_else(|| self.pops.look(self.ready(), Due::First))
        };
        let push = || match word & CLOSED {
            0 => self.pushes.look(self.room(), Due::Second),
            _ => rare(!self.pushes.is_empty()),
        };
        let others = || {
            rare(
                !self.served.is_empty()
                    || self.stream_to_call(word).is_some()
                    || self.sink_to_call(word).is_some()
                    || self.joins.is_due()
                    || self.closings.is_due(),
            )
        };
        pop().or_else(push).or_else(others)
    }

    #[inline(always)]
    fn call_due(&mut self, word: &mut usize, due: Due) -> Option<Waker> {
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
}
