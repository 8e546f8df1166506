//! The state that the latch of a queue guards: storage and wait queues.
//!
//! There are two lines, each for a pool of its own, by the six rules: pops wait for items, pushes and reserves
//! for slots. A running push moves its item into the buffer, and a running pop takes it from there: no item
//! moves into a waiting pop or out of a waiting push. The exception is a queue without storage (capacity 0),
//! where a waiting push is an *offer*: the pop that is being polled takes the item out of it.

mod calls;
mod offers;

use std::collections::VecDeque;
use std::mem;

use super::doubt::{Decided, drop_each};
use super::load::Load;
use super::storage::{Order, Storage};
use super::word::{
    CLOSED, EMPTY, FULL, POP_LINE, POP_SLEEP, PUSH_LINE, PUSH_SLEEP, RARE, SPECIAL, line_bits,
};
use crate::fairness::Fairness;
use crate::sync::const_fn;
use crate::wait::{Event, Few, Line, Needs, NodeRef, Shelf, WaitList, load_of};

/// The bound of a queue that has none.
pub(in crate::queue) const UNBOUNDED: usize = usize::MAX;

// The kinds of handles.
pub(in crate::queue) const SENDERS: usize = 0;
pub(in crate::queue) const RECEIVERS: usize = 1;
pub(in crate::queue) const WEAK_SENDERS: usize = 2;
pub(in crate::queue) const WEAK_RECEIVERS: usize = 3;

// The fields that a push and a pop use most come first: with the word, they fill a cache line.
#[repr(C)]
pub(crate) struct State<T> {
    /// The bound, if there is one, minus the slots that permits hold.
    max: usize,
    /// Items that were pushed and are not [done](Self::finish).
    pub(in crate::queue) unfinished: u64,
    pub(super) storage: Storage<T>,
    pub(in crate::queue) pops: Line<Needs>,
    pub(in crate::queue) pushes: Line<Few>,
    /// Items that were put back because a waker panicked: they leave before all in storage.
    returned: VecDeque<T>,
    pub(in crate::queue) bound: usize,
    /// Slots that permits hold: of an unbounded queue, more than a `usize` can count.
    reserved: u128,
    /// How many waiting pushes are offers.
    offers: usize,
    /// How many pops are in [`doubt`](super::doubt), including those in `Decided`.
    in_doubt: usize,
    /// Pops with tickets up to this one are still to be woken, because nothing is kept any more.
    dismissed_until: Option<u32>,
    /// All receivers are gone: nobody will ever receive.
    pub(in crate::queue) deserted: bool,
    /// Stored pops.
    pub(in crate::queue) streams: Shelf,
    /// Stored pushes.
    pub(in crate::queue) sinks: Shelf,
    /// Offers that were taken, until they are woken.
    pub(in crate::queue) served: WaitList,
    /// The queue is closed.
    pub(in crate::queue) closings: Event,
    /// No item is unfinished.
    pub(in crate::queue) joins: Event,
    pub(in crate::queue) handles: [usize; 4],
}

impl<T> State<T> {
    const_fn! {
        pub(in crate::queue) const fn new(bound: usize, order: Order<T>, fairness: Fairness) -> Self {
            Self {
                max: bound,
                unfinished: 0,
                storage: Storage::new(bound, order),
                pops: Line::new(fairness),
                pushes: Line::new(fairness),
                returned: VecDeque::new(),
                bound,
                reserved: 0,
                offers: 0,
                in_doubt: 0,
                dismissed_until: None,
                deserted: false,
                streams: Shelf::new(),
                sinks: Shelf::new(),
                served: WaitList::new(),
                closings: Event::new(),
                joins: Event::new(),
                handles: [0; 4],
            }
        }
    }

    pub(in crate::queue) const fn set_fairness(&mut self, fairness: Fairness) {
        self.pops.set_fairness(fairness);
        self.pushes.set_fairness(fairness);
    }

    // What there is.

    pub(in crate::queue) fn is_rendezvous(&self) -> bool {
        self.bound == 0
    }

    /// How many items are queued.
    #[inline]
    pub(in crate::queue) fn len(&self) -> usize {
        self.storage.len() + self.returned.len()
    }

    /// Items that a pop may take: queued, or offered.
    #[inline]
    pub(in crate::queue) fn ready(&self) -> usize {
        self.len() + self.offers
    }

