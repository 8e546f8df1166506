//! Storage of items, greatest first, and oldest first among equals: a min-max heap, which can also give up the
//! item that would leave last.
//!
//! ```text
//!   level 0                 9                 the first to leave
//!   level 1         2               1         levels of odd number: none below leaves later
//!   level 2      7     5         8     3      levels of even number: none below leaves earlier
//! ```
//!
//! Items lie in segments, each twice as large as the one before, so that growing moves none of them. Nothing
//! here allocates or frees by itself, as in [`buffer`](super::buffer).
//!
//! `Ord::cmp` is foreign code, and the only such code that runs under the latch. If it panics, its two items
//! count as equal.
//!
//! After Atkinson, Sack, Santoro, Strothotte: "Min-max heaps and generalized priority queues", 1986.

use std::cmp::Ordering;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::wait::wake::FirstPanic;

/// How many items the first segment holds: in debug builds few, so that tests cover the others.
const FEW: usize = if cfg!(debug_assertions) { 2 } else { 16 };

struct Entry<T> {
    item: T,
    /// Numbers the pushes.
    age: u64,
}

pub(in crate::queue) struct Heap<T> {
    compare: fn(&T, &T) -> Ordering,
    /// All but the last are full, or about to be freed.
    segments: Segments<T>,
    len: usize,
    pushes: u64,
}

type Segments<T> = Vec<Segment<T>>;

pub(in crate::queue) struct Segment<T>(Vec<Entry<T>>);

/// What a heap grows by: its next segment, and a vector with room for that and all others.
pub(in crate::queue) struct Growth<T> {
    segments: Segments<T>,
    number: usize,
}

impl<T> Growth<T> {
    pub(super) fn new(number: usize) -> Self {
        let mut segments = Vec::with_capacity(number + 1);
        segments.push(Segment(Vec::with_capacity(FEW << number)));
        Self { segments, number }
    }
}

/// The segment of the item at `index`, and its place there.
fn place(index: usize) -> (usize, usize) {
    let segment = (index / FEW + 1).ilog2() as usize;
    (segment, index - starts_at(segment))
}

/// The index of the first item of a segment.
fn starts_at(segment: usize) -> usize {
    FEW * ((1 << segment) - 1)
}

/// Whether items at this index leave before all below them, rather than after.
fn is_early(index: usize) -> bool {
    (index + 1).ilog2() % 2 == 0
}

fn parent(index: usize) -> Option<usize> {
    index.checked_sub(1).map(|above| above / 2)
}

impl<T> Heap<T> {
    pub(super) const fn new(compare: fn(&T, &T) -> Ordering) -> Self {
        Self {
            compare,
            segments: Vec::new(),
            len: 0,
            pushes: 0,
        }
    }

