//! The state word of a mutex.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `LOCKED` | somebody has the lock |
//! | 1 | `QUEUED` | somebody waits in line |
//! | 2 | `CALLED` | the first in line was called and has not answered: a release need call nobody |
//! | 16 to 31 | credit | how many later arrivals may still overtake the first in line |
//!
//! Legal combinations, where the rows with an idle line are all zero but for `LOCKED`, so that one
//! compare-and-swap locks and one unlocks:
//!
//! | `LOCKED` | `QUEUED` | `CALLED` | credit | |
//! |---|---|---|---|---|
//! | 0 or 1 | 0 | 0 | 0 | nobody waits |
//! | 1 | 1 | 0 | any | the release must call, under the internal lock |
//! | 0 | 1 | 1 | any | free; arrivals may take it while there is credit |
//! | 1 | 1 | 1 | any | somebody took it before the called waiter did |
//!
//! Without the internal lock the word is changed in two ways only: `LOCKED` is set (which costs a
//! unit of credit if `QUEUED`), and `LOCKED` is cleared (unless `QUEUED` without `CALLED`). All else
//! is changed under the internal lock. So, under that lock, a word that is `LOCKED` and `QUEUED`
//! without `CALLED` stands still.

use crate::sync::{AtomicU32, Ordering, const_fn, for_models};
use Ordering::{Acquire, Relaxed, Release};

const LOCKED: u32 = 1;
const QUEUED: u32 = 1 << 1;
const CALLED: u32 = 1 << 2;
const CREDIT_SHIFT: u32 = 16;
const ONE_CREDIT: u32 = 1 << CREDIT_SHIFT;

/// What the word said at one moment, or what it shall say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u32);

impl Word {
    const IDLE: Self = Self(0);
    const LOCKED: Self = Self(LOCKED);

    #[inline]
    pub(super) fn is_locked(self) -> bool {
        self.0 & LOCKED != 0
    }

    for_models! {
        pub(super) fn is_idle(self) -> bool {
            self == Self::IDLE
        }
    }

    #[inline]
    pub(super) fn is_queued(self) -> bool {
        self.0 & QUEUED != 0
    }

    /// Whether a release must call the first in line.
    #[inline]
    pub(super) fn must_call(self) -> bool {
        self.0 & (QUEUED | CALLED) == QUEUED
    }

    #[inline]
    pub(super) fn credit(self) -> u16 {
        (self.0 >> CREDIT_SHIFT) as u16
    }

    /// Whether a later arrival finds it free and not kept.
    #[inline]
    pub(super) fn may_overtake(self) -> bool {
        !self.is_locked() && (!self.is_queued() || self.credit() > 0)
    }

    #[inline]
    pub(super) fn locked(self) -> Self {
        Self(self.0 | LOCKED)
    }

    #[inline]
    pub(super) fn unlocked(self) -> Self {
        Self(self.0 & !LOCKED)
    }

    /// Locked by a later arrival, which costs the first in line a unit of its credit.
    #[inline]
    pub(super) fn overtaken(self) -> Self {
        Self((self.0 | LOCKED) - if self.is_queued() { ONE_CREDIT } else { 0 })
    }

    /// With nobody in line.
    #[inline]
    pub(super) fn without_line(self) -> Self {
        Self(self.0 & LOCKED)
    }

    /// With one first in line who has so much credit left.
    #[inline]
    pub(super) fn with_first(self, credit: u16, called: bool) -> Self {
        let called = if called { CALLED } else { 0 };
        Self((self.0 & LOCKED) | QUEUED | called | u32::from(credit) << CREDIT_SHIFT)
    }

    /// The first was called.
    #[inline]
    pub(super) fn called(self) -> Self {
        Self(self.0 | CALLED)
    }

    /// The first answered in vain: half of the credit is left.
    #[inline]
    pub(super) fn answered_in_vain(self) -> Self {
        self.with_first(self.credit() / 2, false)
    }
}

/// The word itself. What the value under the lock looks like is carried from release to acquisition
/// by this word alone; what the line looks like, by the internal lock.
pub(super) struct AtomicWord(AtomicU32);

impl AtomicWord {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self(AtomicU32::new(0))
        }
    }

    /// Ordering: what is acted upon is confirmed by the compare-and-swap that follows, or ordered by
    /// the internal lock that is held.
    #[inline]
    pub(super) fn load(&self) -> Word {
        Word(self.0.load(Relaxed))
    }

    /// Locks if nobody has it and nobody waits. Looks first: a compare-and-swap that fails is dear.
    #[inline]
    pub(super) fn lock_idle(&self) -> bool {
        self.load() == Word::IDLE && self.lock(Word::IDLE, Word::LOCKED)
    }

    /// Unlocks if nobody waits. Looks first.
    #[inline]
    pub(super) fn unlock_idle(&self) -> bool {
        self.load() == Word::LOCKED && self.unlock(Word::LOCKED, Word::IDLE)
    }

    /// `from` is not locked, `to` is.
    #[inline]
    pub(super) fn lock(&self, from: Word, to: Word) -> bool {
        // Ordering: Acquire pairs with the Release of whoever unlocked last.
        self.0
            .compare_exchange(from.0, to.0, Acquire, Relaxed)
            .is_ok()
    }

    /// `from` is locked, by the caller, `to` is not.
    #[inline]
    pub(super) fn unlock(&self, from: Word, to: Word) -> bool {
        // Ordering: Release pairs with the Acquire of whoever locks next.
        self.0
            .compare_exchange(from.0, to.0, Release, Relaxed)
            .is_ok()
    }

    /// Unlocks a word that stands still: the caller has the lock, and the internal lock, and nobody
    /// was called.
    #[inline]
    pub(super) fn unlock_still(&self, to: Word) {
        // Ordering: Release pairs with the Acquire of whoever locks next.
        self.0.store(to.0, Release);
    }

    /// Changes what is said of the line, under the internal lock; `LOCKED` stays as it is.
    #[inline]
    pub(super) fn adjust(&self, from: Word, to: Word) -> bool {
        // Ordering: Relaxed, since no value is handed over here, and a read-modify-write continues
        // the release sequence of whoever unlocked last.
        self.0
            .compare_exchange(from.0, to.0, Relaxed, Relaxed)
            .is_ok()
    }
}
