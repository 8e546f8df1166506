//! How far later arrivals may overtake, and how long a called waiter may leave its call unanswered.

use std::time::Duration;

use crate::sync::{DEFAULT_LIMIT, DEFAULT_PATIENCE, MOST_PATIENCE, TICK_NANOS};

/// How fair a primitive is: how often later arrivals may overtake its first waiter, and how patient
/// others are with a waiter that was woken and does not come.
///
/// A release hands nothing over. It frees the resource and *calls* (wakes) the waiters at the front
/// for whom enough is free; a called waiter *answers* by being polled. In between, running tasks may
/// take what is free, which is what makes barging locks fast; `Fairness` bounds it:
///
/// - **`limit`**: at most so many later arrivals acquire before the first waiter. Each answer in
///   vain halves what is left, so nobody is woken in vain more than 1 + log2(limit) times. After
///   that, what is free is *kept* for those called.
/// - **`patience`**: so many polls of an arrival that finds the resource free, but kept for a waiter
///   that does not answer, until that waiter is passed over. It comes back to its place when it is
///   polled again. Patience is what makes a future that is never polled again harmless.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use wakeful::{Fairness, Mutex};
///
/// // tokio's order exactly: first come, first served.
/// static LEDGER: Mutex<u64> = Mutex::with_fairness(0, Fairness::FIFO);
/// // At most 8 later arrivals get in before whoever has waited longest.
/// static CACHE: Mutex<Vec<u8>> = Mutex::with_fairness(Vec::new(), Fairness::overtakes(8));
///
/// let patience = Duration::from_millis(1);
/// assert_eq!(Fairness::overtakes(8).with_patience(patience).patience(), patience);
/// assert_eq!(Fairness::FIFO.limit(), 0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Fairness {
    pub(crate) limit: u16,
    patience: Duration,
}

impl Fairness {
    /// First come, first served, and a called waiter is waited for without end: tokio's order and
    /// tokio's weakness. Futures of one task still never wait for each other; a future that another
    /// task forgot holds everybody up.
    pub const FIFO: Self = Self::overtakes(0).with_patience(Duration::MAX);

    /// A limit of 1,024 and a patience of 16: fast and still bounded; what every `new` takes.
    ///
    /// Chosen by `BENCH_CHOICES=1 cargo bench --bench mutex`, which on two cores gave, in nanoseconds
    /// per lock, by limit:
    ///
    /// | | 0 | 1 | 8 | 64 | 256 | 1,024 |
    /// |---|---|---|---|---|---|---|
    /// | 17 tasks on 2 workers, 20 spins under the lock | 1245 | 899 | 815 | 714 | 621 | 575 |
    /// | 8 tasks on 2 workers, a yield under the lock | 589 | 596 | 577 | 565 | 563 | 567 |
    /// | 8 tasks on 1 thread, a yield under the lock | 500 | 566 | 502 | 471 | 487 | 464 |
    /// | longest wait, 8 tasks on 2 workers, short (µs) | 146 | 109 | 102 | 152 | 291 | 782 |
    ///
    /// A patience of 2, 16 or 64 made no difference that could be told from noise: nobody alive was
    /// late. 16 is a few microseconds to get past a waiter that was forgotten, and many turns of a run
    /// queue for one that is merely slow.
    pub const DEFAULT: Self = Self {
        limit: DEFAULT_LIMIT,
        patience: DEFAULT_PATIENCE,
    };

    /// At most `k` later arrivals acquire before the first waiter; the patience is the default one.
    #[must_use]
    pub const fn overtakes(k: u16) -> Self {
        Self {
            limit: k,
            patience: DEFAULT_PATIENCE,
        }
    }

    /// The same limit with another patience, in polls of an arrival. 0 counts as 1, and `u16::MAX`
    /// is never.
    #[must_use]
    pub const fn with_patience(self, patience: Duration) -> Self {
        Self {
            limit: self.limit,
            patience,
        }
    }

    /// How many later arrivals may acquire before the first waiter.
    #[must_use]
    pub const fn limit(self) -> u16 {
        self.limit
    }

    /// How many polls of an arrival a call may stay unanswered; `u16::MAX` is for ever.
    #[must_use]
    pub const fn patience(self) -> Duration {
        self.patience
    }
}

impl Default for Fairness {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A patience as primitives keep it, in two bytes: a number of ticks, of which 11 bits count, rounded
/// up; from half an hour on, for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Patience(u16);

const DIGITS: u32 = 11;

impl Patience {
    const NEVER: Self = Self(u16::MAX);
    /// Of a line that nobody waits in any more.
    pub(crate) const ENDED: Self = Self(u16::MAX - 1);

    pub(crate) const fn new(patience: Duration) -> Self {
        let ticks = patience.as_nanos().div_ceil(TICK_NANOS);
        if ticks >= 1 << 31 {
            return Self::NEVER;
        }
        let (mut digits, mut shift) = (ticks as u32, 0);
        while digits >= 1 << DIGITS {
            digits = digits.div_ceil(2);
            shift += 1;
        }
        Self((shift << DIGITS | digits) as u16)
    }

    #[inline]
    pub(crate) const fn is_never(self) -> bool {
        self.0 >= Self::ENDED.0
    }

    /// In ticks, after probing has passed somebody over so often (rule 6).
    pub(crate) fn after(self, passes: u8) -> u32 {
        let digits = u32::from(self.0) & ((1 << DIGITS) - 1);
        let ticks = digits << (self.0 >> DIGITS);
        let grown = u64::from(ticks) << (3 * u32::from(passes).min(10));
        grown.min(u64::from(ticks.max(MOST_PATIENCE))) as u32
    }
}
