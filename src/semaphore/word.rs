//! The state word of a semaphore.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `LATCHED` | somebody has the latch: see [`StateWord`](crate::sync::StateWord) |
//! | 1 | `QUEUED` | somebody waits, or the semaphore is closed: the line tells which |
//! | all others | balance | how many permits are free; if negative, how many are owed |
//!
//! The balance lies between -[`MAX_PERMITS`] and `MAX_PERMITS`, one bit less than the word has above the flags.
//! While no flag is set, permits are taken and returned by one compare-and-swap. While `QUEUED` is set, every
//! operation takes the latch.

use crate::sync::LATCHED;

const QUEUED: usize = 1 << 1;
const FLAGS: usize = LATCHED | QUEUED;
const BALANCE_SHIFT: u32 = 2;

pub(super) const MAX_PERMITS: usize = usize::MAX >> 3;
const MOST: isize = MAX_PERMITS as isize;
/// Up to this word, adding permits cannot overflow.
const PLAIN: usize = usize::MAX >> 2;

/// A snapshot of the word, or its next value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(pub(super) usize);

impl Word {
    pub(super) const fn idle(permits: usize) -> Self {
        Self(permits << BALANCE_SHIFT)
    }

    #[inline]
    pub(super) fn is_queued(self) -> bool {
        self.0 & QUEUED != 0
    }

    /// Whether permits may be returned without the latch.
    #[inline]
    pub(super) fn is_unqueued(self) -> bool {
        self.0 & FLAGS == 0
    }

    #[inline]
    fn balance(self) -> isize {
        (self.0 as isize) >> BALANCE_SHIFT
    }

    /// How many permits are free: none while some are owed.
    #[inline]
    pub(super) fn free(self) -> usize {
        usize::try_from(self.balance()).unwrap_or(0)
    }

    /// Whether `n` permits may be taken without the latch. (On 32 bits, `n` may exceed every balance.)
    #[inline]
    pub(super) fn is_open_to(self, n: usize) -> bool {
        self.0 & FLAGS == 0 && isize::try_from(n).is_ok_and(|n| self.balance() >= n)
    }

    #[inline]
    fn with_balance(self, balance: isize) -> Self {
        debug_assert!((-MOST..=MOST).contains(&balance));
        Self((balance as usize) << BALANCE_SHIFT | self.0 & FLAGS)
    }

    /// With `n` free permits taken.
    #[inline]
    pub(super) fn taken(self, n: usize) -> Self {
        debug_assert!(self.free() >= n);
        Self(self.0 - (n << BALANCE_SHIFT))
    }

    /// With `n` permits returned, up to `MAX_PERMITS`.
    #[inline]
    pub(super) fn returned(self, n: usize) -> Self {
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

    /// With `n` permits added; `None` if that makes more than `MAX_PERMITS`.
    pub(super) fn added(self, n: usize) -> Option<Self> {
        let sum = self.balance().checked_add_unsigned(n)?;
        (sum <= MOST).then(|| self.with_balance(sum))
    }

    /// With `n` permits removed, owed if they are not free; `None` if more than `MAX_PERMITS` would be owed.
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
}
