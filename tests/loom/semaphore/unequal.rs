//! Requests for few and for many in one line.

use super::cast::*;

/// The large one is first, and gets in first, though others ask for less. Bounded: three threads.
#[test]
fn large_ahead_of_small() {
    model(3, || {
        let (room, [one, two]) = taken_seats(Fairness::FIFO);
        let large = room.seeker(2);
        spawn_with(&room, move |theirs| theirs.seat(large, 'L'));
        spawn_with(&room, move |theirs| theirs.enter(1, 's'));
        drop(one);
        drop(two);
        assert_eq!(room.idle(2), ['L', 's']);
    });
}

/// Two small ones are in; the large one that waits gets what they give back, though small ones try
/// again and again.
#[test]
fn large_one_is_not_starved() {
    model(UNBOUNDED, || {
        let (room, [one, two]) = taken_seats(Fairness::FIFO);
        let large = room.seeker(2);
        spawn_with(&room, move |theirs| theirs.seat(large, 'L'));
        drop(one);
        assert!(!room.barge(1, 'n'), "it is kept");
        drop(two);
        let barged = room.barge(1, 'n');
        let book = room.idle(2);
        assert_eq!((book[0], book.len()), ('L', 1 + usize::from(barged)));
    });
}

/// With credit: one small one gets past the large one, no more. Bounded: it tries three times.
#[test]
fn small_one_overtakes_a_large_one_once() {
    model(4, || {
        let (room, [one, two]) = taken_seats(patient(1));
        let large = room.seeker(2);
        spawn_with(&room, move |theirs| theirs.seat(large, 'L'));
        drop(one);
        room.barge(1, 'n');
        room.barge(1, 'n');
        drop(two);
        room.barge(1, 'n');
        let book = room.idle(2);
        let overtook = book.iter().position(|&who| who == 'L').unwrap();
        assert!(overtook <= 1, "{overtook} overtook");
        saw(overtook == 1, "a small one overtakes");
    });
}

/// Two small ones and a large one behind them: a release of two calls both, and when they are out
/// again, the large one. Bounded: there are three to call.
#[test]
fn small_ahead_of_large() {
    model(4, || {
        let (room, held) = full_room(2, Fairness::FIFO);
        let [a, b, large] = [1, 1, 2].map(|n| room.seeker(n));
        spawn_with(&room, move |theirs| {
            theirs.seat(b, 'b');
            theirs.seat(a, 'a');
        });
        drop(held);
        room.seat(large, 'L');
        assert_eq!(room.idle(2), ['b', 'a', 'L']);
    });
}

/// One that asks for nothing is never in the way and never waits. Bounded: the other one does.
#[test]
fn nothing_at_all() {
    model(4, || {
        let (room, held) = full_room(1, Fairness::FIFO);
        spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        assert!(room.barge(0, '0'));
        drop(held);
        assert!(Task::new().poll(&mut Box::pin(room.acquire(0))).is_some());
        assert_eq!(room.idle(1).len(), 2);
    });
}
