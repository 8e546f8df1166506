//! Waiting on a thread, with and without a deadline, in the line of the async waiters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::{Fairness, Mutex};

use crate::support::{KINDS, Watchdog, asleep, called, hold};

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(3600);

/// In FIFO a waiter that was left behind would keep the lock from `try_lock`.
fn assert_nobody_waits(mutex: &Mutex<u32>) {
    drop(hold(mutex));
    let held = hold(mutex);
    let waiter = asleep(mutex);
    drop(held);
    assert_eq!(waiter.wakes(), 1, "it is the first");
    drop(waiter);
    drop(hold(mutex));
}

#[test]
fn a_free_lock_is_taken_at_once_by_every_blocking_verb() {
    let mutex = Arc::new(Mutex::with_fairness(0, Fairness::FIFO));
    *mutex.blocking_lock() += 1;
    *Arc::clone(&mutex).blocking_lock_owned() += 1;
    for timeout in [Duration::ZERO, SHORT, Duration::MAX] {
        *mutex.blocking_lock_timeout(timeout).expect("free") += 1;
        let owned = Arc::clone(&mutex).blocking_lock_owned_timeout(timeout);
        *owned.expect("free") += 1;
    }
    assert_eq!(*hold(&mutex), 8);
    assert_eq!(Arc::strong_count(&mutex), 1);
    assert_nobody_waits(&mutex);
}

#[test]
fn zero_tries_once() {
    let mutex = Arc::new(Mutex::with_fairness(0, Fairness::FIFO));
    let held = hold(&mutex);
    for _ in 0..3 {
        assert!(mutex.blocking_lock_timeout(Duration::ZERO).is_none());
        let owned = Arc::clone(&mutex).blocking_lock_owned_timeout(Duration::ZERO);
        assert!(owned.is_none());
    }
    drop(held);
    assert_nobody_waits(&mutex);
    let waiter = called(&mutex);
    assert!(
        mutex.blocking_lock_timeout(Duration::ZERO).is_none(),
        "kept"
    );
    drop(waiter);
    assert!(mutex.blocking_lock_timeout(Duration::ZERO).is_some());
}

#[test]
fn expiry_gives_none_and_leaves_no_waiter() {
    for fairness in KINDS {
        let mutex = Arc::new(Mutex::with_fairness(0, fairness));
        let held = hold(&mutex);
        let start = Instant::now();
        assert!(mutex.blocking_lock_timeout(SHORT).is_none());
        assert!(start.elapsed() >= SHORT, "not before its time");
        let owned = Arc::clone(&mutex).blocking_lock_owned_timeout(SHORT);
        assert!(owned.is_none());
        drop(held);
        assert_eq!(Arc::strong_count(&mutex), 1);
        assert_nobody_waits(&mutex);
    }
}

#[test]
fn a_kept_lock_is_waited_for_until_expiry() {
    let mutex = Mutex::with_fairness(0, Fairness::FIFO);
    let mut first = called(&mutex);
    assert!(mutex.blocking_lock_timeout(SHORT).is_none());
    assert!(first.poll().is_some(), "it was left alone");
    assert_nobody_waits(&mutex);
}

#[test]
fn a_release_wakes_every_kind_of_blocked_thread() {
    let _watchdog = Watchdog::new("blocked threads");
    for fairness in KINDS {
        let mutex = Arc::new(Mutex::with_fairness(0, fairness));
        let held = hold(&mutex);
        let verbs: [fn(Arc<Mutex<u32>>); 6] = [
            |mutex| *mutex.blocking_lock() += 1,
            |mutex| *mutex.blocking_lock_owned() += 1,
            |mutex| *mutex.blocking_lock_timeout(LONG).expect("in time") += 1,
            |mutex| *mutex.blocking_lock_owned_timeout(LONG).expect("in time") += 1,
            |mutex| *mutex.blocking_lock_timeout(Duration::MAX).expect("ever") += 1,
            |mutex| {
                *mutex
                    .blocking_lock_owned_timeout(Duration::MAX)
                    .expect("ever") += 1
            },
        ];
        let threads = verbs.map(|verb| {
            let mutex = Arc::clone(&mutex);
            thread::spawn(move || verb(mutex))
        });
        thread::sleep(SHORT); // so that most of them sleep; none has to
        drop(held);
        for thread in threads {
            thread.join().expect("it got the lock");
        }
        assert_eq!(*hold(&mutex), 6);
    }
}

#[test]
fn a_thread_does_not_get_in_before_a_future_that_came_earlier() {
    let _watchdog = Watchdog::new("a thread behind a future");
    let mutex = Arc::new(Mutex::with_fairness(0, Fairness::FIFO));
    let mut first = called(&mutex);
    let got = Arc::new(AtomicBool::new(false));
    let thread = {
        let (mutex, got) = (Arc::clone(&mutex), Arc::clone(&got));
        thread::spawn(move || {
            let _guard = mutex.blocking_lock();
            got.store(true, SeqCst);
        })
    };
    thread::sleep(4 * SHORT);
    assert!(!got.load(SeqCst), "the lock is kept for who came first");
    drop(first.poll().expect("kept"));
    thread.join().expect("and then it is its turn");
    assert!(got.load(SeqCst));
}

#[test]
fn a_future_does_not_get_in_before_a_thread_that_came_earlier() {
    let _watchdog = Watchdog::new("a future behind a thread");
    let mutex = Arc::new(Mutex::with_fairness(0, Fairness::FIFO));
    // Whether the thread sleeps already can not be seen, so it is given more and more time.
    let thread_was_first = |head_start: Duration| {
        let held = hold(&mutex);
        let thread = {
            let mutex = Arc::clone(&mutex);
            thread::spawn(move || *mutex.blocking_lock() += 1)
        };
        thread::sleep(head_start);
        let mut future = asleep(&mutex);
        let before = *held;
        drop(held);
        let seen = loop {
            match future.poll() {
                Some(guard) => break *guard,
                None => thread::yield_now(),
            }
        };
        thread.join().expect("it got the lock");
        seen > before
    };
    assert!(
        (0..10).any(|doublings| thread_was_first(SHORT * (1 << doublings))),
        "threads and futures wait in one line"
    );
}
