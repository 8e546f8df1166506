//! Waiters that were passed over and come back to their place when they are polled (rule 6).

use wakeful::OwnedMutexGuard;

use crate::support::*;

type Held = OwnedMutexGuard<Log>;

/// A waiter that was passed over by an arrival, which has the lock now.
fn passed_over(k: u16) -> (Shared, Waiting, Held) {
    let (mutex, waiting) = called_waiter::<Shared>(Fairness::overtakes(k).with_patience(looks(1)));
    for _ in 0..k {
        assert!(barge(&mutex, 'n'), "there is credit");
    }
    let mut second = waiter(&mutex);
    let guard = second.poll().expect("it passes the first over");
    (mutex, waiting, guard)
}

/// It comes back to an empty line while the lock is released.
#[test]
fn alone() {
    model(UNBOUNDED, || {
        let (mutex, waiting, held) = passed_over(0);
        spawn(move || sign(waiting.finish(), 'w'));
        drop(held);
        barge(&mutex, 'n');
        assert!(idle(&mutex).contains(&'w'));
    });
}

/// It comes back in time: ahead of another that has come meanwhile.
#[test]
fn to_the_front() {
    model(UNBOUNDED, || {
        let (mutex, mut waiting, held) = passed_over(0);
        let later = waiter(&mutex);
        assert!(waiting.poll().is_none(), "it comes back");
        spawn(move || sign(waiting.finish(), 'w'));
        drop(held);
        sign(later.finish(), '2');
        assert_eq!(idle(&mutex), ['w', '2']);
    });
}

/// It comes back as the lock is released and the other is called. Bounded: three threads.
#[test]
fn against_release_and_call() {
    model(3, || {
        let (mutex, waiting, held) = passed_over(0);
        let later = waiter(&mutex);
        spawn(move || sign(waiting.finish(), 'w'));
        spawn(move || sign(later.finish(), '2'));
        drop(held);
        let log = idle(&mutex);
        saw(before(&log, 'w', '2'), "it comes back in time");
        saw(before(&log, '2', 'w'), "it comes back too late");
    });
}

/// It has come back ahead of one that is called, whom a newcomer has overtaken.
/// `(mutex, the one that came back, the called one, the newcomer's guard)`
fn back_ahead_of_a_called_one() -> (Shared, Waiting, Waiting, Held) {
    let (mutex, mut waiting, held) = passed_over(1);
    let later = waiter(&mutex);
    drop(held);
    let overtaker = mutex.try_now().expect("the later one has credit");
    assert!(waiting.poll().is_none(), "it comes back");
    (mutex, waiting, later, overtaker)
}

/// Both answer while the newcomer leaves. Bounded: three threads.
#[test]
fn ahead_of_a_called_one() {
    model(3, || {
        let (mutex, waiting, later, overtaker) = back_ahead_of_a_called_one();
        spawn(move || sign(waiting.finish(), 'w'));
        spawn(move || sign(later.finish(), '2'));
        drop(overtaker);
        assert_eq!(idle(&mutex).len(), 3);
    });
}

/// The same, and it is dropped instead: the one behind it is called already, and gets in.
#[test]
fn ahead_of_a_called_one_and_dropped() {
    model(UNBOUNDED, || {
        let (mutex, waiting, later, overtaker) = back_ahead_of_a_called_one();
        spawn(move || drop(waiting));
        drop(overtaker);
        sign(later.finish(), '2');
        assert_eq!(idle(&mutex), ['n', '2']);
    });
}

/// Two waiters that were passed over: the second while it was not first, so it comes back behind the one
/// that is. `(mutex, first, second, another future of the second's task, the overtaker's guard)`
fn passed_over_twice() -> (Shared, Waiting, Waiting, Waiting, Held) {
    let (mutex, first, mut second, overtaker) = back_ahead_of_a_called_one();
    // The second is called and not first; another future of its task passes it over (rule 4).
    let third = second.task.waits(&mutex);
    assert!(second.task.wakes() > 0, "it was called");
    assert!(second.poll().is_none(), "it comes back");
    (mutex, first, second, third, overtaker)
}

/// It stands behind the first, and ahead of who came after it.
/// Bounded: they are woken many times.
#[test]
fn behind_the_first() {
    model(5, || {
        let (mutex, first, second, third, held) = passed_over_twice();
        spawn(move || sign(first.finish(), '1'));
        drop(held);
        sign(second.finish(), '2');
        join_all();
        drop(third);
        assert_eq!(idle(&mutex), ['n', '1', '2']);
    });
}

/// The first is dropped meanwhile.
#[test]
fn behind_the_first_who_leaves() {
    model(UNBOUNDED, || {
        let (mutex, first, second, third, held) = passed_over_twice();
        spawn(move || drop(first));
        drop(held);
        sign(second.finish(), '2');
        join_all();
        drop(third);
        assert_eq!(idle(&mutex), ['n', '2']);
    });
}
