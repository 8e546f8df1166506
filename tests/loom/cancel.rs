//! A waiter dropped in each state it can be in: nothing that it was to have is lost.

use wakeful::Fairness;

use crate::support::*;

/// `first` is dropped on a thread of its own while the lock is released (`called` before or at the
/// same time); `second`, behind it, gets in.
fn first_of_two<L: Lock>(fairness: Fairness, called: bool) {
    let mutex = L::open(fairness);
    let mut held = mutex.try_now();
    let first = Task::new().waits(&mutex);
    let task = Task::new();
    let mut second = task.waits(&mutex);
    if called {
        held = None;
    }
    let thread = spawn(move || drop(first));
    drop(held);
    sign(task.finish(&mut second), '2');
    thread.join().unwrap();
    drop(second);
    assert_eq!(idle(&mutex), ['2']);
}

fn queued<L: Lock>() {
    first_of_two::<L>(Fairness::DEFAULT, false);
}

fn called<L: Lock>() {
    first_of_two::<L>(Fairness::FIFO, true);
}

/// With a newcomer besides, who may overtake. Bounded: three threads.
fn called_with_a_newcomer<L: Lock>() {
    let mutex = L::open(Fairness::overtakes(1));
    let held = take(&mutex);
    let first = Task::new().waits(&mutex);
    let task = Task::new();
    let mut second = task.waits(&mutex);
    let canceller = spawn(move || drop(first));
    let newcomer = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
    drop(held);
    sign(task.finish(&mut second), '2');
    canceller.join().unwrap();
    let barged = newcomer.join().unwrap();
    drop(second);
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

/// The only one in line: the word forgets that anybody waited.
fn alone<L: Lock>() {
    let mutex = L::open(Fairness::DEFAULT);
    let held = take(&mutex);
    let waiting = Task::new().waits(&mutex);
    let thread = spawn(move || drop(waiting));
    drop(held);
    let barged = barge(&mutex, 'n');
    thread.join().unwrap();
    assert_eq!(idle(&mutex).len(), usize::from(barged));
}

/// Called, answered in vain since a newcomer had overtaken, and dropped while that one leaves.
#[test]
fn answered_in_vain() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::overtakes(2));
        let held = mutex.try_lock().unwrap();
        let (task, behind) = (Task::new(), Task::new());
        let mut first = task.waits(&mutex);
        let mut second = behind.waits(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("there is credit");
        assert!(task.poll(&mut first).is_none());
        let thread = spawn(move || drop(first));
        drop(overtaker);
        sign(behind.finish(&mut second), '2');
        thread.join().unwrap();
        drop(second);
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Two neighbours at once, and the one behind them gets in.
fn two_neighbours() {
    let mutex = shared(Fairness::DEFAULT);
    let held = mutex.try_lock().unwrap();
    let first = Task::new().waits(&mutex);
    let second = Task::new().waits(&mutex);
    let task = Task::new();
    let mut third = task.waits(&mutex);
    let (one, two) = (spawn(move || drop(first)), spawn(move || drop(second)));
    drop(held);
    sign(task.finish(&mut third), '3');
    one.join().unwrap();
    two.join().unwrap();
    drop(third);
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
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let first = task.waits(&mutex);
        drop(held);
        let mut second = task.waits(&mutex);
        let guard = task.poll(&mut second).expect("the first is passed over");
        let thread = spawn_with(&mutex, move |theirs| {
            drop(first);
            enter(&theirs, 't');
        });
        sign(guard, '2');
        thread.join().unwrap();
        drop(second);
        assert_eq!(idle(&mutex), ['2', 't']);
    });
}

/// Passed over by a prober, perhaps, at the very moment it is dropped.
#[test]
fn being_passed_over() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::overtakes(0).with_patience(looks(2)));
        let held = mutex.try_lock().unwrap();
        let waiting = Task::new().waits(&mutex);
        drop(held);
        let thread = spawn(move || drop(waiting));
        enter(&mutex, 'm');
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['m']);
    });
}

/// Never polled, and after it was done: nothing to undo.
#[test]
fn never_polled_and_done() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        let never = Box::pin(mutex.clone().lock_owned());
        let thread = spawn_with(&mutex, move |theirs| {
            drop(never);
            enter(&theirs, 't');
        });
        let task = Task::new();
        let mut waiting = Box::pin(mutex.clone().lock_owned());
        let guard = task.finish(&mut waiting);
        drop(waiting);
        sign(guard, 'm');
        thread.join().unwrap();
        assert_eq!(idle(&mutex).len(), 2);
    });
}

of_both! {
    queued: UNBOUNDED, UNBOUNDED;
    called: UNBOUNDED, UNBOUNDED;
    called_with_a_newcomer: 3, 3;
    alone: UNBOUNDED, UNBOUNDED;
}
