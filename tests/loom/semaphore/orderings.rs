//! Each `Acquire` and each `Release` of the state word alone. What happened before permits came back, or before
//! the closing, must happen before what follows acquiring them, or learning of it; here no wake-up orders them,
//! and the latch does so only where permits are removed. `.ci/orderings` weakens them one at a time and starts with
//! these.

use std::sync::Arc;

use wakeful::{Semaphore, TryAcquireError};

use super::cast::*;

fn hand_over(room: Room, hands_over: fn(&Room), gets: fn(&Room) -> bool) {
    crate::support::hand_over(room, hands_over, gets, |_| ());
}

fn empty() -> Room {
    room(0, Fairness::overtakes(1))
}

/// An empty one in which somebody waits for good.
fn waited_for() -> Room {
    let room = empty();
    std::mem::forget(room.seeker(5));
    room
}

fn add(room: &Room) {
    room.semaphore.add_permits(1);
}

fn add_to_a_line_that_dissolves(room: &Room) {
    let large = room.seeker(5);
    add(room);
    drop(large);
}

fn add_and_reduce(room: &Room) {
    room.semaphore.add_permits(3);
    room.semaphore.reduce_permits(1);
    room.semaphore.forget_permits(1);
}

fn take(room: &Room) -> bool {
    room.barge(1, 'n')
}

fn take_through_the_line(room: &Room) -> bool {
    let _large = room.seeker(5);
    take(room)
}

fn sees_one(room: &Room) -> bool {
    room.semaphore.available_permits() == 1
}

models! {
    /// Permits are added by one who had none.
    added: UNBOUNDED, hand_over(empty(), add, take);
    /// They are added with nobody waiting, and taken by one who overtakes a waiter, with a store,
    /// from a word that the waiter only marked.
    added_and_taken_through_the_line: UNBOUNDED, hand_over(empty(), add, take_through_the_line);
    /// They are added with somebody waiting, who then leaves, and taken with nobody waiting: all
    /// that there is in between is stores.
    added_to_a_line_that_dissolves: UNBOUNDED,
        hand_over(empty(), add_to_a_line_that_dissolves, take);
    /// Fewer and fewer permits: who takes away does not cut off what was done before they came.
    added_and_reduced: UNBOUNDED,
        hand_over(empty(), add_and_reduce, |room| sees_one(room) && take(room));
    /// Removing permits for good counts as acquiring them.
    added_and_forgotten: UNBOUNDED,
        hand_over(empty(), add, |room| room.semaphore.forget_permits(1) == 1);
    /// They are seen with nothing taken at all.
    none_of_those_added: UNBOUNDED,
        hand_over(empty(), add, |room| sees_one(room) && room.barge(0, 'n'));
    /// The same with somebody in line.
    none_of_those_added_with_a_line: UNBOUNDED,
        hand_over(waited_for(), add, |room| sees_one(room) && room.barge(0, 'n'));
}

/// Those that came back with nobody waiting are carried on by one who queues and one who leaves.
#[test]
fn added_before_a_line_dissolves() {
    model(3, || {
        let room = empty();
        let written = write_and(&room, add);
        spawn_with(&room, move |theirs| drop(theirs.seeker(5)));
        let barged = room.barge(1, 'n');
        if barged {
            assert_eq!(written.read(), 1);
        }
        saw(barged, "it comes in time");
        room.idle(1);
    });
}

fn close(room: &Room) {
    room.semaphore.close();
}

/// What was done before a permit came back, with the semaphore closed meanwhile: nobody can take it,
/// but who forgets or reduces may go by what is left. That it is closed, says nothing of it.
fn close_and_add(room: &Room) {
    close(room);
    add(room);
}

/// One thread closes it; the other one may learn of it.
fn close_and(learns: fn(&Room) -> bool) {
    hand_over(room(1, Fairness::overtakes(1)), close, learns);
}

fn refuses(room: &Room, n: u32) -> bool {
    matches!(room.try_acquire(n), Err(TryAcquireError::Closed))
}

fn polled(room: &Room) -> bool {
    let polled = Task::new().poll(&mut Box::pin(room.acquire(1)));
    matches!(polled, Some(Err(_)))
}

/// A waiter learns of it by a poll of its own, not by being woken.
fn polled_again(room: &Room) -> bool {
    let task = Task::new();
    let mut waiting = Box::pin(room.acquire(1));
    let polled = task.poll(&mut waiting).or_else(|| task.poll(&mut waiting));
    matches!(polled, Some(Err(_)))
}

models! {
    closed_and_asked: UNBOUNDED, close_and(|room| room.semaphore.is_closed());
    closed_and_tried: UNBOUNDED, close_and(|room| refuses(room, 1));
    closed_and_tried_for_none: UNBOUNDED, close_and(|room| refuses(room, 0));
    closed_and_polled: UNBOUNDED, close_and(polled);
    closed_and_polled_again: UNBOUNDED, hand_over(empty(), close, polled_again);
    closed_and_then_added: UNBOUNDED,
        hand_over(empty(), close_and_add, |room| sees_one(room) && room.semaphore.is_closed());
}

/// A semaphore borrowed, not shared, and the data beside it: what a release hands to a waiter that
/// sleeps.
#[test]
fn added_and_woken() {
    model(UNBOUNDED, || {
        let semaphore = Arc::new(Semaphore::new(0));
        let written = write_and(&semaphore, |theirs| theirs.add_permits(1));
        block_on(semaphore.acquire()).unwrap().forget();
        assert_eq!(written.read(), 1);
        join_all();
        semaphore.assert_idle(0);
    });
}
