//! Who is in before whom: FIFO, and how often newcomers overtake (P1). Patience is never, so that
//! whoever waits answers in time by definition.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use wakeful::Fairness;

use super::cast::*;

const fn credit(k: u16) -> Fairness {
    Fairness::overtakes(k).with_patience(Duration::MAX)
}

/// How many newcomers were in before `who`.
fn overtook(book: &[char], who: char) -> usize {
    let at = book.iter().position(|&w| w == who).expect("was in");
    book[..at].iter().filter(|&&w| w == 'n').count()
}

/// In line: 1, 2; both finish on threads of their own, and a newcomer tries.
#[test]
fn fifo() {
    model(3, || {
        let room = room(1, Fairness::FIFO);
        let held = room.take(1);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        let (theirs, others) = (room.clone(), room.clone());
        let one = spawn(move || theirs.seat(&one, &mut first, '1'));
        let two = spawn(move || others.seat(&two, &mut second, '2'));
        drop(held);
        let entered = room.barge(1, 'n');
        one.join().unwrap();
        two.join().unwrap();
        let book = room.idle(1);
        assert_eq!(book[..2], ['1', '2']);
        assert_eq!(book.len(), 2 + usize::from(entered));
    });
}

/// A newcomer that waits stands behind whoever waits already, though it asks for less.
#[test]
fn fifo_with_a_newcomer_that_waits() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let one = Task::new();
        let mut first = room.seeker(&one, 2);
        let theirs = room.clone();
        let thread = spawn(move || theirs.seat(&one, &mut first, '1'));
        drop(held);
        room.enter(1, 'n');
        thread.join().unwrap();
        assert_eq!(room.idle(2), ['1', 'n']);
    });
}

/// P1 with one newcomer that tries `tries` times while the waiter finishes on a thread of its own:
/// in some schedule `k` tries succeed before the waiter does, and in none more.
fn exactly(k: u16, tries: usize, bound: usize) {
    let most = Arc::new(AtomicUsize::new(0));
    let seen = most.clone();
    model(bound, move || {
        let room = room(1, credit(k));
        let held = room.take(1);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 1);
        let theirs = room.clone();
        let thread = spawn(move || theirs.seat(&task, &mut waiting, 'w'));
        drop(held);
        for _ in 0..tries {
            room.barge(1, 'n');
        }
        thread.join().unwrap();
        let overtook = overtook(&room.idle(1), 'w');
        assert!(overtook <= k.into(), "{overtook} newcomers overtook");
        seen.fetch_max(overtook, Relaxed);
    });
    assert_eq!(most.load(Relaxed), usize::from(k));
}

#[test]
fn no_credit() {
    exactly(0, 2, UNBOUNDED);
}

/// Bounded, as is every loop of tries.
#[test]
fn credit_of_one() {
    exactly(1, 2, 6);
}

/// Bounded, as above.
#[test]
fn credit_of_two() {
    exactly(2, 3, 5);
}

/// P1 with newcomers on two threads. Bounded: three threads.
#[test]
fn credit_is_shared() {
    let overtaken = Witness::default();
    let seen = overtaken.clone();
    model(3, move || {
        let room = room(1, credit(1));
        let held = room.take(1);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 1);
        drop(held);
        let (theirs, others) = (room.clone(), room.clone());
        let thread = spawn(move || theirs.seat(&task, &mut waiting, 'w'));
        let newcomer = spawn(move || others.barge(1, 'n'));
        room.barge(1, 'n');
        thread.join().unwrap();
        newcomer.join().unwrap();
        let overtook = overtook(&room.idle(1), 'w');
        assert!(overtook <= 1);
        seen.saw(overtook == 1);
    });
    overtaken.expect("a newcomer overtakes");
}

/// Two are called at once, and a newcomer that wants what both need overtakes the first by its credit,
/// and the second, by its own, only when that is first.
#[test]
fn two_called() {
    let (both, second) = (Witness::default(), Witness::default());
    let seen = (both.clone(), second.clone());
    model(6, move || {
        let room = room(2, credit(1));
        let held = room.take(2);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        drop(held);
        let theirs = room.clone();
        let thread = spawn(move || {
            theirs.seat(&one, &mut first, '1');
            theirs.seat(&two, &mut second, '2');
        });
        room.barge(2, 'n');
        room.barge(2, 'n');
        thread.join().unwrap();
        let book = room.idle(2);
        assert!(overtook(&book, '1') <= 1);
        seen.0.saw(book == ['n', '1', 'n', '2']);
        seen.1.saw(book.starts_with(&['1', 'n', '2']));
    });
    both.expect("a newcomer overtakes each");
    second.expect("it overtakes the second alone");
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
        let theirs = room.clone();
        let thread = spawn(move || theirs.seat(&two, &mut second, '2'));
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
        let theirs = room.clone();
        let thread = spawn(move || theirs.seat(&two, &mut second, '2'));
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
    let most = Arc::new(AtomicUsize::new(0));
    let seen = most.clone();
    model(5, move || {
        let room = room(2, credit(4));
        let held = room.take(2);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 2);
        drop(held);
        let overtaker = room.take(1);
        assert!(task.poll(&mut waiting).is_none());
        let theirs = room.clone();
        let thread = spawn(move || theirs.seat(&task, &mut waiting, 'w'));
        room.sit(overtaker, 'n');
        room.barge(1, 'n');
        room.barge(1, 'n');
        thread.join().unwrap();
        let overtook = overtook(&room.idle(2), 'w');
        assert!(overtook <= 2, "{overtook} newcomers overtook");
        seen.fetch_max(overtook, Relaxed);
    });
    assert_eq!(most.load(Relaxed), 2);
}
