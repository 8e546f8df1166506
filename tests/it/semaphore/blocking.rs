//! Threads that wait for unequal numbers of permits.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use wakeful::{AcquireTimeoutError, Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold, of_all_kinds};
use crate::support::{SHORT, Watchdog};

#[test]
fn what_is_kept_for_another_is_not_taken_and_the_rest_is() {
    let semaphore = Semaphore::with_fairness(2, Fairness::FIFO);
    let [waiter] = called(&semaphore, [1]);
    let two = semaphore.blocking_acquire_many_timeout(2, Duration::ZERO);
    assert_eq!(two.unwrap_err(), AcquireTimeoutError::Timeout, "kept");
    assert!(semaphore.blocking_acquire_timeout(Duration::ZERO).is_ok());
    drop(waiter);
    assert_idle(&semaphore, 2);
}

#[test]
fn permits_that_are_added_wake_threads_that_want_one_or_two() {
    let _watchdog = Watchdog::new("blocked threads");
    for semaphore in of_all_kinds(3) {
        hold(&semaphore, 3).forget();
        thread::scope(|scope| {
            for n in [1, 2, 1, 2, 1, 2] {
                let semaphore = &semaphore;
                scope.spawn(move || {
                    let permit = semaphore.blocking_acquire_many(n).expect("open");
                    assert_eq!(permit.num_permits(), n as usize);
                });
            }
            thread::sleep(SHORT); // so that most of them sleep; none has to
            (0..3).for_each(|_| semaphore.add_permits(1));
        });
        assert_idle(&semaphore, 3);
    }
}

/// Nothing shows whether the large request is queued yet, so each attempt gives it more time. Once queued, it
/// keeps a smaller request from taking what is free, until it times out.
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
