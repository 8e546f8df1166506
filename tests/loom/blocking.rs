//! Threads that block, beside tasks, in the same line. Under loom a deadline that is not
//! `Duration::MAX` has passed at once: such a wait polls once, sees that it is too late, and cancels.

use crate::support::*;

fn enter_blocking(mutex: &Shared, who: char) {
    mutex.blocking_lock().push(who);
}

fn enter_in_time(mutex: &Shared, who: char) -> bool {
    let guard = mutex.blocking_lock_timeout(SOON);
    guard.map(|mut log| log.push(who)).is_some()
}

#[test]
fn two_threads() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| enter_blocking(&theirs, 't'));
        mutex.clone().blocking_lock_owned().push('m');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

#[test]
fn thread_and_task() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| enter_blocking(&theirs, 't'));
        enter(&mutex, 'm');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// Bounded: three threads.
fn two_threads_and_a_task(fairness: Fairness) {
    let mutex = shared(fairness);
    let mut held = mutex.blocking_lock();
    spawn_with(&mutex, move |theirs| enter_blocking(&theirs, '1'));
    spawn_with(&mutex, move |theirs| enter(&theirs, '2'));
    held.push('m');
    drop(held);
    assert_eq!(idle(&mutex).len(), 3);
}

models! {
    threads_and_tasks: 3, two_threads_and_a_task(Fairness::DEFAULT);
    threads_and_tasks_in_fifo: 3, two_threads_and_a_task(Fairness::FIFO);
}

/// Too late or not: the release is seen by one who waits for it.
#[test]
fn timeout_against_release() {
    model(UNBOUNDED, || {
        let (mutex, held) = locked::<Shared>(Fairness::DEFAULT);
        let thread = spawn_with(&mutex, move |theirs| enter_in_time(&theirs, 't'));
        drop(held);
        enter(&mutex, 'm');
        let entered = thread.join();
        varies(entered, "it is in time");
        assert_eq!(idle(&mutex).len(), 1 + usize::from(entered));
    });
}

/// Who waits behind the one that gives up gets the call that was for it. Bounded: three threads.
#[test]
fn timeout_ahead_of_another() {
    model(3, || {
        let (mutex, held) = locked::<Shared>(Fairness::FIFO);
        let hasty = spawn_with(&mutex, move |theirs| enter_in_time(&theirs, 't'));
        spawn_with(&mutex, move |theirs| enter(&theirs, 'w'));
        drop(held);
        let entered = hasty.join();
        assert_eq!(idle(&mutex).len(), 1 + usize::from(entered));
    });
}

/// Zero tries once and never waits; `MAX` waits forever.
#[test]
fn zero_and_max() {
    model(UNBOUNDED, || {
        let (mutex, held) = locked::<Shared>(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| {
            let tried = theirs.blocking_lock_timeout(Duration::ZERO).is_some();
            let waited = theirs.blocking_lock_owned_timeout(Duration::MAX);
            sign(waited.expect("it waits forever"), 't');
            tried
        });
        drop(held);
        assert_eq!(idle(&mutex), ['t']);
    });
}

/// A thread that finds the lock free, but kept, probes by yielding, and gets in past a waiter that
/// does not answer.
#[test]
fn thread_that_probes() {
    model(UNBOUNDED, || {
        let (mutex, waiting) = called_waiter::<Shared>(keeps(2));
        spawn_with(&mutex, move |theirs| enter_blocking(&theirs, 't'));
        sign(waiting.finish(), 'w');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// A deadline passes while its waiter is called: the call is passed on, to one that waits behind it or
/// comes later.
#[test]
fn timeout_while_called() {
    model(UNBOUNDED, || {
        let (mutex, held) = locked::<Shared>(Fairness::FIFO);
        let thread = spawn_with(&mutex, move |theirs| enter_in_time(&theirs, 't'));
        drop(held);
        // It is free, but kept for the thread; or the thread has it.
        let refused = !barge(&mutex, 'n');
        enter(&mutex, 'm');
        let entered = thread.join();
        saw(refused && !entered, "it is called, and too late");
        saw(refused && entered, "it is called, and in time");
        let log = idle(&mutex);
        assert_eq!(log.len(), 2 + usize::from(entered) - usize::from(refused));
        assert!(!refused || !entered || before(&log, 't', 'm'));
    });
}

/// A blocked thread waits behind a task that is called and slow, and an arrival comes: the task may be
/// passed over, the thread is not. Bounded: it probes.
#[test]
fn thread_beside_a_called_task() {
    model(5, || {
        let (mutex, held, [waiting]) = contended::<Shared, 1>(keeps(1));
        spawn_with(&mutex, move |theirs| enter_blocking(&theirs, 't'));
        drop(held);
        enter(&mutex, 'a');
        join_all();
        sign(waiting.finish(), 'w');
        let log = idle(&mutex);
        assert_eq!(log.len(), 3);
        assert_eq!(log.last(), Some(&'w'));
        saw(before(&log, 't', 'a'), "the thread is first");
        saw(before(&log, 'a', 't'), "the arrival is first");
    });
}

/// The thread is called itself, and a prober behind it does not pass it over, however long it takes.
#[test]
fn called_thread_beside_a_prober() {
    model(UNBOUNDED, || {
        let (mutex, held) = locked::<Shared>(keeps(1));
        spawn_with(&mutex, move |theirs| enter_blocking(&theirs, 't'));
        drop(held);
        // It is free, but kept for the thread; or the thread has it, or had it.
        let refused = !barge(&mutex, 'n');
        enter(&mutex, 'a');
        let log = idle(&mutex);
        saw(refused, "it is called");
        assert!(!refused || before(&log, 't', 'a'));
    });
}
