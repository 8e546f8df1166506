//! The state word of a semaphore.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `CLOSED` | nobody acquires any more |
//! | 1 | `QUEUED` | somebody waits in line |
//! | all others | balance | the permits that are free; what is owed, if negative |
//!
//! The balance lies between -[`MAX_PERMITS`](super::Semaphore::MAX_PERMITS) and `MAX_PERMITS`, which
//! leaves it one bit less than the word has above the flags. Every change of it keeps the flags, and
//! every change of a flag keeps it, since a [`Word`] is only ever made from one that was read.
//!
//! While `QUEUED` is set the word is changed under the short lock only: there, it stands still
//! (invariant S). While it is not, nobody waits, and the balance is changed by compare-and-swap alone;
//! `QUEUED` and `CLOSED` are set under the short lock.

use crate::sync::{AtomicUsize, Ordering, const_fn};
use Ordering::{Acquire, Relaxed, Release};

const CLOSED: usize = 1;
const QUEUED: usize = 1 << 1;
const FLAGS: usize = CLOSED | QUEUED;
const BALANCE_SHIFT: u32 = 2;

/// As tokio has it; the balance has room for it, twice: see the file.
pub(super) const MAX_PERMITS: usize = usize::MAX >> 3;
const MOST: isize = MAX_PERMITS as isize;
/// A word up to this one owes nothing, and has room for as many permits again.
const PLAIN: usize = usize::MAX >> 2;

/// What the word said at one moment, or what it shall say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(usize);

impl Word {
    /// Nobody waits; `permits` is at most [`MAX_PERMITS`].
    const fn idle(permits: usize) -> Self {
        Self(permits << BALANCE_SHIFT)
    }

    #[inline]
    pub(super) fn is_closed(self) -> bool {
        self.0 & CLOSED != 0
    }

    #[inline]
    pub(super) fn is_queued(self) -> bool {
        self.0 & QUEUED != 0
    }

    /// The permits that are free; what is owed, if negative.
    #[inline]
    pub(super) fn balance(self) -> isize {
        (self.0 as isize) >> BALANCE_SHIFT
    }

    /// The permits that are free.
    #[inline]
    pub(super) fn free(self) -> usize {
        usize::try_from(self.balance()).unwrap_or(0)
    }

    /// Whether `n` can be taken out without a look at the line.
    #[inline]
    pub(super) fn is_open_to(self, n: usize) -> bool {
        self.0 & FLAGS == 0 && self.free() >= n
    }

    #[inline]
    fn with_balance(self, balance: isize) -> Self {
        debug_assert!((-MOST..=MOST).contains(&balance));
        Self((balance as usize) << BALANCE_SHIFT | self.0 & FLAGS)
    }

    /// With `n` fewer, of those that are free.
    #[inline]
    pub(super) fn taken(self, n: usize) -> Self {
        debug_assert!(self.free() >= n);
        Self(self.0 - (n << BALANCE_SHIFT))
    }

    /// With `n` more, or as many as there may be.
    #[inline]
    pub(super) fn returned(self, n: usize) -> Self {
        // Plain where nothing can overflow: whoever gives back waits for this sum.
        if self.0 <= PLAIN && n <= PLAIN >> BALANCE_SHIFT {
            Self(self.0 + (n << BALANCE_SHIFT))
        } else {
            self.returned_at_most(n)
        }
    }

    #[cold]
    fn returned_at_most(self, n: usize) -> Self {
        let n = isize::try_from(n).unwrap_or(isize::MAX);
        self.with_balance(self.balance().saturating_add(n).min(MOST))
    }

    /// With `n` more; `None` if there may not be as many.
    pub(super) fn added(self, n: usize) -> Option<Self> {
        let sum = self.balance().checked_add_unsigned(n)?;
        (sum <= MOST).then(|| self.with_balance(sum))
    }

    /// With `n` fewer, owed if need be; `None` if more would be owed than may be.
    pub(super) fn reduced(self, n: usize) -> Option<Self> {
        let rest = self.balance().checked_sub_unsigned(n)?;
        (rest >= -MOST).then(|| self.with_balance(rest))
    }

    #[inline]
    pub(super) fn with_queue(self, queued: bool) -> Self {
        Self(if queued {
            self.0 | QUEUED
        } else {
            self.0 & !QUEUED
        })
    }

    pub(super) fn closed(self) -> Self {
        Self(self.0 | CLOSED)
    }
}

/// The word itself. What was done before permits came back is carried to who takes them by this word;
/// what the line looks like, by the short lock.
pub(super) struct AtomicWord(AtomicUsize);

impl AtomicWord {
    const_fn! {
        pub(super) const fn new(permits: usize) -> Self {
            Self(AtomicUsize::new(Word::idle(permits).0))
        }
    }

    /// Ordering: what is acted upon is confirmed by the compare-and-swap that follows.
    #[inline]
    pub(super) fn load(&self) -> Word {
        Word(self.0.load(Relaxed))
    }

    /// Takes permits out, with nobody waiting.
    #[inline]
    pub(super) fn take(&self, from: Word, to: Word) -> bool {
        // Ordering: Acquire pairs with the Release of whoever gave them back.
        self.0
            .compare_exchange(from.0, to.0, Acquire, Relaxed)
            .is_ok()
    }

    /// Gives permits back, with nobody waiting.
    #[inline]
    pub(super) fn give(&self, from: Word, to: Word) -> bool {
        // Ordering: Release pairs with the Acquire of whoever takes them.
        self.0
            .compare_exchange(from.0, to.0, Release, Relaxed)
            .is_ok()
    }

    /// Changes what is said of the line: under the short lock, the
    /// word may not stand still.
    #[inline]
    pub(super) fn adjust(&self, from: Word, to: Word) -> bool {
        // Ordering: Relaxed, since nothing is handed over here, and a read-modify-write continues
        // the release sequence of whoever gave back.
        self.0
            .compare_exchange(from.0, to.0, Relaxed, Relaxed)
            .is_ok()
    }

    /// The word, with what was done before it came to say that. Under the short lock, it stands still
    /// if it is `QUEUED` (invariant S).
    #[inline]
    pub(super) fn load_acquire(&self) -> Word {
        // Ordering: Acquire pairs with the Release of whoever gave back before anybody queued, since
        // what follows may be a store, which does not continue their release sequence; and with that
        // of whoever closed.
        Word(self.0.load(Acquire))
    }

    /// Changes a word that stands still (invariant S).
    #[inline]
    pub(super) fn set_still(&self, to: Word) {
        // Ordering: Release pairs with the Acquire of whoever takes when nobody waits any more.
        self.0.store(to.0, Release);
    }
}