    /// Slots that are neither filled nor reserved.
    #[inline]
    pub(in crate::queue) fn room(&self) -> usize {
        // Items that were put back may exceed the bound. Each counts as one slot, in a weighted queue too.
        let filled = self.storage.filled().saturating_add(self.returned.len());
        self.max.saturating_sub(filled)
    }

    /// The same, when nothing was put back.
    #[inline(always)]
    pub(in crate::queue) fn plain_room(&self) -> usize {
        debug_assert!(self.returned.is_empty());
        self.max - self.storage.buffer.len()
    }

    /// Whether no slot is free: a hint while something is put back, or if storage is special.
    #[inline(always)]
    pub(in crate::queue) fn is_full(&self) -> bool {
        self.storage.buffer.len() >= self.max
    }

    /// Whether permits hold every slot.
    pub(in crate::queue) fn is_all_reserved(&self) -> bool {
        self.max == 0
    }

    pub(in crate::queue) fn capacity(&self) -> usize {
        if self.bound == UNBOUNDED && !self.storage.is_weighted() {
            UNBOUNDED
        } else {
            self.room()
        }
    }

    /// Whether one more item fits besides those of the waiting pushes, if all of them are called.
    #[inline(always)]
    pub(in crate::queue) fn has_slot(&self) -> bool {
        self.storage.buffer.has_slot() && self.pushes.kept() < self.plain_room()
    }

    /// Whether there is one more item than the waiting pops need, if all of them are called.
    #[inline(always)]
    pub(in crate::queue) fn has_item(&self) -> bool {
        self.storage.buffer.has_head() && self.storage.buffer.len() > self.pops.kept()
    }

    /// Whether no item can arrive or come back, if the queue is closed.
    pub(in crate::queue) fn has_ended(&mut self, decided: &Decided) -> bool {
        // Both wrap around while the queue is open.
        self.in_doubt = self.in_doubt.wrapping_sub(decided.take());
        self.reserved == 0 && self.in_doubt == 0
    }

    // The state word.

    /// The state word, computed from the state; only `CLOSED` is taken from `word`.
    #[cold]
    pub(in crate::queue) fn word(&self, word: usize) -> usize {
        let rare = self.is_rendezvous()
            || !self.streams.is_empty()
            || !self.sinks.is_empty()
            || !self.returned.is_empty()
            || self.joins.is_due();
        let bit = |bit: usize, on: bool| if on { bit } else { 0 };
        word & CLOSED
            | line_bits(&self.pops, POP_LINE, POP_SLEEP)
            | line_bits(&self.pushes, PUSH_LINE, PUSH_SLEEP)
            | bit(RARE, rare)
            | bit(SPECIAL, !self.storage.is_fifo())
            | bit(EMPTY, self.len() == 0)
            | bit(FULL, self.is_full())
    }

    // What changes it.

    /// Pushes into the current block, which has a slot, while nothing rare is going on.
    #[inline(always)]
    pub(in crate::queue) fn push_here(&mut self, item: T) {
        self.unfinished += 1;
        self.storage.buffer.push_here(item);
    }

    #[inline]
    pub(in crate::queue) fn push(&mut self, item: T, weight: u32) {
        self.unfinished += 1;
        self.storage.push(item, weight);
        self.streams.tell();
    }

    /// The next item, if there is one, kept or not.
    #[inline]
    pub(in crate::queue) fn pop(&mut self, word: usize) -> Option<T> {
        self.sinks.tell();
        if word & RARE != 0 {
            return self.pop_rare();
        }
        if word & SPECIAL != 0 {
            return self.storage.pop();
        }
        self.storage.buffer.pop()
    }

    #[cold]
    fn pop_rare(&mut self) -> Option<T> {
        if let returned @ Some(_) = self.returned.pop_front() {
            return returned;
        }
        if self.offers > 0 {
            return self.take_offer();
        }
        self.storage.pop()
    }

    /// Whether a newcomer that does not wait may take this many slots.
    pub(in crate::queue) fn admit_newcomer(&mut self, slots: usize) -> bool {
        let room = self.room();
        match u32::try_from(slots) {
            Ok(slots) => self.pushes.admit_newcomer(slots, room),
            Err(_) => self.pushes.spare_for_newcomer(room) >= slots,
        }
    }

    pub(in crate::queue) fn reserve(&mut self, slots: usize) {
        self.reserved += slots as u128;
        if self.bound != UNBOUNDED {
            self.max -= slots;
        }
    }

