//! Forgotten waiters, as far as that is of semaphores alone.

use std::sync::Arc;
use std::time::Duration;

use wakeful::{Fairness, Semaphore};

use super::{asleep, asleep_in, hold, hold_all};
use crate::fairness::futurelock::drive;
use crate::support::{Task, Waiting, in_time};

/// Nothing but closing gets past one that wants more than there are.
#[test]
fn forgotten_and_never_to_be_met_then_closed() {
    let semaphore = Semaphore::with_fairness(2, Fairness::overtakes(0));
    let dead = asleep(&semaphore, 3).forget();
    let semaphore = Box::new(semaphore);
    let mut waiter = asleep(&semaphore, 1);
    semaphore.close();
    assert!(waiter.poll().unwrap().is_err());
    assert_eq!(dead.wakes(), 1);
    drop(waiter);
    drop(semaphore);
}

#[test]
fn an_owned_one_that_is_forgotten_keeps_the_semaphore() {
    let semaphore = Arc::new(Semaphore::with_fairness(1, Fairness::overtakes(0)));
    let held = hold(&semaphore, 1);
    let mut waiting = Waiting::new(Arc::clone(&semaphore).acquire_owned());
    assert!(waiting.is_pending());
    drop(held);
    let _dead = waiting.forget();
    assert_eq!(Arc::strong_count(&semaphore), 2);
    drop(in_time(&mut Waiting::new(semaphore.acquire())).unwrap());
}

#[test]
fn forgotten_asleep_or_called_then_the_semaphore_is_moved_and_used() {
    for called_ones in 0..4 {
        let fairness = Fairness::overtakes(1).with_patience(Duration::ZERO);
        let semaphore = Semaphore::with_fairness(3, fairness);
        let mut held = hold_all(&semaphore);
        let dead = [1, 1, 1].map(|n| asleep(&semaphore, n).forget());
        drop(asleep(&semaphore, 1));
        drop(held.split(called_ones));
        held.forget();
        let woken = dead.iter().filter(|task| task.wakes() == 1).count();
        assert_eq!(woken, called_ones);
        let semaphore = moved(semaphore);
        semaphore.add_permits(3 - called_ones);
        for n in [1, 3, 2, 3, 3] {
            gets_through(&semaphore, n);
        }
        assert!(dead.iter().all(|task| task.wakes() == 1), "all were called");
    }
}

#[test]
fn forgotten_when_passed_over_or_when_back_again() {
    let semaphore =
        Semaphore::with_fairness(2, Fairness::overtakes(0).with_patience(Duration::ZERO));
    let task = Task::new();
    let held = hold_all(&semaphore);
    let passed = asleep_in(&task, &semaphore, 2);
    let mut back = asleep_in(&task, &semaphore, 1);
    let mut last = asleep_in(&task, &semaphore, 2);
    drop(held);
    let (polls, permit) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    assert!(back.is_pending());
    let _dead = (passed.forget(), back.forget());
    drop(permit);
    drop(last);
    let semaphore = moved(semaphore);
    gets_through(&semaphore, 2);
    gets_through(&semaphore, 1);
}

#[test]
fn forgotten_between_the_living_whose_neighbours_come_and_go() {
    let semaphore =
        Semaphore::with_fairness(2, Fairness::overtakes(0).with_patience(Duration::ZERO));
    let held = hold_all(&semaphore);
    let (mut living, mut dead) = (Vec::new(), Vec::new());
    for nth in 0..60 {
        match nth % 4 {
            0 => dead.push(asleep(&semaphore, 1 + nth % 2).forget()),
            1 => drop(asleep(&semaphore, 2)),
            _ => living.push(asleep(&semaphore, 1 + nth % 2)),
        }
    }
    living.truncate(20);
    drop(held);
    for _ in 0..100 {
        gets_through(&semaphore, 2);
        living.retain_mut(Waiting::is_pending);
    }
    assert!(living.is_empty());
    drop(living);
    assert!(dead.iter().all(|task| task.wakes() == 1));
    drop(moved(semaphore));
}

/// Moves it to another address, with the waiters in line.
fn moved(semaphore: Semaphore) -> Box<Semaphore> {
    Box::new(semaphore)
}

fn gets_through(semaphore: &Semaphore, n: u32) {
    let mut arrival = Waiting::new(semaphore.acquire_many(n));
    drop(in_time(&mut arrival).unwrap());
}
