//! Waiters that were called and do not answer: of one's own task, which no one waits for (P2), and
//! slow or forgotten ones, which are passed over when their patience is used up (P3).
//!
//! A forgotten waiter may be left in line, so that the semaphore is not idle in the end: the last check
//! is that one more arrival gets in, and another.

use std::mem;

use wakeful::Fairness;

use super::cast::*;

/// No credit, so that everything is kept, and so much patience.
const fn keeps(patience: u64) -> Fairness {
    Fairness::overtakes(0).with_patience(looks(patience))
}

/// Awaits F2 while F1, which is `kept`, is not polled; then finishes or drops F1.
fn await_second(room: &Room, task: &Task, mut kept: Seeker, n: u32, and_first: bool) {
    let mut second = Box::pin(room.acquire(n));
    room.seat(task, &mut second, '2');
    if and_first {
        room.seat(task, &mut kept, '1');
    }
}

/// F1 is called before, while or after F2 is polled.
fn same_task_with(seats: u32, fairness: Fairness, and_first: bool) {
    let room = room(seats as usize, fairness);
    let held = room.take(seats);
    let task = Task::new();
    let first = room.seeker(&task, seats);
    let thread = spawn_with(&room, move |theirs| {
        await_second(&theirs, &task, first, 1, and_first)
    });
    drop(held);
    thread.join().unwrap();
    assert_eq!(room.idle(seats as usize).len(), 1 + usize::from(and_first));
}

#[test]
fn same_task_with_credit() {
    model(UNBOUNDED, || same_task_with(1, Fairness::DEFAULT, true));
}

/// F1 asks for all, F2 for a part.
#[test]
fn same_task_and_a_large_first() {
    model(UNBOUNDED, || same_task_with(2, Fairness::FIFO, true));
}

/// F1 is called together with a waiter of another task, which is alive; F2 takes what was kept for F1.
/// Bounded: three threads.
#[test]
fn same_task_and_another() {
    model(3, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let (task, other) = (Task::new(), Task::new());
        let first = room.seeker(&task, 1);
        let mut between = room.seeker(&other, 1);
        let (theirs, others) = (room.clone(), room.clone());
        let one = spawn(move || await_second(&theirs, &task, first, 2, false));
        let two = spawn(move || others.seat(&other, &mut between, 'o'));
        drop(held);
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(room.idle(2), ['o', '2']);
    });
}

/// Two futures of the task are called, and it awaits a third one. A newcomer comes meanwhile.
#[test]
fn same_task_twice() {
    model(4, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let task = Task::new();
        let kept = room.seeker(&task, 1);
        let first = room.seeker(&task, 1);
        drop(held);
        let thread = spawn_with(&room, move |theirs| {
            await_second(&theirs, &task, first, 2, false);
            drop(kept);
        });
        room.enter(1, 'n');
        thread.join().unwrap();
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// A semaphore whose only permits are kept for a waiter of `task` that asks for all.
fn kept(seats: u32, patience: u64, task: &Task) -> (Room, Seeker) {
    let room = room(seats as usize, keeps(patience));
    let held = room.take(seats);
    let waiting = room.seeker(task, seats);
    drop(held);
    (room, waiting)
}

/// So many were in, and two more can, within the patience that there may be.
fn check(room: &Room) {
    for _ in 0..2 {
        let mut arrival = Box::pin(room.acquire(1));
        let task = Task::new();
        let permit = (0..5).find_map(|_| task.poll(&mut arrival)).expect("P3");
        room.sit(permit.unwrap(), 'z');
    }
}

/// Two arrive, and the one that is called is polled only when they have left. Bounded: two that probe
/// side by side are long.
#[test]
fn two_arrivals() {
    model(3, || {
        let task = Task::new();
        let (room, mut waiting) = kept(1, 2, &task);
        let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'a'));
        room.enter(1, 'b');
        thread.join().unwrap();
        room.seat(&task, &mut waiting, 'w');
        drop(waiting);
        assert_eq!(room.idle(1).last(), Some(&'w'));
    });
}

/// The same where there is one for each of them.
#[test]
fn two_arrivals_two_permits() {
    model(3, || {
        let task = Task::new();
        let (room, mut waiting) = kept(2, 2, &task);
        let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'a'));
        room.enter(1, 'b');
        thread.join().unwrap();
        room.seat(&task, &mut waiting, 'w');
        drop(waiting);
        assert_eq!(room.idle(2).last(), Some(&'w'));
    });
}

