//! The operations of one item: pushing and popping, and their fast paths.

use std::collections::VecDeque;
use std::mem;

use super::load::Load;
use super::word::{CLOSED, EMPTY, FULL, POP_SLEEP, PUSH_SLEEP, RARE, SPECIAL};
use super::{Core, LatchedState};
use crate::queue::error::TrySendError;
use crate::wait::Due;
use crate::wait::wake::{FirstPanic, OnPanic};

impl<T> Core<T> {
    /// The fast path: pushes if all waiting pushes are called and it leaves enough for them, and nothing rare is
    /// going on.
    #[inline(always)]
    pub(in crate::queue) fn push_idle(&self, load: &mut Load<T>) -> Option<()> {
        let mut latched = self
            .guarded
            .latch_if_idle(PUSH_SLEEP | RARE | SPECIAL | CLOSED)?;
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
    pub(in crate::queue) fn pop_idle(&self) -> Option<Option<T>> {
        let others = POP_SLEEP | RARE | SPECIAL | EMPTY;
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
        mut item: Option<T>,
        due: Due,
    ) -> Option<T> {
        latched.doubt();
        let undone = OnPanic(|| self.put_back(VecDeque::from_iter(item.take()), 0));
        latched.call_and_wake(due);
        self.decide();
        mem::forget(undone);
        item
    }

    /// Pushes an item or reserves `need` slots, without waiting.
    pub(in crate::queue) fn try_push(
        &self,
        need: usize,
        load: &mut Load<T>,
    ) -> Result<(), TrySendError<()>> {
        if self.push_idle(load).is_some() {
            return Ok(());
        }
        let mut latched = self.latch_to_push();
        if latched.word & CLOSED != 0 {
            return Err(TrySendError::Closed(()));
        }
        let needs_nothing = match load {
            Load::Weightless(_) => latched.pushes.is_empty(),
            _ => need == 0,
        };
        if !needs_nothing && !latched.admit_newcomer(need) {
            return Err(TrySendError::Full(()));
        }
        // Of an item; a reserve may need more slots than a `u32` can count.
        let weight = load.weight(need as u32);
        match load.take() {
            Some(item) => {
                latched.push(item, weight);
                latched.word &= !EMPTY;
                latched.settle();
            }
            // Nobody becomes due by that.
            None => latched.reserve(need),
        }
        Ok(())
    }

    /// Pops without waiting: `None` if there is no item for it now, `Some(None)` if there never will be.
    pub(in crate::queue) fn try_pop(&self) -> Option<Option<T>> {
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
    pub(in crate::queue) fn pop_from(latched: &mut LatchedState<'_, T>) -> Option<T> {
        let word = latched.word;
        let item = latched.pop(word);
        latched.word = if word & (RARE | SPECIAL) == 0 {
            let empty = latched.storage.buffer.len() == 0;
            word & !FULL | if empty { EMPTY } else { 0 }
        } else if word & RARE == 0 && latched.storage.len() > 0 {
            word & !FULL
        } else {
            latched.word(word)
        };
        item
    }

    /// Pops an item, which is in the current block, while nothing rare is going on.
    #[inline(always)]
    pub(in crate::queue) fn pop_here_from(latched: &mut LatchedState<'_, T>) -> T {
        let item = latched.storage.buffer.pop_here();
        latched.word &= !FULL;
        if latched.storage.buffer.len() == 0 {
            latched.word |= EMPTY;
        }
        item
    }

    /// Pushes at once: into a free slot, kept or not, or in place of an item.
    pub(in crate::queue) fn force_push(&self, item: T) -> Result<Option<T>, T> {
        // In a ring, the replaced item makes the slot; in other storage, there is room for it.
        let mut latched = self.latch_to_push();
        if latched.word & CLOSED != 0 {
            return Err(item);
        }
        let mut old = None;
        if latched.room() > 0 {
            latched.push(item, 1);
        } else if latched.is_all_reserved() {
            // An item that was put back may be queued all the same.
            return Ok(Some(item));
        } else {
            old = latched.replace(item);
        }
        latched.finish(old.iter().len());
        latched.word = latched.word(latched.word);
        latched.settle();
        Ok(old)
    }

    /// Fills a reserved slot with `item`, or gives back reserved slots.
    pub(in crate::queue) fn unreserve(&self, slots: usize, item: Option<T>) {
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
}
