//! Queueing, cancelling and releasing cost the same however many wait, whatever they ask for.

use std::time::Instant;

use wakeful::Semaphore;

use super::hold_all;
use crate::mutex::scale::{Cost, RUNS, alone, best, per_waiter};
use crate::support::{Random, Waiting, Watchdog};

/// So many wait for 1 to 5 permits; half are cancelled in random order, and the others get theirs,
/// many at a time: all who were called answer, in random order.
fn measure(count: usize, random: &mut Random) -> Cost {
    let semaphore = Semaphore::new(1_000);
    let mut waiters: Vec<_> = (0..count)
        .map(|_| {
            let n = 1 + random.below(5) as u32;
            Some(Waiting::new(semaphore.acquire_many(n)))
        })
        .collect();
    let mut order: Vec<_> = (0..count).collect();
    random.shuffle(&mut order);
    let held = hold_all(&semaphore);

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
    let mut permits = Vec::new();
    let mut done = 0;
    while done < left.len() {
        let woken = left[done..].iter().take_while(|w| w.wakes() == 1).count();
        assert!(woken > 0, "they are called in order");
        let called = &mut left[done..done + woken];
        let at = random.below(woken as u64) as usize;
        let (ahead, behind) = called.split_at_mut(at);
        for waiter in behind.iter_mut().chain(ahead) {
            permits.push(waiter.poll().expect("kept").expect("open"));
        }
        done += woken;
        permits.clear();
    }
    let release = per_waiter(count - cancelled, start.elapsed());
    Cost {
        queue,
        cancel,
        release,
    }
}

/// All are called by one release, and then cancelled from the back, the middle and the front.
fn measure_called(count: usize, random: &mut Random) -> Cost {
    let semaphore = Semaphore::new(5 * count);
    let held = hold_all(&semaphore);
    let start = Instant::now();
    let mut waiters: Vec<_> = (0..count)
        .map(|_| {
            let n = 1 + random.below(5) as u32;
            Some(super::asleep(&semaphore, n))
        })
        .collect();
    let queue = per_waiter(count, start.elapsed());
    let start = Instant::now();
    drop(held);
    let release = per_waiter(count, start.elapsed());
    assert!(waiters.iter().flatten().all(|waiter| waiter.wakes() == 1));
    let mut order: Vec<_> = (0..count).collect();
    random.shuffle(&mut order);
    let start = Instant::now();
    for at in order {
        waiters[at] = None;
    }
    let cancel = per_waiter(count, start.elapsed());
    Cost {
        queue,
        cancel,
        release,
    }
}

fn assert_flat(measure: fn(usize, &mut Random) -> Cost, count: usize, runs: usize) {
    let small = best(measure, 1_000, 5 * RUNS);
    let large = best(measure, count, runs);
    println!("a waiter, in ns: {small:.0?} with 1,000; {large:.0?} with {count}");
    large.assert_flat(small, count);
}

#[test]
fn ten_thousand_waiters_cost_as_much_each_as_a_thousand() {
    assert_flat(measure, 10_000, RUNS);
    assert_flat(measure_called, 10_000, RUNS);
}

#[test]
fn a_million_waiters_cost_as_much_each_as_a_thousand() {
    let _alone = alone();
    let _watchdog = Watchdog::new("a million waiters");
    let runs = if cfg!(debug_assertions) { 1 } else { RUNS };
    assert_flat(measure, 1_000_000, runs);
}

#[test]
fn a_million_called_at_once_cost_as_much_each_as_a_thousand() {
    let _alone = alone();
    let _watchdog = Watchdog::new("a million called");
    let runs = if cfg!(debug_assertions) { 1 } else { RUNS };
    assert_flat(measure_called, 1_000_000, runs);
}
