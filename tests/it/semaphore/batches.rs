//! Several called at once, by one release or by many; async-lock#18: no two releases make one call.

use wakeful::Semaphore;

use super::{asleep, assert_idle, hold, hold_all, wakes};
use crate::support::KINDS;

#[test]
fn one_release_calls_exactly_those_for_whom_it_is_enough() {
    for fairness in KINDS {
        for (free, expected) in [
            (0, [0, 0, 0, 0, 0]),
            (1, [0, 0, 0, 0, 0]),
            (2, [1, 0, 0, 0, 0]),
            (3, [1, 1, 0, 0, 0]),
            (6, [1, 1, 0, 0, 0]),
            (7, [1, 1, 1, 0, 0]),
            (8, [1, 1, 1, 1, 0]),
            (10, [1, 1, 1, 1, 1]),
        ] {
            let semaphore = Semaphore::with_fairness(10, fairness);
            let mut held = hold_all(&semaphore);
            let waiters = [2, 1, 4, 1, 1].map(|n| asleep(&semaphore, n));
            drop(held.split(free));
            assert_eq!(wakes(&waiters), expected, "{fairness:?}: {free}");
            drop(held);
            assert_eq!(wakes(&waiters), [1; 5]);
            drop(waiters);
            assert_idle(&semaphore, 10);
        }
    }
}

#[test]
fn two_releases_are_not_merged_into_one_call() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(3, fairness);
        let mut held = [1, 1, 1].map(|n| Some(hold(&semaphore, n)));
        let mut waiters = [1, 1, 1].map(|n| asleep(&semaphore, n));
        for (nth, permit) in held.iter_mut().enumerate() {
            *permit = None;
            let expected: Vec<_> = (0..3).map(|at| usize::from(at <= nth)).collect();
            assert_eq!(wakes(&waiters), expected, "{fairness:?}");
        }
        let permits = waiters.each_mut().map(|waiter| waiter.poll().unwrap());
        assert_eq!(semaphore.available_permits(), 0);
        drop(permits);
        assert_idle(&semaphore, 3);
    }
}

/// More than are woken in one batch, whatever that is.
#[test]
fn one_release_calls_hundreds() {
    for fairness in KINDS {
        for count in [15, 16, 17, 31, 32, 33, 300] {
            let semaphore = Semaphore::with_fairness(count, fairness);
            let held = hold_all(&semaphore);
            let mut waiters: Vec<_> = (0..count + 3).map(|_| asleep(&semaphore, 1)).collect();
            drop(held);
            let called = waiters.iter().filter(|waiter| waiter.wakes() == 1).count();
            assert_eq!(called, count, "{fairness:?}");
            assert!(waiters[count..].iter().all(|waiter| waiter.wakes() == 0));
            let permits: Vec<_> = waiters[..count].iter_mut().map(|w| w.poll()).collect();
            assert!(permits.iter().all(Option::is_some));
            drop(permits);
            assert_eq!(wakes(&waiters[count..]), [1, 1, 1]);
            drop(waiters);
            assert_idle(&semaphore, count);
        }
    }
}
