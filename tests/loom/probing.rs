//! Arrivals that find the lock free, but kept for a waiter that was called and does not answer: they
//! probe, and at the end of its patience they pass it over (rule 5).

use wakeful::{Fairness, OwnedMutexGuard};

use crate::support::*;

/// No credit, so that everything is kept, and so much patience.
fn keeps(patience: u16) -> Fairness {
    Fairness::overtakes(0).with_patience(patience)
}

/// A mutex that is free and kept for a waiter of `task`.
fn kept(patience: u16, task: &Task) -> (Shared, Waiting) {
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
        let theirs = mutex.clone();
        let thread = spawn(move || enter(&theirs, 'a'));
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
    let (passed, answered) = (Witness::default(), Witness::default());
    let seen = (passed.clone(), answered.clone());
    model(UNBOUNDED, move || {
        let task = Task::new();
        let (mutex, mut waiting) = kept(2, &task);
        let thread = spawn(move || sign(task.finish(&mut waiting), 'w'));
        enter(&mutex, 'a');
        thread.join().unwrap();
        let log = idle(&mutex);
        seen.0.saw(before(&log, 'a', 'w'));
        seen.1.saw(before(&log, 'w', 'a'));
    });
    passed.expect("it is passed over");
    answered.expect("it answers in time");
}

/// Two arrivals, and the one that is called answers once, perhaps in vain. Bounded: three threads.
#[test]
fn two_arrivals_and_a_slow_one() {
    model(3, || {
        let task = Task::new();
        let (mutex, mut waiting) = kept(1, &task);
        let theirs = mutex.clone();
        let thread = spawn(move || enter(&theirs, 'a'));
        let theirs = mutex.clone();
        let another = spawn(move || enter(&theirs, 'b'));
        let answer = task.poll(&mut waiting).map(|guard| sign(guard, 'w'));
        drop(waiting);
        thread.join().unwrap();
        another.join().unwrap();
        assert_eq!(idle(&mutex).len(), 2 + usize::from(answer.is_some()));
    });
}

/// The arrival comes before, while or after the lock is released.
#[test]
fn arrival_against_release() {
    model(UNBOUNDED, || {
        let mutex = shared(keeps(2));
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut waiting = task.waits(&mutex);
        let theirs = mutex.clone();
        let thread = spawn(move || enter(&theirs, 'a'));
        drop(held);
        sign(task.finish(&mut waiting), 'w');
        thread.join().unwrap();
        drop(waiting);
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// A called waiter, a waiter that sleeps, and the prober behind it, all polled by hand.
struct Three {
    mutex: Shared,
    called: (Task, Waiting),
    sleeper: (Task, Waiting),
    prober: (Task, Waiting),
}

fn three() -> Three {
    let (called, sleeper, prober) = (Task::new(), Task::new(), Task::new());
    let (mutex, waiting) = kept(4, &called);
    let mut second = sleeper.waits(&mutex);
    let mut third = prober.waits(&mutex);
    assert!(sleeper.poll(&mut second).is_none(), "it probes");
    assert!(prober.poll(&mut third).is_none(), "it probes instead");
    assert!(sleeper.poll(&mut second).is_none(), "it sleeps");
    Three {
        mutex,
        called: (called, waiting),
        sleeper: (sleeper, second),
        prober: (prober, third),
    }
}

fn finish((task, mut waiting): (Task, Waiting), who: char) -> OwnedMutexGuard<Vec<char>> {
    let mut guard = task.finish(&mut waiting);
    guard.push(who);
    guard
}

/// The prober is dropped: whoever sleeps ahead of it probes on, or would sleep for ever.
#[test]
fn prober_cancelled() {
    model(UNBOUNDED, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let thread = spawn(move || drop(finish(sleeper, '2')));
        drop(prober);
        thread.join().unwrap();
        drop(finish(called, '1'));
        assert_eq!(idle(&mutex), ['2', '1']);
    });
}

/// Meanwhile the one that is called answers. Bounded: three threads.
#[test]
fn prober_cancelled_against_answer() {
    model(4, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let one = spawn(move || drop(finish(called, '1')));
        let two = spawn(move || drop(finish(sleeper, '2')));
        drop(prober);
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// Meanwhile the one that is called is dropped, too. Bounded: three threads.
#[test]
fn prober_and_called_cancelled() {
    model(5, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let thread = spawn(move || drop(called));
        let another = spawn(move || drop(finish(sleeper, '2')));
        drop(prober);
        thread.join().unwrap();
        another.join().unwrap();
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Meanwhile its heir is dropped, too, and another arrives. Bounded: three threads.
#[test]
fn prober_and_heir_cancelled() {
    model(4, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let thread = spawn(move || drop(sleeper));
        let theirs = mutex.clone();
        let arrival = spawn(move || enter(&theirs, 'a'));
        drop(prober);
        thread.join().unwrap();
        arrival.join().unwrap();
        drop(finish(called, '1'));
        assert_eq!(idle(&mutex), ['a', '1']);
    });
}

/// Meanwhile another arrives, probes, and is dropped too: its role falls to the one that is leaving,
/// which has to leave it once more. Bounded: three threads.
#[test]
fn probers_cancelled_at_once() {
    model(3, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let theirs = mutex.clone();
        let thread = spawn(move || drop(finish(sleeper, '2')));
        let another = spawn(move || {
            let task = Task::new();
            let mut arrival = Box::pin(theirs.lock_owned());
            let entered = task.poll(&mut arrival).or_else(|| task.poll(&mut arrival));
            entered.map(|guard| sign(guard, 'a')).is_some()
        });
        drop(prober);
        thread.join().unwrap();
        let entered = another.join().unwrap();
        drop(finish(called, '1'));
        assert_eq!(idle(&mutex).len(), 2 + usize::from(entered));
    });
}

/// An arrival that is polled so often and then kept, not polled again.
fn kept_prober(polls: usize, task: &Task) -> (Shared, Waiting, Waiting) {
    let (mutex, waiting) = kept(2, task);
    let prober = Task::new();
    let mut kept = prober.waits(&mutex);
    for _ in 1..polls {
        assert!(prober.poll(&mut kept).is_none());
    }
    (mutex, waiting, kept)
}

/// It holds up no later arrival, while the one that is called answers late and it is dropped at last.
fn against_answer(polls: usize) {
    let task = Task::new();
    let (mutex, mut waiting, kept) = kept_prober(polls, &task);
    let theirs = mutex.clone();
    let thread = spawn(move || enter(&theirs, 'a'));
    sign(task.finish(&mut waiting), 'w');
    drop(kept);
    thread.join().unwrap();
    drop(waiting);
    assert_eq!(idle(&mutex).len(), 2);
}

/// Bounded: the arrival may have both to pass over.
#[test]
fn prober_polled_once_and_kept() {
    model(5, || against_answer(1));
}

/// Bounded, as above.
#[test]
fn prober_polled_twice_and_kept() {
    model(5, || against_answer(2));
}

/// And where nobody answers and nobody is dropped before it is in.
#[test]
fn prober_kept_for_good() {
    model(UNBOUNDED, || {
        for polls in 1..=2 {
            let task = Task::new();
            let (mutex, waiting, kept) = kept_prober(polls, &task);
            let theirs = mutex.clone();
            let thread = spawn(move || enter(&theirs, 'a'));
            barge(&mutex, 'b');
            thread.join().unwrap();
            drop((waiting, kept));
            assert!(idle(&mutex).contains(&'a'));
        }
    });
}
