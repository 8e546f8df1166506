//! Queueing, cancelling and calling cost the same however many wait.

use std::time::Instant;

use wakeful::Queue;

use super::{full, wakes};
use crate::mutex::scale::{Cost, RUNS, alone, best, per_waiter};
use crate::support::{Random, Waiting, Watchdog};

/// So many wait; half are cancelled in random order, and the others get theirs, one at a time.
fn measure(count: usize, random: &mut Random) -> Cost {
    let queue = full(1);
    let mut pushes: Vec<_> = (0..count)
        .map(|item| Some(Waiting::new(queue.push(item))))
        .collect();
    let start = Instant::now();
    for push in pushes.iter_mut().flatten() {
        assert!(push.is_pending());
    }
    let queueing = per_waiter(count, start.elapsed());
    let mut order: Vec<_> = (0..count).collect();
    random.shuffle(&mut order);
    let start = Instant::now();
    for &at in &order[..count / 2] {
        pushes[at] = None;
    }
    let cancel = per_waiter(count / 2, start.elapsed());
    let start = Instant::now();
    for push in pushes.iter_mut().flatten() {
        assert!(queue.try_pop().is_ok());
        assert_eq!(push.poll(), Some(Ok(())));
    }
    let release = per_waiter(count - count / 2, start.elapsed());
    Cost {
        queue: queueing,
        cancel,
        release,
    }
}

/// All are called, one by one, and then cancelled in random order.
fn measure_called(count: usize, random: &mut Random) -> Cost {
    let queue = Queue::unbounded();
    let start = Instant::now();
    let mut pops: Vec<_> = (0..count).map(|_| super::pop_asleep(&queue)).collect();
    let queueing = per_waiter(count, start.elapsed());
    let start = Instant::now();
    (0..count).for_each(|item| queue.try_push(item).unwrap());
    let release = per_waiter(count, start.elapsed());
    assert!(wakes(&pops).iter().all(|&wakes| wakes == 1));
    random.shuffle(&mut pops);
    let start = Instant::now();
    drop(pops);
    let cancel = per_waiter(count, start.elapsed());
    assert_eq!(queue.len(), count);
    Cost {
        queue: queueing,
        cancel,
        release,
    }
}

/// All are woken by the closing.
fn measure_closing(count: usize, _: &mut Random) -> Cost {
    let queue = Queue::<u8>::bounded(1);
    let start = Instant::now();
    let mut pops: Vec<_> = (0..count).map(|_| super::pop_asleep(&queue)).collect();
    let queueing = per_waiter(count, start.elapsed());
    let start = Instant::now();
    queue.close();
    let release = per_waiter(count, start.elapsed());
    assert!(
        pops.iter_mut()
            .all(|pop| pop.wakes() == 1 && pop.poll() == Some(None))
    );
    Cost {
        queue: queueing,
        cancel: 0.0,
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
    assert_flat(measure_closing, 10_000, RUNS);
}

#[test]
fn fifty_thousand_waiters_cost_as_much_each_as_a_thousand() {
    let _alone = alone();
    let _watchdog = Watchdog::new("fifty thousand waiters");
    assert_flat(measure, 50_000, RUNS);
    assert_flat(measure_called, 50_000, RUNS);
    assert_flat(measure_closing, 50_000, RUNS);
}