    /// Fills a reserved slot with `item`, or gives back reserved slots. Returns the item if nobody will ever
    /// receive it.
    pub(in crate::queue) fn unreserve(
        &mut self,
        word: usize,
        slots: usize,
        item: Option<T>,
    ) -> Option<T> {
        self.reserved -= slots as u128;
        if self.bound != UNBOUNDED {
            self.max += slots;
        }
        let rest = match item {
            Some(item) if !self.deserted => {
                self.push(item, 1);
                None
            }
            item => {
                self.sinks.tell();
                item
            }
        };
        if word & CLOSED != 0 && self.reserved == 0 {
            self.dismiss_pops();
        }
        rest
    }

    /// A pop is in doubt from now on.
    #[inline]
    pub(in crate::queue) fn doubt(&mut self) {
        self.in_doubt = self.in_doubt.wrapping_add(1);
    }

    /// Puts popped items back in front because a waker panicked. Items put back before were taken out first; the
    /// buffer that held them is left in `items`, to be freed.
    pub(in crate::queue) fn put_back(&mut self, items: &mut VecDeque<T>) {
        debug_assert!(self.returned.is_empty());
        mem::swap(&mut self.returned, items);
        self.in_doubt = self.in_doubt.wrapping_sub(1);
        self.streams.tell();
    }

    /// Pushes although no slot is free, and pops an item to make up for it: see [`Storage::replace`].
    pub(in crate::queue) fn replace(&mut self, item: T) -> Option<T> {
        self.unfinished += 1;
        self.streams.tell();
        self.sinks.tell();
        if !self.storage.is_fifo() {
            // What was put back leaves first, in any order.
            let last = self.storage.replace(item);
            return last.or_else(|| self.returned.pop_back());
        }
        let Some(oldest) = self.returned.pop_front() else {
            return self.storage.replace(item);
        };
        if self.storage.buffer.len() >= self.max {
            // The next oldest makes room in the buffer.
            let next = self.storage.buffer.pop();
            self.returned.extend(next);
        }
        self.storage.buffer.push(item);
        Some(oldest)
    }

    /// Marks up to `items` items as done.
    pub(in crate::queue) fn finish(&mut self, items: usize) {
        self.unfinished = self.unfinished.saturating_sub(items as u64);
        if self.unfinished == 0 {
            self.joins.happen();
        }
    }

    /// Takes the items that were put back, if there are any.
    pub(in crate::queue) fn take_returned(&mut self) -> Option<VecDeque<T>> {
        (!self.returned.is_empty()).then(|| mem::take(&mut self.returned))
    }

    /// Takes all queued items: those that were put back, and the rest.
    pub(in crate::queue) fn take_all(&mut self) -> (VecDeque<T>, Storage<T>) {
        if self.len() > 0 {
            self.sinks.tell();
        }
        (mem::take(&mut self.returned), self.storage.take_all())
    }

    /// Makes all waiters due, to learn that the queue is closed.
    pub(in crate::queue) fn close(&mut self) {
        self.offers = 0;
        self.closings.happen();
        self.dismiss_pops();
    }

    /// If the queue has ended, wakes the pops that waited because an item might have come back.
    pub(in crate::queue) fn dismiss_at_end(&mut self, decided: &Decided) {
        if self.has_ended(decided) {
            self.dismiss_pops();
        }
    }

    /// Makes every waiting pop due, once.
    fn dismiss_pops(&mut self) {
        self.dismissed_until = Some(self.pops.latest()).filter(|_| !self.pops.is_empty());
        self.streams.tell();
    }

    /// The load of `node`, which waits for slots.
    #[inline]
    pub(in crate::queue) fn load(&mut self, node: NodeRef) -> &mut Load<T> {
        load_of(self, node)
    }
}

impl<T> Drop for State<T> {
    /// Drops the items that were put back, even if some of them panic; storage drops its own.
    fn drop(&mut self) {
        drop_each(mem::take(&mut self.returned));
    }
}

#[cfg(wakeful_loom)]
impl<T> State<T> {
    /// Panics if anybody still waits.
    pub(in crate::queue) fn assert_idle(&mut self, decided: &Decided) {
        self.pops.assert_idle();
        self.pushes.assert_idle();
        self.streams.assert_idle();
        self.sinks.assert_idle();
        self.closings.assert_idle();
        self.joins.assert_idle();
        assert!(self.served.is_empty(), "somebody waits still");
        assert_eq!((self.reserved, self.offers), (0, 0), "reserved and offered");
        assert!(self.has_ended(decided), "a pop is in doubt still");
    }
}
