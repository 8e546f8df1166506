//! Called ones that find too little and sleep again, ahead of others that have not answered yet: holes
//! in the front.

use std::mem;

use super::cast::*;

/// Two are called, the first for two permits and the second for one; then there is only one.
/// `(room, large, small)`
fn scene(fairness: Fairness) -> (Room, Seeker, Seeker) {
    let (room, held) = full_room(3, fairness);
    let (large, small) = (room.seeker(2), room.seeker(1));
    drop(held);
    (room, large, small)
}

/// The first of them has answered in vain: a hole.
fn hole(fairness: Fairness) -> (Room, Seeker, Seeker) {
    let (room, mut large, small) = scene(fairness);
    room.semaphore.reduce_permits(2);
    assert!(large.poll().is_none());
    (room, large, small)
}

/// A newcomer takes two and gives them back, and then the large one answers again.
#[test]
fn newcomer() {
    model(4, || {
        let (room, mut large, small) = scene(patient(1));
        spawn_with(&room, move |theirs| theirs.seat(small, 's'));
        let newcomer = room.try_acquire(2).ok();
        let early = large.poll();
        let overtaken = newcomer.is_some() && early.is_none();
        drop(newcomer);
        match early {
            Some(permit) => room.sit(permit.unwrap(), 'L'),
            None => room.seat(large, 'L'),
        }
        let book = room.idle(3);
        let small_waits = overtaken && book == ['L', 's'];
        saw(small_waits, "the small one waits for the large one");
        saw(overtaken && book == ['s', 'L'], "it does not");
    });
}

/// The permits are taken out for good, and others added. Bounded: three threads.
#[test]
fn reduced_and_added() {
    model(3, || {
        let (room, large, small) = scene(Fairness::FIFO);
        spawn_with(&room, move |theirs| theirs.seat(large, 'L'));
        spawn_with(&room, move |theirs| theirs.seat(small, 's'));
        room.semaphore.reduce_permits(2);
        room.semaphore.add_permits(1);
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// The first is a hole already when it goes: the second, which may have answered in vain or not, is
/// called again if it has.
fn hole_that_goes(small_answered: bool) {
    let (room, large, mut small) = hole(Fairness::FIFO);
    if small_answered {
        assert!(small.poll().is_none(), "the large one is first");
    }
    spawn(move || drop(large));
    room.seat(small, 's');
    assert_eq!(room.idle(1), ['s']);
}

models! {
    first_goes_ahead_of_a_called_one: UNBOUNDED, hole_that_goes(false);
    first_goes_ahead_of_a_sleeper: UNBOUNDED, hole_that_goes(true);
}

/// The hole is called again by what comes back, while the one behind it answers, goes, or sleeps.
#[test]
fn called_again() {
    model(UNBOUNDED, || {
        let (room, mut large, small) = scene(Fairness::FIFO);
        assert_eq!(room.semaphore.forget_permits(2), 2);
        assert!(large.poll().is_none());
        spawn_with(&room, move |theirs| theirs.seat(small, 's'));
        room.semaphore.add_permits(1);
        room.seat(large, 'L');
        assert_eq!(room.idle(2), ['L', 's']);
    });
}

/// The called one behind the hole goes while the hole is called again.
#[test]
fn last_of_the_front_goes() {
    model(UNBOUNDED, || {
        let (room, large, small) = hole(Fairness::FIFO);
        let behind = room.seeker(1);
        spawn(move || drop(small));
        room.semaphore.add_permits(1);
        room.seat(large, 'L');
        room.seat(behind, 'b');
        assert_eq!(room.idle(2), ['L', 'b']);
    });
}

/// The one behind the hole is forgotten. What it asked for is kept until the patience is over; the hole
/// gets what it asks for without that.
#[test]
fn forgotten_behind_a_hole() {
    model(4, || {
        let (room, large, small) = hole(keeps(1));
        mem::forget(small);
        spawn_with(&room, move |theirs| theirs.seat(large, 'L'));
        room.semaphore.add_permits(1);
        // As it comes first, or the large one is in.
        room.enter(1, 'a');
        join_all();
        assert_eq!(room.semaphore.available_permits(), 2);
    });
}

/// Three are called; the middle one sleeps again. The first goes, the last answers, what is missing
/// comes back. Bounded: three threads.
#[test]
fn in_the_middle() {
    model(3, || {
        let (room, held) = full_room(4, Fairness::FIFO);
        let [first, mut middle, last] = [1, 2, 1].map(|n| room.seeker(n));
        drop(held);
        room.semaphore.reduce_permits(2);
        assert!(middle.poll().is_none());
        spawn(move || drop(first));
        spawn_with(&room, move |theirs| theirs.seat(last, 'c'));
        room.seat(middle, 'b');
        assert_eq!(room.idle(2).len(), 2);
    });
}
