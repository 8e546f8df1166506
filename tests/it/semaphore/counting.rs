//! How many permits there are: added, forgotten, reduced; nothing is changed by what is refused.

use wakeful::{Fairness, Semaphore, SemaphorePermit};

use super::{asleep, assert_idle, called, hold, of_all_kinds, wakes};
use crate::shared::traps::race_with_the_first_poll;
use crate::support::{Waiting, panics};

const MOST: usize = Semaphore::MAX_PERMITS;

static NEW: Semaphore = Semaphore::new(1);
static CONST_NEW: Semaphore = Semaphore::const_new(2);
static FAIR: Semaphore = Semaphore::with_fairness(3, Fairness::FIFO);

#[test]
fn every_constructor_makes_a_static() {
    assert_idle(&NEW, 1);
    assert_idle(&CONST_NEW, 2);
    assert_idle(&FAIR, 3);
}

#[test]
fn the_most_permits_are_those_of_tokio() {
    assert_eq!(MOST, usize::MAX >> 3);
    assert_eq!(MOST, tokio::sync::Semaphore::MAX_PERMITS);
    assert_eq!(Semaphore::new(MOST).available_permits(), MOST);
    let all = Semaphore::with_fairness(MOST, Fairness::FIFO);
    assert_eq!(all.available_permits(), MOST);
}

#[test]
fn more_than_the_most_can_not_be_made() {
    for permits in [MOST + 1, usize::MAX] {
        assert!(panics(|| Semaphore::new(permits)).contains("MAX_PERMITS"));
        assert!(panics(|| Semaphore::const_new(permits)).contains("MAX_PERMITS"));
        let fair = panics(|| Semaphore::with_fairness(permits, Fairness::FIFO));
        assert!(fair.contains("MAX_PERMITS"));
    }
}

#[test]
fn adding_beyond_the_most_panics_before_anything_is_changed() {
    let semaphore = Semaphore::new(10);
    for n in [MOST - 9, MOST, MOST + 1, usize::MAX / 2, usize::MAX] {
        assert!(panics(|| semaphore.add_permits(n)).contains("MAX_PERMITS"));
        assert_idle(&semaphore, 10);
    }
    let waiter = asleep(&semaphore, 11);
    for n in [MOST - 9, usize::MAX] {
        assert!(panics(|| semaphore.add_permits(n)).contains("MAX_PERMITS"));
        assert_eq!((waiter.wakes(), semaphore.available_permits()), (0, 10));
    }
    semaphore.add_permits(1);
    assert_eq!(waiter.wakes(), 1, "the line is as it was");
    drop(waiter);
    semaphore.add_permits(MOST - 11);
    assert_eq!(semaphore.available_permits(), MOST);
    semaphore.add_permits(0);
    assert!(panics(|| semaphore.add_permits(1)).contains("MAX_PERMITS"));
    assert_eq!(semaphore.available_permits(), MOST);
}

#[test]
fn added_permits_call_whom_they_are_enough_for() {
    for semaphore in of_all_kinds(0) {
        let waiters = [2, 1, 3, 1].map(|n| asleep(&semaphore, n));
        semaphore.add_permits(0);
        assert_eq!(wakes(&waiters), [0; 4]);
        semaphore.add_permits(1);
        assert_eq!(wakes(&waiters), [0; 4]);
        semaphore.add_permits(2);
        assert_eq!(wakes(&waiters), [1, 1, 0, 0]);
        semaphore.add_permits(3);
        assert_eq!(wakes(&waiters), [1, 1, 1, 0]);
        drop(waiters);
        assert_idle(&semaphore, 6);
    }
}

#[test]
fn forget_permits_takes_what_is_free_and_says_how_many() {
    let semaphore = Semaphore::new(5);
    let held = hold(&semaphore, 1);
    assert_eq!(semaphore.forget_permits(0), 0);
    assert_eq!(semaphore.forget_permits(3), 3);
    assert_eq!(semaphore.forget_permits(usize::MAX), 1);
    assert_eq!(semaphore.forget_permits(usize::MAX), 0);
    drop(held);
    assert_idle(&semaphore, 1);
    semaphore.reduce_permits(3);
    assert_eq!(semaphore.forget_permits(9), 0, "2 are owed");
    semaphore.add_permits(2);
    assert_idle(&semaphore, 0);
    let all = Semaphore::new(MOST);
    assert_eq!(all.forget_permits(usize::MAX), MOST);
    assert_idle(&all, 0);
}

/// Kept ones are free: the called one finds too little, and is called again.
#[test]
fn forget_permits_takes_kept_ones_too() {
    for semaphore in of_all_kinds(2) {
        let [mut first, second] = called(&semaphore, [1, 1]);
        assert_eq!(semaphore.forget_permits(2), 2);
        assert!(first.is_pending());
        semaphore.add_permits(1);
        assert_eq!((first.wakes(), second.wakes()), (2, 1));
        drop(first.poll().unwrap().unwrap());
        drop(second);
        assert_idle(&semaphore, 1);
    }
}

