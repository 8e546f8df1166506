//! The operations of a queue: each is one critical section, or several bounded ones, and then wakes the waiters
//! that it called. Those of one item are in [`one`].

mod block;
mod buffer;
pub(super) mod doubt;
mod heap;
pub(super) mod items;
pub(super) mod load;
mod one;
pub(super) mod slots;
pub(super) mod state;
pub(super) mod storage;
pub(super) mod word;

use std::mem;

use self::doubt::{Decided, drop_each};
use self::state::State;
use self::storage::Order;
use self::word::{CLOSED, EMPTY, RARE, SPECIAL};
use crate::fairness::Fairness;
use crate::sync::const_fn;
use crate::wait::wake::{FirstPanic, OnPanic};
use crate::wait::{Guarded, Latched};

// The fields that are used most come first, in one cache line.
#[repr(C, align(64))]
pub(crate) struct Core<T> {
    guarded: Guarded<State<T>>,
    pub(super) decided: Decided,
}

pub(super) type LatchedState<'a, T> = Latched<'a, State<T>>;

impl<T> Core<T> {
    const_fn! {
        pub(super) const fn new(bound: usize, order: Order<T>, fairness: Fairness) -> Self {
            let word = match order {
                Order::Fifo if bound == 0 => EMPTY | RARE,
                Order::Fifo => EMPTY,
                _ => EMPTY | SPECIAL,
            };
            Self {
                guarded: Guarded::new(word, State::new(bound, order, fairness)),
                decided: Decided::new(),
            }
        }
    }

    /// Only while nobody waits.
    pub(super) const fn set_fairness(&mut self, fairness: Fairness) {
        self.guarded.get_mut().set_fairness(fairness);
    }

    /// The state word, as a hint.
    #[inline]
    pub(super) fn peek(&self) -> usize {
        self.guarded.word.peek()
    }

    pub(super) fn is_rendezvous(&self) -> bool {
        self.peek() & RARE != 0 && self.latch().is_rendezvous()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.guarded.word.load() & CLOSED != 0
    }

    /// The same, but synchronizes with nothing.
    #[inline]
    pub(super) fn is_closed_now(&self) -> bool {
        self.guarded.word.look() & CLOSED != 0
    }

    #[inline]
    pub(super) fn latch(&self) -> LatchedState<'_, T> {
        self.guarded.latch()
    }

    /// Takes the latch, with memory for one more item.
    #[inline]
    pub(super) fn latch_to_push(&self) -> LatchedState<'_, T> {
        self.with_memory(self.latch())
    }

    /// Makes sure that there is memory for one more item. To allocate it, the latch is released meanwhile.
    #[inline]
    pub(super) fn with_memory<'a>(&'a self, latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        if latched.storage.lacks() {
            return self.add_memory(latched);
        }
        latched
    }

    #[cold]
    #[inline(never)]
    fn add_memory<'a>(&'a self, mut latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        while let Some(lack) = latched.storage.lack() {
            latched.drop_unsettled();
            let memory = lack.allocate();
            latched = self.latch();
            if let Some(unneeded) = latched.storage.add(memory) {
                latched.drop_unsettled();
                drop(unneeded);
                latched = self.latch();
            }
        }
        latched
    }

    /// Frees memory that is no longer needed. If there is any, the latch is released meanwhile.
    #[inline]
    pub(super) fn without_garbage<'a>(
        &'a self,
        latched: LatchedState<'a, T>,
    ) -> LatchedState<'a, T> {
        if latched.storage.has_garbage() {
            return self.free_garbage(latched);
        }
        latched
    }

    #[cold]
    #[inline(never)]
    fn free_garbage<'a>(&'a self, mut latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        while let Some(memory) = latched.storage.take_garbage() {
            latched.drop_unsettled();
            drop(memory);
            latched = self.latch();
        }
        latched
    }

    // Many items.

    /// Pops up to `limit` items that are not kept, in steps; `None` if there never will be any. If all are kept
    /// and it `pays`, it may still get one for credit.
    pub(super) fn try_pop_many(&self, to: &mut Vec<T>, limit: usize, pays: bool) -> Option<usize> {
        let mut popped = 0;
        let mut panic = FirstPanic::default();
        while popped < limit {
            let mut latched = self.without_garbage(self.latch());
            let step = latched.storage.step().min(limit - popped);
            let ready = latched.ready();
            let spare = match latched.word & CLOSED {
                0 => latched.pops.spare_for_newcomer(ready),
                _ => ready,
            };
            let spare = spare.min(step);
            if to.capacity() - to.len() < spare.max(ready.min(1)) {
                drop(latched);
                to.reserve(step);
                continue;
            }
            let spare = match spare {
                0 if popped == 0 && self.is_over(&mut latched) => return None,
                0 if popped == 0 && pays && latched.pops.admit_newcomer(1, ready) => 1,
                0 => break,
                spare => spare,
            };
            for _ in 0..spare {
                to.extend(Self::pop_from(&mut latched));
            }
            popped += spare;
            latched.settle_and(None, &mut panic);
        }
        panic.go_on();
        Some(popped)
    }

    /// Takes all queued items, kept or not; also closes the queue if `closes`.
    pub(super) fn drain(&self, closes: bool) -> Vec<T> {
        let mut latched = self.latch();
        if closes {
            Self::close_latched(&mut latched);
        }
        let mut taken = latched.take_all();
        let done = if closes {
            taken.0.len() + taken.1.len()
        } else {
            0
        };
        latched.finish(done);
        latched.word = latched.word(latched.word);
        if let Some(due) = latched.due() {
            latched.doubt();
            let undone = OnPanic(|| {
                let mut items = mem::take(&mut taken.0);
                items.extend(taken.1.by_ref());
                self.put_back(items, done);
            });
            latched.call_and_wake(due);
            self.decide();
            mem::forget(undone);
        } else {
            latched.release();
        }
        let (returned, stored) = taken;
        let mut all = Vec::from(returned);
        all.extend(stored);
        all
    }

    // Whether all is done.

    /// One more item is done; `false` if all were.
    pub(super) fn task_done(&self) -> bool {
        let mut latched = self.latch();
        if latched.unfinished == 0 {
            return false;
        }
        latched.finish(1);
        if latched.joins.is_due() {
            latched.word |= RARE;
        }
        latched.settle();
        true
    }

    // Its end.

    /// `false` if it was closed already.
    pub(super) fn close(&self) -> bool {
        Self::close_and_settle(self.latch())
    }

    pub(super) fn close_and_settle(mut latched: LatchedState<'_, T>) -> bool {
        let closes = Self::close_latched(&mut latched);
        latched.settle();
        closes
    }

    fn close_latched(latched: &mut LatchedState<'_, T>) -> bool {
        let closes = latched.word & CLOSED == 0;
        if closes {
            latched.close();
            latched.word = latched.word(latched.word) | CLOSED;
        }
        closes
    }

    /// The last receiver is gone: nobody will ever receive.
    pub(super) fn desert(mut latched: LatchedState<'_, T>) {
        let mut panic = FirstPanic::default();
        Self::close_latched(&mut latched);
        latched.deserted = true;
        let (returned, stored) = latched.take_all();
        latched.word = latched.word(latched.word);
        latched.settle_and(None, &mut panic);
        panic.catch(|| drop_each(returned));
        panic.catch(|| drop(stored));
        panic.go_on();
    }
}
