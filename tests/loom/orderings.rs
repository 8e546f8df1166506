//! Each `Acquire` and each `Release` of the state word alone: here nothing else orders one guard's
//! accesses before the next one's, neither a wake-up nor the internal lock. `.ci/orderings` weakens
//! them one at a time and starts with these.

use crate::support::*;

/// The short way: one compare-and-swap each.
fn idle_lock_and_unlock<L: Lock>() {
    let mutex = L::open(Fairness::DEFAULT);
    spawn_with(&mutex, move |theirs| {
        barge(&theirs, 'a');
        barge(&theirs, 'a');
    });
    barge(&mutex, 'b');
    barge(&mutex, 'b');
    assert!(idle(&mutex).len() >= 2);
}

of_both! {
    idle_lock_and_unlock: UNBOUNDED, UNBOUNDED;
}

/// A release that calls, and a newcomer that overtakes whom it called.
#[test]
fn release_that_calls() {
    model(UNBOUNDED, || {
        let (mutex, mut held, [waiting]) = contended::<Shared, 1>(Fairness::overtakes(1));
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        held.push('h');
        drop(held);
        let barged = thread.join();
        sign(waiting.finish(), 'w');
        saw(barged, "a newcomer overtakes");
        assert_eq!(idle(&mutex).len(), 2 + usize::from(barged));
    });
}

/// A release by one who overtook, which calls nobody, and another newcomer.
#[test]
fn release_that_need_not_call() {
    model(UNBOUNDED, || {
        let (mutex, waiting) = called_waiter::<Shared>(Fairness::overtakes(2));
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        let mine = barge(&mutex, 'm');
        saw(thread.join() && mine, "both newcomers overtake");
        sign(waiting.finish(), 'w');
        assert_eq!(idle(&mutex).last(), Some(&'w'));
    });
}

/// A waiter acquires under the latch, but the last unlock did not take the latch.
#[test]
fn waiter_that_takes() {
    model(UNBOUNDED, || {
        let (mutex, mut waiting) = called_waiter::<Shared>(Fairness::overtakes(1));
        let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        let taken = waiting.poll().map(|guard| sign(guard, 'w'));
        let barged = thread.join();
        if taken.is_none() {
            assert!(barged, "it was free");
            sign(waiting.finish(), 'w');
        }
        assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
    });
}
