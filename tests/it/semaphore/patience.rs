//! P3 where unequal numbers are asked for: a called waiter that is never polled again delays no arrival
//! forever; and what becomes of it when it is polled after all.

use std::time::Duration;

use wakeful::{Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold_all, wakes};
use crate::support::Waiting;

/// Keeps everything, and passes over at the second meeting.
const IMPATIENT: Fairness = Fairness::overtakes(0).with_patience(Duration::ZERO);

fn impatient(permits: usize) -> Semaphore {
    Semaphore::with_fairness(permits, IMPATIENT)
}

/// Polls an arrival as its task would, only when it was woken; says how many polls it took.
fn polls_until_acquired(semaphore: &Semaphore, n: u32, at_most: usize) -> Option<usize> {
    let mut arrival = Waiting::new(semaphore.acquire_many(n));
    (1..=at_most).find(|&nth| {
        let may_run = nth == 1 || arrival.wakes() == nth - 1;
        may_run && arrival.poll().is_some()
    })
}

#[test]
fn an_arrival_gets_through_at_its_second_poll() {
    for (need, wanted) in [(1, 3), (3, 1), (3, 3), (2, 2)] {
        let semaphore = impatient(3);
        let [snoozing] = called(&semaphore, [need]);
        let polls = polls_until_acquired(&semaphore, wanted, 9);
        assert_eq!(polls, Some(2), "{need}, {wanted}");
        assert_eq!(polls_until_acquired(&semaphore, wanted, 1), Some(1));
        drop(snoozing);
        assert_idle(&semaphore, 3);
    }
}

#[test]
fn several_forgotten_ones_are_passed_over_one_by_one() {
    let semaphore = impatient(10);
    let held = hold_all(&semaphore);
    let dead: Vec<_> = (0..10).map(|_| asleep(&semaphore, 1).forget()).collect();
    drop(held);
    assert!(dead.iter().all(|task| task.wakes() == 1), "called at once");
    // An arrival for all: its first poll finds the first call; each of the next passes one over.
    assert_eq!(polls_until_acquired(&semaphore, 10, 99), Some(11));
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

#[test]
fn a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it() {
    let semaphore = impatient(2);
    let held = hold_all(&semaphore);
    let snoozing = [1, 2].map(|n| asleep(&semaphore, n));
    let mut far = asleep(&semaphore, 2);
    let mut near = asleep(&semaphore, 1);
    drop(held);
    assert_eq!(wakes(&snoozing), [1, 0]);
    let mut prober = Waiting::new(semaphore.acquire_many(2));
    assert!(prober.is_pending() && prober.is_pending(), "it probes");
    assert_eq!(wakes(&snoozing), [1, 1], "past one");
    drop(prober);
    assert_eq!((far.wakes(), near.wakes()), (0, 1), "the nearest is woken");
    assert!(near.is_pending() && near.is_pending());
    assert_eq!(far.wakes(), 1, "the other is passed over");
    drop(far.poll().unwrap().unwrap());
    drop(near.poll().unwrap().unwrap());
    drop(snoozing);
    assert_idle(&semaphore, 2);
}

#[test]
fn who_was_first_comes_back_to_the_front() {
    for need in [1, 2, 3] {
        let semaphore = impatient(3);
        let [mut slow] = called(&semaphore, [need]);
        let mut arrival = Waiting::new(semaphore.acquire_many(3));
        assert!(arrival.is_pending());
        let permit = arrival.poll().expect("the slow one is passed over");
        let behind = [1, 3].map(|n| asleep(&semaphore, n));
        assert!(slow.is_pending(), "it comes back");
        drop(permit);
        assert_eq!(slow.wakes(), 2, "it is the first to be called");
        assert_eq!(wakes(&behind), [usize::from(need < 3), 0]);
        drop(slow.poll().unwrap().unwrap());
        drop(behind);
        assert_idle(&semaphore, 3);
    }
}
