//! Forgotten waiters, as far as that is of semaphores alone.

use std::sync::Arc;

use wakeful::{Fairness, Semaphore};

use super::{asleep, hold};
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