#[test]
fn reduce_permits_takes_free_ones_at_once() {
    let semaphore = Semaphore::new(5);
    semaphore.reduce_permits(2);
    assert_idle(&semaphore, 3);
    semaphore.reduce_permits(0);
    semaphore.reduce_permits(3);
    assert_idle(&semaphore, 0);
}

/// The limit is lowered while all are out: nobody gets one until the new limit holds.
#[test]
fn what_is_owed_is_paid_by_those_that_come_back_before_anybody_waiting() {
    for semaphore in of_all_kinds(4) {
        let mut held: Vec<_> = (0..4).map(|_| hold(&semaphore, 1)).collect();
        semaphore.reduce_permits(3);
        let mut waiter = asleep(&semaphore, 1);
        for _ in 0..3 {
            drop(held.pop());
            assert_eq!((semaphore.available_permits(), waiter.wakes()), (0, 0));
            assert!(waiter.is_pending() && semaphore.try_acquire().is_err());
        }
        drop(held.pop());
        assert_eq!((semaphore.available_permits(), waiter.wakes()), (1, 1));
        drop(waiter.poll().unwrap().unwrap());
        assert_idle(&semaphore, 1);
    }
}

#[test]
fn what_is_owed_is_paid_by_added_permits_before_anybody_waiting() {
    for semaphore in of_all_kinds(0) {
        let mut waiter = asleep(&semaphore, 2);
        semaphore.reduce_permits(10);
        semaphore.add_permits(7);
        semaphore.add_permits(4);
        assert_eq!((semaphore.available_permits(), waiter.wakes()), (1, 0));
        semaphore.add_permits(1);
        assert_eq!((semaphore.available_permits(), waiter.wakes()), (2, 1));
        drop(waiter.poll().unwrap().unwrap());
        assert_idle(&semaphore, 2);
    }
}

#[test]
fn one_large_return_pays_and_calls_with_the_rest() {
    let semaphore = Semaphore::new(10);
    let held = hold(&semaphore, 10);
    semaphore.reduce_permits(4);
    let waiters = [3, 3, 1].map(|n| asleep(&semaphore, n));
    drop(held);
    assert_eq!(wakes(&waiters), [1, 1, 0]);
    drop(waiters);
    assert_idle(&semaphore, 6);
}

/// Called, then the permits are reduced: it finds too little, and is called when there are enough.
#[test]
fn what_was_kept_is_reduced_and_its_waiter_is_called_again() {
    for semaphore in of_all_kinds(2) {
        let [mut first, mut second] = called(&semaphore, [1, 1]);
        semaphore.reduce_permits(5);
        assert_eq!(semaphore.available_permits(), 0);
        assert!(second.is_pending() && first.is_pending());
        semaphore.add_permits(4);
        assert_eq!((first.wakes(), second.wakes()), (2, 1));
        drop(first.poll().unwrap().unwrap());
        assert_eq!(second.wakes(), 2);
        drop(second.poll().unwrap().unwrap());
        assert_idle(&semaphore, 1);
    }
}

#[test]
fn owing_more_than_the_most_panics_before_anything_is_changed() {
    let semaphore = Semaphore::new(5);
    for n in [MOST + 6, usize::MAX / 2, usize::MAX] {
        assert!(panics(|| semaphore.reduce_permits(n)).contains("MAX_PERMITS"));
        assert_idle(&semaphore, 5);
    }
    semaphore.reduce_permits(MOST + 5);
    assert_eq!(semaphore.available_permits(), 0);
    assert!(!semaphore.is_closed());
    let waiter = asleep(&semaphore, 1);
    for n in [1, MOST, usize::MAX] {
        assert!(panics(|| semaphore.reduce_permits(n)).contains("MAX_PERMITS"));
    }
    semaphore.add_permits(MOST);
    assert_eq!((semaphore.available_permits(), waiter.wakes()), (0, 0));
    semaphore.add_permits(1);
    assert_eq!((semaphore.available_permits(), waiter.wakes()), (1, 1));
}

/// From the most that may be owed to the most that may be free.
#[test]
fn one_addition_leads_from_the_deepest_debt_to_the_most() {
    let semaphore = Semaphore::new(0);
    semaphore.reduce_permits(MOST);
    let twice = 2 * MOST;
    assert!(panics(|| semaphore.add_permits(twice + 1)).contains("MAX_PERMITS"));
    semaphore.add_permits(twice);
    assert_eq!(semaphore.available_permits(), MOST);
    semaphore.reduce_permits(twice);
    assert_eq!(semaphore.available_permits(), 0);
    semaphore.add_permits(MOST + 1);
    assert_idle(&semaphore, 1);
}

/// event-listener#138.
#[test]
fn permits_that_are_added_at_the_first_poll_are_not_lost() {
    for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
        let semaphore = Semaphore::with_fairness(2, fairness);
        let add = |held: SemaphorePermit<'_>| {
            held.forget();
            semaphore.add_permits(2);
        };
        race_with_the_first_poll(
            10_000,
            || super::hold_all(&semaphore),
            add,
            || Waiting::new(semaphore.acquire_many(2)),
        );
    }
}
