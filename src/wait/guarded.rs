//! The two parts of a primitive: a state word that holds the latch, and the state that the latch guards.

use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::task::Waker;

use super::node::NodeRef;
use crate::sync::{Access, LATCHED, StateWord, Tracker, const_fn};

/// The state that a latch guards.
pub(crate) trait Inside {
    /// The load of a waiter, if it may be taken out while the waiter waits.
    type Load;

    /// How long a thread that finds the latch taken spins at first: measured.
    const FIRST_SPINS: u32;

    /// What must be done next before the latch may be released for good; `word` is the state word.
    fn due(&self, word: usize) -> Option<Due>;

    /// Does what is due, and returns the waker to wake, unless it was used up or nobody was called.
    fn call_due(&mut self, word: &mut usize, due: Due) -> Option<Waker>;

    /// Whether nothing is due. In debug builds and in models, this is asserted whenever a latch is released, if
    /// it was so when the latch was taken.
    fn is_settled(&self, word: usize) -> bool {
        self.due(word).is_none()
    }
}

/// What is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Due {
    /// Call this waiter; in a queue, a pop.
    First(NodeRef),
    /// Call this push or reserve of a queue.
    Second(NodeRef),
    /// Anything else, which takes a closer look.
    Rare,
}

const CHECKS: bool = cfg!(any(debug_assertions, wakeful_loom));

/// Whether to assert, when the latch is released, that nobody is due. Zero-sized where nothing is asserted.
type Settles = [bool; CHECKS as usize];

#[repr(C)]
pub(crate) struct Guarded<X> {
    pub(crate) word: StateWord,
    tracker: Tracker,
    inside: UnsafeCell<X>,
}

// SAFETY: `&Guarded` gives access to the inside only through the latch, so to one thread at a time, which
// amounts to sending it.
unsafe impl<X: Send> Sync for Guarded<X> {}

impl<X> Guarded<X> {
    const_fn! {
        pub(crate) const fn new(word: usize, inside: X) -> Self {
            Self {
                word: StateWord::new(word),
                tracker: Tracker::new(),
                inside: UnsafeCell::new(inside),
            }
        }
    }

    pub(crate) const fn get_mut(&mut self) -> &mut X {
        self.inside.get_mut()
    }
}

impl<X: Inside> Guarded<X> {
    /// Runs `op` on the inside and the word, if none of the bits `others` is set and the latch is free. For
    /// very short operations: `op` neither panics nor calls anybody, and if it changes something, it leaves
    /// nobody due.
    #[inline(always)]
    pub(crate) fn with_idle<T>(
        &self,
        others: usize,
        op: impl FnOnce(&mut X, &mut usize) -> Option<T>,
    ) -> Option<T> {
        let mut word = self.word.peek();
        if word & (others | LATCHED) != 0 || !self.word.acquire(word, word | LATCHED) {
            return None;
        }
        let mut access = self.tracker.begin();
        // SAFETY: the latch is held, and there is no other way to the inside.
        let inside = unsafe { &mut *self.inside.get() };
        let result = op(inside, &mut word);
        access.end();
        self.word.unlatch(word);
        result
    }

    #[inline(always)]
    pub(crate) fn latch(&self) -> Latched<'_, X> {
        let word = self.word.latch(X::FIRST_SPINS);
        let mut latched = Latched {
            guarded: self,
            word,
            access: self.tracker.begin(),
            settles: [false; CHECKS as usize],
        };
        // Somebody may be due already: another thread may be between two batches of wakers.
        latched.settles = [CHECKS && latched.is_settled(word); CHECKS as usize];
        latched
    }
}

/// The guard of the latch: dereferences to the inside. While it is held, the state word does not change;
/// dropping it publishes `word` and releases the latch.
pub(crate) struct Latched<'a, X: Inside> {
    pub(super) guarded: &'a Guarded<X>,
    /// The state word, without the latch.
    pub(crate) word: usize,
    access: Access,
    settles: Settles,
}

impl<X: Inside> Latched<'_, X> {
    /// Releases the latch: an inlined drop.
    #[inline(always)]
    pub(crate) fn release(self) {
        ManuallyDrop::new(self).end();
    }

    /// Releases the latch for a moment, although waiters may still be due.
    pub(crate) fn drop_unsettled(mut self) {
        self.settles.fill(false);
    }

    #[inline(always)]
    fn end(&mut self) {
        let settled = !self.settles.contains(&true) || self.is_settled(self.word);
        self.access.end();
        self.guarded.word.unlatch(self.word);
        if CHECKS {
            assert!(
                settled || std::thread::panicking(),
                "somebody due was not called"
            );
        }
    }
}

impl<X: Inside> Deref for Latched<'_, X> {
    type Target = X;

    #[inline]
    fn deref(&self) -> &X {
        // SAFETY: the latch is held as long as `self` lives, and only its holder accesses the inside.
        unsafe { &*self.guarded.inside.get() }
    }
}

impl<X: Inside> DerefMut for Latched<'_, X> {
    #[inline]
    fn deref_mut(&mut self) -> &mut X {
        // SAFETY: as in `deref`, and `self` is borrowed exclusively.
        unsafe { &mut *self.guarded.inside.get() }
    }
}

impl<X: Inside> Drop for Latched<'_, X> {
    #[inline(always)]
    fn drop(&mut self) {
        self.end();
    }
}
