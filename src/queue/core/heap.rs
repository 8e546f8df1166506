//! Storage of items, greatest first, and oldest first among equals: a min-max heap, which can also give up the
//! item that would leave last.
//!
//! ```text
//!   level 0               9              even levels: nothing below leaves earlier
//!   level 1        2             1       odd levels: nothing below leaves later
//!   level 2      7   5         8   3
//! ```
//!
//! Each level lies in a segment of its own, so that growing moves no item. Nothing here allocates or frees by
//! itself, as in [`buffer`](super::buffer).
//!
//! `Ord::cmp` is foreign code, the only such code that runs under the latch. If it panics, the item that was on
//! its way stays where it is: every item is still there, but perhaps not in its place.
//!
//! Invariants:
//!
//! - **H1.** The segments hold `len` entries: all but the last segment that has any are full, and behind that there
//!   may be one more that is empty.
//! - **H2.** While an entry is [`Moving`], it is out of its segment: what is left in its place is not used.
//!
//! After Atkinson, Sack, Santoro and Strothotte, "Min-max heaps and generalized priority queues", 1986.

mod moving;

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use self::moving::Moving;
use crate::wait::wake::FirstPanic;

/// How much is never freed, so that a short queue does not allocate again and again.
const KEPT_BYTES: usize = 1 << 10;

struct Entry<T> {
    item: T,
    /// Numbers the pushes.
    age: u64,
}

pub(in crate::queue) struct Heap<T> {
    entries: Entries<T>,
    pushes: u64,
    order: Sift<T>,
}

/// Moves an entry to its place. These are pointers because only the creator of a heap knows that its items can be
/// compared. An operation calls one of them.
struct Sift<T> {
    up: fn(&mut Entries<T>, usize),
    down: fn(&mut Entries<T>, usize),
    last: fn(&mut Entries<T>) -> usize,
}

impl<T> Clone for Sift<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Sift<T> {}

struct Entries<T> {
    segments: Vec<Segment<T>>,
    len: usize,
}

pub(super) struct Segment<T>(Vec<Entry<T>>);

/// What a heap grows by: its next segment, and a vector with room for that and all others.
pub(super) struct Growth<T> {
    segments: Vec<Segment<T>>,
    number: usize,
}

impl<T> Growth<T> {
    pub(super) fn new(number: usize) -> Self {
        let mut segments = Vec::with_capacity(number + 1);
        segments.push(Segment(Vec::with_capacity(1 << number)));
        Self { segments, number }
    }
}

/// The segment of the item at `index`, and its place there.
#[inline]
fn place(index: usize) -> (usize, usize) {
    let segment = (index + 1).ilog2() as usize;
    (segment, index - starts_at(segment))
}

/// The index of the first item of a segment.
#[inline]
fn starts_at(segment: usize) -> usize {
    (1 << segment) - 1
}

impl<T: Ord> Heap<T> {
    pub(super) const fn new() -> Self {
        Self::of(Sift {
            up: Entries::up,
            down: Entries::down,
            last: Entries::last,
        })
    }
}

impl<T> Heap<T> {
    /// How many segments are never freed: in debug builds one, so that tests cover the rest.
    const KEPT: usize = {
        let items = KEPT_BYTES / size_of::<Entry<T>>();
        if cfg!(debug_assertions) || items < 2 {
            1
        } else {
            items.ilog2() as usize
        }
    };

    const fn of(order: Sift<T>) -> Self {
        Self {
            entries: Entries {
                segments: Vec::new(),
                len: 0,
            },
            pushes: 0,
            order,
        }
    }

    /// Takes this heap, and leaves an empty one in its place.
    pub(super) fn take_all(&mut self) -> Self {
        let empty = Self::of(self.order);
        mem::replace(self, empty)
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.entries.len
    }

    /// The segment that has to be added before one more item fits.
    #[inline]
    pub(super) fn lacks(&self) -> Option<usize> {
        let segments = self.entries.segments.len();
        (self.len() == starts_at(segments)).then_some(segments)
    }

