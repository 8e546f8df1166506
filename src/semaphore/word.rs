//! The state word of a semaphore.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `LATCHED` | somebody looks at the line: see [`StateWord`](crate::sync::StateWord) |
//! | 1 | `QUEUED` | somebody waits in line, or the semaphore is closed: the line tells |
//! | all others | balance | the permits that are free; what is owed, if negative |
//!
//! The balance lies between -[`MAX_PERMITS`] and `MAX_PERMITS`, which leaves it one bit less than the
//! word has above the flags. While none of the flags is set, permits are taken and given back by one
//! compare-and-swap. While `QUEUED` is set, all goes by the latch.

use crate::sync::LATCHED;

const QUEUED: usize = 1 << 1;
const FLAGS: usize = LATCHED | QUEUED;
const BALANCE_SHIFT: u32 = 2;

pub(super) const MAX_PERMITS: usize = usize::MAX >> 3;
const MOST: isize = MAX_PERMITS as isize;
/// Words up to this may be added to without a look at the sum.
const PLAIN: usize = usize::MAX >> 2;

/// What the word said at one moment, or what it shall say.
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

    /// Whether it may be changed by giving back without the latch.
    #[inline]
    pub(super) fn is_unqueued(self) -> bool {
        self.0 & FLAGS == 0
    }

    #[inline]
    fn balance(self) -> isize {
        (self.0 as isize) >> BALANCE_SHIFT
    }

    /// The permits that are free: none while some are owed.
    #[inline]
    pub(super) fn free(self) -> usize {
        usize::try_from(self.balance()).unwrap_or(0)
    }

    /// Whether `n` are free, for anybody. (On 32 bits, that may be more than any balance.)
    #[inline]
    pub(super) fn is_open_to(self, n: usize) -> bool {
        self.0 & FLAGS == 0 && isize::try_from(n).is_ok_and(|n| self.balance() >= n)
    }

    #[inline]
    fn with_balance(self, balance: isize) -> Self {
        debug_assert!((-MOST..=MOST).contains(&balance));
        Self((balance as usize) << BALANCE_SHIFT | self.0 & FLAGS)
    }

    /// Less `n` that are free.
    #[inline]
    pub(super) fn taken(self, n: usize) -> Self {
        debug_assert!(self.free() >= n);
        Self(self.0 - (n << BALANCE_SHIFT))
    }

    /// With `n` that came back: no more than `MAX_PERMITS`.
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

    /// With `n` added; `None` if that is more than `MAX_PERMITS`.
    pub(super) fn added(self, n: usize) -> Option<Self> {
        let sum = self.balance().checked_add_unsigned(n)?;
        (sum <= MOST).then(|| self.with_balance(sum))
    }

    /// With `n` taken out, owed if they are not free; `None` if more than `MAX_PERMITS` were owed.
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
