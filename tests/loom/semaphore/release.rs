//! Permits that come back, or are added, while somebody queues: everybody for whom there is enough is
//! woken, and nobody twice for the same.

use wakeful::Fairness;

use super::cast::*;

/// The "nobody waits" of the release against the first poll of the waiter.
#[test]
fn against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(held);
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['w']);
    });
}

/// The waiter asks for all that come back, one by one.
fn one_by_one_against_a_large_first_poll(fairness: Fairness) {
    let room = room(2, fairness);
    let held = (room.take(1), room.take(1));
    let thread = spawn_with(&room, move |theirs| theirs.enter(2, 'w'));
    drop(held);
    thread.join().unwrap();
    assert_eq!(room.idle(2), ['w']);
}

#[test]
fn one_by_one_against_a_large_one() {
    model(UNBOUNDED, || {
        one_by_one_against_a_large_first_poll(Fairness::DEFAULT);
    });
}

#[test]
fn one_by_one_against_a_large_one_in_fifo() {
    model(UNBOUNDED, || {
        one_by_one_against_a_large_first_poll(Fairness::FIFO)
    });
}

/// They come back on two threads. Bounded: three threads.
#[test]
fn from_two_threads_against_a_large_one() {
    model(4, || {
        let room = room(2, Fairness::DEFAULT);
        let (one, two) = (room.take(1), room.take(1));
        let waiter = spawn_with(&room, move |theirs| theirs.enter(2, 'w'));
        let thread = spawn(move || drop(one));
        drop(two);
        waiter.join().unwrap();
        thread.join().unwrap();
        assert_eq!(room.idle(2), ['w']);
    });
}

/// Two releases on two threads, and two waiters, both of which are woken, none by both.
fn two_and_two(fairness: Fairness) {
    let room = room(2, fairness);
    let (one, two) = (room.take(1), room.take(1));
    let (first, second) = (Task::new(), Task::new());
    let mut a = room.seeker(&first, 1);
    let mut b = room.seeker(&second, 1);
    let thread = spawn_with(&room, move |theirs| {
        drop(one);
        theirs.seat(&first, &mut a, 'a');
    });
    drop(two);
    room.seat(&second, &mut b, 'b');
    thread.join().unwrap();
    drop(b);
    assert_eq!(room.idle(2).len(), 2);
}

/// Bounded: unbounded is 20 times as many.
#[test]
fn two_releases_two_waiters() {
    model(5, || two_and_two(Fairness::DEFAULT));
}

/// Bounded, as above.
#[test]
fn two_releases_two_waiters_in_fifo() {
    model(5, || two_and_two(Fairness::FIFO));
}

/// Nobody polls meanwhile: after both releases, both have been woken, once each.
#[test]
fn two_releases_wake_two() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let (one, two) = (room.take(1), room.take(1));
        let (first, second) = (Task::new(), Task::new());
        let a = room.seeker(&first, 1);
        let b = room.seeker(&second, 1);
        let thread = spawn(move || drop(one));
        drop(two);
        thread.join().unwrap();
        assert_eq!((first.wakes(), second.wakes()), (1, 1));
        drop((a, b));
        room.idle(2);
    });
}

/// Both at once, one after the other of whom is woken; they may be in and out before the second is.
fn a_batch(fairness: Fairness, release: fn(&Room, Permit)) {
    let room = room(2, fairness);
    let held = room.take(2);
    let (first, second) = (Task::new(), Task::new());
    let mut a = room.seeker(&first, 1);
    let mut b = room.seeker(&second, 1);
    let thread = spawn_with(&room, move |theirs| {
        theirs.seat(&first, &mut a, 'a');
        theirs.seat(&second, &mut b, 'b');
    });
    release(&room, held);
    thread.join().unwrap();
    assert_eq!(room.idle(2), ['a', 'b']);
}

#[test]
fn two_at_once() {
    model(UNBOUNDED, || {
        a_batch(Fairness::DEFAULT, |_, held| drop(held))
    });
}

#[test]
fn two_at_once_in_fifo() {
    model(UNBOUNDED, || a_batch(Fairness::FIFO, |_, held| drop(held)));
}

#[test]
fn two_added() {
    model(UNBOUNDED, || {
        a_batch(Fairness::DEFAULT, |room, held| {
            held.forget();
            room.semaphore.add_permits(2);
        });
    });
}

/// With a thread to each of the two. Bounded: three threads.
#[test]
fn two_at_once_for_two_threads() {
    model(3, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(2);
        let (first, second) = (room.clone(), room.clone());
        let one = spawn(move || first.enter(1, 'a'));
        let two = spawn(move || second.enter(1, 'b'));
        drop(held);
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// Three are woken by two batches, and one more permit comes back meanwhile. Bounded: four waiters.
#[test]
fn a_batch_and_one_more() {
    model(4, || {
        let room = room(3, Fairness::FIFO);
        let (batch, one) = (room.take(2), room.take(1));
        let tasks = [Task::new(), Task::new(), Task::new()];
        let seekers = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn(move || drop(one));
        drop(batch);
        thread.join().unwrap();
        assert_eq!(tasks.each_ref().map(Task::wakes), [1, 1, 1]);
        for (task, mut seeker) in tasks.iter().zip(seekers) {
            room.seat(task, &mut seeker, 'w');
        }
        room.idle(3);
    });
}
