//! Storage of items, first in, first out. Nothing here knows of wakers, latches or bounds.
//!
//! ```text
//!   one block, a ring                      a chain of blocks
//!   [ . . a b c . . ]                      [ . . a b ] -> [ c d e f ] -> [ g . . . ]    spare: [ . . . . ]
//!         ^     ^                              ^                          ^
//!        head  tail                           head                       tail
//! ```
//!
//! If the bound fits into 64 KiB, storage is one ring, allocated at first use. If it does not, or if there is
//! no bound, storage is a chain of blocks of 15 KiB, and each is freed once it is drained. Nothing here
//! allocates or frees by itself: [`Buffer::lacks_block`] and [`Buffer::has_garbage`] tell the caller, who does
//! that without the latch.
//!
//! Invariants:
//!
//! - **B1.** `head` and `tail` lie in `head_block` and `tail_block`, or at their ends; all four pointers
//!   are dangling while there is no block.
//! - **B2.** The `len` slots from `head` on, around the ring or along the chain, hold items; no other slot
//!   does.
//! - **B3.** A ring holds at least the bound.

use std::marker::PhantomData;
use std::mem;
use std::ptr::{self, null_mut};

use super::block::{Block, OwnBlock, further, item_of, items_of, nearer, slots, take_first};
use crate::wait::wake::FirstPanic;

/// The size of a block of a chain, unless a single item is larger.
const BLOCK_BYTES: usize = 15 << 10;
const BLOCK_ITEMS: usize = 512;
/// The greatest size of a ring.
const RING_BYTES: usize = 64 << 10;
/// How many items, if they are small, a ring or the first block of a chain holds at least. Each further block
/// is twice as large as the one before.
const FEW_ITEMS: usize = 16;
const FEW_BYTES: usize = 256;

#[repr(C)]
pub(in crate::queue) struct Buffer<T> {
    tail: *mut T,
    tail_end: *mut T,
    head: *mut T,
    head_end: *mut T,
    len: usize,
    /// How many items the next block will hold, and the most that any block holds.
    items: usize,
    most_items: usize,
    is_ring: bool,
    head_block: *mut Block<T>,
    tail_block: *mut Block<T>,
    /// An empty block: the next of the chain.
    spare: *mut Block<T>,
    /// Empty blocks, to be freed.
    garbage: *mut Block<T>,
    _items: PhantomData<T>,
}

// SAFETY: it owns its items and its blocks.
unsafe impl<T: Send> Send for Buffer<T> {}

/// Moves from the end of this block to its start, if there is one. Rarely, as the attribute tells the compiler.
#[cold]
#[inline(always)]
fn wraps<T>(slot: &mut *mut T, block: *mut Block<T>) -> bool {
    if !block.is_null() {
        *slot = slots(block).0;
    }
    !block.is_null()
}

impl<T> Buffer<T> {
    /// The size of a slot; an item of size 0 counts as one byte.
    const SLOT: usize = if size_of::<T>() == 0 {
        1
    } else {
        size_of::<T>()
    };
    /// The fewest items that a ring, and the first block of a chain, hold.
    const FEW: usize = if FEW_ITEMS * Self::SLOT <= FEW_BYTES {
        FEW_ITEMS
    } else {
        1
    };
    /// Whether an empty buffer starts again at the start of its block. That is worth it where blocks hold few items:
    /// at the end of a block, a push leaves the fast path.
    const REWINDS: bool = size_of::<T>() > 32;
    /// The most items that a block of a chain holds.
    const MANY: usize = match BLOCK_BYTES / Self::SLOT {
        0 => 1,
        BLOCK_ITEMS.. => BLOCK_ITEMS,
        items => items,
    };

    /// Creates the storage of a queue with this bound.
    pub(in crate::queue) const fn new(bound: usize) -> Self {
        if bound > RING_BYTES / Self::SLOT {
            Self::of(Self::MANY, false)
        } else if bound == 0 || bound >= Self::FEW {
            Self::of(bound, true)
        } else {
            Self::of(Self::FEW, true)
        }
    }

    const fn of(most_items: usize, is_ring: bool) -> Self {
        let items = if is_ring || most_items < Self::FEW {
            most_items
        } else {
            Self::FEW
        };
        let none = ptr::dangling_mut();
        Self {
            tail: none,
            tail_end: none,
            head: none,
            head_end: none,
            len: 0,
            items,
            most_items,
            is_ring,
            head_block: null_mut(),
            tail_block: null_mut(),
            spare: null_mut(),
            garbage: null_mut(),
            _items: PhantomData,
        }
    }

    /// Takes this buffer, and leaves an empty one in its place.
    pub(super) fn take_all(&mut self) -> Self {
        let empty = Self::of(self.most_items, self.is_ring);
        mem::replace(self, empty)
    }

    #[inline(always)]
    pub(in crate::queue) fn len(&self) -> usize {
        self.len
    }

    // Into it.

    /// Whether one more item fits into the current block.
    #[inline(always)]
    pub(in crate::queue) fn has_slot(&self) -> bool {
        self.tail != self.tail_end
    }

    /// The same; moves on to the start of a ring if at its end.
    #[inline(always)]
    pub(in crate::queue) fn has_slot_or_wraps(&mut self) -> bool {
        self.has_slot() || (self.is_ring && wraps(&mut self.tail, self.tail_block))
    }

    /// Whether a block has to be added before one more item fits.
    #[inline]
    pub(in crate::queue) fn lacks_block(&self) -> bool {
        !self.has_slot() && self.lacks_next_block()
    }

    #[cold]
    fn lacks_next_block(&self) -> bool {
        self.items != 0 && self.spare.is_null() && (!self.is_ring || self.tail_block.is_null())
    }

