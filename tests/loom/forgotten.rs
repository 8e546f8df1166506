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

use crate::support::*;

/// Waits for all threads. By then `entered` have entered, and two more can, once patience ends, if it does.
pub(crate) fn check<L: Lock>(mutex: &L, entered: usize) {
    join_all();
    for before in entered..entered + 2 {
        let mut arrival = mutex.wait();
        let task = Task::new();
        let mut guard = (0..4).find_map(|_| task.poll(&mut arrival)).expect("P3");
        guard.log(|log| assert_eq!(log.len(), before));
        sign(guard, 'z');
    }
}

/// It is called and kept for when two arrive.
fn two_arrive_past(forgotten: usize, fairness: Fairness) {
    let (mutex, held) = locked::<Shared>(fairness);
    (0..forgotten).for_each(|_| mem::forget(waiter(&mutex)));
    drop(held);
    spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    enter(&mutex, 'b');
    check(&mutex, 2);
}

/// One arrives as the lock is released, perhaps too early to find it kept; the next one sets it
/// going.
pub(crate) fn against_release<L: Lock>(forgotten: usize, fairness: Fairness) {
    let (mutex, held) = locked::<L>(fairness);
    (0..forgotten).for_each(|_| mem::forget(waiter(&mutex)));
    spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    drop(held);
    enter(&mutex, 'b');
    check(&mutex, 2);
}

fn arrival_against_release<L: Lock>() {
    against_release::<L>(1, keeps(1));
}

models! {
    two_arrivals: 3, two_arrive_past(1, keeps(2));
    two_forgotten: 3, two_arrive_past(2, keeps(1));
}

/// The credit was used up by one who has the lock still; its release calls nobody.
#[test]
fn arrival_against_an_overtaker() {
    model(3, || {
        let (mutex, forgotten) = called_waiter::<Shared>(Fairness::DEFAULT);
        mem::forget(forgotten);
        let overtaker = mutex.try_lock().expect("there is credit");
        spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(overtaker);
        enter(&mutex, 'b');
        check(&mutex, 2);
    });
}

/// Between the forgotten one and the arrival sleeps one that is alive: it gets in as well.
fn one_alive_behind_it<L: Lock>() {
    let (mutex, held) = locked::<L>(keeps(2));
    mem::forget(waiter(&mutex));
    let waiting = waiter(&mutex);
    spawn(move || sign(waiting.finish(), 'w'));
    drop(held);
    enter(&mutex, 'a');
    check(&mutex, 2);
}

/// A newcomer overtakes, the called one answers in vain, and is forgotten as the newcomer leaves.
#[test]
fn after_an_answer_in_vain() {
    model(3, || {
        let (mutex, mut waiting) = called_waiter::<Shared>(Fairness::DEFAULT);
        let overtaker = mutex.try_lock().expect("there is credit");
        assert!(waiting.poll().is_none());
        mem::forget(waiting);
        spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(overtaker);
        enter(&mutex, 'b');
        check(&mutex, 2);
    });
}

/// `try_lock` is no arrival: it finds the lock kept for as long as it tries, and waits for nobody.
#[test]
fn try_lock_sets_nothing_going() {
    model(UNBOUNDED, || {
        let (mutex, held) = locked::<Shared>(keeps(2));
        mem::forget(waiter(&mutex));
        let thread = spawn_with(&mutex, move |theirs| {
            barge(&theirs, 't') || barge(&theirs, 't')
        });
        drop(held);
        assert!(!barge(&mutex, 'm'));
        assert!(!thread.join());
        check(&mutex, 0);
    });
}

of_both! {
    one_alive_behind_it: 3, 3;
    arrival_against_release: 3, 3;
}
