//! A state word that holds the *latch*: the short internal lock, held for a few dozen instructions and
//! never across foreign code.
//!
//! One compare-and-swap latches, one plain store releases the latch and publishes the new state. The
//! price of the plain store is that the holder does not see, in the word, who waits for the latch. So
//! who finds it taken spins a little, then *parks* in parking_lot's table, under the address of the
//! word, and counts itself in a static that every release looks at afterwards: almost always 0.
//!
//! One race is left open, because closing it would cost every release a fence:
//!
//! 1. B counts itself, sees the latch taken, and is about to park.
//! 2. A's store that releases the latch is still on its way when A looks at the count: it sees 0.
//! 3. B parks, and nobody unparks it. It parks for a tenth of a millisecond at most, and then looks
//!    again; each time that this was of no use, for twice as long the next time.
//!
//! So what the open race costs is a nap, about as long as a thread takes to wake, and never a hang.
//!
//! In models, where nothing can park with a deadline, who finds the latch taken parks until it is not:
//! see `with_loom.rs`.

use super::{AtomicUsize, BackOff, Ordering, const_fn, hint, unpark_latch};
use Ordering::{Acquire, Relaxed, Release};

/// The lowest bit of every state word.
pub(crate) const LATCHED: usize = 1;

/// The state word of a primitive. Whatever its other bits mean, they stand still while it is latched,
/// but for who latched it.
#[derive(Debug)]
pub(crate) struct StateWord(AtomicUsize);

impl StateWord {
    const_fn! {
        pub(crate) const fn new(word: usize) -> Self {
            Self(AtomicUsize::new(word))
        }
    }

    /// The word, which may be latched, as a hint: whatever it says is confirmed, by a compare-and-swap or
    /// under the latch.
    #[inline]
    pub(crate) fn peek(&self) -> usize {
        hint(&self.0)
    }

    /// The word, which may be latched, for an answer that nothing confirms.
    #[inline]
    pub(crate) fn look(&self) -> usize {
        // Ordering: nothing is read that was written before.
        self.0.load(Relaxed)
    }

    /// The word, and what was done before it was written.
    #[inline]
    pub(crate) fn load(&self) -> usize {
        // Ordering: Acquire pairs with the Release of `unlatch` and `release`.
        self.0.load(Acquire)
    }

    /// Acquires something by changing the word from `from`, which is not latched.
    #[inline]
    pub(crate) fn acquire(&self, from: usize, to: usize) -> bool {
        // Ordering: Acquire pairs with the Release of who released it last.
        self.0.compare_exchange(from, to, Acquire, Relaxed).is_ok()
    }

    /// Releases something by changing the word from `from`, which is not latched.
    #[inline]
    pub(crate) fn release(&self, from: usize, to: usize) -> bool {
        // Ordering: Release pairs with the Acquire of who acquires it next.
        self.0.compare_exchange(from, to, Release, Relaxed).is_ok()
    }

    /// Latches; the word without the latch. A thread that finds it taken spins `first_spins` times at first.
    #[inline]
    pub(crate) fn latch(&self, first_spins: u32) -> usize {
        match self.try_latch(hint(&self.0)) {
            Ok(word) => word,
            Err(found) => self.latch_slow(found, first_spins),
        }
    }

    /// Latches, if the word is `guess`, or would be without the latch; the word that was found, if not.
    #[inline]
    fn try_latch(&self, guess: usize) -> Result<usize, usize> {
        let word = guess & !LATCHED;
        // Ordering: Acquire pairs with the Release of `unlatch` and `release`.
        self.0
            .compare_exchange(word, word | LATCHED, Acquire, Relaxed)
    }

    #[cold]
    #[inline(never)]
    fn latch_slow(&self, mut found: usize, first_spins: u32) -> usize {
        let mut back_off = BackOff::new(first_spins);
        loop {
            if found & LATCHED != 0 {
                back_off.wait(&self.0);
                found = hint(&self.0);
            }
            match self.try_latch(found) {
                Ok(word) => return word,
                Err(word) => found = word,
            }
        }
    }

    /// Publishes the word, which releases the latch. The memory of the word may be gone when this
    /// returns: only its address is used after the store.
    #[inline]
    pub(crate) fn unlatch(&self, word: usize) {
        debug_assert!(word & LATCHED == 0);
        let address = std::ptr::from_ref(&self.0).addr();
        // Ordering: Release pairs with the Acquire of who latches it next.
        self.0.store(word, Release);
        unpark_latch(address);
    }
}