    /// How many items the block that it lacks should hold, if it lacks one.
    pub(super) fn lack(&self) -> Option<usize> {
        self.lacks_block().then_some(self.items)
    }

    /// Adds a block, or returns it if it is no longer needed.
    pub(in crate::queue) fn add_block(&mut self, block: OwnBlock<T>) -> Option<OwnBlock<T>> {
        if !self.lacks_block() || block.items() != self.items {
            return Some(block);
        }
        self.spare = block.into_raw();
        if !self.is_ring {
            self.items = (2 * self.items).min(self.most_items);
        }
        None
    }

    /// Pushes into the current block, which has a slot.
    #[inline(always)]
    pub(in crate::queue) fn push_here(&mut self, item: T) {
        debug_assert!(self.has_slot());
        // SAFETY: B1, B2: the slot at the tail is free.
        unsafe { item_of(self.tail).write(item) };
        self.tail = further(self.tail, 1);
        self.len += 1;
    }

    /// Pushes; no block is lacking.
    #[inline]
    pub(in crate::queue) fn push(&mut self, item: T) {
        if !self.has_slot_or_wraps() {
            self.next_tail();
        }
        self.push_here(item);
    }

    #[cold]
    #[inline(never)]
    fn next_tail(&mut self) {
        let block = mem::replace(&mut self.spare, null_mut());
        assert!(!block.is_null(), "a block is added before it is needed");
        let (first, end) = slots(block);
        if self.tail_block.is_null() {
            self.head_block = block;
            (self.head, self.head_end) = (first, end);
        } else {
            // SAFETY: B1: the block at the tail is ours.
            unsafe { (*self.tail_block).next = block };
            // SAFETY: so is the spare one.
            unsafe { (*block).previous = self.tail_block };
        }
        self.tail_block = block;
        (self.tail, self.tail_end) = (first, end);
    }

    // Out of it.

    /// Whether the oldest item, if there is one, is in the current block.
    #[inline(always)]
    pub(in crate::queue) fn has_head(&self) -> bool {
        self.head != self.head_end
    }

    /// The same; moves on to the start of a ring if at its end.
    #[inline(always)]
    pub(in crate::queue) fn has_head_or_wraps(&mut self) -> bool {
        self.has_head() || (self.is_ring && wraps(&mut self.head, self.head_block))
    }

    /// Pops from the current block, which has an item.
    #[inline(always)]
    pub(in crate::queue) fn pop_here(&mut self) -> T {
        debug_assert!(self.len > 0 && self.has_head());
        // SAFETY: B2.
        let item = unsafe { item_of(self.head).read() };
        self.head = further(self.head, 1);
        self.len -= 1;
        if Self::REWINDS && self.len == 0 {
            self.rewind();
        }
        item
    }

    /// It is empty: moves back to the start of the block. (If [`pop_newest`](Self::pop_newest) was used, the tail may
    /// be in the next block: then the next pop moves on to that.)
    #[inline(always)]
    fn rewind(&mut self) {
        if self.head_block == self.tail_block {
            let (first, _) = slots(self.head_block);
            (self.head, self.tail) = (first, first);
        }
    }

    #[inline]
    pub(in crate::queue) fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        if !self.has_head_or_wraps() {
            self.next_head();
        }
        Some(self.pop_here())
    }

    #[cold]
    #[inline(never)]
    fn next_head(&mut self) {
        let drained = self.head_block;
        // SAFETY: B1, B2: there are items, so there is a next block; the drained one is ours.
        let next = unsafe { mem::replace(&mut (*drained).next, null_mut()) };
        self.head_block = next;
        (self.head, self.head_end) = slots(next);
        self.retire(drained, items_of(drained) == self.most_items);
    }

    /// Pops the newest item.
    pub(super) fn pop_newest(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        if self.tail == slots(self.tail_block).0 {
            self.previous_tail();
        }
        self.tail = nearer(self.tail);
        self.len -= 1;
        // SAFETY: B2.
        Some(unsafe { item_of(self.tail).read() })
    }

    /// Moves back to the end of the previous block, or of the ring.
    fn previous_tail(&mut self) {
        let drained = self.tail_block;
        if !self.is_ring {
            // SAFETY: B1, B2: it is ours, and there are items, so there is a previous one.
            self.tail_block = unsafe { (*drained).previous };
            // SAFETY: B1: the previous one is ours.
            unsafe { (*self.tail_block).next = null_mut() };
            self.retire(drained, true);
        }
        self.tail_end = slots(self.tail_block).1;
        self.tail = self.tail_end;
    }

    /// A block is drained: it is the next of the chain if it `serves`, or else freed.
    fn retire(&mut self, drained: *mut Block<T>, serves: bool) {
        if serves && self.spare.is_null() {
            self.spare = drained;
        } else {
            // SAFETY: B1: it is ours, and out of the chain.
            unsafe { (*drained).next = self.garbage };
            self.garbage = drained;
        }
    }

    /// Whether there is a block to be freed.
    #[inline]
    pub(in crate::queue) fn has_garbage(&self) -> bool {
        !self.garbage.is_null()
    }

    /// A block to be freed.
    pub(in crate::queue) fn take_garbage(&mut self) -> Option<OwnBlock<T>> {
        take_first(&mut self.garbage)
    }
}

impl<T> Drop for Buffer<T> {
    /// Drops every item, whichever of them panics, and frees all blocks.
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        if mem::needs_drop::<T>() {
            while let Some(item) = self.pop() {
                panic.catch(|| drop(item));
            }
        }
        for chain in [&mut self.head_block, &mut self.spare, &mut self.garbage] {
            while take_first(chain).is_some() {}
        }
        panic.go_on();
    }
}
