//! Cancelling those who ask for unequal numbers: those behind are looked at in the same call.

use wakeful::{Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold, of_all_kinds, wakes};
use crate::support::{Task, Waiting, sleeping};

/// futures-intrusive PR 61, embassy#6964, shuttle#167: the smaller ones behind it were never looked at.
#[test]
fn a_large_head_that_is_cancelled_lets_the_smaller_ones_through_in_the_same_call() {
    for semaphore in of_all_kinds(4) {
        let held = hold(&semaphore, 1);
        let large = asleep(&semaphore, 4);
        let mut small = Vec::new();
        // In line behind it even where there is credit: it is asleep when they are first polled.
        for n in [4, 1, 1, 2, 1] {
            let waiting = semaphore.acquire_many(n);
            let kept = semaphore.try_acquire_many(semaphore.available_permits() as u32);
            small.push(sleeping(&Task::new(), waiting));
            drop(kept);
        }
        let large_too = small.remove(0);
        let before = wakes(&small);
        assert_eq!(before, [0; 4]);
        drop(large);
        assert_eq!(wakes(&small), [0; 4], "another large one is first now");
        drop(large_too);
        assert_eq!(wakes(&small), [1, 1, 0, 0], "1 + 1 + 2 > 3");
        drop(held);
        assert_eq!(wakes(&small), [1, 1, 1, 0]);
        drop(small);
        assert_idle(&semaphore, 4);
    }
}

#[test]
fn a_called_one_passes_its_call_on() {
    for semaphore in of_all_kinds(3) {
        let [first, second, third, fourth] = called(&semaphore, [3, 2, 2, 1]);
        assert_eq!((second.wakes(), third.wakes()), (0, 0));
        drop(first);
        assert_eq!((second.wakes(), third.wakes()), (1, 0));
        drop(second);
        assert_eq!((third.wakes(), fourth.wakes()), (1, 1));
        drop((third, fourth));
        assert_idle(&semaphore, 3);
    }
}

#[test]
fn one_in_the_middle_of_the_called_is_cancelled() {
    for cancelled in 0..4 {
        for semaphore in of_all_kinds(8) {
            let mut waiters: Vec<_> = called(&semaphore, [2, 2, 2, 2, 1, 1, 1]).into();
            assert_eq!(wakes(&waiters), [1, 1, 1, 1, 0, 0, 0]);
            drop(waiters.remove(cancelled));
            assert_eq!(wakes(&waiters), [1, 1, 1, 1, 1, 0]);
            let permits: Vec<_> = waiters[..5].iter_mut().rev().map(Waiting::poll).collect();
            assert!(permits.iter().all(Option::is_some), "{cancelled}");
            drop(permits);
            drop(waiters);
            assert_idle(&semaphore, 8);
        }
    }
}

/// It was called, found too little and sleeps among the called: a hole.
#[test]
fn one_that_sleeps_among_the_called_is_cancelled() {
    let semaphore = Semaphore::with_fairness(6, Fairness::overtakes(1));
    let [mut first, mut second, mut third, fourth] = called(&semaphore, [2, 2, 2, 2]);
    let barger = hold(&semaphore, 3);
    assert!(second.is_pending());
    drop(second);
    assert_eq!(fourth.wakes(), 0);
    drop(barger);
    assert_eq!((first.wakes(), third.wakes(), fourth.wakes()), (1, 1, 1));
    let permits = (third.poll().unwrap(), first.poll().unwrap());
    drop((permits, fourth));
    assert_idle(&semaphore, 6);
}
