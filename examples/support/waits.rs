//! Durations, summed up as p50, p99 and maximum: mostly, how long tasks waited for a lock or a permit.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

const LONGEST: Duration = Duration::from_secs(600);

/// Durations in nanoseconds, to three digits.
#[derive(Debug)]
struct Durations(Histogram<u64>);

impl Durations {
    fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, nanos(LONGEST), 3);
        Self(histogram.expect("the bounds are in range"))
    }

    fn record(&mut self, duration: Duration) {
        self.0.saturating_record(nanos(duration));
    }

    fn summary(&self) -> Summary {
        Summary {
            p50: Duration::from_nanos(self.0.value_at_quantile(0.5)),
            p99: Duration::from_nanos(self.0.value_at_quantile(0.99)),
            max: Duration::from_nanos(self.0.max()),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
}

/// Waiting times at a lock or a semaphore. The histogram sits behind a blocking lock, which is never
/// held over an await.
#[derive(Debug)]
pub(crate) struct Waits(Mutex<Durations>);

impl Waits {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Durations::new()))
    }

    /// Awaits `wait` and records how long that took.
    pub(crate) async fn time<W: Future>(&self, wait: W) -> W::Output {
        let start = Instant::now();
        let got = wait.await;
        self.record(start.elapsed());
        got
    }

    pub(crate) fn record(&self, waited: Duration) {
        self.durations().record(waited);
    }

    pub(crate) fn summary(&self) -> Summary {
        self.durations().summary()
    }

    fn durations(&self) -> MutexGuard<'_, Durations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
