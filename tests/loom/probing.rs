//! Arrivals that find the lock free, but kept for a waiter that was called and does not answer: they
//! probe, and at the end of its patience they pass it over (rule 5).

use wakeful::Fairness;

use crate::support::*;

/// No credit, so that everything is kept, and so much patience.
fn keeps(patience: u64) -> Fairness {
    Fairness::overtakes(0).with_patience(looks(patience))
}

/// A mutex that is free and kept for a waiter of `task`.
pub(crate) fn kept(patience: u64, task: &Task) -> (Shared, Waiting) {
    let mutex = shared(keeps(patience));
    let held = mutex.try_lock().unwrap();
    let waiting = task.waits(&mutex);
    drop(held);
    (mutex, waiting)
}

/// Both arrive, and the one that is called is polled only when they have left. Bounded: two that probe
/// side by side are long.
#[test]
fn two_arrivals() {
    model(3, || {
        let task = Task::new();
        let (mutex, mut waiting) = kept(2, &task);
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        enter(&mutex, 'b');
        thread.join().unwrap();
        sign(task.finish(&mut waiting), 'w');
        drop(waiting);
        assert_eq!(idle(&mutex).last(), Some(&'w'));
    });
}

/// The one that is called is slow, but alive: it may be passed over, and comes back, or not.
#[test]
fn slow_but_alive() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let (mutex, mut waiting) = kept(2, &task);
        let thread = spawn(move || sign(task.finish(&mut waiting), 'w'));
        enter(&mutex, 'a');
        thread.join().unwrap();
        let log = idle(&mutex);
        saw(before(&log, 'a', 'w'), "it is passed over");
        saw(before(&log, 'w', 'a'), "it answers in time");
    });
}

/// Two arrivals, and the one that is called answers once, perhaps in vain, and is dropped. Bounded: two
/// that probe side by side are long.
#[test]
fn two_arrivals_and_a_slow_one() {
    model(3, || {
        let task = Task::new();
        let (mutex, mut waiting) = kept(2, &task);
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        let answer = task.poll(&mut waiting).map(|guard| sign(guard, 'w'));
        drop(waiting);
        enter(&mutex, 'b');
        thread.join().unwrap();
        assert_eq!(idle(&mutex).len(), 2 + usize::from(answer.is_some()));
    });
}

/// The arrival comes before, while or after the lock is released. Bounded: it probes.
#[test]
fn arrival_against_release() {
    model(5, || {
        let mutex = shared(keeps(2));
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(held);
        sign(task.finish(&mut waiting), 'w');
        thread.join().unwrap();
        drop(waiting);
        assert_eq!(idle(&mutex).len(), 2);
    });
}
