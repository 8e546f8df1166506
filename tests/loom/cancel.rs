//! A waiter dropped in each state it can be in: nothing that it was to have is lost.

use crate::support::*;

/// `first` is dropped on a thread of its own while the lock is released; `second`, behind it, gets in.
fn queued<L: Lock>() {
    let (mutex, held, [first, second]) = contended::<L, 2>(Fairness::DEFAULT);
    spawn(move || drop(first));
    drop(held);
    sign(second.finish(), '2');
    assert_eq!(idle(&mutex), ['2']);
}

/// The same after it was called.
fn called<L: Lock>() {
    let (mutex, held, [first, second]) = contended::<L, 2>(Fairness::FIFO);
    drop(held);
    spawn(move || drop(first));
    sign(second.finish(), '2');
    assert_eq!(idle(&mutex), ['2']);
}

/// With a newcomer besides, who may overtake. Bounded: three threads.
fn called_with_a_newcomer<L: Lock>() {
    let (mutex, held, [first, second]) = contended::<L, 2>(Fairness::overtakes(1));
    spawn(move || drop(first));
    let newcomer = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
    drop(held);
    sign(second.finish(), '2');
    let barged = newcomer.join();
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

/// The only one in line: the word forgets that anybody waited.
fn alone<L: Lock>() {
    let (mutex, held, [waiting]) = contended::<L, 1>(Fairness::DEFAULT);
    spawn(move || drop(waiting));
    drop(held);
    let barged = barge(&mutex, 'n');
    assert_eq!(idle(&mutex).len(), usize::from(barged));
}

/// Called, answered in vain since a newcomer had overtaken, and dropped while that one leaves.
#[test]
fn answered_in_vain() {
    model(UNBOUNDED, || {
        let (mutex, held, [mut first, second]) = contended::<Shared, 2>(Fairness::overtakes(2));
        drop(held);
        let overtaker = mutex.try_lock().expect("there is credit");
        assert!(first.poll().is_none());
        spawn(move || drop(first));
        drop(overtaker);
        sign(second.finish(), '2');
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Two neighbours at once, and the one behind them gets in.
fn two_neighbours() {
    let (mutex, held, [first, second, third]) = contended::<Shared, 3>(Fairness::DEFAULT);
    spawn(move || drop(first));
    spawn(move || drop(second));
    drop(held);
    sign(third.finish(), '3');
    assert_eq!(idle(&mutex), ['3']);
}

#[test]
fn neighbours() {
    model(6, two_neighbours);
}

#[test]
fn neighbours_unbounded() {
    unbounded_model(two_neighbours);
}

/// Passed over by its own task (rule 4), out of the line already, while others come and go.
#[test]
fn passed_over() {
    model(UNBOUNDED, || {
        let (mutex, first) = called_waiter::<Shared>(Fairness::FIFO);
        let mut second = first.task.waits(&mutex);
        let guard = second.poll().expect("the first is passed over");
        spawn_with(&mutex, move |theirs| {
            drop(first);
            enter(&theirs, 't');
        });
        sign(guard, '2');
        assert_eq!(idle(&mutex), ['2', 't']);
    });
}

/// Passed over by a prober, perhaps, at the very moment it is dropped.
#[test]
fn being_passed_over() {
    model(UNBOUNDED, || {
        let (mutex, waiting) = called_waiter::<Shared>(keeps(2));
        spawn(move || drop(waiting));
        enter(&mutex, 'm');
        assert_eq!(idle(&mutex), ['m']);
    });
}

/// Never polled, and after it was done: nothing to undo.
#[test]
fn never_polled_and_done() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        let never = Box::pin(mutex.clone().lock_owned());
        spawn_with(&mutex, move |theirs| {
            drop(never);
            enter(&theirs, 't');
        });
        let task = Task::new();
        let mut waiting = Box::pin(mutex.clone().lock_owned());
        let guard = task.finish(&mut waiting);
        drop(waiting);
        sign(guard, 'm');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

of_both! {
    queued: UNBOUNDED, UNBOUNDED;
    called: UNBOUNDED, UNBOUNDED;
    called_with_a_newcomer: 3, 3;
    alone: UNBOUNDED, UNBOUNDED;
}
