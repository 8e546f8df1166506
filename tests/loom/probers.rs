//! Probers that are dropped, and probers that are kept without being polled: neither leaves anybody
//! asleep beside a free lock (rule 5).

use wakeful::OwnedMutexGuard;

use crate::probing::kept;
use crate::support::*;

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

fn finish((task, mut waiting): (Task, Waiting), who: char) -> OwnedMutexGuard<Log> {
    let mut guard = task.finish(&mut waiting);
    guard.push(who);
    guard
}

/// The prober is dropped: whoever sleeps ahead of it probes on, or would sleep forever.
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
    model(3, || {
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
    model(4, || {
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
    model(3, || {
        let Three {
            mutex,
            called,
            sleeper,
            prober,
        } = three();
        let thread = spawn(move || drop(sleeper));
        let arrival = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
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
        let thread = spawn(move || drop(finish(sleeper, '2')));
        let another = spawn_with(&mutex, move |theirs| {
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
    let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
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
fn kept_for_good(polls: usize) {
    let task = Task::new();
    let (mutex, waiting, kept) = kept_prober(polls, &task);
    let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    barge(&mutex, 'b');
    thread.join().unwrap();
    drop((waiting, kept));
    assert!(idle(&mutex).contains(&'a'));
}

#[test]
fn prober_polled_once_and_kept_for_good() {
    model(UNBOUNDED, || kept_for_good(1));
}

#[test]
fn prober_polled_twice_and_kept_for_good() {
    model(UNBOUNDED, || kept_for_good(2));
}
