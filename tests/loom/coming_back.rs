//! Waiters that were passed over and come back to their place when they are polled (rule 6).

use wakeful::{Fairness, OwnedMutexGuard};

use crate::support::*;

type Held = OwnedMutexGuard<Log>;

/// A waiter of `slow` was passed over by an arrival, which has the lock now.
fn passed_over(k: u16, slow: &Task) -> (Shared, Waiting, Held) {
    let mutex = shared(Fairness::overtakes(k).with_patience(looks(1)));
    let held = mutex.try_lock().unwrap();
    let waiting = slow.waits(&mutex);
    drop(held);
    for _ in 0..k {
        assert!(barge(&mutex, 'n'), "there is credit");
    }
    let arrival = Task::new();
    let mut second = arrival.waits(&mutex);
    let guard = arrival.poll(&mut second).expect("it passes the first over");
    (mutex, waiting, guard)
}

/// It comes back to an empty line while the lock is released.
#[test]
fn alone() {
    model(UNBOUNDED, || {
        let slow = Task::new();
        let (mutex, mut waiting, held) = passed_over(0, &slow);
        let thread = spawn(move || sign(slow.finish(&mut waiting), 'w'));
        drop(held);
        barge(&mutex, 'n');
        thread.join().unwrap();
        assert!(idle(&mutex).contains(&'w'));
    });
}

/// It comes back in time: ahead of another that has come meanwhile.
#[test]
fn to_the_front() {
    model(UNBOUNDED, || {
        let slow = Task::new();
        let (mutex, mut waiting, held) = passed_over(0, &slow);
        let task = Task::new();
        let mut later = task.waits(&mutex);
        assert!(slow.poll(&mut waiting).is_none(), "it comes back");
        let thread = spawn(move || sign(slow.finish(&mut waiting), 'w'));
        drop(held);
        sign(task.finish(&mut later), '2');
        thread.join().unwrap();
        drop(later);
        assert_eq!(idle(&mutex), ['w', '2']);
    });
}

/// It comes back as the lock is released and the other is called. Bounded: three threads.
#[test]
fn against_release_and_call() {
    model(3, || {
        let slow = Task::new();
        let (mutex, mut waiting, held) = passed_over(0, &slow);
        let task = Task::new();
        let mut later = task.waits(&mutex);
        let one = spawn(move || sign(slow.finish(&mut waiting), 'w'));
        let two = spawn(move || sign(task.finish(&mut later), '2'));
        drop(held);
        one.join().unwrap();
        two.join().unwrap();
        let log = idle(&mutex);
        saw(before(&log, 'w', '2'), "it comes back in time");
        saw(before(&log, '2', 'w'), "it comes back too late");
    });
}

/// It comes back ahead of one that is called, whom a newcomer has overtaken; both answer while the
/// newcomer leaves. Bounded: three threads.
#[test]
fn ahead_of_a_called_one() {
    model(3, || {
        let slow = Task::new();
        let (mutex, mut waiting, held) = passed_over(1, &slow);
        let task = Task::new();
        let mut later = task.waits(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("the later one has credit");
        assert!(slow.poll(&mut waiting).is_none(), "it comes back");
        let one = spawn(move || sign(slow.finish(&mut waiting), 'w'));
        let two = spawn(move || sign(task.finish(&mut later), '2'));
        drop(overtaker);
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(idle(&mutex).len(), 3);
    });
}

/// The same, and it is dropped instead: the one behind it is called already, and gets in.
#[test]
fn ahead_of_a_called_one_and_dropped() {
    model(UNBOUNDED, || {
        let slow = Task::new();
        let (mutex, mut waiting, held) = passed_over(1, &slow);
        let task = Task::new();
        let mut later = task.waits(&mutex);
        drop(held);
        let overtaker = mutex.try_lock().expect("the later one has credit");
        assert!(slow.poll(&mut waiting).is_none(), "it comes back");
        let thread = spawn(move || drop(waiting));
        drop(overtaker);
        sign(task.finish(&mut later), '2');
        thread.join().unwrap();
        drop(later);
        assert_eq!(idle(&mutex), ['n', '2']);
    });
}

/// Two waiters that were passed over: the second while it was not first, so it comes back behind the one
/// that is. `(mutex, first, second, its task, the overtaker's guard)`
fn passed_over_twice(slow: &Task, task: &Task) -> (Shared, Waiting, Waiting, Waiting, Held) {
    let (mutex, mut first, held) = passed_over(1, slow);
    let mut second = task.waits(&mutex);
    drop(held);
    let overtaker = mutex.clone().try_lock_owned().expect("there is credit");
    assert!(
        slow.poll(&mut first).is_none(),
        "it comes back to the front"
    );
    // The second is called and not first; another future of its task passes it over (rule 4).
    let third = task.waits(&mutex);
    assert!(task.wakes() > 0, "it was called");
    assert!(task.poll(&mut second).is_none(), "it comes back");
    (mutex, first, second, third, overtaker)
}

/// It stands behind the first, and ahead of who came after it.
/// Bounded: they are woken many times.
#[test]
fn behind_the_first() {
    model(5, || {
        let (slow, task) = (Task::new(), Task::new());
        let (mutex, mut first, mut second, third, held) = passed_over_twice(&slow, &task);
        let thread = spawn(move || sign(slow.finish(&mut first), '1'));
        drop(held);
        sign(task.finish(&mut second), '2');
        thread.join().unwrap();
        drop((second, third));
        let log = idle(&mutex);
        assert_eq!(log, ['n', '1', '2']);
    });
}

/// The first is dropped meanwhile.
#[test]
fn behind_the_first_who_leaves() {
    model(UNBOUNDED, || {
        let (slow, task) = (Task::new(), Task::new());
        let (mutex, first, mut second, third, held) = passed_over_twice(&slow, &task);
        let thread = spawn(move || drop(first));
        drop(held);
        sign(task.finish(&mut second), '2');
        thread.join().unwrap();
        drop((second, third));
        assert_eq!(idle(&mutex), ['n', '2']);
    });
}
