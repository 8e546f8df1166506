//! The operations of a queue: each is one critical section, or several bounded ones, and then wakes the waiters
//! that it called.

pub(super) mod buffer;
pub(super) mod doubt;
pub(super) mod items;
pub(super) mod load;
pub(super) mod slots;
pub(super) mod state;
pub(super) mod word;

use std::collections::VecDeque;

use self::buffer::OwnBlock;
use self::doubt::{Decided, drop_each};
use self::load::Load;
use self::state::State;
use self::word::{CLOSED, EMPTY, FULL, POP_SLEEP, PUSH_SLEEP, RARE};
use super::error::TrySendError;
use crate::fairness::Fairness;
use crate::sync::const_fn;
use crate::wait::wake::{FirstPanic, Undo};
use crate::wait::{Due, Guarded, Latched};

// The fields that are used most come first, in one cache line.
#[repr(C, align(64))]
pub(crate) struct Core<T> {
    guarded: Guarded<State<T>>,
    pub(super) decided: Decided,
}

pub(super) type LatchedState<'a, T> = Latched<'a, State<T>>;

/// How many items a batch moves, at most, in one critical section.
const STEP: usize = 32;

impl<T> Core<T> {
    const_fn! {
        pub(super) const fn new(bound: usize, fairness: Fairness) -> Self {
            let word = if bound == 0 { RARE | EMPTY } else { EMPTY };
            Self {
                guarded: Guarded::new(word, State::new(bound, fairness)),
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

    /// Takes the latch, with room in the buffer for one more item.
    #[inline]
    pub(super) fn latch_to_push(&self) -> LatchedState<'_, T> {
        self.with_block(self.latch())
    }

    /// Makes room in the buffer for one more item. If that has to be allocated, the latch is released meanwhile.
    #[inline]
    pub(super) fn with_block<'a>(&'a self, latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        if latched.buffer.lacks_block() {
            return self.add_block(latched);
        }
        latched
    }

    #[cold]
    #[inline(never)]
    fn add_block<'a>(&'a self, mut latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        while latched.buffer.lacks_block() {
            let items = latched.buffer.block_items();
            latched.drop_unsettled();
            let block = OwnBlock::new(items);
            latched = self.latch();
            if let Some(unneeded) = latched.buffer.add_block(block) {
                latched.drop_unsettled();
                drop(unneeded);
                latched = self.latch();
            }
        }
        latched
    }

