//! How long each operation waits: from the call to the acquisition.
//!
//! The two clock reads per operation are part of what is measured, and the second one lengthens the critical
//! section, because it happens inside. So timed rows are separate: compare timed figures only with timed
//! figures.
//!
//! The end of a batch rescues a starving task, because the others stop. So no wait is longer than a batch, and
//! a worst wait of about that length means that nothing else ended it.

use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// The longest wait that a histogram can tell apart; longer ones count as this.
const LONGEST: Duration = Duration::from_secs(60);
/// Steps of one per cent: exact enough for a tail, and small enough to stay in the cache.
const SIGNIFICANT_DIGITS: u8 = 2;

/// A stopwatch that each task carries; the one that measures nothing compiles to nothing.
pub(crate) trait Watch: Default + Send + 'static {
    type Mark: Copy + Send;

    fn now(&self) -> Self::Mark;
    fn record(&mut self, asked: Self::Mark, got: Self::Mark);
    fn report(self, waits: &mut Waits);
}

#[derive(Default)]
pub(crate) struct NotTimed;

impl Watch for NotTimed {
    type Mark = ();

    fn now(&self) {}
    fn record(&mut self, (): (), (): ()) {}
    fn report(self, _: &mut Waits) {}
}

pub(crate) struct Timed(Histogram<u32>);

impl Default for Timed {
    fn default() -> Self {
        let longest = u64::try_from(LONGEST.as_nanos()).expect("fits");
        Timed(Histogram::new_with_max(longest, SIGNIFICANT_DIGITS).expect("valid bounds"))
    }
}

impl Watch for Timed {
    type Mark = Instant;

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn record(&mut self, asked: Instant, got: Instant) {
        let nanoseconds = u64::try_from((got - asked).as_nanos()).unwrap_or(u64::MAX);
        self.0.saturating_record(nanoseconds);
    }

    fn report(self, waits: &mut Waits) {
        match &mut waits.0 {
            None => waits.0 = Some(self.0),
            Some(all) => all.add(self.0).expect("same bounds"),
        }
    }
}

/// The waits of all tasks of a batch, in nanoseconds; none if nobody timed them.
pub(crate) struct Waits(Option<Histogram<u32>>);

impl Waits {
    pub(crate) fn none() -> Self {
        Waits(None)
    }

    pub(crate) fn percentile_99(&self) -> f64 {
        self.0
            .as_ref()
            .map_or(f64::NAN, |all| all.value_at_quantile(0.99) as f64)
    }

    pub(crate) fn worst(&self) -> f64 {
        self.0.as_ref().map_or(f64::NAN, |all| all.max() as f64)
    }
}

/// What one clock read costs here, in nanoseconds.
pub(crate) fn clock_read() -> f64 {
    const READS: u32 = 1_000_000;
    let start = Instant::now();
    let last = (0..READS).fold(start, |_, _| Instant::now());
    (last - start).as_nanos() as f64 / f64::from(READS)
}
