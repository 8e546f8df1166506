//! Arrivals that find the lock free, but kept for a waiter that was called and does not answer: they
//! probe, and at the end of its patience they pass it over (rule 5).

use crate::support::*;

/// Both arrive, and the one that is called is polled only when they have left. Bounded: two that probe
/// side by side are long.
fn two_arrivals<L: Lock>() {
    let (mutex, waiting) = called_waiter::<L>(keeps(2));
    spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
    enter(&mutex, 'b');
    join_all();
    sign(waiting.finish(), 'w');
    assert_eq!(idle(&mutex).last(), Some(&'w'));
}

/// The one that is called is slow, but alive: it may be passed over, and comes back, or not.
#[test]
fn slow_but_alive() {
    model(UNBOUNDED, || {
        let (mutex, waiting) = called_waiter::<Shared>(keeps(2));
        spawn(move || sign(waiting.finish(), 'w'));
        enter(&mutex, 'a');
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
        let (mutex, mut waiting) = called_waiter::<Shared>(keeps(2));
        spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        let answer = waiting.poll().map(|guard| sign(guard, 'w'));
        drop(waiting);
        enter(&mutex, 'b');
        assert_eq!(idle(&mutex).len(), 2 + usize::from(answer.is_some()));
    });
}

/// The arrival comes before, while or after the lock is released. Bounded: it probes.
#[test]
fn arrival_against_release() {
    model(5, || {
        let (mutex, held, [waiting]) = contended::<Shared, 1>(keeps(2));
        spawn_with(&mutex, move |theirs| enter(&theirs, 'a'));
        drop(held);
        sign(waiting.finish(), 'w');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

of_both! {
    two_arrivals: 3, 3;
}