    /// Frees drained blocks. If there are any, the latch is released meanwhile.
    #[inline]
    pub(super) fn without_garbage<'a>(
        &'a self,
        latched: LatchedState<'a, T>,
    ) -> LatchedState<'a, T> {
        if latched.buffer.has_garbage() {
            return self.free_garbage(latched);
        }
        latched
    }

    #[cold]
    #[inline(never)]
    fn free_garbage<'a>(&'a self, mut latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        while let Some(block) = latched.buffer.take_garbage() {
            latched.drop_unsettled();
            drop(block);
            latched = self.latch();
        }
        latched
    }

    // One item.

    /// The fast path: pushes if all waiting pushes are called and it leaves enough for them, and nothing rare is
    /// going on.
    #[inline(always)]
    pub(super) fn push_idle(&self, load: &mut Load<T>) -> Option<()> {
        let mut latched = self.guarded.latch_if_idle(PUSH_SLEEP | RARE | CLOSED)?;
        if !latched.has_slot() {
            latched.release_apart();
            return None;
        }
        let Some(item) = load.take() else {
            latched.release_apart();
            return None;
        };
        latched.push_here(item);
        latched.word &= !EMPTY;
        if latched.word & POP_SLEEP == 0 {
            latched.release();
        } else {
            latched.settle_apart();
        }
        Some(())
    }

    /// Whether the fast path of a pop may call a push: a large item would be copied once more in every case.
    const POPS_AND_CALLS: bool = size_of::<T>() <= 32;

    /// The fast path: pops if all waiting pops are called and it leaves enough for them, and nothing rare is
    /// going on.
    #[inline(always)]
    pub(super) fn pop_idle(&self) -> Option<Option<T>> {
        let others = POP_SLEEP | RARE | EMPTY;
        let others = if Self::POPS_AND_CALLS {
            others
        } else {
            others | PUSH_SLEEP
        };
        let mut latched = self.guarded.latch_if_idle(others)?;
        if !latched.has_item() {
            latched.release_apart();
            return None;
        }
        if Self::POPS_AND_CALLS && latched.word & PUSH_SLEEP != 0 {
            return self.pop_and_settle(latched);
        }
        let item = Self::pop_here_from(&mut latched);
        latched.release();
        Some(Some(item))
    }

    /// The same if a push may be due then.
    #[inline(never)]
    fn pop_and_settle(&self, mut latched: LatchedState<'_, T>) -> Option<Option<T>> {
        let item = Self::pop_here_from(&mut latched);
        match latched.glance() {
            None => latched.release_and(|| Some(Some(item))),
            Some(due) => Some(self.call_popped(latched, Some(item), due)),
        }
    }

    /// `item` was popped, and somebody is due, or may be.
    #[inline(never)]
    fn call_popped(
        &self,
        mut latched: LatchedState<'_, T>,
        item: Option<T>,
        due: Due,
    ) -> Option<T> {
        latched.doubt();
        let item = Undo::new(item, |item| self.put_back(VecDeque::from_iter(item), 0));
        latched.call_and_wake(due);
        self.decide();
        item.keep()
    }

    /// Pushes an item or reserves `need` slots, without waiting.
    pub(super) fn try_push(&self, need: usize, load: &mut Load<T>) -> Result<(), TrySendError<()>> {
        if self.push_idle(load).is_some() {
            return Ok(());
        }
        let mut latched = self.latch_to_push();
        if latched.word & CLOSED != 0 {
            return Err(TrySendError::Closed(()));
        }
        if need > 0 && !latched.admit_newcomer(need) {
            return Err(TrySendError::Full(()));
        }
        match load.take() {
            Some(item) => {
                latched.push(item);
                latched.word &= !EMPTY;
                latched.settle();
            }
            // Nobody becomes due by that.
            None => latched.reserve(need),
        }
        Ok(())
    }

    /// Pops without waiting: `None` if there is no item for it now, `Some(None)` if there never will be.
    pub(super) fn try_pop(&self) -> Option<Option<T>> {
        if let popped @ Some(_) = self.pop_idle() {
            return popped;
        }
        let mut latched = self.without_garbage(self.latch());
        let ready = latched.ready();
        if ready == 0 {
            return self.is_over(&mut latched).then_some(None);
        }
        if latched.word & CLOSED == 0 && !latched.pops.admit_newcomer(1, ready) {
            return None;
        }
        let item = Self::pop_from(&mut latched);
        if let Some(due) = latched.due() {
            return Some(self.call_popped(latched, item, due));
        }
        latched.release();
        Some(item)
    }

    /// Pops an item, which is there.
    #[inline]
    pub(super) fn pop_from(latched: &mut LatchedState<'_, T>) -> Option<T> {
        let word = latched.word;
        let item = latched.pop(word);
        latched.word = if word & RARE != 0 {
            latched.word(word)
        } else if latched.buffer.len() == 0 {
            word & !FULL | EMPTY
        } else {
            word & !FULL
        };
        item
    }

    /// Pops an item, which is in the current block, while nothing rare is going on.
    #[inline(always)]
    pub(super) fn pop_here_from(latched: &mut LatchedState<'_, T>) -> T {
        let item = latched.buffer.pop_here();
        latched.word &= !FULL;
        if latched.buffer.len() == 0 {
            latched.word |= EMPTY;
        }
        item
    }

    /// Pushes at once: into a free slot, kept or not, or in place of the oldest item.
    pub(super) fn force_push(&self, item: T) -> Result<Option<T>, T> {
        // In a ring, the replaced item makes the slot; in a chain, there is a block for it.
        let mut latched = self.latch_to_push();
        if latched.word & CLOSED != 0 {
            return Err(item);
        }
        let mut old = None;
        if latched.room() == 0 {
            // An item that was put back may be queued all the same.
            if latched.is_all_reserved() {
                return Ok(Some(item));
            }
            old = Self::pop_from(&mut latched);
            latched.make_slot();
        }
        latched.push(item);
        latched.finish(old.iter().len());
        latched.word = latched.word(latched.word);
        latched.settle();
        Ok(old)
    }

    /// Fills a reserved slot with `item`, or gives back reserved slots.
    pub(super) fn unreserve(&self, slots: usize, item: Option<T>) {
        let mut latched = if item.is_some() {
            self.latch_to_push()
        } else {
            self.latch()
        };
        let word = latched.word;
        let rest = latched.unreserve(word, slots, item);
        latched.word = latched.word(word);
        if rest.is_none() {
            return latched.settle();
        }
        let mut panic = FirstPanic::default();
        latched.settle_and(None, &mut panic);
        panic.catch(|| drop(rest));
        panic.go_on();
    }

    // Many items.

    /// Pops up to `limit` items that are not kept, in steps; `None` if there never will be any. If all are kept
    /// and it `pays`, it may still get one for credit.
    pub(super) fn try_pop_many(&self, to: &mut Vec<T>, limit: usize, pays: bool) -> Option<usize> {
        let mut popped = 0;
        let mut panic = FirstPanic::default();
        while popped < limit {
            let step = STEP.min(limit - popped);
            let mut latched = self.without_garbage(self.latch());
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
            let in_doubt = Undo::new(taken, |(mut items, buffer)| {
                items.extend(buffer);
                self.put_back(items, done);
            });
            latched.call_and_wake(due);
            self.decide();
            taken = in_doubt.keep();
        } else {
            latched.release();
        }
        let (returned, buffer) = taken;
        let mut all = Vec::from(returned);
        all.extend(buffer);
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
        let mut latched = self.latch();
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

    /// The last sender is gone.
    pub(super) fn close_and(&self, mut latched: LatchedState<'_, T>, panic: &mut FirstPanic) {
        Self::close_latched(&mut latched);
        latched.settle_and(None, panic);
    }

    /// The last receiver is gone: nobody will ever receive.
    pub(super) fn desert(&self, mut latched: LatchedState<'_, T>, panic: &mut FirstPanic) {
        Self::close_latched(&mut latched);
        latched.deserted = true;
        let (returned, buffer) = latched.take_all();
        latched.word = latched.word(latched.word);
        latched.settle_and(None, panic);
        panic.catch(|| drop_each(returned));
        panic.catch(|| drop(buffer));
    }
}
