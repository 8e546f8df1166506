//! Who is in before whom: FIFO, and how often newcomers overtake (P1). Patience never ends, so every
//! waiter answers in time by definition.

use super::cast::*;
use crate::order::{exactly, overtook};

/// A newcomer that waits queues behind those that already wait, though it asks for less.
#[test]
fn fifo_with_a_newcomer_that_waits() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let first = room.seeker(2);
        spawn_with(&room, move |theirs| theirs.seat(first, '1'));
        drop(held);
        room.enter(1, 'n');
        assert_eq!(room.idle(2), ['1', 'n']);
    });
}

models! {
    no_credit: UNBOUNDED, exactly::<Room>(0, 2);
    /// Bounded, as is every loop of tries.
    credit_of_one: 6, exactly::<Room>(1, 2);
    /// Bounded, as above.
    credit_of_two: 5, exactly::<Room>(2, 3);
}

/// Two are called at once, and a newcomer that wants what both need overtakes the first by its credit,
/// and the second, by its own, only when that is first.
#[test]
fn two_called() {
    model(6, || {
        let (room, held, [first, second]) = contended_room(2, patient(1));
        drop(held);
        spawn_with(&room, move |theirs| {
            theirs.seat(first, '1');
            theirs.seat(second, '2');
        });
        room.barge(2, 'n');
        room.barge(2, 'n');
        let book = room.idle(2);
        assert!(overtook(&book, '1') <= 1);
        saw(book == ['n', '1', 'n', '2'], "a newcomer overtakes each");
        let second_alone = book.starts_with(&['1', 'n', '2']);
        saw(second_alone, "it overtakes the second alone");
    });
}

/// Nothing is kept of what is left when all that are called have theirs: a newcomer takes it, in FIFO
/// too.
#[test]
fn enough_for_all_costs_nothing() {
    model(UNBOUNDED, || {
        let (room, held, [first, second]) = contended_room(3, Fairness::FIFO);
        drop(held);
        spawn_with(&room, move |theirs| theirs.seat(second, '2'));
        assert!(room.barge(1, 'n'), "there is one for it");
        room.seat(first, '1');
        assert_eq!(room.idle(3).len(), 3);
    });
}

/// The second of two that were called takes its permit before the first one comes, since there is
/// enough, in FIFO too.
#[test]
fn called_ones_need_not_wait_for_each_other() {
    model(UNBOUNDED, || {
        let (room, held, [first, second]) = contended_room(2, Fairness::FIFO);
        spawn_with(&room, move |theirs| theirs.seat(second, '2'));
        drop(held);
        join_all();
        room.seat(first, '1');
        assert_eq!(room.idle(2), ['2', '1']);
    });
}

/// An answer in vain halves what is left: of four, the first is used up, and of the other three one
/// is left, so that two overtake in all. Bounded, as above.
#[test]
fn answer_in_vain() {
    model(5, || {
        let (room, mut waiting) = called_seeker(2, patient(4));
        let overtaker = room.take(1);
        assert!(waiting.poll().is_none());
        spawn_with(&room, move |theirs| theirs.seat(waiting, 'w'));
        room.sit(overtaker, 'n');
        room.barge(1, 'n');
        room.barge(1, 'n');
        let overtook = overtook(&room.idle(2), 'w');
        assert!(overtook <= 2, "{overtook} newcomers overtook");
        saw(overtook == 2, "as many as may overtake");
    });
}
