//! The state word of a mutex.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `LATCHED` | somebody has the latch: see [`StateWord`](crate::sync::StateWord) |
//! | 1 | `HELD` | somebody holds the lock |
//! | 2 | `QUEUED` | somebody waits |
//! | 3 | `CALLED` | the first waiter was called and has not answered: a release need not call |
//! | 16 to 31 | credit | how many later arrivals may still overtake the first waiter |
//!
//! Legal combinations while not latched. With nobody waiting, every bit but `HELD` is zero, so one
//! compare-and-swap locks and one unlocks:
//!
//! | `HELD` | `QUEUED` | `CALLED` | credit | |
//! |---|---|---|---|---|
//! | 0 or 1 | 0 | 0 | 0 | nobody waits |
//! | 1 | 1 | 0 | any | the release must call, under the latch |
//! | 0 | 1 | 1 | any | free; arrivals may take the lock while there is credit |
//! | 1 | 1 | 1 | any | somebody took the lock before the called waiter did |
//!
//! Without the latch, the word changes in only two ways: `HELD` is set (which costs a unit of credit if
//! `QUEUED`), and `HELD` is cleared (unless `QUEUED` without `CALLED`).

use crate::sync::LATCHED;
use crate::wait::{Line, One, State};

const HELD: usize = 1 << 1;
const QUEUED: usize = 1 << 2;
const CALLED: usize = 1 << 3;
const CREDIT_SHIFT: u32 = 16;
const ONE_CREDIT: usize = 1 << CREDIT_SHIFT;

/// A snapshot of the word, or its next value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(pub(super) usize);

impl Word {
    pub(super) const IDLE: Self = Self(0);
    pub(super) const HELD: Self = Self(HELD);

    #[inline]
    pub(super) fn is_held(self) -> bool {
        self.0 & HELD != 0
    }

    #[inline]
    pub(super) fn is_latched(self) -> bool {
        self.0 & LATCHED != 0
    }

    #[inline]
    pub(super) fn is_queued(self) -> bool {
        self.0 & QUEUED != 0
    }

    /// Whether a release may skip the wait queue.
    #[inline]
    pub(super) fn calls_nobody(self) -> bool {
        !self.is_latched() && self.0 & (QUEUED | CALLED) != QUEUED
    }

    #[inline]
    pub(super) fn credit(self) -> u16 {
        (self.0 >> CREDIT_SHIFT) as u16
    }

    #[inline]
    pub(super) fn held(self) -> Self {
        Self(self.0 | HELD)
    }

    #[inline]
    pub(super) fn released(self) -> Self {
        Self(self.0 & !HELD)
    }

    /// After a call of the first waiter.
    #[inline]
    pub(super) fn called(self) -> Self {
        Self(self.0 | CALLED)
    }

    /// Locked by a later arrival, which costs the first waiter a unit of its credit.
    #[inline]
    pub(super) fn overtaken(self) -> Self {
        Self((self.0 | HELD) - if self.is_queued() { ONE_CREDIT } else { 0 })
    }

    /// With the bits that describe the wait queue.
    #[inline]
    pub(super) fn with_line(self, line: &Line<One>) -> Self {
        let held = self.0 & HELD;
        let Some(first) = line.first() else {
            return Self(held);
        };
        let called = match first.state() {
            State::Called => CALLED,
            _ => 0,
        };
        Self(held | QUEUED | called | usize::from(first.credit.get()) << CREDIT_SHIFT)
    }
}