    /// Takes this heap, and leaves an empty one in its place.
    pub(super) fn take_all(&mut self) -> Self {
        let empty = Self::new(self.compare);
        mem::replace(self, empty)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The segment that has to be added before one more item fits.
    pub(super) fn lacks(&self) -> Option<usize> {
        let segments = self.segments.len();
        (self.len == starts_at(segments)).then_some(segments)
    }

    /// Adds a segment, unless it is no longer needed. What is left of `growth` is to be freed.
    pub(super) fn grow(&mut self, growth: &mut Growth<T>) {
        if self.lacks() == Some(growth.number) {
            mem::swap(&mut self.segments, &mut growth.segments);
            self.segments.append(&mut growth.segments);
            self.segments.rotate_left(1);
        }
    }

    /// A segment to be freed: the last, if it is empty and the one before it is at most half full.
    pub(super) fn take_garbage(&mut self) -> Option<Segment<T>> {
        self.has_garbage().then(|| self.segments.pop()).flatten()
    }

    pub(super) fn has_garbage(&self) -> bool {
        let last = self.segments.len().saturating_sub(1);
        last > 0 && self.len <= starts_at(last - 1) + (FEW << last) / 4
    }

    /// Pushes; no segment is lacking.
    pub(super) fn push(&mut self, item: T) {
        let index = self.len;
        let Segment(entries) = &mut self.segments[place(index).0];
        assert!(
            entries.len() < entries.capacity(),
            "a segment is added before it is needed"
        );
        entries.push(Entry {
            item,
            age: self.pushes,
        });
        self.pushes += 1;
        self.len += 1;
        self.rise(index);
    }

    /// Pops the first to leave.
    pub(super) fn pop(&mut self) -> Option<T> {
        (self.len > 0).then(|| self.remove(0))
    }

    /// Pops the last to leave.
    pub(super) fn pop_last(&mut self) -> Option<T> {
        let last = match self.len {
            0 => return None,
            1 | 2 => self.len - 1,
            _ if self.leaves_before(1, 2) => 2,
            _ => 1,
        };
        Some(self.remove(last))
    }

    fn remove(&mut self, index: usize) -> T {
        self.len -= 1;
        self.swap(index, self.len);
        let removed = self.segments[place(self.len).0].0.pop();
        if index < self.len {
            self.sink(index);
        }
        removed.expect("there is an item at each index").item
    }

    fn at(&self, index: usize) -> &Entry<T> {
        let (segment, place) = place(index);
        &self.segments[segment].0[place]
    }

    fn swap(&mut self, one: usize, other: usize) {
        let (one, other) = (place(one.min(other)), place(one.max(other)));
        if one.0 == other.0 {
            return self.segments[one.0].0.swap(one.1, other.1);
        }
        let (before, rest) = self.segments.split_at_mut(other.0);
        mem::swap(&mut before[one.0].0[one.1], &mut rest[0].0[other.1]);
    }

    fn leaves_before(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.at(one), self.at(other));
        let compare = || (self.compare)(&one.item, &other.item);
        let order = catch_unwind(AssertUnwindSafe(compare)).unwrap_or_else(|panic| {
            mem::forget(panic); // its drop is foreign code too
            Ordering::Equal
        });
        order.then(other.age.cmp(&one.age)) == Ordering::Greater
    }

    /// Whether the first should be nearer to the root, on early levels or on late ones.
    fn belongs_above(&self, one: usize, other: usize, early: bool) -> bool {
        if early {
            self.leaves_before(one, other)
        } else {
            self.leaves_before(other, one)
        }
    }

    /// Moves the item at `index` up to where it belongs.
    fn rise(&mut self, mut index: usize) {
        let mut early = is_early(index);
        if let Some(above) = parent(index) {
            if self.belongs_above(index, above, !early) {
                self.swap(index, above);
                (index, early) = (above, !early);
            }
        }
        while let Some(above) = parent(index).and_then(parent) {
            if !self.belongs_above(index, above, early) {
                return;
            }
            self.swap(index, above);
            index = above;
        }
    }

    /// Moves the item at `index` down to where it belongs.
    fn sink(&mut self, mut index: usize) {
        let early = is_early(index);
        while let Some(best) = self.best_below(index, early) {
            if !self.belongs_above(best, index, early) {
                return;
            }
            self.swap(best, index);
            let above = (best - 1) / 2;
            if above == index {
                return;
            }
            if self.belongs_above(best, above, !early) {
                self.swap(best, above);
            }
            index = best;
        }
    }

    /// Of the children and grandchildren, the one that belongs above the others.
    fn best_below(&self, index: usize, early: bool) -> Option<usize> {
        let child = 2 * index + 1;
        let grandchild = 2 * child + 1;
        let mut below = (child..child + 2).chain(grandchild..grandchild + 4);
        let first = below.next().filter(|&first| first < self.len)?;
        let better = |best, other| match other < self.len && self.belongs_above(other, best, early)
        {
            true => other,
            false => best,
        };
        Some(below.fold(first, better))
    }
}

impl<T> Drop for Heap<T> {
    /// Drops every item, whichever of them panics.
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        for entry in self.segments.drain(..).flat_map(|segment| segment.0) {
            panic.catch(|| drop(entry));
        }
        panic.go_on();
    }
}
