//! Closing against everything. Whoever waits learns of it; permits that are out still count when they
//! come back; and it stays closed.

use std::mem;
use std::sync::Arc;

use wakeful::{Semaphore, TryAcquireError};

use super::cast::*;

/// Waits for all threads: it is closed for all that ask then, and idle, with `free` permits free. Returns who
/// was in.
#[track_caller]
fn closed(room: &Room, free: usize) -> Log {
    join_all();
    let tried = room.try_acquire(1).map(drop);
    assert_eq!(tried, Err(TryAcquireError::Closed));
    let polled = Task::new().poll(&mut Box::pin(room.acquire(1)));
    assert!(polled.expect("it is ready").is_err());
    assert!(room.semaphore.is_closed());
    room.idle(free)
}

fn spawn_close(room: &Room) {
    spawn_with(room, move |theirs| theirs.semaphore.close());
}

/// They finish, one after the other: how many of them were in.
fn seat_all(room: &Room, seekers: impl IntoIterator<Item = Seeker>) -> usize {
    let seat = |seeker| usize::from(room.seat_if_open(seeker, 'w'));
    seekers.into_iter().map(seat).sum()
}

/// With nobody waiting: neither the permit nor the closing is lost.
#[test]
fn against_a_returned_permit() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(1);
        spawn_close(&room);
        drop(held);
        closed(&room, 2);
    });
}

#[test]
fn against_adding_and_reducing() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        spawn_close(&room);
        room.semaphore.add_permits(3);
        room.semaphore.reduce_permits(1);
        assert_eq!(room.semaphore.forget_permits(1), 1);
        closed(&room, 2);
    });
}

/// A permit comes back after the closing that it was out for, and pays what is owed.
#[test]
fn against_reducing_below_nothing() {
    model(UNBOUNDED, || {
        let (room, held) = full_room(1, Fairness::DEFAULT);
        spawn_close(&room);
        room.semaphore.reduce_permits(1);
        drop(held);
        closed(&room, 0);
        room.semaphore.add_permits(2);
        closed(&room, 2);
    });
}

#[test]
fn against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        spawn_close(&room);
        let entered = room.enter_if_open(1, 'a');
        varies(entered, "it is in time");
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// There is nothing to be had, so that all depends on the closing.
#[test]
fn against_a_first_poll_in_vain() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        spawn_close(&room);
        assert!(!room.enter_if_open(1, 'a'));
        closed(&room, 0);
    });
}

#[test]
fn against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        spawn_close(&room);
        let tried = room.try_acquire(1);
        assert!(matches!(tried, Ok(_) | Err(TryAcquireError::Closed)));
        closed(&room, usize::from(tried.is_err()));
        drop(tried);
        closed(&room, 1);
    });
}

/// A waiter that is woken by the release, by the closing, or by both.
fn against_release_to(waiters: usize, fairness: Fairness) {
    let (room, held) = full_room(1, fairness);
    let seekers: Vec<_> = (0..waiters).map(|_| room.seeker(1)).collect();
    spawn_close(&room);
    drop(held);
    let entered = seat_all(&room, seekers);
    assert_eq!(closed(&room, 1).len(), entered);
}

models! {
    against_release_to_one: UNBOUNDED, against_release_to(1, Fairness::DEFAULT);
    against_release_to_two: UNBOUNDED, against_release_to(2, Fairness::FIFO);
}

/// The release comes from a third thread. Bounded: three threads.
#[test]
fn against_release_and_a_first_poll() {
    model(3, || {
        let (room, held) = full_room(1, Fairness::DEFAULT);
        spawn_close(&room);
        spawn(move || drop(held));
        let entered = room.enter_if_open(1, 'w');
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// It was called, and is closed before or after it answers.
#[test]
fn against_a_called_one() {
    model(UNBOUNDED, || {
        let (room, held, [first, second]) = contended_room(1, Fairness::DEFAULT);
        drop(held);
        spawn_close(&room);
        let one = room.seat_if_open(first, '1');
        let two = room.seat_if_open(second, '2');
        saw(one && !two, "the first is in time");
        saw(!one, "it is not");
        assert!(one || !two, "in order");
        assert_eq!(closed(&room, 1).len(), usize::from(one) + usize::from(two));
    });
}

/// More wait than are woken at once: all learn of it, though some go and one comes meanwhile. Bounded:
/// three threads.
#[test]
fn against_many() {
    model(3, || {
        let room = room(0, Fairness::DEFAULT);
        let [a, b, c] = room.seekers();
        spawn_close(&room);
        spawn(move || {
            assert!(a.finish().is_err());
            drop(b);
        });
        assert!(c.finish().is_err());
        closed(&room, 0);
    });
}

/// One comes while those in line are being woken.
#[test]
fn against_an_arrival_behind_two() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let [a, b] = room.seekers();
        spawn_close(&room);
        assert!(!room.enter_if_open(1, 'a'));
        assert!(b.finish().is_err());
        assert!(a.finish().is_err());
        closed(&room, 0);
    });
}

