//! A state word that holds the *latch*: the short internal lock, held for a few dozen instructions and
//! never across foreign code.
//!
//! One compare-and-swap takes the latch; one plain store releases it and publishes the new state. The price of
//! the plain store is that the holder cannot tell from the word whether anybody waits for the latch. So a
//! thread that finds it taken spins a little, yields, and then *parks* in parking_lot's table, under the address
//! of the word, and counts itself in a static that every release checks afterwards: it is almost always 0.
//! Whoever unparks it decrements the count at once, because the woken thread may not run for a while.
//!
//! One race is left open, because closing it would cost a fence in every release:
//!
//! 1. B counts itself, sees the latch taken, and is about to park.
//! 2. A's store that releases the latch is not yet visible to B when A loads the count: A sees 0.
//! 3. B parks, and nobody unparks it. But it parks for at most a tenth of a millisecond before it checks again,
//!    and for twice as long after each check that fails.
//!
//! So the open race costs a nap, about as long as a thread takes to wake, and never a hang.
//!
//! loom cannot park with a deadline, so in models a thread that finds the latch taken parks until it is
//! released: see `with_loom.rs`.

use super::{AtomicUsize, BackOff, Ordering, const_fn, hint, may_be_parked, unpark_latch};
use Ordering::{Acquire, Relaxed, Release};

/// The lowest bit of every state word.
pub(crate) const LATCHED: usize = 1;

/// The state word of a primitive. Whatever its other bits mean, only the holder of the latch changes them while
/// it is latched.
#[derive(Debug)]
pub(crate) struct StateWord(AtomicUsize);

impl StateWord {
    const_fn! {
        pub(crate) const fn new(word: usize) -> Self {
            Self(AtomicUsize::new(word))
        }
    }

    /// The word, which may be latched, as a hint: the caller confirms it by a compare-and-swap or under the
    /// latch.
    #[inline]
    pub(crate) fn peek(&self) -> usize {
        hint(&self.0)
    }

    /// The word, which may be latched, for an answer that nothing confirms later.
    #[inline]
    pub(crate) fn look(&self) -> usize {
        // Ordering: Relaxed, because the caller reads nothing else that depends on it.
        self.0.load(Relaxed)
    }

    /// The word; synchronizes with the thread that wrote it.
    #[inline]
    pub(crate) fn load(&self) -> usize {
        // Ordering: Acquire pairs with the Release of `unlatch` and `release`.
        self.0.load(Acquire)
    }

    /// Acquires something by changing the word from `from`, which is not latched.
    #[inline]
    pub(crate) fn acquire(&self, from: usize, to: usize) -> bool {
        // Ordering: Acquire pairs with the Release of the last release.
        self.0.compare_exchange(from, to, Acquire, Relaxed).is_ok()
    }

    /// Releases something by changing the word from `from`, which is not latched.
    #[inline]
    pub(crate) fn release(&self, from: usize, to: usize) -> bool {
        // Ordering: Release pairs with the Acquire of the next acquisition.
        self.0.compare_exchange(from, to, Release, Relaxed).is_ok()
    }

    /// Takes the latch if it is free; returns the word without it. Loads first, because a failed compare-and-swap
    /// would take the cache line away from the thread that has the latch.
    #[inline]
    pub(crate) fn latch_if_free(&self) -> Option<usize> {
        let word = hint(&self.0);
        (word & LATCHED == 0 && self.acquire(word, word | LATCHED)).then_some(word)
    }

    /// Takes the latch; returns the word without it. A thread that finds the latch taken first spins
    /// `first_spins` times.
    #[inline]
    pub(crate) fn latch(&self, first_spins: u32) -> usize {
        match self.latch_if_free() {
            Some(word) => word,
            None => self.latch_slow(first_spins),
        }
    }

    #[cold]
    #[inline(never)]
    fn latch_slow(&self, first_spins: u32) -> usize {
        let mut back_off = BackOff::new(first_spins);
        let mut found = hint(&self.0);
        loop {
            if found & LATCHED != 0 {
                back_off.wait(&self.0);
                found = hint(&self.0);
            }
            let word = found & !LATCHED;
            // Ordering: Acquire pairs with the Release of `unlatch` and `release`.
            let taken = self
                .0
                .compare_exchange(word, word | LATCHED, Acquire, Relaxed);
            match taken {
                Ok(word) => return word,
                Err(word) => found = word,
            }
        }
    }

    /// Publishes the word, which releases the latch. The word's memory may be freed before this returns, so
    /// only its address is used after the store.
    #[inline]
    pub(crate) fn unlatch(&self, word: usize) {
        self.unlatch_and(word, || ());
    }

    /// The same, and then runs `then`, which each branch calls at its end: so neither needs a stack frame.
    #[inline(always)]
    pub(crate) fn unlatch_and<T>(&self, word: usize, then: impl FnOnce() -> T) -> T {
        debug_assert!(word & LATCHED == 0);
        let address = std::ptr::from_ref(&self.0).addr();
        // Ordering: Release pairs with the Acquire of the next `acquire` or `latch_slow`.
        self.0.store(word, Release);
        if may_be_parked() {
            unpark_and(address, then)
        } else {
            then()
        }
    }
}

/// The rare branch of [`StateWord::unlatch_and`].
#[cold]
#[inline(never)]
fn unpark_and<T>(address: usize, then: impl FnOnce() -> T) -> T {
    unpark_latch(address);
    then()
}
