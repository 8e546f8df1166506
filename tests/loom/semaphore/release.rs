//! Permits that come back, or are added, while somebody queues: everybody for whom there is enough is
//! woken, and nobody twice for the same.

use super::cast::*;

/// The "nobody waits" of the release against the first poll of the waiter.
#[test]
fn against_a_first_poll() {
    model(UNBOUNDED, || {
        let (room, held) = full_room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(held);
        assert_eq!(room.idle(1), ['w']);
    });
}

/// The waiter asks for all that come back, one by one.
fn one_by_one(fairness: Fairness) {
    let (room, held) = taken_seats::<2>(fairness);
    spawn_with(&room, move |theirs| theirs.enter(2, 'w'));
    drop(held);
    assert_eq!(room.idle(2), ['w']);
}

models! {
    one_by_one_against_a_large_one: UNBOUNDED, one_by_one(Fairness::DEFAULT);
    one_by_one_against_a_large_one_in_fifo: UNBOUNDED, one_by_one(Fairness::FIFO);
}

/// They come back on two threads. Bounded: three threads.
#[test]
fn from_two_threads_against_a_large_one() {
    model(4, || {
        let (room, [one, two]) = taken_seats(Fairness::DEFAULT);
        spawn_with(&room, move |theirs| theirs.enter(2, 'w'));
        spawn(move || drop(one));
        drop(two);
        assert_eq!(room.idle(2), ['w']);
    });
}

/// Two releases on two threads, and two waiters, both of which are woken, none by both.
fn two_and_two(fairness: Fairness) {
    let (room, [one, two]) = taken_seats(fairness);
    let [a, b] = room.seekers();
    spawn_with(&room, move |theirs| {
        drop(one);
        theirs.seat(a, 'a');
    });
    drop(two);
    room.seat(b, 'b');
    assert_eq!(room.idle(2).len(), 2);
}

models! {
    /// Bounded: unbounded is 20 times as many.
    two_releases_two_waiters: 5, two_and_two(Fairness::DEFAULT);
    /// Bounded, as above.
    two_releases_two_waiters_in_fifo: 5, two_and_two(Fairness::FIFO);
}

/// Nobody polls meanwhile: after both releases, both have been woken, once each.
#[test]
fn two_releases_wake_two() {
    model(UNBOUNDED, || {
        let (room, [one, two]) = taken_seats(Fairness::FIFO);
        let [a, b] = room.seekers();
        spawn(move || drop(one));
        drop(two);
        join_all();
        assert_eq!((a.task.wakes(), b.task.wakes()), (1, 1));
        drop((a, b));
        room.idle(2);
    });
}

/// Both at once, one after the other of whom is woken; they may be in and out before the second is.
fn a_batch(fairness: Fairness, release: fn(&Room, Permit)) {
    let (room, held, [a, b]) = contended_room(2, fairness);
    spawn_with(&room, move |theirs| {
        theirs.seat(a, 'a');
        theirs.seat(b, 'b');
    });
    release(&room, held);
    assert_eq!(room.idle(2), ['a', 'b']);
}

/// They are added; the permit that was held is not given back.
fn add_two(room: &Room, held: Permit) {
    held.forget();
    room.semaphore.add_permits(2);
}

models! {
    two_at_once: UNBOUNDED, a_batch(Fairness::DEFAULT, |_, held| drop(held));
    two_at_once_in_fifo: UNBOUNDED, a_batch(Fairness::FIFO, |_, held| drop(held));
    two_added: UNBOUNDED, a_batch(Fairness::DEFAULT, add_two);
}

/// With a thread to each of the two. Bounded: three threads.
#[test]
fn two_at_once_for_two_threads() {
    model(3, || {
        let (room, held) = full_room(2, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| theirs.enter(1, 'a'));
        spawn_with(&room, move |theirs| theirs.enter(1, 'b'));
        drop(held);
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// Three are woken by two batches, and one more permit comes back meanwhile. Bounded: four waiters.
#[test]
fn a_batch_and_one_more() {
    model(4, || {
        let room = room(3, Fairness::FIFO);
        let (batch, one) = (room.take(2), room.take(1));
        let seekers: [_; 3] = room.seekers();
        spawn(move || drop(one));
        drop(batch);
        join_all();
        assert!(seekers.iter().all(|seeker| seeker.task.wakes() == 1));
        for seeker in seekers {
            room.seat(seeker, 'w');
        }
        room.idle(3);
    });
}
