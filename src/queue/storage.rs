//! Where the items lie, first in, first out. Nothing here knows of wakers, locks or bounds.
//!
//! ```text
//!    front            rest
//!   [ring] <- pop    [ring] [ring] ... [ring] <- push        spare: [empty ring]
//! ```
//!
//! A short queue is one ring that grows as it has to; a long one is a list of them, of 15 KiB at most, so
//! that no push copies what is queued already, and each is given back when it is drained. The bounded and
//! the unbounded queue share this, since a huge bound must not allocate up front either; a bound of up to
//! 64 KiB is one ring.
//!
//! It stands under the queue's short lock, with the counts and both lines: only so do the fairness rules
//! hold exactly, `force_push` and `drain` are one step, and `try_recv` is never `Empty` because another
//! operation is half done. What was measured: with nobody asleep, a push and a pop of a `u64` take two
//! read-modify-writes and 140 instructions, their futures and an executor's loop included; in queues on
//! lock-free rings of stamped slots, which have to look for waiters beside the ring, 166 (tachyonix) and
//! 211 (crossfire); in kanal, which has one short critical section too, 131.

use std::collections::VecDeque;
use std::mem;

use crate::wait::wake::FirstPanic;

/// The size of a ring that is one of many, unless a single item is larger.
const RING_BYTES: usize = 15 << 10;
const RING_ITEMS: usize = 512;
/// What a bounded queue may take up in one ring.
const BOUNDED_BYTES: usize = 64 << 10;
/// How many items a ring has room for at first.
const FEW_ITEMS: usize = 4;
/// How many rings the list has room for when nearly all have been drained.
const FEW_RINGS: usize = 16;

/// A FIFO that gives memory back.
#[repr(C)]
pub(super) struct Fifo<T> {
    /// Not empty, unless all is.
    front: VecDeque<T>,
    len: usize,
    /// What was pushed when `front` was full; each but the last is full.
    rest: VecDeque<VecDeque<T>>,
    spare: Option<VecDeque<T>>,
    /// How many items a ring holds.
    ring: usize,
}

impl<T> Fifo<T> {
    /// Of a queue that holds at most `max` items.
    pub(super) const fn new(max: usize) -> Self {
        Self {
            front: VecDeque::new(),
            len: 0,
            rest: VecDeque::new(),
            spare: None,
            ring: Self::ring(max),
        }
    }

    const fn ring(max: usize) -> usize {
        let Some(many) = RING_BYTES.checked_div(size_of::<T>()) else {
            return usize::MAX;
        };
        if max <= BOUNDED_BYTES / size_of::<T>() {
            max
        } else if many > RING_ITEMS {
            RING_ITEMS
        } else if many > 0 {
            many
        } else {
            1
        }
    }

    /// An empty one like it in the place of this one.
    pub(super) fn take(&mut self) -> Self {
        let mut empty = Self::new(0);
        empty.ring = self.ring;
        mem::replace(self, empty)
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether all there is lies in `front`.
    #[inline]
    fn is_one_ring(&self) -> bool {
        self.front.len() == self.len
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        if self.is_one_ring() && self.front.len() < self.front.capacity() {
            self.front.push_back(item);
        } else {
            self.push_slow(item);
        }
        self.len += 1;
    }

    #[cold]
    fn push_slow(&mut self, item: T) {
        let room = self.front.capacity();
        if self.is_one_ring() && room < self.ring {
            let more = room.max(FEW_ITEMS).min(self.ring - room);
            self.front.reserve_exact(room - self.front.len() + more);
            self.front.push_back(item);
            return;
        }
        match self.rest.back_mut() {
            Some(last) if last.len() < self.ring => last.push_back(item),
            _ => {
                let spare = self.spare.take();
                let mut ring = spare.unwrap_or_else(|| VecDeque::with_capacity(self.ring));
                ring.push_back(item);
                self.rest.push_back(ring);
            }
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        let item = self.front.pop_front();
        if self.front.is_empty() {
            self.next_ring();
        }
        item
    }

    /// The first ring was drained.
    #[inline]
    fn next_ring(&mut self) {
        if self.len > 0 {
            self.drop_ring();
        } else if size_of::<T>() > RING_BYTES {
            self.front = VecDeque::new();
        }
    }

    #[cold]
    fn drop_ring(&mut self) {
        if let Some(next) = self.rest.pop_front() {
            let drained = mem::replace(&mut self.front, next);
            self.spare = Some(drained).filter(|_| !self.rest.is_empty());
        }
        if self.rest.is_empty() && self.rest.capacity() > FEW_RINGS {
            self.rest = VecDeque::new();
        }
    }

    /// Puts back what was popped, as if it had not been.
    pub(super) fn push_front(&mut self, item: T) {
        self.front.push_front(item);
        self.len += 1;
    }

    /// Moves up to `limit` items to the end of `to`.
    pub(super) fn pop_many(&mut self, to: &mut Vec<T>, limit: usize) -> usize {
        let count = limit.min(self.len);
        let mut left = count;
        while left > 0 {
            let now = left.min(self.front.len());
            to.extend(self.front.drain(..now));
            self.len -= now;
            left -= now;
            if self.front.is_empty() {
                self.next_ring();
            }
        }
        count
    }
}

impl<T> Drop for Fifo<T> {
    /// Drops every item, whichever of them panics.
    fn drop(&mut self) {
        if mem::needs_drop::<T>() {
            let mut panic = FirstPanic::default();
            while let Some(item) = self.pop() {
                panic.catch(|| drop(item));
            }
            panic.go_on();
        }
    }
}
