//! The clock that times calls, in microseconds; where there is no clock, checks are counted instead.

use super::{COUNTS_LOOKS, ticks};

/// The length of a tick: a microsecond, or one check.
pub(crate) const TICK_NANOS: u128 = if COUNTS_LOOKS { 1 } else { 1000 };
/// The longest patience that rule 6 leads to, in ticks: a second.
pub(crate) const MOST_PATIENCE: u32 = if COUNTS_LOOKS { 4096 } else { 1_000_000 };

/// When a call was first found unanswered, in ticks of a clock that wraps around; or how many checks there have
/// been since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since(u32);

impl Since {
    pub(crate) const NEVER: Self = Self(0);

    pub(crate) fn now() -> Self {
        Self(if COUNTS_LOOKS { 0 } else { ticks() })
    }

    /// The ticks that have passed, including this check if checks are counted.
    pub(crate) fn elapsed(self) -> (Self, u32) {
        if COUNTS_LOOKS {
            let looks = self.0.saturating_add(1);
            (Self(looks), looks)
        } else {
            (self, ticks().wrapping_sub(self.0))
        }
    }
}
