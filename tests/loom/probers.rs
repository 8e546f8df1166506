//! Probers that are dropped, and probers that are kept without being polled: neither leaves anybody
//! asleep beside a free lock (rule 5).

use crate::support::*;

/// A called waiter, a waiter that sleeps, and the prober behind it, all polled by hand.
/// `(mutex, called, sleeper, prober)`
fn three() -> (Shared, Waiting, Waiting, Waiting) {
    let (mutex, called) = called_waiter::<Shared>(keeps(4));
    let [mut sleeper, mut prober] = waiters(&mutex);
    assert!(sleeper.poll().is_none(), "it probes");
    assert!(prober.poll().is_none(), "it probes instead");
    assert!(sleeper.poll().is_none(), "it sleeps");
    (mutex, called, sleeper, prober)
}

/// The prober is dropped: unless the sleeper ahead of it probes instead, it sleeps forever.
#[test]
fn prober_cancelled() {
    model(UNBOUNDED, || {
        let (mutex, called, sleeper, prober) = three();
        spawn(move || sign(sleeper.finish(), '2'));
        drop(prober);
        join_all();
        sign(called.finish(), '1');
        assert_eq!(idle(&mutex), ['2', '1']);
    });
}

/// Meanwhile the one that is called answers. Bounded: three threads.
#[test]
fn prober_cancelled_against_answer() {
    model(3, || {
        let (mutex, called, sleeper, prober) = three();
        spawn(move || sign(called.finish(), '1'));
        spawn(move || sign(sleeper.finish(), '2'));
        drop(prober);
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// Meanwhile the one that is called is dropped, too. Bounded: three threads.
#[test]
fn prober_and_called_cancelled() {
    model(4, || {
        let (mutex, called, sleeper, prober) = three();
        spawn(move || drop(called));
        spawn(move || sign(sleeper.finish(), '2'));
        drop(prober);
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Meanwhile its heir is dropped, too, and another arrives. Bounded: three threads.
#[test]
fn prober_and_heir_cancelled() {
    model(3, || {
        let (mutex, called, sleeper, prober) = three();
        spawn(move || drop(sleeper));
        spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(prober);
        join_all();
        sign(called.finish(), '1');
        assert_eq!(idle(&mutex), ['a', '1']);
    });
}

/// Meanwhile another arrives, probes, and is dropped too: its role falls to the one that is leaving,
/// which has to leave it once more. Bounded: three threads.
#[test]
fn probers_cancelled_at_once() {
    model(3, || {
        let (mutex, called, sleeper, prober) = three();
        spawn(move || sign(sleeper.finish(), '2'));
        let another = spawn_with(&mutex, move |theirs| {
            let task = Task::new();
            let mut arrival = Box::pin(theirs.lock_owned());
            let entered = task.poll(&mut arrival).or_else(|| task.poll(&mut arrival));
            entered.map(|guard| sign(guard, 'a')).is_some()
        });
        drop(prober);
        let entered = another.join();
        join_all();
        sign(called.finish(), '1');
        assert_eq!(idle(&mutex).len(), 2 + usize::from(entered));
    });
}

/// An arrival that is polled this many times, and then kept without being polled again. `(mutex, called, kept)`
fn kept_prober(polls: usize) -> (Shared, Waiting, Waiting) {
    let (mutex, called) = called_waiter::<Shared>(keeps(2));
    let mut kept = waiter(&mutex);
    for _ in 1..polls {
        assert!(kept.poll().is_none());
    }
    (mutex, called, kept)
}

/// It holds up no later arrival, while the one that is called answers late and it is dropped at last.
/// Bounded: the arrival may have both to pass over.
fn against_answer(polls: usize) {
    let (mutex, called, kept) = kept_prober(polls);
    spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    sign(called.finish(), 'w');
    drop(kept);
    assert_eq!(idle(&mutex).len(), 2);
}

/// And where nobody answers and nobody is dropped before it is in.
fn kept_for_good(polls: usize) {
    let (mutex, called, kept) = kept_prober(polls);
    spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    barge(&mutex, 'b');
    join_all();
    drop((called, kept));
    assert!(idle(&mutex).contains(&'a'));
}

models! {
    prober_polled_once_and_kept: 5, against_answer(1);
    prober_polled_twice_and_kept: 5, against_answer(2);
    prober_polled_once_and_kept_for_good: UNBOUNDED, kept_for_good(1);
    prober_polled_twice_and_kept_for_good: UNBOUNDED, kept_for_good(2);
}
