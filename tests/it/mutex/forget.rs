//! A forgotten future is never undefined behaviour: forgetting a boxed one ends its borrow, so that
//! the mutex may be moved and dropped with the waiter still in line.
//!
//! Run it under the address sanitizer as well: that sees what an assertion can not.

use std::sync::Arc;
use std::time::Duration;

use wakeful::{Fairness, Mutex};

use crate::fairness::futurelock::drive;
use crate::support::{SHORT, Task, Waiting, asleep, asleep_in, called, hold, in_time};

/// Moves it to another address, with the waiters in line.
fn moved<T>(mutex: Mutex<T>) -> Box<Mutex<T>> {
    Box::new(mutex)
}

/// Somebody may wait after the forgotten ones: until the arrivals pass them over.
fn gets_through(mutex: &Mutex<u32>) {
    let mut arrival = Waiting::new(mutex.lock());
    *in_time(&mut arrival) += 1;
}

#[test]
fn forgotten_before_its_first_poll() {
    let mutex = Mutex::new(0);
    let _dead = Waiting::new(mutex.lock()).forget();
    let mutex = moved(mutex);
    *hold(&mutex) += 1;
    assert_eq!(mutex.into_inner(), 1);
}

#[test]
fn forgotten_asleep_then_the_mutex_is_moved_and_used() {
    let mutex = Mutex::with_fairness(0, Fairness::overtakes(10));
    let held = hold(&mutex);
    let front = asleep(&mutex).forget();
    drop(asleep(&mutex));
    let back = asleep(&mutex).forget();
    drop(held);
    assert_eq!((front.wakes(), back.wakes()), (1, 0));
    let mut mutex = moved(mutex);
    *mutex.get_mut() += 1;
    for _ in 0..1000 {
        gets_through(&mutex);
    }
    assert_eq!((front.wakes(), back.wakes()), (1, 1), "both were called");
    assert_eq!(mutex.into_inner(), 1001);
}

#[test]
fn forgotten_called_then_the_mutex_is_moved_and_used() {
    let mutex = Mutex::with_fairness(0, Fairness::overtakes(1).with_patience(Duration::ZERO));
    let task = called(&mutex).forget();
    let mutex = moved(mutex);
    for _ in 0..10 {
        gets_through(&mutex);
    }
    assert_eq!(task.wakes(), 1);
    assert_eq!(mutex.into_inner(), 10);
}

#[test]
fn forgotten_between_the_living_whose_neighbours_come_and_go() {
    let mutex = Mutex::with_fairness(0, Fairness::overtakes(0).with_patience(Duration::ZERO));
    let held = hold(&mutex);
    let mut living = Vec::new();
    let mut dead = Vec::new();
    for nth in 0..50 {
        if nth % 3 == 0 {
            dead.push(asleep(&mutex).forget());
        } else {
            living.push(asleep(&mutex));
        }
    }
    let mut nth = 0;
    living.retain(|_| {
        nth += 1;
        nth % 2 == 0
    });
    drop(held);
    for _ in 0..100 {
        gets_through(&mutex);
        living.retain_mut(Waiting::is_pending);
    }
    assert!(living.is_empty());
    drop(living);
    assert!(dead.iter().all(|task| task.wakes() == 1));
    drop(moved(mutex));
}

#[test]
fn forgotten_when_passed_over_or_when_back_again() {
    let mutex = Mutex::with_fairness(0, Fairness::overtakes(0).with_patience(Duration::ZERO));
    let task = Task::new();
    let held = hold(&mutex);
    let passed = asleep_in(&task, &mutex);
    let mut back = asleep_in(&task, &mutex);
    let mut last = asleep_in(&task, &mutex);
    drop(held);
    let (polls, guard) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    assert!(back.is_pending());
    let _dead = (passed.forget(), back.forget());
    drop(guard);
    drop(last);
    let mutex = moved(mutex);
    gets_through(&mutex);
    gets_through(&mutex);
    assert_eq!(mutex.into_inner(), 2);
}

#[test]
fn forgotten_as_the_prober() {
    let mutex = Mutex::with_fairness(0, Fairness::overtakes(0).with_patience(SHORT));
    let _dead = called(&mutex).forget();
    let mut prober = Waiting::new(mutex.lock());
    for _ in 0..10 {
        assert!(prober.is_pending());
    }
    let _dead_too = prober.forget();
    let mutex = moved(mutex);
    gets_through(&mutex);
    assert_eq!(mutex.into_inner(), 1);
}

#[test]
fn forgotten_after_completion() {
    let mutex = Mutex::new(0);
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    drop(held);
    drop(waiter.poll().expect("its turn"));
    let _dead = waiter.forget();
    let mutex = moved(mutex);
    *hold(&mutex) += 1;
    assert_eq!(mutex.into_inner(), 1);
}

#[test]
fn the_mutex_is_dropped_with_the_dead_in_line() {
    let value = Arc::new(());
    let mutex = Mutex::new(Arc::clone(&value));
    let held = hold(&mutex);
    let dead: Vec<_> = (0..10).map(|_| asleep(&mutex).forget()).collect();
    drop(held);
    drop(moved(mutex));
    assert_eq!(Arc::strong_count(&value), 1, "the value is dropped");
    assert_eq!(dead.iter().map(|task| task.wakes()).sum::<usize>(), 1);
}

#[test]
fn a_forgotten_guard_leaves_it_locked_and_nothing_worse() {
    let mutex = Mutex::new(5);
    std::mem::forget(hold(&mutex));
    drop(asleep(&mutex));
    let mutex = moved(mutex);
    assert!(mutex.try_lock().is_err());
    assert_eq!(mutex.into_inner(), 5);
}
