//! Waiters that are never polled again and never dropped: boxed and forgotten. As long as patience is
//! finite, arrivals get through (P3). A forgotten waiter may be left in line, so that the mutex is
//! not idle in the end: the last check is that one more arrival gets in, and another.
//!
//! An arrival that finds the lock taken waits in line. If the holder had overtaken the forgotten waiter, only
//! the next arrival sets that one going. So every model has an arrival that is certain to come after the lock
//! is free.
//!
//! All are bounded: two that probe side by side are long.

use std::mem;

use wakeful::Fairness;

use crate::support::*;

/// No credit, so that everything is kept, and so much patience.
const fn keeps(patience: u64) -> Fairness {
    Fairness::overtakes(0).with_patience(looks(patience))
}

fn forget_a_waiter<L: Lock>(mutex: &L) {
    mem::forget(Task::new().waits(mutex));
}

/// So many have entered, and two more can, within the patience that there may be.
fn check<L: Lock>(mutex: &L, entered: usize) {
    for before in entered..entered + 2 {
        let mut arrival = mutex.wait();
        let task = Task::new();
        let mut guard = (0..4).find_map(|_| task.poll(&mut arrival)).expect("P3");
        guard.log(|log| assert_eq!(log.len(), before));
        sign(guard, 'z');
    }
}

/// It is called and kept for when two arrive.
fn two_arrive_past<L: Lock>(forgotten: usize, fairness: Fairness) {
    let mutex = L::open(fairness);
    let held = take(&mutex);
    (0..forgotten).for_each(|_| forget_a_waiter(&mutex));
    drop(held);
    let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    enter(&mutex, 'b');
    thread.join().unwrap();
    check(&mutex, 2);
}

#[test]
fn two_arrivals() {
    model(3, || two_arrive_past::<Shared>(1, keeps(2)));
}

/// One arrives as the lock is released, perhaps too early to find it kept; the next one sets it
/// going.
fn arrival_against_release<L: Lock>() {
    let mutex = L::open(keeps(1));
    let held = take(&mutex);
    forget_a_waiter(&mutex);
    let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    drop(held);
    enter(&mutex, 'b');
    thread.join().unwrap();
    check(&mutex, 2);
}

#[test]
fn two_forgotten() {
    model(3, || two_arrive_past::<Shared>(2, keeps(1)));
}

/// The credit was used up by one who has the lock still; its release calls nobody.
#[test]
fn arrival_against_an_overtaker() {
    model(3, || {
        let mutex = shared(Fairness::DEFAULT);
        let held = mutex.try_lock().unwrap();
        forget_a_waiter(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("there is credit");
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(overtaker);
        enter(&mutex, 'b');
        thread.join().unwrap();
        check(&mutex, 2);
    });
}

/// Between the forgotten one and the arrival sleeps one that is alive: it gets in as well.
fn one_alive_behind_it<L: Lock>() {
    let mutex = L::open(keeps(2));
    let held = take(&mutex);
    forget_a_waiter(&mutex);
    let task = Task::new();
    let mut waiting = task.waits(&mutex);
    let thread = spawn(move || sign(task.finish(&mut waiting), 'w'));
    drop(held);
    enter(&mutex, 'a');
    thread.join().unwrap();
    check(&mutex, 2);
}

/// A newcomer overtakes, the called one answers in vain, and is forgotten as the newcomer leaves.
#[test]
fn after_an_answer_in_vain() {
    model(3, || {
        let mutex = shared(Fairness::DEFAULT);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("there is credit");
        assert!(task.poll(&mut waiting).is_none());
        mem::forget(waiting);
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
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
        let mutex = shared(keeps(2));
        let held = mutex.try_lock().unwrap();
        forget_a_waiter(&mutex);
        let thread = spawn_with(&mutex, move |theirs| {
            barge(&theirs, 't') || barge(&theirs, 't')
        });
        drop(held);
        assert!(!barge(&mutex, 'm'));
        assert!(!thread.join().unwrap());
        check(&mutex, 0);
    });
}

of_both! {
    one_alive_behind_it: 3, 3;
    arrival_against_release: 3, 3;
}
