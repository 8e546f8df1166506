//! A gauge: how much of something is in use, and the most that was in use at once.
//!
//! It knows nothing of the limit, so the limit can be checked against it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Debug, Default)]
pub(crate) struct Gauge(Arc<Mutex<Reading>>);

#[derive(Debug, Default)]
struct Reading {
    now: u64,
    most: u64,
}

/// Counts as in use until it is dropped.
#[must_use]
#[derive(Debug)]
pub(crate) struct InUse {
    gauge: Gauge,
    amount: u64,
}

impl Gauge {
    pub(crate) fn enter(&self, amount: u64) -> InUse {
        let mut reading = self.reading();
        reading.now += amount;
        reading.most = reading.most.max(reading.now);
        InUse {
            gauge: self.clone(),
            amount,
        }
    }

    /// The greatest amount since the last call.
    pub(crate) fn take_most(&self) -> u64 {
        let mut reading = self.reading();
        let most = reading.most;
        reading.most = reading.now;
        most
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.gauge.reading().now -= self.amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_amount_is_kept_until_it_is_asked_for() {
        let gauge = Gauge::default();
        let small = gauge.enter(2);
        drop(gauge.enter(5));
        assert_eq!(gauge.take_most(), 7);
        assert_eq!(gauge.take_most(), 2);
        drop(small);
        assert_eq!(gauge.take_most(), 2);
        assert_eq!(gauge.take_most(), 0);
    }
}
