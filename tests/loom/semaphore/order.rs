//! Who is in before whom: FIFO, and how often newcomers overtake (P1). Patience is never, so that
//! whoever waits answers in time by definition.

use wakeful::Fairness;

use super::cast::*;
use crate::order::{exactly, overtook};

const fn credit(k: u16) -> Fairness {
    Fairness::overtakes(k).with_patience(Duration::MAX)
}

/// A newcomer that waits stands behind whoever waits already, though it asks for less.
#[test]
fn fifo_with_a_newcomer_that_waits() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let one = Task::new();
        let mut first = room.seeker(&one, 2);
        let thread = spawn_with(&room, move |theirs| theirs.seat(&one, &mut first, '1'));
        drop(held);
        room.enter(1, 'n');
        thread.join().unwrap();
        assert_eq!(room.idle(2), ['1', 'n']);
    });
}

#[test]
fn no_credit() {
    exactly::<Room>(0, 2, UNBOUNDED);
}

/// Bounded, as is every loop of tries.
#[test]
fn credit_of_one() {
    exactly::<Room>(1, 2, 6);
}

/// Bounded, as above.
#[test]
fn credit_of_two() {
    exactly::<Room>(2, 3, 5);
}

/// Two are called at once, and a newcomer that wants what both need overtakes the first by its credit,
/// and the second, by its own, only when that is first.
#[test]
fn two_called() {
    model(6, || {
        let room = room(2, credit(1));
        let held = room.take(2);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        drop(held);
        let thread = spawn_with(&room, move |theirs| {
            theirs.seat(&one, &mut first, '1');
            theirs.seat(&two, &mut second, '2');
        });
        room.barge(2, 'n');
        room.barge(2, 'n');
        thread.join().unwrap();
        let book = room.idle(2);
        assert!(overtook(&book, '1') <= 1);
        saw(book == ['n', '1', 'n', '2'], "a newcomer overtakes each");
        saw(
            book.starts_with(&['1', 'n', '2']),
            "it overtakes the second alone",
        );
    });
}

/// Nothing is kept of what is left when all that are called have theirs: a newcomer takes it, in FIFO
/// too.
#[test]
fn enough_for_all_costs_nothing() {
    model(UNBOUNDED, || {
        let room = room(3, Fairness::FIFO);
        let held = room.take(3);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        drop(held);
        let thread = spawn_with(&room, move |theirs| theirs.seat(&two, &mut second, '2'));
        assert!(room.barge(1, 'n'), "there is one for it");
        room.seat(&one, &mut first, '1');
        thread.join().unwrap();
        drop(first);
        assert_eq!(room.idle(3).len(), 3);
    });
}

/// The second of two that were called takes its permit before the first one comes, since there is
/// enough, in FIFO too.
#[test]
fn called_ones_need_not_wait_for_each_other() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        let thread = spawn_with(&room, move |theirs| theirs.seat(&two, &mut second, '2'));
        drop(held);
        thread.join().unwrap();
        room.seat(&one, &mut first, '1');
        drop(first);
        assert_eq!(room.idle(2), ['2', '1']);
    });
}

/// An answer in vain halves what is left: of four, the first is used up, and of the other three one
/// is left, so that two overtake in all. Bounded, as above.
#[test]
fn answer_in_vain() {
    model(5, || {
        let room = room(2, credit(4));
        let held = room.take(2);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 2);
        drop(held);
        let overtaker = room.take(1);
        assert!(task.poll(&mut waiting).is_none());
        let thread = spawn_with(&room, move |theirs| theirs.seat(&task, &mut waiting, 'w'));
        room.sit(overtaker, 'n');
        room.barge(1, 'n');
        room.barge(1, 'n');
        thread.join().unwrap();
        let overtook = overtook(&room.idle(2), 'w');
        assert!(overtook <= 2, "{overtook} newcomers overtook");
        saw(overtook == 2, "as many as may overtake");
    });
}
