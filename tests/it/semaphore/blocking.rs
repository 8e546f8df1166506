//! Waiting on a thread, with and without a deadline, in the line of the async waiters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::{AcquireTimeoutError, Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold, hold_all};
use crate::support::{KINDS, Watchdog};

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(3600);

type Verb = fn(Arc<Semaphore>, Duration) -> Option<usize>;

/// Each gives the number of permits that it got; those without a timeout wait forever.
const VERBS: [(u32, Verb); 8] = [
    (1, |semaphore, _| {
        Some(semaphore.blocking_acquire().ok()?.num_permits())
    }),
    (2, |semaphore, _| {
        Some(semaphore.blocking_acquire_many(2).ok()?.num_permits())
    }),
    (1, |semaphore, _| {
        Some(semaphore.blocking_acquire_owned().ok()?.num_permits())
    }),
    (2, |semaphore, _| {
        Some(semaphore.blocking_acquire_many_owned(2).ok()?.num_permits())
    }),
    (1, |semaphore, timeout| {
        let permit = semaphore.blocking_acquire_timeout(timeout);
        Some(permit.ok()?.num_permits())
    }),
    (2, |semaphore, timeout| {
        let permit = semaphore.blocking_acquire_many_timeout(2, timeout);
        Some(permit.ok()?.num_permits())
    }),
    (1, |semaphore, timeout| {
        let permit = semaphore.blocking_acquire_owned_timeout(timeout);
        Some(permit.ok()?.num_permits())
    }),
    (2, |semaphore, timeout| {
        let permit = semaphore.blocking_acquire_many_owned_timeout(2, timeout);
        Some(permit.ok()?.num_permits())
    }),
];

#[test]
fn what_is_free_is_taken_at_once_by_every_blocking_verb() {
    let semaphore = Arc::new(Semaphore::with_fairness(2, Fairness::FIFO));
    for timeout in [Duration::ZERO, SHORT, Duration::MAX] {
        for (n, verb) in VERBS {
            assert_eq!(verb(Arc::clone(&semaphore), timeout), Some(n as usize));
        }
    }
    assert_eq!(Arc::strong_count(&semaphore), 1);
    assert_idle(&semaphore, 2);
}

#[test]
fn zero_tries_once() {
    let semaphore = Arc::new(Semaphore::with_fairness(2, Fairness::FIFO));
    let held = hold(&semaphore, 2);
    for (_, verb) in &VERBS[4..] {
        assert_eq!(verb(Arc::clone(&semaphore), Duration::ZERO), None);
    }
    drop(held);
    assert_idle(&semaphore, 2);
    let [waiter] = called(&semaphore, [1]);
    let two = semaphore.blocking_acquire_many_timeout(2, Duration::ZERO);
    assert_eq!(two.unwrap_err(), AcquireTimeoutError::Timeout, "kept");
    assert!(semaphore.blocking_acquire_timeout(Duration::ZERO).is_ok());
    drop(waiter);
    assert_idle(&semaphore, 2);
}

#[test]
fn expiry_leaves_no_waiter() {
    for fairness in KINDS {
        let semaphore = Arc::new(Semaphore::with_fairness(2, fairness));
        let held = hold_all(&semaphore);
        for (_, verb) in &VERBS[4..] {
            let start = Instant::now();
            assert_eq!(verb(Arc::clone(&semaphore), SHORT), None);
            assert!(start.elapsed() >= SHORT, "not before its time");
        }
        drop(held);
        assert_eq!(Arc::strong_count(&semaphore), 1);
        assert_idle(&semaphore, 2);
    }
}

#[test]
fn permits_that_come_back_wake_every_kind_of_blocked_thread() {
    let _watchdog = Watchdog::new("blocked threads");
    for fairness in KINDS {
        for adds in [false, true] {
            let semaphore = Arc::new(Semaphore::with_fairness(3, fairness));
            let held = hold_all(&semaphore);
            let verbs = VERBS.map(|(n, verb)| (n, verb, LONG));
            let for_ever = VERBS.map(|(n, verb)| (n, verb, Duration::MAX));
            let threads: Vec<_> = verbs
                .into_iter()
                .chain(for_ever.into_iter().skip(4))
                .map(|(n, verb, timeout)| {
                    let semaphore = Arc::clone(&semaphore);
                    thread::spawn(move || verb(semaphore, timeout) == Some(n as usize))
                })
                .collect();
            thread::sleep(SHORT); // so that most of them sleep; none has to
            if adds {
                held.forget();
                (0..3).for_each(|_| semaphore.add_permits(1));
            } else {
                drop(held);
            }
            for thread in threads {
                assert!(thread.join().expect("no panic"), "it got them");
            }
            assert_idle(&semaphore, 3);
        }
    }
}

#[test]
fn a_thread_does_not_get_in_before_a_future_that_came_earlier() {
    let _watchdog = Watchdog::new("a thread behind a future");
    let semaphore = Arc::new(Semaphore::with_fairness(2, Fairness::FIFO));
    let [mut first] = called(&semaphore, [2]);
    let got = Arc::new(AtomicBool::new(false));
    let thread = {
        let (semaphore, got) = (Arc::clone(&semaphore), Arc::clone(&got));
        thread::spawn(move || {
            let _permit = semaphore.blocking_acquire().expect("open");
            got.store(true, SeqCst);
        })
    };
    thread::sleep(4 * SHORT);
    assert!(!got.load(SeqCst), "they are kept for who came first");
    drop(first.poll().unwrap().unwrap());
    thread.join().expect("and then it is its turn");
    assert!(got.load(SeqCst));
}

/// Whether it sleeps already can not be seen, so it is given more and more time: in the line, it
/// keeps a smaller request from what is free until its time is up.
#[test]
fn a_large_head_whose_time_is_up_lets_the_smaller_ones_behind_it_through() {
    let _watchdog = Watchdog::new("a large head with a deadline");
    let was_first = |head_start: Duration| {
        let semaphore = Arc::new(Semaphore::with_fairness(2, Fairness::FIFO));
        let large = {
            let semaphore = Arc::clone(&semaphore);
            let timeout = 4 * head_start;
            thread::spawn(move || {
                let late = semaphore.blocking_acquire_many_timeout(3, timeout);
                late.map(drop).unwrap_err()
            })
        };
        thread::sleep(head_start);
        let held = semaphore.try_acquire();
        let queued = held.is_err();
        if queued {
            let small = [1, 1, 1].map(|n| asleep(&semaphore, n));
            assert_eq!(large.join().unwrap(), AcquireTimeoutError::Timeout);
            assert_eq!(super::wakes(&small), [1, 1, 0]);
            drop(small);
            assert_idle(&semaphore, 2);
        } else {
            drop(held);
            large.join().expect("no panic");
        }
        queued
    };
    assert!((0..8).any(|doublings| was_first(SHORT * (1 << doublings))));
}

#[test]
fn a_thread_behind_a_forgotten_waiter_gets_through() {
    let _watchdog = Watchdog::new("a thread behind a forgotten waiter");
    let fairness = Fairness::overtakes(0).with_patience(Duration::from_millis(5));
    let semaphore = Semaphore::with_fairness(3, fairness);
    let [forgotten] = called(&semaphore, [2]);
    let _dead = forgotten.forget();
    drop(semaphore.blocking_acquire_many(3).expect("open"));
    let [forgotten] = called(&semaphore, [3]);
    let _dead_too = forgotten.forget();
    let timely = semaphore.blocking_acquire_timeout(Duration::from_secs(30));
    drop(timely.expect("in time"));
    assert_idle(&semaphore, 3);
}
