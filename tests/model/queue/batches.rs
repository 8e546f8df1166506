//! Many items in one step.

use super::channel::{Channel, Order};
use super::{Answer, Id, Task, Verdict};
use crate::model::seen::What;
use crate::model::waiter::State;

impl Channel {
    /// It needs one item, as any pop, and takes more that are free beyond the needs of those called.
    pub(super) fn poll_pop_many(&mut self, id: Id, limit: usize, task: Task) -> Answer {
        if limit == 0 {
            self.pops.leave(id, State::Done);
            return Answer::done();
        }
        let is_new = self.pops.is(id, State::New);
        let answer = self.poll_pop(id, task);
        // One that waited takes the first item, and then the others.
        let waited = !is_new && answer.verdict == Verdict::Done;
        if waited {
            self.wake_stored();
        }
        self.with_more(answer, limit, usize::from(!waited))
    }

    pub(crate) fn try_pop_many(&mut self, limit: usize) -> Answer {
        if limit == 0 {
            return Answer::done();
        }
        let answer = self.try_pop();
        self.with_more(answer, limit, 1)
    }

    /// How many items are popped at a time.
    fn step(&self) -> usize {
        match self.order {
            Order::Priority => 4,
            _ => 32,
        }
    }

    /// `popped` of the first step are there already.
    fn with_more(&mut self, mut answer: Answer, limit: usize, popped: usize) -> Answer {
        if answer.verdict != Verdict::Done {
            return answer;
        }
        // Once closed nothing is kept.
        let kept = if self.closed {
            0
        } else {
            self.pops.called().count()
        };
        let more = self.ready().saturating_sub(kept).min(limit - 1);
        if more < self.ready().min(limit - 1) {
            self.count(What::LeftToCalled);
        }
        for nth in popped..popped + more {
            if nth > 0 && nth % self.step() == 0 {
                self.wake_stored();
            }
            self.pops.take(1);
            let item = self.leaves();
            answer.items.push(item);
        }
        answer
    }

    /// All that is queued at one moment, kept or not.
    pub(crate) fn drain(&mut self) -> Answer {
        let items: Vec<_> = std::iter::from_fn(|| self.take_next()).collect();
        self.pops.take(items.len());
        self.calls_pushes(items.iter().map(|&item| self.slots(item)).sum());
        Answer::new(Verdict::Done, items)
    }

    pub(crate) fn close_and_drain(&mut self) -> Answer {
        self.close();
        self.drain()
    }

    /// A number of slots at once, without waiting.
    pub(crate) fn try_reserve(&mut self, slots: usize) -> Answer {
        let verdict = match slots > self.max {
            true if self.closed => Verdict::Closed,
            true => Verdict::NotYet,
            false => self.pushes.try_take(slots).into(),
        };
        let slots = if verdict == Verdict::Done { slots } else { 0 };
        self.reserved += slots;
        Answer::from(verdict).counted(slots)
    }
}
