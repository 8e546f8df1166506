//! Where the items lie, first in, first out. Nothing here knows of wakers, locks or bounds.
//!
//! ```text
//!    front            rest
//!   [ring] <- pop    [ring] [ring] ... [ring] <- push        spare: [empty ring]
//! ```
//!
//! Rings of a few KiB at most: a short queue is one ring that grows as it has to; a long one is a
//! list of them, so that no push copies what is queued already, and each is given back, but for one,
//! when it is drained. The bounded and the unbounded queue share this, since a huge bound must not
//! allocate up front either.
//!
//! What was measured (two threads, u64): a ring of stamped slots with a compare-and-swap at each end
//! needs a full fence or another read-modify-write to see whether somebody waits, so that it costs what
//! the one short critical section costs that covers ring, counts and both lines; and only in there do
//! the fairness rules hold exactly, `force_push` and `drain` in one step, `try_recv` never `Empty`
//! because another operation is half done.

use std::collections::VecDeque;
use std::mem;

use crate::wait::wake::FirstPanic;

/// The size of a ring, unless a single item is larger.
const RING_BYTES: usize = 4096;
/// How many rings the list has room for when nearly all have been drained.
const FEW_RINGS: usize = 16;

/// A FIFO that gives memory back.
pub(super) struct Fifo<T> {
    /// Not empty, unless all is.
    front: VecDeque<T>,
    /// What was pushed when `front` was full; each but the last is full.
    rest: VecDeque<VecDeque<T>>,
    spare: Option<VecDeque<T>>,
    len: usize,
}

impl<T> Fifo<T> {
    /// How many items a ring holds.
    const RING: usize = match RING_BYTES.checked_div(size_of::<T>()) {
        Some(0) => 1,
        Some(items) => items,
        None => usize::MAX,
    };

    pub(super) const fn new() -> Self {
        Self {
            front: VecDeque::new(),
            rest: VecDeque::new(),
            spare: None,
            len: 0,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        if self.rest.is_empty() && self.front.len() < Self::RING {
            self.front.push_back(item);
        } else {
            self.push_to_rest(item);
        }
        self.len += 1;
    }

    fn push_to_rest(&mut self, item: T) {
        match self.rest.back_mut() {
            Some(last) if last.len() < Self::RING => last.push_back(item),
            _ => {
                let spare = self.spare.take();
                let mut ring = spare.unwrap_or_else(|| VecDeque::with_capacity(Self::RING));
                ring.push_back(item);
                self.rest.push_back(ring);
            }
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        let item = self.front.pop_front()?;
        self.len -= 1;
        if self.front.is_empty() {
            self.drained_ring();
        }
        Some(item)
    }

    #[inline]
    fn drained_ring(&mut self) {
        if !self.rest.is_empty() {
            self.next_ring();
        } else if size_of::<T>() > RING_BYTES {
            self.front = VecDeque::new();
        }
    }

    fn next_ring(&mut self) {
        if let Some(next) = self.rest.pop_front() {
            let drained = mem::replace(&mut self.front, next);
            if size_of::<T>() <= RING_BYTES {
                self.spare = Some(drained);
            }
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
    pub(super) fn pop_many(&mut self, to: &mut impl Extend<T>, limit: usize) -> usize {
        let count = limit.min(self.len);
        let mut left = count;
        while left > 0 {
            let now = left.min(self.front.len());
            to.extend(self.front.drain(..now));
            self.len -= now;
            left -= now;
            if self.front.is_empty() {
                self.drained_ring();
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
