//! Queueing, cancelling and releasing cost the same however many wait.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{Line, Side, cases};
use crate::support::{Rng, Watchdog};

cases!(VERBS: ten_thousand_waiters_cost_as_much_each_as_a_thousand);
cases!(COUNTED: ten_thousand_called_or_closed_cost_as_much_each_as_a_thousand);

/// How many runs, of which the best counts: whatever else the machine does only adds.
const RUNS: usize = 3;
/// A million nodes lie in memory where a thousand lie in the cache.
const FACTOR: f64 = 12.0;
const SLACK: f64 = 1500.0;

/// One measurement at a time: two would fight for the cache and the memory.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What each waiter costs, in nanoseconds: to queue, to cancel, to release.
type Cost = [f64; 3];

fn per_waiter(count: usize, took: Duration) -> f64 {
    took.as_nanos() as f64 / count as f64
}

/// So many wait; half of them are cancelled in random order, and the others get theirs: all who were called
/// answer, in random order. Acquires ask for 1 to 5 permits of a thousand, so that many answer at a time.
fn measure(side: Side, count: usize, random: &mut Rng) -> Cost {
    let (units, most) = if side == Side::Permits {
        (1_000, 5)
    } else {
        (1, 1)
    };
    let line = Line::new(side, units, Fairness::DEFAULT);
    let mut waiters: Vec<_> = (0..count)
        .map(|_| Some(line.waiting_for(1 + random.usize(..most))))
        .collect();
    let mut order: Vec<_> = (0..count).collect();
    random.shuffle(&mut order);
    let held = line.hold(units);

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

    let mut left: Vec<_> = waiters.into_iter().flatten().collect();
    let start = Instant::now();
    drop(held);
    let mut got = Vec::new();
    let mut done = 0;
    while done < left.len() {
        let woken = left[done..].iter().take_while(|w| w.wakes() == 1).count();
        assert!(woken > 0, "they are called in order");
        let called = &mut left[done..done + woken];
        let (ahead, behind) = called.split_at_mut(random.usize(..woken));
        for waiter in behind.iter_mut().chain(ahead) {
            got.push(waiter.poll().expect("kept"));
        }
        done += woken;
        got.clear();
    }
    let release = per_waiter(count - cancelled, start.elapsed());
    [queue, cancel, release]
}

/// All are called, permits by one release, and then cancelled from the back, the middle and the front.
fn measure_called(side: Side, count: usize, random: &mut Rng) -> Cost {
    let line = Line::new(side, count, Fairness::DEFAULT);
    let held = line.hold_at_once(count);
    let start = Instant::now();
    let mut waiters: Vec<_> = (0..count).map(|_| Some(line.asleep())).collect();
    let queue = per_waiter(count, start.elapsed());
    let start = Instant::now();
    drop(held);
    let release = per_waiter(count, start.elapsed());
    assert!(waiters.iter().flatten().all(|waiter| waiter.wakes() == 1));
    random.shuffle(&mut waiters);
    let start = Instant::now();
    for waiter in &mut waiters {
        *waiter = None;
    }
    let cancel = per_waiter(count, start.elapsed());
    assert_eq!(line.free(), count);
    [queue, cancel, release]
}

/// All are woken by the closing.
fn measure_closing(side: Side, count: usize, _: &mut Rng) -> Cost {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let _held = line.hold(1);
    let start = Instant::now();
    let mut waiters: Vec<_> = (0..count).map(|_| line.closable()).collect();
    let queue = per_waiter(count, start.elapsed());
    let start = Instant::now();
    line.close();
    let release = per_waiter(count, start.elapsed());
    for waiter in &mut waiters {
        let got = waiter.poll().expect("woken");
        assert!(waiter.wakes() == 1 && got.is_none());
    }
    [queue, 0.0, release]
}

type Measure = fn(Side, usize, &mut Rng) -> Cost;

/// The best of `runs` runs with `count` waiters.
fn best(measure: Measure, side: Side, count: usize, runs: usize) -> Cost {
    let mut random = Rng::with_seed(count as u64);
    (0..runs).fold([f64::INFINITY; 3], |best, _| {
        let cost = measure(side, count, &mut random);
        std::array::from_fn(|nth| cost[nth].min(best[nth]))
    })
}

fn assert_flat(measure: Measure, side: Side, count: usize, runs: usize) {
    let small = best(measure, side, 1_000, 5 * RUNS);
    let large = best(measure, side, count, runs);
    for (nth, what) in ["queueing", "cancelling", "releasing"].iter().enumerate() {
        let (small, large) = (small[nth], large[nth]);
        println!("{what}, in ns a waiter: {small:.0} with 1,000; {large:.0} with {count}");
        assert!(large < FACTOR * small + SLACK, "{what} costs too much");
    }
}

fn ten_thousand_waiters_cost_as_much_each_as_a_thousand(side: Side) {
    assert_flat(measure, side, 10_000, RUNS);
}

fn ten_thousand_called_or_closed_cost_as_much_each_as_a_thousand(side: Side) {
    if !side.calls_few() {
        assert_flat(measure_called, side, 10_000, RUNS);
    }
    assert_flat(measure_closing, side, 10_000, RUNS);
}

fn alone_with_a_million(measure: Measure, side: Side) {
    let _alone = alone();
    let _watchdog = Watchdog::new(format!("a million waiters, {side:?}"));
    let runs = if cfg!(debug_assertions) { 1 } else { RUNS };
    assert_flat(measure, side, 1_000_000, runs);
}

#[test]
fn a_million_waiters_of_a_mutex_cost_as_much_each_as_a_thousand() {
    alone_with_a_million(measure, Side::Lock);
}

#[test]
fn a_million_waiters_of_a_semaphore_cost_as_much_each_as_a_thousand() {
    alone_with_a_million(measure, Side::Permits);
}

#[test]
fn a_million_called_at_once_cost_as_much_each_as_a_thousand() {
    alone_with_a_million(measure_called, Side::Permits);
}

#[test]
fn fifty_thousand_waiters_of_a_queue_cost_as_much_each_as_a_thousand() {
    let _alone = alone();
    let _watchdog = Watchdog::new("fifty thousand waiters");
    assert_flat(measure, Side::Pushes, 50_000, RUNS);
    assert_flat(measure_called, Side::Pops, 50_000, RUNS);
    assert_flat(measure_closing, Side::Pops, 50_000, RUNS);
}
