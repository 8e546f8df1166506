//! Fewer and more permits while they are in use: what is owed is paid before anybody gets any.

use super::cast::*;

/// It takes the permit, or owes it until it comes back.
#[test]
fn reduce_against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| theirs.semaphore.reduce_permits(1));
        let barged = room.barge(1, 'n');
        varies(barged, "it is taken");
        room.idle(0);
        room.semaphore.add_permits(1);
        room.idle(1);
    });
}

/// A waiter gets what was added afterwards.
#[test]
fn reduce_against_acquire() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| {
            theirs.semaphore.reduce_permits(2);
            theirs.semaphore.add_permits(1);
        });
        room.enter(1, 'a');
        assert_eq!(room.idle(1), ['a']);
    });
}

/// With a waiter that the permit would have been for. Called before it was taken away, or not, it
/// waits on.
fn reduce_against_release_with(fairness: Fairness) {
    let (room, [held, other]) = taken_seats(fairness);
    let mut waiting = room.seeker(1);
    spawn_with(&room, move |theirs| theirs.semaphore.reduce_permits(1));
    drop(held);
    join_all();
    assert!(waiting.poll().is_none(), "what is owed comes first");
    drop(other);
    room.seat(waiting, 'w');
    assert_eq!(room.idle(1), ['w']);
}

models! {
    reduce_against_release: UNBOUNDED, reduce_against_release_with(Fairness::DEFAULT);
    reduce_against_release_in_fifo: UNBOUNDED, reduce_against_release_with(Fairness::FIFO);
}

/// More is owed than comes back first; what comes back last is for the waiter. Who pays, and in what
/// order, is all one.
#[test]
fn debt_is_paid_first() {
    model(UNBOUNDED, || {
        let (room, [one, two]) = taken_seats(Fairness::DEFAULT);
        let waiting = room.seeker(1);
        room.semaphore.reduce_permits(1);
        spawn(move || drop(one));
        drop(two);
        join_all();
        assert_eq!(waiting.task.wakes(), 1, "one is for the waiter");
        drop(waiting);
        room.idle(1);
    });
}

/// The same with nobody in line yet: the waiter comes while it is paid.
#[test]
fn debt_against_a_first_poll() {
    model(UNBOUNDED, || {
        let (room, held) = full_room(2, Fairness::DEFAULT);
        room.semaphore.reduce_permits(1);
        spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(held);
        assert_eq!(room.idle(1), ['w']);
    });
}

/// A batch pays first: of two waiters only one is called, until there is more.
#[test]
fn debt_and_a_batch() {
    model(UNBOUNDED, || {
        let (room, held, [a, b]) = contended_room(2, Fairness::FIFO);
        room.semaphore.reduce_permits(2);
        spawn_with(&room, move |theirs| theirs.semaphore.add_permits(1));
        drop(held);
        join_all();
        assert_eq!((a.task.wakes(), b.task.wakes()), (1, 0));
        drop(a);
        assert_eq!(b.task.wakes(), 1);
        drop(b);
        room.idle(1);
    });
}

/// Up and down, while one goes and one wants in. Bounded: three threads.
#[test]
fn under_load() {
    model(3, || {
        let (room, held) = full_room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| theirs.enter(1, '1'));
        spawn_with(&room, move |theirs| {
            theirs.semaphore.add_permits(1);
            theirs.semaphore.reduce_permits(1);
        });
        drop(held);
        assert_eq!(room.idle(1), ['1']);
    });
}

/// Added, taken away and added again under the nose of a waiter. Bounded: it may be called in vain.
#[test]
fn up_and_down_and_up() {
    model(4, || {
        let room = room(0, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| {
            theirs.semaphore.add_permits(1);
            theirs.semaphore.reduce_permits(1);
            theirs.semaphore.add_permits(1);
        });
        room.enter(1, 'w');
        assert_eq!(room.idle(1), ['w']);
    });
}

/// It takes what is free and says how much.
#[test]
fn forget_against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(2));
        let barged = room.try_acquire(1).ok();
        let forgotten = thread.join();
        assert_eq!(forgotten, 2 - usize::from(barged.is_some()));
        drop(barged);
        room.idle(2 - forgotten);
    });
}

/// What is kept for a called one is free, and so can be forgotten: it waits on.
#[test]
fn forget_against_a_called_one() {
    model(UNBOUNDED, || {
        let (room, mut waiting) = called_seeker(1, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(1));
        let early = waiting.poll();
        let forgotten = thread.join();
        varies(early.is_some(), "it is taken first");
        if let Some(permit) = early {
            room.sit(permit.unwrap(), 'w');
            room.idle(1 - forgotten);
        } else {
            assert_eq!(forgotten, 1);
            room.semaphore.add_permits(1);
            room.seat(waiting, 'w');
            room.idle(1);
        }
    });
}

/// Two that forget the same permits, while one comes back to a line.
#[test]
fn forget_against_release() {
    model(UNBOUNDED, || {
        let (room, held, [waiting]) = contended_room(1, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(1));
        drop(held);
        let forgotten = thread.join();
        room.semaphore.add_permits(forgotten);
        room.seat(waiting, 'w');
        assert_eq!(room.idle(1), ['w']);
    });
}