/// The one that is called is slow, but alive: it may be passed over, and comes back, or not.
#[test]
fn slow_but_alive() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let (room, mut waiting) = kept(2, 2, &task);
        let thread = spawn_with(&room, move |theirs| theirs.seat(&task, &mut waiting, 'w'));
        room.enter(1, 'a');
        thread.join().unwrap();
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
        let room = room(2, keeps(2));
        let held = room.take(2);
        mem::forget(room.seeker(&Task::new(), 1));
        let task = Task::new();
        let mut second = room.seeker(&task, 1);
        let thread = spawn_with(&room, move |theirs| theirs.seat(&task, &mut second, '2'));
        drop(held);
        room.enter(1, 'a');
        thread.join().unwrap();
        check(&room);
    });
}

/// The second of two is.
#[test]
fn forgotten_behind_another() {
    model(4, || {
        let room = room(2, keeps(2));
        let held = room.take(2);
        let task = Task::new();
        let mut first = room.seeker(&task, 1);
        mem::forget(room.seeker(&Task::new(), 1));
        let thread = spawn_with(&room, move |theirs| theirs.seat(&task, &mut first, '1'));
        drop(held);
        room.enter(1, 'a');
        thread.join().unwrap();
        check(&room);
    });
}

/// One arrives as the permit comes back, perhaps too early to find it kept; the next one sets it
/// going. Bounded, as above.
fn forgotten_against_release(fairness: Fairness, forgotten: usize) {
    let room = room(1, fairness);
    let held = room.take(1);
    (0..forgotten).for_each(|_| mem::forget(room.seeker(&Task::new(), 1)));
    let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'a'));
    drop(held);
    room.enter(1, 'b');
    thread.join().unwrap();
    check(&room);
}

#[test]
fn forgotten_and_release() {
    model(3, || forgotten_against_release(keeps(2), 1));
}

/// Bounded, and closely: each is passed over once by each.
#[test]
fn two_forgotten_and_release() {
    model(2, || forgotten_against_release(keeps(1), 2));
}

/// The prober is dropped while it probes, and leaves its role to the one that sleeps ahead of it.
#[test]
fn prober_that_is_dropped() {
    model(UNBOUNDED, || {
        let room = room(1, keeps(2));
        let held = room.take(1);
        mem::forget(room.seeker(&Task::new(), 1));
        let task = Task::new();
        let mut heir = room.seeker(&task, 1);
        drop(held);
        let other = Task::new();
        let mut prober = room.seeker(&other, 1);
        assert!(other.poll(&mut prober).is_none());
        let thread = spawn(move || drop(prober));
        room.seat(&task, &mut heir, 'h');
        thread.join().unwrap();
        drop(heir);
        check(&room);
    });
}

/// It was passed over, and comes back behind the first while that one is called, or gone.
#[test]
fn coming_back_behind_the_first() {
    model(6, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let (other, task) = (Task::new(), Task::new());
        let mut first = room.seeker(&other, 1);
        let mut passed = room.seeker(&task, 1);
        drop(held);
        let mut third = room.seeker(&task, 1);
        let permit = task.poll(&mut third).expect("P2").unwrap();
        let thread = spawn_with(&room, move |theirs| {
            theirs.seat(&task, &mut passed, 'p');
            theirs.seat(&other, &mut first, '1');
        });
        drop(permit);
        room.enter(2, 'n');
        thread.join().unwrap();
        drop(third);
        assert_eq!(room.idle(2).len(), 3);
    });
}

/// It was first when it was passed over, and comes back to the front while the next ones are called.
/// Bounded, as above.
#[test]
fn coming_back_to_the_front() {
    model(3, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let (task, other) = (Task::new(), Task::new());
        let mut passed = room.seeker(&task, 2);
        let mut behind = room.seeker(&other, 1);
        drop(held);
        let mut second = room.seeker(&task, 1);
        let permit = task.poll(&mut second).expect("P2").unwrap();
        let (theirs, others) = (room.clone(), room.clone());
        let one = spawn(move || theirs.seat(&task, &mut passed, 'p'));
        let two = spawn(move || others.seat(&other, &mut behind, 'b'));
        drop(permit);
        one.join().unwrap();
        two.join().unwrap();
        drop(second);
        assert_eq!(room.idle(2).len(), 2);
    });
}
