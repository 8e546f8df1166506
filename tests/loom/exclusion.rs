//! Mutual exclusion, under every kind of contention.

use crate::support::*;

fn two_contend(fairness: Fairness, rounds: usize) {
    let mutex = shared(fairness);
    spawn_with(&mutex, move |theirs| {
        (0..rounds).for_each(|_| enter(&theirs, 't'))
    });
    (0..rounds).for_each(|_| enter(&mutex, 'm'));
    assert_eq!(idle(&mutex).len(), 2 * rounds);
}

/// Two come while a third has it, and goes. Bounded, as with all of three threads.
fn two_against_an_owner(fairness: Fairness) {
    let (mutex, mut held) = locked::<Shared>(fairness);
    spawn_with(&mutex, move |theirs| enter(&theirs, '1'));
    spawn_with(&mutex, move |theirs| enter(&theirs, '2'));
    held.push('m');
    drop(held);
    assert_eq!(idle(&mutex).len(), 3);
}

models! {
    two_tasks: UNBOUNDED, two_contend(Fairness::DEFAULT, 1);
    two_tasks_in_fifo: UNBOUNDED, two_contend(Fairness::FIFO, 1);
    /// Bounded: twice as long is far more than twice as many schedules.
    two_tasks_twice: 4, two_contend(Fairness::DEFAULT, 2);
    three_tasks: 3, two_against_an_owner(Fairness::DEFAULT);
    three_tasks_in_fifo: 3, two_against_an_owner(Fairness::FIFO);
}

/// A newcomer that takes no `no` for an answer it gets while nobody has it: `try_lock` fails only if
/// somebody has the lock.
fn try_lock_against_unlock<L: Lock>() {
    let (mutex, held) = locked::<L>(Fairness::DEFAULT);
    let thread = spawn_with(&mutex, move |theirs| barge(&theirs, 't'));
    drop(held);
    let mine = barge(&mutex, 'm');
    let theirs = thread.join();
    varies(theirs, "it comes after the unlocking");
    assert!(mine || theirs, "the last to try finds it free");
    let entered = usize::from(mine) + usize::from(theirs);
    assert_eq!(idle(&mutex).len(), entered);
}

/// The same with a waiter, which is the slow way out. Bounded: three threads.
fn try_lock_against_unlock_and_a_waiter<L: Lock>() {
    let (mutex, held) = locked::<L>(Fairness::DEFAULT);
    spawn_with(&mutex, move |theirs| enter(&theirs, 'w'));
    let newcomer = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
    drop(held);
    let barged = newcomer.join();
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

of_both! {
    try_lock_against_unlock: UNBOUNDED, UNBOUNDED;
    try_lock_against_unlock_and_a_waiter: 3, 3;
}
