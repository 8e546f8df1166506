//! What has bitten other mutexes, semaphores and channels, each by the issue that tells of it.
//!
//! Those with a module of their own are elsewhere: futurelock (tokio#6450, tokio#7892, RFD 609) in
//! `rules`, forgotten waiters (async-channel#45, tachyonix#1) in `forget`, bounds of guards
//! (futures-rs#2239, async-lock#50) in `auto_traits`, foreign code under the lock (tokio#5429) in
//! `reentrant`.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use wakeful::{Fairness, Mutex};

use crate::support::{KINDS, Task, Waiting, asleep, hold};

/// async-lock#18, async-std#452.
#[test]
fn two_releases_are_not_merged_into_one_wake_up() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut first = asleep(&mutex);
        let mut second = asleep(&mutex);
        drop(held);
        drop(first.poll().expect("the first release"));
        assert_eq!(second.wakes(), 1, "the second release");
        drop(second.poll().expect("its turn"));
    }
}

/// event-listener#138: the way of a release that sees nobody races with a waiter that registers.
#[test]
fn a_release_that_races_with_the_first_poll_is_not_lost() {
    const ROUNDS: usize = 20_000;
    for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
        let mutex = Mutex::with_fairness((), fairness);
        let (start, end) = (Barrier::new(2), Barrier::new(2));
        let mut lost = 0;
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let held = hold(&mutex);
                    start.wait();
                    drop(held);
                    end.wait();
                    start.wait();
                }
            });
            for _ in 0..ROUNDS {
                start.wait();
                let mut waiter = Waiting::new(mutex.lock());
                let guard = waiter.poll();
                end.wait();
                lost += usize::from(guard.is_none() && waiter.wakes() == 0);
                drop(guard);
                drop(waiter);
                start.wait();
            }
        });
        assert_eq!(lost, 0, "asleep beside a free lock");
    }
}

/// crossfire#22: a retry succeeds, but its waker stays queued and eats a later wake-up.
#[test]
fn who_got_in_by_a_spurious_poll_eats_no_later_wake_up() {
    let mutex = Mutex::new(());
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let mut second = asleep(&mutex);
    let third = asleep(&mutex);
    drop(held);
    drop(second.poll().expect("it overtakes"));
    drop(first.poll().expect("called"));
    assert_eq!((second.wakes(), third.wakes()), (0, 1));
}

/// tokio#4751: polled again with a different waker, of which the last counts.
#[test]
fn the_last_waker_is_woken_and_no_earlier_one() {
    let mutex = Mutex::new(());
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    let (middle, last) = (Task::new(), Task::new());
    for task in [&middle, &last, &middle, &last] {
        assert!(task.poll(waiter.future()).is_pending());
    }
    drop(held);
    assert_eq!(
        (waiter.wakes(), middle.wakes(), last.wakes()),
        (0, 0, 1),
        "it moved from task to task"
    );
}

/// crossfire 2.0.9: a poll with another waker after the call takes the call with it.
#[test]
fn a_call_is_answered_from_another_task() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(3));
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    drop(held);
    let barger = hold(&mutex);
    let other = Task::new();
    assert!(other.poll(waiter.future()).is_pending(), "in vain");
    drop(barger);
    assert_eq!((waiter.wakes(), other.wakes()), (1, 1));
    assert!(other.poll(waiter.future()).is_ready());
}

/// Old wakers are let go: at once when replaced, and at the end.
#[test]
fn wakers_are_not_leaked() {
    let mutex = Mutex::new(());
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    let (old, new) = (std::sync::Arc::clone(waiter.task()), Task::new());
    assert_eq!(std::sync::Arc::strong_count(&old), 3);
    assert!(new.poll(waiter.future()).is_pending());
    assert_eq!(std::sync::Arc::strong_count(&old), 2, "replaced");
    drop(held);
    assert_eq!(std::sync::Arc::strong_count(&new), 1, "woken");
    drop(waiter);
    assert_eq!(std::sync::Arc::strong_count(&old), 1);
}

/// bpo-27585, anyio#1145: woken, then dropped; tokio#1898: what it waited for does not leak.
#[test]
fn a_woken_waiter_that_is_dropped_leaks_nothing() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let woken: Vec<_> = (0..100).map(|_| asleep(&mutex)).collect();
        drop(held);
        for waiter in woken {
            assert_eq!(waiter.wakes(), 1, "each passes it on");
        }
        assert!(!mutex.is_locked());
        drop(hold(&mutex));
    }
}

/// embassy#1204: two waiters evict each other from one slot; thingbuf#83, async-channel#13: spinning.
#[test]
fn two_waiters_polled_by_turns_neither_evict_each_other_nor_spin() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let mut second = asleep(&mutex);
    for _ in 0..1000 {
        assert!(first.is_pending());
        assert!(second.is_pending());
    }
    assert_eq!((first.wakes(), second.wakes()), (0, 0));
    drop(held);
    drop(first.poll().expect("woken"));
    assert_eq!((first.wakes(), second.wakes()), (1, 1));
}

/// flume 0.12: `Duration::MAX` panics. Here it waits, and is woken.
#[test]
fn the_longest_duration_waits_for_ever_and_does_not_panic() {
    let mutex = Mutex::new(());
    for timeout in [Duration::MAX, Duration::from_secs(u64::MAX)] {
        let held = hold(&mutex);
        let locked = AtomicBool::new(false);
        thread::scope(|scope| {
            let blocked = scope.spawn(|| {
                let guard = mutex.blocking_lock_timeout(timeout);
                locked.store(true, SeqCst);
                guard.is_some()
            });
            thread::sleep(Duration::from_millis(5));
            assert!(!locked.load(SeqCst), "it waits");
            drop(held);
            assert!(blocked.join().expect("no panic"));
        });
    }
}
