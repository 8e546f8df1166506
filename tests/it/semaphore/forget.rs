//! Forgotten waiters, as far as that is of semaphores alone.

use std::sync::Arc;
use std::time::Duration;

use wakeful::{Fairness, Semaphore};

use super::{asleep, hold, hold_all};
use crate::support::{Waiting, in_time};

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
        let semaphore = Box::new(semaphore); // moved, with the dead in line
        semaphore.add_permits(3 - called_ones);
        for n in [1, 3, 2, 3, 3] {
            drop(in_time(&mut Waiting::new(semaphore.acquire_many(n))).unwrap());
        }
        assert!(dead.iter().all(|task| task.wakes() == 1), "all were called");
    }
}
