//! Waiters that were called and do not answer: of one's own task, which no one waits for (P2), and
//! slow or forgotten ones, which are passed over when their patience is used up (P3).
//!
//! A forgotten waiter may be left in line, so that the semaphore is not idle in the end: the last check
//! is that one more arrival gets in, and another.

use std::mem;

use super::cast::*;
use crate::forgotten::{against_release, check};

/// Awaits F2 while F1, which is `kept`, is not polled; then finishes or drops F1.
fn await_second(room: &Room, kept: Seeker, n: u32, and_first: bool) {
    let second = kept.task.finish(&mut Box::pin(room.acquire(n)));
    room.sit(second.unwrap(), '2');
    if and_first {
        room.seat(kept, '1');
    }
}

/// F1, which asks for all, is called before, while or after F2 is polled, which asks for one.
fn same_task_with(seats: u32, fairness: Fairness) {
    let (room, held) = full_room(seats, fairness);
    let first = room.seeker(seats);
    spawn_with(&room, move |theirs| await_second(&theirs, first, 1, true));
    drop(held);
    assert_eq!(room.idle(seats as usize).len(), 2);
}

models! {
    same_task_with_credit: UNBOUNDED, same_task_with(1, Fairness::DEFAULT);
    same_task_and_a_large_first: UNBOUNDED, same_task_with(2, Fairness::FIFO);
}

/// F1 is called together with a waiter of another task, which is alive; F2 takes what was kept for F1.
/// Bounded: three threads.
#[test]
fn same_task_and_another() {
    model(3, || {
        let (room, held, [first, between]) = contended_room(2, Fairness::FIFO);
        spawn_with(&room, move |theirs| await_second(&theirs, first, 2, false));
        spawn_with(&room, move |theirs| theirs.seat(between, 'o'));
        drop(held);
        assert_eq!(room.idle(2), ['o', '2']);
    });
}

/// Two futures of the task are called, and it awaits a third one. A newcomer comes meanwhile.
#[test]
fn same_task_twice() {
    model(4, || {
        let (room, held, [kept]) = contended_room(2, Fairness::FIFO);
        let first = room.seeker_of(&kept.task, 1);
        drop(held);
        spawn_with(&room, move |theirs| {
            await_second(&theirs, first, 2, false);
            drop(kept);
        });
        room.enter(1, 'n');
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// Two arrive, there is a permit for each of them, and the one that is called for both is polled only when they
/// have left. Bounded: two that probe side by side are long.
#[test]
fn two_arrivals_two_permits() {
    model(3, || {
        let (room, waiting) = called_seeker(2, keeps(2));
        spawn_with(&room, move |theirs| theirs.enter(1, 'a'));
        room.enter(1, 'b');
        join_all();
        room.seat(waiting, 'w');
        assert_eq!(room.idle(2).last(), Some(&'w'));
    });
}

/// The one that is called is slow, but alive: it may be passed over, and comes back, or not.
#[test]
fn slow_but_alive() {
    model(UNBOUNDED, || {
        let (room, waiting) = called_seeker(2, keeps(2));
        spawn_with(&room, move |theirs| theirs.seat(waiting, 'w'));
        room.enter(1, 'a');
        let book = room.idle(2);
        saw(book == ['a', 'w'], "it is passed over");
        saw(book == ['w', 'a'], "it answers in time");
    });
}

/// Two are called, of which the first is never polled again: the other takes its permit all the same,
/// and an arrival takes the first one's.
#[test]
fn forgotten_ahead_of_another() {
    model(4, || {
        let (room, held, [first, second]) = contended_room(2, keeps(2));
        mem::forget(first);
        spawn_with(&room, move |theirs| theirs.seat(second, '2'));
        drop(held);
        room.enter(1, 'a');
        check(&room, 2);
    });
}

/// The second of two is.
#[test]
fn forgotten_behind_another() {
    model(4, || {
        let (room, held, [first, second]) = contended_room(2, keeps(2));
        mem::forget(second);
        spawn_with(&room, move |theirs| theirs.seat(first, '1'));
        drop(held);
        room.enter(1, 'a');
        check(&room, 2);
    });
}

models! {
    forgotten_and_release: 3, against_release::<Room>(1, keeps(2));
    /// With a low bound: each is passed over once by each.
    two_forgotten_and_release: 2, against_release::<Room>(2, keeps(1));
}

/// The first is forgotten, and one sleeps behind it, and gets in all the same if another one is polled twice and
/// dropped.
fn third_is_dropped(is_of_the_first_task: bool) {
    let (room, held, [first, heir]) = contended_room(1, keeps(2));
    let task = match is_of_the_first_task {
        true => first.task.clone(),
        false => Task::new(),
    };
    mem::forget(first);
    drop(held);
    let mut third = room.seeker_of(&task, 1);
    assert!(third.poll().is_none());
    spawn(move || drop(third));
    room.seat(heir, 'h');
    check(&room, 1);
}

models! {
    /// It probes, and leaves its role to the one that sleeps ahead of it.
    prober_that_is_dropped: UNBOUNDED, third_is_dropped(false);
    /// It passes the first over, so that the next one is called.
    dropped_after_passing_over: UNBOUNDED, third_is_dropped(true);
}

/// It was passed over, and comes back behind the first while that one is called, or gone.
#[test]
fn coming_back_behind_the_first() {
    model(6, || {
        let (room, held, [first, passed]) = contended_room(2, Fairness::FIFO);
        drop(held);
        let mut third = room.seeker_of(&passed.task, 1);
        let permit = third.poll().expect("P2").unwrap();
        spawn_with(&room, move |theirs| {
            theirs.seat(passed, 'p');
            theirs.seat(first, '1');
        });
        drop(permit);
        room.enter(2, 'n');
        assert_eq!(room.idle(2).len(), 3);
    });
}

/// It was first when it was passed over, and comes back to the front while the next ones are called.
/// Bounded, as above.
#[test]
fn coming_back_to_the_front() {
    model(3, || {
        let (room, held) = full_room(2, Fairness::FIFO);
        let (passed, behind) = (room.seeker(2), room.seeker(1));
        drop(held);
        let mut second = room.seeker_of(&passed.task, 1);
        let permit = second.poll().expect("P2").unwrap();
        spawn_with(&room, move |theirs| theirs.seat(passed, 'p'));
        spawn_with(&room, move |theirs| theirs.seat(behind, 'b'));
        drop(permit);
        assert_eq!(room.idle(2).len(), 2);
    });
}
