//! Wakers that change, that come too often, and that do things of their own.

use std::sync::{Arc, Mutex};
use std::task::Context;

use crate::support::*;

/// Polled with another waker while the release takes the first one out: the last one counts.
fn swapped<L: Lock>() {
    let (mutex, held, [mut waiting]) = contended::<L, 1>(Fairness::DEFAULT);
    spawn(move || sign(Task::new().finish(&mut waiting.future), 'w'));
    drop(held);
    assert_eq!(idle(&mutex), ['w']);
}

/// There and back again.
#[test]
fn swapped_twice() {
    model(UNBOUNDED, || {
        let (mutex, held, [mut waiting]) = contended::<Shared, 1>(Fairness::DEFAULT);
        spawn(move || match Task::new().poll(&mut waiting.future) {
            Some(guard) => sign(guard, 'w'),
            None => sign(waiting.finish(), 'w'),
        });
        drop(held);
        assert_eq!(idle(&mutex), ['w']);
    });
}

/// The second in line changes its waker while the first one answers and leaves.
#[test]
fn swapped_behind_the_first() {
    model(UNBOUNDED, || {
        let (mutex, held, [first, mut second]) = contended::<Shared, 2>(Fairness::FIFO);
        drop(held);
        spawn(move || sign(first.finish(), '1'));
        sign(Task::new().finish(&mut second.future), '2');
        assert_eq!(idle(&mutex), ['1', '2']);
    });
}

/// Polled again and again though nobody woke it, while it is called and overtaken.
fn spurious_polls<L: Lock>() {
    let (mutex, held, [mut waiting]) = contended::<L, 1>(Fairness::overtakes(1));
    spawn(move || {
        let early = waiting.poll().or_else(|| waiting.poll());
        sign(early.unwrap_or_else(|| waiting.finish()), 'w');
    });
    drop(held);
    let barged = barge(&mutex, 'n');
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

/// A waker that tries the lock and drops another waiter of the same mutex while it is woken neither deadlocks
/// nor loses the call: the waiter that it drops may be the one that is next. Bounded: there is much going on.
#[test]
fn reentrant() {
    model(3, || {
        let (mutex, held) = locked::<Shared>(Fairness::overtakes(1));
        let (task, other) = (Task::new(), Arc::new(Mutex::new(None)));
        let theirs = (mutex.clone(), task.clone(), other.clone());
        let meddler = waker_that(move || {
            drop(theirs.2.lock().unwrap().take());
            barge(&theirs.0, 'r');
            theirs.1.wake();
        });
        let mut first = mutex.wait();
        let polled = first.as_mut().poll(&mut Context::from_waker(&meddler));
        assert!(polled.is_pending());
        *other.lock().unwrap() = Some(waiter(&mutex));
        spawn_with(&mutex, move |theirs| enter(&theirs, 't'));
        drop(held);
        task.sleep();
        sign(task.finish(&mut first), 'w');
        let log = idle(&mutex);
        assert_eq!(log.iter().filter(|&&who| who != 'r').count(), 2);
        saw(log.contains(&'r'), "the waker itself overtakes");
    });
}

of_both! {
    swapped: UNBOUNDED, UNBOUNDED;
    spurious_polls: UNBOUNDED, 4;
}
