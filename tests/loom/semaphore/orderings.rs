//! Each `Acquire` and each `Release` of the state word alone: here nothing else orders what was done
//! before permits came back, or before the closing, before what is done by whoever takes them or learns
//! of it, neither a wake-up nor the internal lock. `.ci/orderings` weakens them one at a time and
//! starts with these.

use std::sync::Arc;

use wakeful::{Fairness, Semaphore, TryAcquireError};

use super::cast::*;

/// The short way: one compare-and-swap each.
#[test]
fn idle_take_and_give() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| {
            theirs.barge(1, 'a');
            theirs.barge(1, 'a');
        });
        room.barge(1, 'b');
        room.barge(1, 'b');
        thread.join().unwrap();
        assert!(room.idle(1).len() >= 2);
    });
}

fn hand_over(room: fn() -> Room, hands_over: fn(&Room), gets: fn(&Room) -> bool) {
    crate::support::hand_over(room, hands_over, gets, |_| ());
}

fn empty() -> Room {
    room(0, Fairness::overtakes(1))
}

fn full() -> Room {
    room(1, Fairness::overtakes(1))
}

/// Permits are added by one who had none.
#[test]
fn added() {
    hand_over(
        empty,
        |room| room.semaphore.add_permits(1),
        |room| room.barge(1, 'n'),
    );
}

/// They are added with nobody waiting, and taken by one who overtakes a waiter, with a store, from a
/// word that the waiter only marked.
#[test]
fn added_and_taken_through_the_line() {
    hand_over(
        empty,
        |room| room.semaphore.add_permits(1),
        |room| {
            let task = Task::new();
            let _large = room.seeker(&task, 5);
            room.barge(1, 'n')
        },
    );
}

/// They are added with somebody waiting, who then leaves, and taken with nobody waiting: all that
/// there is in between is stores.
#[test]
fn added_to_a_line_that_dissolves() {
    hand_over(
        empty,
        |room| {
            let large = room.seeker(&Task::new(), 5);
            room.semaphore.add_permits(1);
            drop(large);
        },
        |room| room.barge(1, 'n'),
    );
}

/// Those that came back with nobody waiting are carried on by one who queues and one who leaves.
#[test]
fn added_before_a_line_dissolves() {
    model(3, || {
        let room = empty();
        let written = Arc::new(Watched::default());
        let theirs = (room.clone(), written.clone());
        let adds = spawn(move || {
            theirs.1.write();
            theirs.0.semaphore.add_permits(1);
        });
        let comes_and_goes = spawn_with(&room, move |theirs| drop(theirs.seeker(&Task::new(), 5)));
        let barged = room.barge(1, 'n');
        if barged {
            assert_eq!(written.read(), 1);
        }
        saw(barged, "it comes in time");
        adds.join().unwrap();
        comes_and_goes.join().unwrap();
        room.idle(1);
    });
}

/// Fewer and fewer permits: who takes away does not cut off what was done before they came.
#[test]
fn added_and_reduced() {
    hand_over(
        empty,
        |room| {
            room.semaphore.add_permits(3);
            room.semaphore.reduce_permits(1);
            room.semaphore.forget_permits(1);
        },
        |room| room.semaphore.available_permits() == 1 && room.barge(1, 'n'),
    );
}

/// Who takes them out for good has them, too.
#[test]
fn added_and_forgotten() {
    hand_over(
        empty,
        |room| room.semaphore.add_permits(1),
        |room| room.semaphore.forget_permits(1) == 1,
    );
}

/// They are seen with nothing taken at all.
#[test]
fn none_of_those_added() {
    hand_over(
        empty,
        |room| room.semaphore.add_permits(1),
        |room| room.semaphore.available_permits() == 1 && room.barge(0, 'n'),
    );
}

/// The same with somebody in line.
#[test]
fn none_of_those_added_with_a_line() {
    hand_over(
        || {
            let room = empty();
            std::mem::forget(room.seeker(&Task::new(), 5));
            room
        },
        |room| room.semaphore.add_permits(1),
        |room| room.semaphore.available_permits() == 1 && room.barge(0, 'n'),
    );
}

fn close(room: &Room) {
    room.semaphore.close();
}

#[test]
fn closed_and_asked() {
    hand_over(full, close, |room| room.semaphore.is_closed());
}

#[test]
fn closed_and_tried() {
    hand_over(full, close, |room| {
        matches!(room.try_acquire(1), Err(TryAcquireError::Closed))
    });
}

#[test]
fn closed_and_tried_for_none() {
    hand_over(full, close, |room| {
        matches!(room.try_acquire(0), Err(TryAcquireError::Closed))
    });
}

#[test]
fn closed_and_polled() {
    hand_over(full, close, |room| {
        let polled = Task::new().poll(&mut Box::pin(room.acquire(1)));
        matches!(polled, Some(Err(_)))
    });
}

/// A waiter learns of it by a poll of its own, not by being woken.
#[test]
fn closed_and_polled_again() {
    hand_over(empty, close, |room| {
        let task = Task::new();
        let mut waiting = Box::pin(room.acquire(1));
        let polled = task.poll(&mut waiting).or_else(|| task.poll(&mut waiting));
        matches!(polled, Some(Err(_)))
    });
}

/// What was done before a permit came back, with the semaphore closed meanwhile: nobody can take it,
/// but who forgets or reduces may go by what is left. That it is closed, says nothing of it.
#[test]
fn closed_and_then_added() {
    hand_over(
        empty,
        |room| {
            close(room);
            room.semaphore.add_permits(1);
        },
        |room| room.semaphore.available_permits() == 1 && room.semaphore.is_closed(),
    );
}

/// A semaphore borrowed, not shared, and the data beside it: what a release hands to a waiter that
/// sleeps.
#[test]
fn added_and_woken() {
    model(UNBOUNDED, || {
        let shared = Arc::new((Semaphore::new(0), Watched::default()));
        let thread = spawn_with(&shared, move |theirs| {
            theirs.1.write();
            theirs.0.add_permits(1);
        });
        block_on(shared.0.acquire()).unwrap().forget();
        assert_eq!(shared.1.read(), 1);
        thread.join().unwrap();
        shared.0.assert_idle(0);
    });
}
