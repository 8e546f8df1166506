//! P1: the first waiter is overtaken exactly `limit` times. An answer in vain halves the remaining credit; an
//! acquisition that leaves enough for everybody ahead costs none.

use wakeful::{Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold, wakes};

const LIMITS: [u16; 6] = [0, 1, 2, 3, 7, 1024];

/// A request for many is not starved by small ones, though it is asleep: too little is free for it.
#[test]
fn exactly_k_small_newcomers_overtake_a_large_head_that_sleeps() {
    for k in LIMITS {
        let semaphore = Semaphore::with_fairness(4, Fairness::overtakes(k));
        let held = hold(&semaphore, 1);
        let mut large = asleep(&semaphore, 4);
        for nth in 0..k {
            assert!(semaphore.try_acquire().is_ok(), "{k}: {nth}");
        }
        assert!(semaphore.try_acquire().is_err(), "{k}: the next fails");
        let mut small = asleep(&semaphore, 1);
        assert_eq!(semaphore.available_permits(), 3);
        drop(held);
        assert_eq!((large.wakes(), small.wakes()), (1, 0));
        drop(large.poll().unwrap().expect("it was kept"));
        drop(small.poll().unwrap().unwrap());
        assert_idle(&semaphore, 4);
    }
}

/// They overlap: each holds one of four for a while, so that the large one is called now and then.
#[test]
fn a_large_head_gets_in_after_at_most_k_overlapping_small_ones() {
    for k in LIMITS {
        let semaphore = Semaphore::with_fairness(4, Fairness::overtakes(k));
        let mut held = std::collections::VecDeque::from([hold(&semaphore, 1)]);
        let mut large = asleep(&semaphore, 4);
        let mut overtakers = 0;
        for _ in 0..u32::from(k) + 10 {
            if let Ok(small) = semaphore.try_acquire() {
                held.push_back(small);
                overtakers += 1;
            }
            drop(held.pop_front());
            if large.poll_if_woken().is_some() {
                break;
            }
        }
        assert!(overtakers <= u32::from(k), "{k}: {overtakers}");
        if k <= 1 {
            assert_eq!(overtakers, u32::from(k));
        }
        held.clear();
        drop(large);
        assert_idle(&semaphore, 4);
    }
}

#[test]
fn a_sleeper_ahead_leaves_nothing_to_a_newcomer_for_nothing() {
    let semaphore = Semaphore::with_fairness(10, Fairness::overtakes(1));
    let waiters = called(&semaphore, [2, 9, 1]);
    assert_eq!(wakes(&waiters), [1, 0, 0], "8 are not enough for 9");
    drop(hold(&semaphore, 1));
    assert!(semaphore.try_acquire().is_err(), "it did cost a credit");
    drop(waiters);
    assert_idle(&semaphore, 10);
}

/// The called one in the middle finds too little, and is called when its permits are there again.
#[test]
fn one_in_the_middle_that_answered_in_vain_is_called_again() {
    let semaphore = Semaphore::with_fairness(6, Fairness::overtakes(1));
    let mut waiters = called(&semaphore, [2, 2, 2]);
    let barger = hold(&semaphore, 3);
    assert!(waiters[1].is_pending(), "3 free, 2 of them for the first");
    assert!(waiters[2].is_pending());
    let first = waiters[0].poll().unwrap().unwrap();
    assert_eq!(wakes(&waiters), [1, 1, 1]);
    drop(barger);
    assert_eq!(wakes(&waiters), [1, 2, 2]);
    drop((waiters[2].poll().unwrap(), waiters[1].poll().unwrap()));
    drop(first);
    assert_idle(&semaphore, 6);
}
