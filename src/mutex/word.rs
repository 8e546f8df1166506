//! The state word of a mutex.
//!
//! | bits | name | meaning |
//! |---|---|---|
//! | 0 | `LATCHED` | somebody looks at the line: see [`StateWord`](crate::sync::StateWord) |
//! | 1 | `HELD` | somebody has the lock |
//! | 2 | `QUEUED` | somebody waits in line |
//! | 3 | `CALLED` | the first in line was called and has not answered: a release need call nobody |
//! | 16 to 31 | credit | how many later arrivals may still overtake the first in line |
//!
//! Legal combinations without the latch. With an idle line all is zero but for `HELD`, so that one
//! compare-and-swap locks and one unlocks:
//!
//! | `HELD` | `QUEUED` | `CALLED` | credit | |
//! |---|---|---|---|---|
//! | 0 or 1 | 0 | 0 | 0 | nobody waits |
//! | 1 | 1 | 0 | any | the release must call, under the latch |
//! | 0 | 1 | 1 | any | free; arrivals may take it while there is credit |
//! | 1 | 1 | 1 | any | somebody took it before the called waiter did |
//!
//! Without the latch, the word is changed in two ways only: `HELD` is set (which costs a unit of credit
//! if `QUEUED`), and `HELD` is cleared (unless `QUEUED` without `CALLED`).

use crate::sync::LATCHED;
use crate::wait::{Line, One, State};

const HELD: usize = 1 << 1;
const QUEUED: usize = 1 << 2;
const CALLED: usize = 1 << 3;
const CREDIT_SHIFT: u32 = 16;
const ONE_CREDIT: usize = 1 << CREDIT_SHIFT;

/// What the word said at one moment, or what it shall say.
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

    /// Whether the release need not look at the line.
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

    /// The first in line was called.
    #[inline]
    pub(super) fn called(self) -> Self {
        Self(self.0 | CALLED)
    }

    /// Locked by a later arrival, which costs the first in line a unit of its credit.
    #[inline]
    pub(super) fn overtaken(self) -> Self {
        Self((self.0 | HELD) - if self.is_queued() { ONE_CREDIT } else { 0 })
    }

    /// With what there is to say of the line.
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
