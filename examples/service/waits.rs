//! Durations, collected and summed up as p50, p99 and maximum; above all, how long a lock was
//! waited for.

use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use wakeful::{Mutex, MutexGuard};

const LONGEST: Duration = Duration::from_secs(600);

/// Durations in nanoseconds, to three digits.
#[derive(Clone, Debug)]
pub(crate) struct Durations(Histogram<u64>);

impl Durations {
    pub(crate) fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, nanos(LONGEST), 3);
        Self(histogram.expect("the bounds are in range"))
    }

    pub(crate) fn record(&mut self, duration: Duration) {
        self.0.saturating_record(nanos(duration));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all have the same bounds");
    }

    pub(crate) fn summary(&self) -> Summary {
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

/// Waiting times at a lock. The histogram sits behind a blocking lock, which is never held over an
/// await.
pub(crate) struct Waits(StdMutex<Durations>);

impl Waits {
    pub(crate) fn new() -> Self {
        Self(StdMutex::new(Durations::new()))
    }

    /// Locks `mutex` and records how long that took.
    pub(crate) async fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        let start = Instant::now();
        let guard = mutex.lock().await;
        let waited = start.elapsed();
        self.durations().record(waited);
        guard
    }

    pub(crate) fn summary(&self) -> Summary {
        self.durations().summary()
    }

    fn durations(&self) -> std::sync::MutexGuard<'_, Durations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