    /// Adds a segment, unless it is no longer needed. The caller frees what is returned.
    pub(super) fn grow(&mut self, mut growth: Growth<T>) -> Growth<T> {
        if self.lacks() == Some(growth.number) {
            let segments = &mut self.entries.segments;
            mem::swap(segments, &mut growth.segments);
            segments.append(&mut growth.segments);
            segments.rotate_left(1);
        }
        growth
    }

    /// Whether the last segment is empty, and the one before it at most half full.
    #[inline]
    pub(super) fn has_garbage(&self) -> bool {
        let segments = self.entries.segments.len();
        segments > Self::KEPT
            && self.len() <= (starts_at(segments - 2) + starts_at(segments - 1)) / 2
    }

    /// A segment to be freed.
    pub(super) fn take_garbage(&mut self) -> Option<Segment<T>> {
        if !self.has_garbage() {
            return None;
        }
        self.entries.segments.pop()
    }

    /// Pushes; no segment is lacking.
    pub(super) fn push(&mut self, item: T) {
        let age = self.pushes;
        self.pushes += 1;
        let index = self.len();
        self.entries.push(Entry { item, age });
        (self.order.up)(&mut self.entries, index);
    }

    /// Pops the first to leave.
    pub(super) fn pop(&mut self) -> Option<T> {
        (self.len() > 0).then(|| self.remove(0))
    }

    /// Pops the last to leave.
    pub(super) fn pop_last(&mut self) -> Option<T> {
        let last = match self.len() {
            0 => return None,
            1 | 2 => self.len() - 1,
            _ => (self.order.last)(&mut self.entries),
        };
        Some(self.remove(last))
    }

    fn remove(&mut self, index: usize) -> T {
        let removed = self.entries.swap_remove(index);
        if index < self.len() {
            (self.order.down)(&mut self.entries, index);
        }
        removed.item
    }
}

impl<T> Entries<T> {
    fn push(&mut self, entry: Entry<T>) {
        let Segment(entries) = &mut self.segments[place(self.len).0];
        let has_room = entries.len() < entries.capacity();
        assert!(has_room, "a segment is added before it is needed");
        entries.push(entry);
        self.len += 1;
    }

    /// Replaces the entry at `index` by the last one.
    fn swap_remove(&mut self, index: usize) -> Entry<T> {
        let last = self.segments[place(self.len - 1).0].0.pop();
        let last = last.expect("there is an item at each index");
        self.len -= 1;
        if index == self.len {
            return last;
        }
        let (segment, place) = place(index);
        mem::replace(&mut self.segments[segment].0[place], last)
    }

    #[inline]
    fn at(&mut self, index: usize) -> NonNull<Entry<T>> {
        debug_assert!(index < self.len);
        let (segment, place) = place(index);
        // SAFETY: H1.
        let Segment(entries) = unsafe { self.segments.get_unchecked_mut(segment) };
        // SAFETY: H1: there is an entry at this place.
        let entry = unsafe { entries.as_mut_ptr().add(place) };
        // SAFETY: a pointer to an entry is not null.
        unsafe { NonNull::new_unchecked(entry) }
    }
}

/// Runs foreign code, and swallows its panic.
fn guarded<R>(run: impl FnOnce() -> R) -> Option<R> {
    // The payload is forgotten, because its drop is foreign code too.
    catch_unwind(AssertUnwindSafe(run))
        .map_err(mem::forget)
        .ok()
}

impl<T: Ord> Entries<T> {
    /// The index of the last item to leave; there are 3 items or more.
    fn last(&mut self) -> usize {
        let [one, two] = [1, 2].map(|index| {
            // SAFETY: H1, H2: nothing is on its way.
            unsafe { self.at(index).as_ref() }
        });
        let is_second = guarded(|| two.belongs_above(one, false));
        1 + usize::from(is_second.unwrap_or(false))
    }

    fn up(&mut self, index: usize) {
        guarded(|| Moving::new(self, index).rise());
    }

    fn down(&mut self, index: usize) {
        guarded(|| {
            let mut moving = Moving::new(self, index);
            moving.sink();
            moving.rise();
        });
    }
}

impl<T> Drop for Entries<T> {
    /// Drops every item, whichever of them panics.
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        for entry in self.segments.drain(..).flat_map(|segment| segment.0) {
            panic.catch(|| drop(entry));
        }
        panic.go_on();
    }
}
