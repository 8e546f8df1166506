//! Waiting on a thread, with and without a deadline, in the line of the async waiters.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{Got, Line, Side, cases};
use crate::support::{Waiting, Watchdog, without_credit};

cases!(BLOCKING:
    what_is_free_is_taken_at_once,
    zero_does_not_take_what_is_kept,
    a_timeout_leaves_nothing_behind,
    what_is_kept_is_waited_for_until_expiry,
    units_that_come_back_wake_every_blocked_thread,
    the_longest_duration_waits_for_ever_and_does_not_panic,
    a_thread_does_not_get_in_before_a_future_that_came_earlier,
    a_future_does_not_get_in_before_a_thread_that_came_earlier,
    a_thread_behind_a_forgotten_waiter_gets_through,
);

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(3600);

/// Blocks this thread, until the timeout if there is one.
fn wait(line: &Line, timeout: Option<Duration>) -> Option<Got<'_>> {
    match timeout {
        None => Some(line.blocking_wait()),
        Some(timeout) => line.blocking_wait_for(timeout),
    }
}

fn what_is_free_is_taken_at_once(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    for timeout in [Duration::ZERO, SHORT, LONG, Duration::MAX] {
        for timeout in [None, Some(timeout)] {
            let got = wait(&line, timeout).expect("it is free");
            assert_eq!(line.free(), 0);
            drop(got);
        }
    }
    line.assert_unshared();
    line.assert_idle(1);
}

/// As `try_*`, which pass nobody over.
fn zero_does_not_take_what_is_kept(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let [mut waiter] = line.called();
    for _ in 0..1000 {
        assert!(line.blocking_wait_for(Duration::ZERO).is_none());
    }
    drop(waiter.poll().expect("it was kept"));
    let [left] = line.called();
    drop(left);
    assert!(line.blocking_wait_for(Duration::ZERO).is_some());
}

fn a_timeout_leaves_nothing_behind(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let held = line.hold(1);
        for timeout in [Duration::ZERO, Duration::ZERO, SHORT, Duration::ZERO] {
            let start = Instant::now();
            assert!(line.blocking_wait_for(timeout).is_none());
            assert!(start.elapsed() >= timeout, "not before its time");
        }
        drop(held);
        assert!(line.blocking_wait_for(Duration::ZERO).is_some());
        line.assert_unshared();
        line.assert_idle(1);
    }
}

fn what_is_kept_is_waited_for_until_expiry(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let [mut first] = line.called();
    assert!(line.blocking_wait_for(SHORT).is_none());
    drop(first.poll().expect("it was left alone"));
    line.assert_idle(1);
}

fn units_that_come_back_wake_every_blocked_thread(side: Side) {
    let _watchdog = Watchdog::new("blocked threads");
    for line in Line::of_all_kinds(side, side.units(3)) {
        let mut held = line.hold(line.free());
        thread::scope(|scope| {
            for timeout in [None, Some(LONG), Some(Duration::MAX)].repeat(3) {
                let line = &line;
                scope.spawn(move || drop(wait(line, timeout).expect("in time")));
            }
            thread::sleep(SHORT); // so that most of them sleep; none has to
            while held.pop().is_some() {}
        });
        line.assert_unshared();
        line.assert_idle(side.units(3));
    }
}

/// flume 0.12: `Duration::MAX` panics. Here it waits, and is woken.
fn the_longest_duration_waits_for_ever_and_does_not_panic(side: Side) {
    let _watchdog = Watchdog::new("the longest duration");
    for timeout in [Duration::MAX, Duration::from_secs(u64::MAX)] {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        let held = line.hold(1);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let blocked = scope.spawn(|| {
                let got = line.blocking_wait_for(timeout);
                done.store(true, SeqCst);
                got.is_some()
            });
            thread::sleep(SHORT);
            assert!(!done.load(SeqCst), "it waits");
            drop(held);
            assert!(blocked.join().expect("no panic"));
        });
    }
}

fn a_thread_does_not_get_in_before_a_future_that_came_earlier(side: Side) {
    let _watchdog = Watchdog::new("a thread behind a future");
    let line = Line::new(side, 1, Fairness::FIFO);
    let [mut first] = line.called();
    let got = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _got = line.blocking_wait();
            got.store(true, SeqCst);
        });
        thread::sleep(4 * SHORT);
        assert!(!got.load(SeqCst), "it is kept for who came first");
        drop(first.poll().expect("kept"));
    });
    assert!(got.load(SeqCst), "and then it is its turn");
}

/// The test cannot see whether the thread is asleep yet, so it gives it more and more time.
fn a_future_does_not_get_in_before_a_thread_that_came_earlier(side: Side) {
    let _watchdog = Watchdog::new("a future behind a thread");
    let thread_was_first = |head_start: Duration| {
        let line = Line::new(side, 1, Fairness::FIFO);
        let mut held = line.hold(1);
        thread::scope(|scope| {
            scope.spawn(|| drop(line.blocking_wait()));
            thread::sleep(head_start);
            let mut future = line.asleep();
            held.clear();
            let was_called = future.wakes() > 0;
            while future.is_pending() {
                thread::yield_now();
            }
            !was_called
        })
    };
    let was_first = (0..10).any(|doublings| thread_was_first(SHORT * (1 << doublings)));
    assert!(was_first, "threads and futures wait in one line");
}

fn a_thread_behind_a_forgotten_waiter_gets_through(side: Side) {
    let _watchdog = Watchdog::new("a thread behind a forgotten waiter");
    for patience in [Duration::ZERO, SHORT, 10 * SHORT] {
        let line = Line::new(side, 1, without_credit(patience));
        for timeout in [None, Some(Duration::from_secs(30)), None] {
            let start = Instant::now();
            let _dead = line.called::<1>().map(Waiting::forget);
            drop(wait(&line, timeout).expect("in time"));
            assert!(start.elapsed() >= patience);
        }
        line.assert_idle(1);
    }
}
