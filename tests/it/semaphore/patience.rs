//! P3 where unequal numbers are asked for: a called waiter that is never polled again delays no arrival
//! forever; and what becomes of it when it is polled after all.

use std::time::Duration;

use wakeful::Semaphore;

use super::{asleep, assert_idle, hold_all, wakes};
use crate::fairness::patience::polls_until_taken;
use crate::support::{Waiting, past, without_credit};

fn impatient(permits: usize) -> Semaphore {
    Semaphore::with_fairness(permits, without_credit(Duration::ZERO))
}

#[test]
fn several_forgotten_ones_are_passed_over_one_by_one() {
    let semaphore = impatient(10);
    let held = hold_all(&semaphore);
    let dead: Vec<_> = (0..10).map(|_| asleep(&semaphore, 1).forget()).collect();
    drop(held);
    assert!(dead.iter().all(|task| task.wakes() == 1), "called at once");
    // An arrival for all: its first poll finds the first call; each of the next passes one over.
    let all = Waiting::new(semaphore.acquire_many(10));
    assert_eq!(polls_until_taken(all, 99), Some(11));
    assert_idle(&semaphore, 10);
}

/// Who is passed over is not last: those behind it are called with what was kept for it.
#[test]
fn what_was_kept_for_the_forgotten_calls_those_who_sleep_behind() {
    let semaphore = impatient(4);
    let held = hold_all(&semaphore);
    let _dead = asleep(&semaphore, 3).forget();
    let mut sleepers = [2, 1, 1].map(|n| asleep(&semaphore, n));
    drop(held);
    assert_eq!(wakes(&sleepers), [0; 3]);
    let mut arrival = Waiting::new(semaphore.acquire());
    for polls in 1..=2 {
        assert_eq!(wakes(&sleepers), [0; 3], "{polls}");
        assert!(arrival.is_pending());
    }
    assert_eq!(wakes(&sleepers), [1; 3], "4 of 4");
    let permits = sleepers.each_mut().map(|waiter| waiter.poll().unwrap());
    assert!(arrival.is_pending());
    drop(permits);
    drop(arrival.poll().unwrap().unwrap());
    assert_idle(&semaphore, 4);
}

/// The clock of a call starts when that call is first met, whatever an earlier call was met by.
#[test]
fn a_second_call_has_the_whole_patience() {
    let patience = Duration::from_millis(300);
    let semaphore = Semaphore::with_fairness(1, without_credit(patience));
    let held = hold_all(&semaphore);
    let mut waiter = asleep(&semaphore, 1);
    drop(held);
    let mut arrival = Waiting::new(semaphore.acquire());
    assert!(arrival.is_pending(), "it meets the first call");
    assert_eq!(semaphore.forget_permits(1), 1);
    assert!(waiter.is_pending(), "in vain");
    past(patience);
    semaphore.add_permits(1);
    assert!(arrival.is_pending(), "it meets the second call");
    assert!(arrival.is_pending(), "whose patience is not over");
    assert!(waiter.poll().is_some());
}
