//! Wakers that change, that come too often, and that do things of their own.

use std::sync::{Arc, Mutex};
use std::task::Context;

use super::cast::*;

/// There and back again.
#[test]
fn swapped_twice() {
    model(UNBOUNDED, || {
        let (room, held) = taken_seats::<2>(Fairness::DEFAULT);
        let mut waiting = room.seeker(2);
        spawn_with(&room, move |theirs| {
            let early = Task::new().poll(&mut waiting.future);
            let permit = early.unwrap_or_else(|| waiting.finish());
            theirs.sit(permit.unwrap(), 'w');
        });
        drop(held);
        assert_eq!(room.idle(2), ['w']);
    });
}

/// Both of two change theirs while both are called.
#[test]
fn two_swapped_against_a_batch() {
    model(UNBOUNDED, || {
        let (room, held, [first, second]) = contended_room(2, Fairness::FIFO);
        spawn_with(&room, move |theirs| {
            for (mut seeker, who) in [(second, '2'), (first, '1')] {
                let permit = Task::new().finish(&mut seeker.future);
                theirs.sit(permit.unwrap(), who);
            }
        });
        drop(held);
        assert_eq!(room.idle(2), ['2', '1']);
    });
}

/// The one in the second place is polled though it has not been called, while the one in the first
/// place and it are.
#[test]
fn spurious_polls_in_second_place() {
    model(UNBOUNDED, || {
        let (room, held, [first, mut second]) = contended_room(2, Fairness::FIFO);
        spawn_with(&room, move |theirs| {
            let early = second.poll().or_else(|| second.poll());
            let permit = early.unwrap_or_else(|| second.finish());
            theirs.sit(permit.unwrap(), '2');
        });
        drop(held);
        room.seat(first, '1');
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// A waker that tries for a permit, drops another waiter of the same semaphore and adds a permit while it is
/// woken neither deadlocks nor loses the call: the waiter that it drops may be the one that is next. Bounded:
/// there is much going on.
#[test]
fn reentrant() {
    model(3, || {
        let (room, held) = full_room(2, Fairness::overtakes(1));
        let (task, other) = (Task::new(), Arc::new(Mutex::new(None)));
        let theirs = (room.clone(), task.clone(), other.clone());
        let meddler = waker_that(move || {
            drop(theirs.2.lock().unwrap().take());
            theirs.0.barge(1, 'r');
            theirs.0.semaphore.add_permits(1);
            theirs.1.wake();
        });
        let mut first = Box::pin(room.acquire(2));
        let polled = first.as_mut().poll(&mut Context::from_waker(&meddler));
        assert!(polled.is_pending());
        *other.lock().unwrap() = Some(room.seeker(2));
        spawn_with(&room, move |theirs| theirs.enter(2, 't'));
        drop(held);
        task.sleep();
        room.sit(task.finish(&mut first).unwrap(), 'w');
        let book = room.idle(3);
        assert_eq!(book.iter().filter(|&&who| who != 'r').count(), 2);
        saw(book.contains(&'r'), "the waker itself overtakes");
    });
}
