//! The two parts of a primitive: a state word that holds the latch, and the state that the latch guards.

use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::task::Waker;

use super::node::NodeRef;
use crate::sync::{Access, LATCHED, StateWord, Tracker, const_fn, pretends_to_be_taken};

/// The state that a latch guards.
pub(crate) trait Inside {
    /// The load of a waiter, if it may be taken out while the waiter waits.
    type Load;

    /// How long a thread that finds the latch taken spins at first: measured.
    const FIRST_SPINS: u32;

    /// What must be done next before the latch may be released for good, or [`Due::Rare`] if that takes a closer
    /// look. `None` is final. `word` is the state word, whose bits this may trust.
    fn glance(&self, word: usize) -> Option<Due>;

    /// The same after a closer look, at the state itself.
    fn look(&self, word: usize) -> Option<Due>;

    /// Does what is due, and returns the waker to wake, unless it was used up or nobody was called.
    fn call_due(&mut self, word: &mut usize, due: Due) -> Option<Waker>;
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

/// Whether to assert that nothing is due when the latch is released: in debug builds and in models, if it was so
/// when the latch was taken. Zero-sized where nothing is asserted.
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
    /// Takes the latch if it is free and none of the bits `others` is set.
    #[inline(always)]
    pub(crate) fn latch_if_idle(&self, others: usize) -> Option<Latched<'_, X>> {
        let word = self.word.peek();
        let is_idle = word & (others | LATCHED) == 0 && self.word.acquire(word, word | LATCHED);
        is_idle.then(|| self.latched(word))
    }

    #[inline(always)]
    pub(crate) fn latch(&self) -> Latched<'_, X> {
        self.latched(self.word.latch(X::FIRST_SPINS))
    }

    /// Takes the latch if it is free.
    #[inline(always)]
    pub(crate) fn latch_if_free(&self) -> Option<Latched<'_, X>> {
        if pretends_to_be_taken() {
            return None;
        }
        self.word.latch_if_free().map(|word| self.latched(word))
    }

    #[inline(always)]
    fn latched(&self, word: usize) -> Latched<'_, X> {
        let mut latched = Latched {
            guarded: self,
            word,
            access: self.tracker.begin(),
            settles: [false; CHECKS as usize],
        };
        // Somebody may be due already: another thread may be between two batches of wakers.
        latched.settles = [CHECKS && latched.look(word).is_none(); CHECKS as usize];
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

    /// [`release`](Self::release) as a function of its own, for callers that are inlined.
    #[cold]
    #[inline(never)]
    pub(crate) fn release_apart(self) {
        self.release();
    }

    /// Releases the latch, and then runs `then`, without a stack frame for that.
    #[inline(always)]
    pub(crate) fn release_and<T>(self, then: impl FnOnce() -> T) -> T {
        if CHECKS {
            drop(self);
            return then();
        }
        let latched = ManuallyDrop::new(self);
        latched.guarded.word.unlatch_and(latched.word, then)
    }

    /// Releases the latch for a moment, although waiters may still be due.
    pub(crate) fn drop_unsettled(mut self) {
        self.settles.fill(false);
    }

    #[inline(always)]
    fn end(&mut self) {
        let settled = !self.settles.contains(&true) || self.look(self.word).is_none();
        self.access = Access::default();
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
