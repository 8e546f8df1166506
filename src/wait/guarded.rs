//! What a primitive is made of: a state word that holds the latch, and what the latch guards.

use std::ops::{Deref, DerefMut};

use crate::sync::{Access, StateWord, Tracker, UnsafeCell, const_fn};

/// What a latch guards.
pub(crate) trait Inside {
    /// How long one that finds the latch taken spins at first: measured.
    const FIRST_SPINS: u32;

    /// Whether nobody is due to be called, while the state word says `word`: asserted whenever a latch
    /// is released that found it so, in debug builds and in models.
    fn is_settled(&self, word: usize) -> bool;
}

const CHECKS: bool = cfg!(any(debug_assertions, wakeful_loom));

#[repr(C)]
pub(crate) struct Guarded<X> {
    pub(crate) word: StateWord,
    tracker: Tracker,
    inside: UnsafeCell<X>,
}

// SAFETY: `&Guarded` leads to the inside by way of the latch only, which gives it to one thread at a
// time: a `Send` of it.
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
    #[inline]
    pub(crate) fn latch(&self) -> Latched<'_, X> {
        let word = self.word.latch(X::FIRST_SPINS);
        let mut latched = Latched {
            guarded: self,
            word,
            access: self.tracker.begin(),
            settles: false,
        };
        // It may be somebody else, between two batches of wakers, who has still to call.
        latched.settles = CHECKS && latched.is_settled(word);
        latched
    }
}

/// The latch, held: leads to the inside. While it is held, the state word stands still; dropping this
/// publishes `word` and releases the latch.
pub(crate) struct Latched<'a, X: Inside> {
    guarded: &'a Guarded<X>,
    /// The state word, without the latch.
    pub(crate) word: usize,
    access: Access,
    /// Whether nobody may be due when it is dropped.
    settles: bool,
}

impl<X: Inside> Latched<'_, X> {
    /// Releases the latch for a moment, with calls still to be made.
    pub(crate) fn drop_unsettled(mut self) {
        self.settles = false;
    }
}

impl<X: Inside> Deref for Latched<'_, X> {
    type Target = X;

    #[inline]
    fn deref(&self) -> &X {
        // SAFETY: the latch is held as long as `self` lives, and there is no way to the inside but
        // through one of these.
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
    #[inline]
    fn drop(&mut self) {
        let settled = !self.settles || self.is_settled(self.word);
        self.access.end();
        self.guarded.word.unlatch(self.word);
        assert!(
            settled || std::thread::panicking(),
            "somebody due was not called"
        );
    }
}