#[test]
fn against_cancel() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let [a, b] = room.seekers();
        spawn_close(&room);
        drop(a);
        assert!(b.finish().is_err());
        closed(&room, 0);
    });
}

/// The last in line goes, and with it the word's memory of a line; the closing must not go with it.
#[test]
fn against_cancel_of_the_only_one() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let only = room.seeker(1);
        spawn_close(&room);
        drop(only);
        closed(&room, 0);
    });
}

/// A large one that goes calls those behind it, unless they know better. Bounded: three threads.
#[test]
fn against_cancel_of_a_large_one() {
    model(4, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(2);
        let small = room.seeker(1);
        spawn_close(&room);
        spawn(move || drop(large));
        let entered = room.seat_if_open(small, 's');
        join_all();
        drop(held);
        assert_eq!(closed(&room, 2).len(), usize::from(entered));
    });
}

/// Permits are given to a line that is being told: nobody is called any more, and all are counted.
#[test]
fn against_adding_with_a_line() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::FIFO);
        let seekers: [_; 2] = room.seekers();
        spawn_close(&room);
        room.semaphore.add_permits(2);
        let entered = seat_all(&room, seekers);
        assert_eq!(closed(&room, 2).len(), entered);
    });
}

#[test]
fn against_closing() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let [a, b] = room.seekers();
        spawn_close(&room);
        room.semaphore.close();
        assert!(room.semaphore.is_closed());
        assert!(a.finish().is_err());
        assert!(b.finish().is_err());
        closed(&room, 0);
    });
}

/// A permit is free, and kept for one who never comes: an arrival that probes learns of the closing.
#[test]
fn against_a_prober() {
    model(UNBOUNDED, || {
        let (room, forgotten) = called_seeker(1, keeps(2));
        mem::forget(forgotten);
        spawn_close(&room);
        let entered = room.enter_if_open(1, 'a');
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// A waiter was passed over, and comes back to a semaphore that is closed.
#[test]
fn against_one_that_was_passed_over() {
    model(UNBOUNDED, || {
        let (room, first) = called_seeker(1, Fairness::FIFO);
        let mut second = room.seeker_of(&first.task, 1);
        let permit = second.poll().expect("P2").unwrap();
        spawn_close(&room);
        drop(permit);
        let entered = room.seat_if_open(first, '1');
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// What it waits with is changed meanwhile.
#[test]
fn against_another_waker() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let mut waiting = room.seeker(1);
        spawn_close(&room);
        assert!(Task::new().finish(&mut waiting.future).is_err());
        closed(&room, 0);
    });
}

/// What was written before the closing is there for one who was woken by it.
#[test]
fn tells_what_was_before() {
    model(UNBOUNDED, || {
        let semaphore = Arc::new(Semaphore::new(0));
        let written = write_and(&semaphore, |theirs| theirs.close());
        assert!(block_on(semaphore.acquire()).is_err());
        assert_eq!(written.read(), 1);
        join_all();
        semaphore.assert_idle(0);
    });
}

/// Nothing is free until it is closed. One who finds somebody waiting, and goes on by way of the line,
/// may find a permit there, but must find it closed as well.
#[test]
fn against_one_who_tries() {
    model(3, || {
        let (room, held, [mut waiting]) = contended_room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| {
            let tried = theirs.try_acquire(1).map(drop).unwrap_err();
            let too_early = tried == TryAcquireError::NoPermits;
            saw(too_early, "it looks before it is closed");
            saw(tried == TryAcquireError::Closed, "it learns of the closing");
        });
        room.semaphore.close();
        drop(held);
        join_all();
        assert!(waiting.poll().expect("it is ready").is_err());
        closed(&room, 1);
    });
}
