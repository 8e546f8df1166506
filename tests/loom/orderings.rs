//! Each `Acquire` and each `Release` of the state word alone: here nothing else orders one guard's
//! accesses before the next one's, neither a wake-up nor the internal lock. `.ci/orderings` weakens
//! them one at a time and starts with these.

use wakeful::Fairness;

use crate::support::*;

/// The short way: one compare-and-swap each.
#[test]
fn idle_lock_and_unlock() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        let thread = spawn_with(&mutex, move |theirs| {
            barge(&theirs, 'a');
            barge(&theirs, 'a');
        });
        barge(&mutex, 'b');
        barge(&mutex, 'b');
        thread.join().unwrap();
        assert!(idle(&mutex).len() >= 2);
    });
}

/// A release that calls, and a newcomer that overtakes whom it called.
#[test]
fn release_that_calls() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::overtakes(1));
        let mut held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        held.push('h');
        drop(held);
        let barged = thread.join().unwrap();
        sign(task.finish(&mut waiting), 'w');
        drop(waiting);
        saw(barged, "a newcomer overtakes");
        assert_eq!(idle(&mutex).len(), 2 + usize::from(barged));
    });
}

/// A release by one who overtook, which calls nobody, and another newcomer.
#[test]
fn release_that_need_not_call() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::overtakes(2));
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        drop(held);
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        let mine = barge(&mutex, 'm');
        saw(thread.join().unwrap() && mine, "both newcomers overtake");
        sign(task.finish(&mut waiting), 'w');
        drop(waiting);
        assert_eq!(idle(&mutex).last(), Some(&'w'));
    });
}

/// A waiter takes the lock under the internal lock, which whoever unlocked last did not take.
#[test]
fn waiter_that_takes() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::overtakes(1));
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        drop(held);
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        let taken = task.poll(&mut waiting).map(|guard| sign(guard, 'w'));
        let barged = thread.join().unwrap();
        if taken.is_none() {
            assert!(barged, "it was free");
            sign(task.finish(&mut waiting), 'w');
        }
        drop(waiting);
        assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
    });
}
