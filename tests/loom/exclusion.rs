//! Mutual exclusion, under every kind of contention.

use wakeful::Fairness;

use crate::support::*;

fn two_contend(fairness: Fairness, rounds: usize) {
    let mutex = shared(fairness);
    let thread = spawn_with(&mutex, move |theirs| {
        (0..rounds).for_each(|_| enter(&theirs, 't'))
    });
    (0..rounds).for_each(|_| enter(&mutex, 'm'));
    thread.join().unwrap();
    assert_eq!(idle(&mutex).len(), 2 * rounds);
}

#[test]
fn two_tasks() {
    model(UNBOUNDED, || two_contend(Fairness::DEFAULT, 1));
}

#[test]
fn two_tasks_in_fifo() {
    model(UNBOUNDED, || two_contend(Fairness::FIFO, 1));
}

/// Bounded: twice as long is far more than twice as many schedules.
#[test]
fn two_tasks_twice() {
    model(4, || two_contend(Fairness::DEFAULT, 2));
}

/// Two come while a third has it, and goes.
fn two_against_an_owner(fairness: Fairness) {
    let mutex = shared(fairness);
    let mut held = mutex.try_lock().unwrap();
    let threads = ['1', '2'].map(|who| {
        let mutex = mutex.clone();
        spawn(move || enter(&mutex, who))
    });
    held.push('m');
    drop(held);
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(idle(&mutex).len(), 3);
}

/// Bounded, as with all of three threads.
#[test]
fn three_tasks() {
    model(3, || two_against_an_owner(Fairness::DEFAULT));
}

/// Bounded, as with all of three threads.
#[test]
fn three_tasks_in_fifo() {
    model(3, || two_against_an_owner(Fairness::FIFO));
}

/// A newcomer that takes no `no` for an answer it gets while nobody has it: `try_lock` fails only if
/// somebody has the lock.
fn try_lock_against_unlock<L: Lock>() {
    let mutex = L::open(Fairness::DEFAULT);
    let held = take(&mutex);
    let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 't'));
    drop(held);
    let mine = barge(&mutex, 'm');
    let theirs = thread.join().unwrap();
    saw(theirs, "it comes after the unlocking");
    saw(!theirs, "it comes before the unlocking");
    assert!(mine || theirs, "the last to try finds it free");
    let entered = usize::from(mine) + usize::from(theirs);
    assert_eq!(idle(&mutex).len(), entered);
}

/// The same with a waiter, which is the slow way out. Bounded: three threads.
fn try_lock_against_unlock_and_a_waiter<L: Lock>() {
    let mutex = L::open(Fairness::DEFAULT);
    let held = take(&mutex);
    let (second, third) = (mutex.clone(), mutex.clone());
    let waiter = spawn(move || enter(&second, 'w'));
    let newcomer = spawn(move || barge(&third, 'n'));
    drop(held);
    waiter.join().unwrap();
    let barged = newcomer.join().unwrap();
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

of_both! {
    try_lock_against_unlock: UNBOUNDED, UNBOUNDED;
    try_lock_against_unlock_and_a_waiter: 3, 3;
}
