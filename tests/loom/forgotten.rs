//! Waiters that are never polled again and never dropped: boxed and forgotten. As long as patience is
//! finite, arrivals get through (P3). A forgotten waiter may be left in line, so that the mutex is
//! not idle in the end: the last check is that one more arrival gets in, and another.
//!
//! An arrival that finds the lock taken waits in line like anyone, and if it was taken by overtaking
//! the forgotten one, then only the next arrival sets it going. With credit to overtake by, therefore,
//! both threads here arrive twice: whoever overtakes arrives again.

use std::mem;

use wakeful::Fairness;

use crate::support::*;

const KEEPS: Fairness = Fairness::overtakes(0).with_patience(2);

fn forget_a_waiter(mutex: &Shared) {
    mem::forget(Task::new().waits(mutex));
}

/// So many have entered, and two more can.
fn check(mutex: &Shared, entered: usize) {
    enter(mutex, 'z');
    assert_eq!(block_on(mutex.lock()).len(), entered + 1);
}

fn arrive(mutex: &Shared, times: usize) {
    (0..times).for_each(|_| enter(mutex, 'a'));
}

/// It is called and kept for when two arrive.
fn arrivals(fairness: Fairness, times: usize) {
    let mutex = shared(fairness);
    let held = mutex.try_lock().unwrap();
    forget_a_waiter(&mutex);
    drop(held);
    let theirs = mutex.clone();
    let thread = spawn(move || arrive(&theirs, times));
    arrive(&mutex, times);
    thread.join().unwrap();
    check(&mutex, 2 * times);
}

/// Bounded: the two probe side by side.
#[test]
fn two_arrivals() {
    model(5, || arrivals(KEEPS, 1));
}

/// Bounded, as above.
#[test]
fn two_arrivals_with_credit() {
    model(5, || arrivals(Fairness::DEFAULT, 2));
}

/// One arrives as the lock is released, perhaps too early to find it kept; the next one sets it
/// going.
fn against_release(fairness: Fairness, forgotten: usize, times: usize) {
    let mutex = shared(fairness);
    let held = mutex.try_lock().unwrap();
    (0..forgotten).for_each(|_| forget_a_waiter(&mutex));
    let theirs = mutex.clone();
    let thread = spawn(move || arrive(&theirs, times));
    drop(held);
    arrive(&mutex, times);
    thread.join().unwrap();
    check(&mutex, 2 * times);
}

/// Bounded: the two probe side by side.
#[test]
fn arrival_against_release() {
    model(5, || against_release(KEEPS, 1, 1));
}

/// Bounded, as above.
#[test]
fn arrival_against_release_with_credit() {
    model(5, || against_release(Fairness::DEFAULT, 1, 2));
}

/// Bounded, as above.
#[test]
fn two_forgotten() {
    model(3, || against_release(KEEPS, 2, 1));
}

/// Between the forgotten one and the arrival sleeps one that is alive: it gets in as well.
#[test]
fn one_alive_behind_it() {
    model(5, || {
        let mutex = shared(KEEPS);
        let held = mutex.try_lock().unwrap();
        forget_a_waiter(&mutex);
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        let thread = spawn(move || sign(task.finish(&mut waiting), 'w'));
        drop(held);
        enter(&mutex, 'a');
        thread.join().unwrap();
        check(&mutex, 2);
    });
}

/// A newcomer overtakes, the called one answers in vain, and is forgotten as the newcomer leaves.
#[test]
fn after_an_answer_in_vain() {
    model(5, || {
        let mutex = shared(Fairness::DEFAULT);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("there is credit");
        assert!(task.poll(&mut waiting).is_none());
        mem::forget(waiting);
        let theirs = mutex.clone();
        let thread = spawn(move || enter(&theirs, 'a'));
        drop(overtaker);
        enter(&mutex, 'b');
        thread.join().unwrap();
        check(&mutex, 2);
    });
}

/// `try_lock` is no arrival: it finds the lock kept for as long as it tries, and waits for nobody.
#[test]
fn try_lock_sets_nothing_going() {
    model(UNBOUNDED, || {
        let mutex = shared(KEEPS);
        let held = mutex.try_lock().unwrap();
        forget_a_waiter(&mutex);
        let theirs = mutex.clone();
        let thread = spawn(move || barge(&theirs, 't') || barge(&theirs, 't'));
        drop(held);
        assert!(!barge(&mutex, 'm'));
        assert!(!thread.join().unwrap());
        check(&mutex, 0);
    });
}
