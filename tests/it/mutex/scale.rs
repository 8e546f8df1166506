//! Queueing, cancelling and releasing cost the same however many wait.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::support::{Random, Waiting, Watchdog, hold};

/// The best of so many runs counts: what else the machine does only ever adds.
pub(crate) const RUNS: usize = 3;
/// A million nodes lie in memory where a thousand lie in the cache.
const FACTOR: f64 = 12.0;
const SLACK: f64 = 1500.0;

/// One measurement at a time: two would fight for the cache and the memory.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What each waiter costs, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) queue: f64,
    pub(crate) cancel: f64,
    pub(crate) release: f64,
}

impl Cost {
    fn best(self, other: Self) -> Self {
        Self {
            queue: self.queue.min(other.queue),
            cancel: self.cancel.min(other.cancel),
            release: self.release.min(other.release),
        }
    }

    pub(crate) fn assert_flat(self, small: Self, count: usize) {
        let flat = |what: &str, cost: f64, small: f64| {
            assert!(
                cost < FACTOR * small + SLACK,
                "{what} costs {cost:.0} ns a waiter with {count}, and {small:.0} ns with few"
            );
        };
        flat("queueing", self.queue, small.queue);
        flat("cancelling", self.cancel, small.cancel);
        flat("releasing", self.release, small.release);
    }
}

pub(crate) fn per_waiter(count: usize, took: Duration) -> f64 {
    took.as_nanos() as f64 / count as f64
}

/// So many wait; half of them are cancelled in random order, and the others get the lock in turn.
fn measure(count: usize, random: &mut Random) -> Cost {
    let mutex = wakeful::Mutex::new(());
    let mut waiters: Vec<_> = (0..count)
        .map(|_| Some(Waiting::new(mutex.lock())))
        .collect();
    let mut order: Vec<_> = (0..count).collect();
    random.shuffle(&mut order);
    let held = hold(&mutex);

    let start = Instant::now();
    for waiter in waiters.iter_mut().flatten() {
        assert!(waiter.is_pending());
    }
    let queue = per_waiter(count, start.elapsed());

    let cancelled = count / 2;
    let start = Instant::now();
    for &at in &order[..cancelled] {
        waiters[at] = None;
    }
    let cancel = per_waiter(cancelled, start.elapsed());

    let start = Instant::now();
    drop(held);
    for waiter in waiters.iter_mut().flatten() {
        drop(waiter.poll().expect("it is its turn"));
    }
    let release = per_waiter(count - cancelled, start.elapsed());
    Cost {
        queue,
        cancel,
        release,
    }
}

/// The best of so many runs of `measure` with so many waiters.
pub(crate) fn best(measure: fn(usize, &mut Random) -> Cost, count: usize, runs: usize) -> Cost {
    let mut random = Random::new(count as u64);
    let first = measure(count, &mut random);
    (1..runs).fold(first, |best, _| best.best(measure(count, &mut random)))
}

#[test]
fn ten_thousand_waiters_cost_as_much_each_as_a_thousand() {
    let small = best(measure, 1_000, 10 * RUNS);
    best(measure, 10_000, RUNS).assert_flat(small, 10_000);
}

#[test]
fn a_million_waiters_cost_as_much_each_as_a_thousand() {
    let _alone = alone();
    let _watchdog = Watchdog::new("a million waiters");
    let small = best(measure, 1_000, 10 * RUNS);
    let runs = if cfg!(debug_assertions) { 1 } else { RUNS };
    best(measure, 1_000_000, runs).assert_flat(small, 1_000_000);
}
