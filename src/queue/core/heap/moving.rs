//! Moving an entry of a heap to its place.

use std::cmp::Ordering;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::{Entries, Entry};

/// Whether nothing below this index leaves earlier; otherwise, nothing there leaves later.
#[inline]
fn is_early(index: usize) -> bool {
    (index + 1).ilog2() % 2 == 0
}

#[inline]
fn parent(index: usize) -> Option<usize> {
    index.checked_sub(1).map(|above| above / 2)
}

/// An entry on its way to its place. What is at `hole`, where it is now, is a copy until this is dropped.
pub(super) struct Moving<'a, T> {
    entries: &'a mut Entries<T>,
    entry: ManuallyDrop<Entry<T>>,
    index: usize,
    hole: NonNull<Entry<T>>,
}

impl<'a, T> Moving<'a, T> {
    pub(super) fn new(entries: &'a mut Entries<T>, index: usize) -> Self {
        let hole = entries.at(index);
        Self {
            // SAFETY: H2: from now on, the one in memory is the copy.
            entry: ManuallyDrop::new(unsafe { hole.read() }),
            entries,
            index,
            hole,
        }
    }

    /// Moves the entry at `index` into the hole.
    #[inline]
    fn swap_with(&mut self, index: usize, other: NonNull<Entry<T>>) {
        // SAFETY: H2: the other is the copy from now on.
        unsafe { other.copy_to_nonoverlapping(self.hole, 1) };
        (self.index, self.hole) = (index, other);
    }
}

impl<T> Drop for Moving<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is not used again.
        let entry = unsafe { ManuallyDrop::take(&mut self.entry) };
        // SAFETY: H2: this ends it.
        unsafe { self.hole.write(entry) };
    }
}

impl<T: Ord> Entry<T> {
    /// Whether it leaves before `other` if `early`, or else whether it leaves after.
    #[inline]
    pub(super) fn belongs_above(&self, other: &Self, early: bool) -> bool {
        let leaves_before = match self.item.cmp(&other.item) {
            Ordering::Greater => true,
            Ordering::Equal => self.age < other.age,
            Ordering::Less => false,
        };
        leaves_before == early
    }
}

impl<T: Ord> Moving<'_, T> {
    /// Moves it to `index` if it belongs above the entry there.
    #[inline]
    fn passes(&mut self, index: usize, early: bool) -> bool {
        let other = self.entries.at(index);
        // SAFETY: H1, H2: it is not the hole.
        let passes = self.entry.belongs_above(unsafe { other.as_ref() }, early);
        if passes {
            self.swap_with(index, other);
        }
        passes
    }

    /// Moves it up to its place; nothing is below it.
    #[inline]
    pub(super) fn rise(&mut self) {
        let mut early = is_early(self.index);
        if let Some(above) = parent(self.index) {
            early ^= self.passes(above, !early);
        }
        while let Some(above) = parent(self.index).and_then(parent) {
            if !self.passes(above, early) {
                return;
            }
        }
    }

    /// Moves it down until nothing is below it. It was the last entry, so it most likely belongs there.
    #[inline]
    pub(super) fn sink(&mut self) {
        let early = is_early(self.index);
        let better = |one: NonNull<Entry<T>>, other: NonNull<Entry<T>>| {
            let [one, other] = [one, other].map(|entry| {
                // SAFETY: H1, H2: it is below the hole.
                unsafe { entry.as_ref() }
            });
            other.belongs_above(one, early)
        };
        loop {
            let child = 2 * self.index + 1;
            let grandchild = 2 * child + 1;
            if grandchild + 4 > self.entries.len {
                break;
            }
            // Each child belongs below its own, and these four lie side by side.
            let first = self.entries.at(grandchild);
            // SAFETY: H1: their segment is full up to the last of them.
            let four = [0, 1, 2, 3].map(|nth| unsafe { first.add(nth) });
            let left = usize::from(better(four[0], four[1]));
            let right = 2 + usize::from(better(four[2], four[3]));
            let best = if better(four[left], four[right]) {
                right
            } else {
                left
            };
            self.swap_with(grandchild + best, four[best]);
        }
        // At most one more step.
        let child = 2 * self.index + 1;
        let grandchild = 2 * child + 1;
        let len = self.entries.len;
        let below = (child..len.min(child + 2)).chain(grandchild..len);
        let below = below.map(|index| (index, self.entries.at(index)));
        let best = below.reduce(|best, other| if better(best.1, other.1) { other } else { best });
        if let Some((index, entry)) = best {
            self.swap_with(index, entry);
        }
    }
}
