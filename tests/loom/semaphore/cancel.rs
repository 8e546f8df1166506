//! A waiter dropped in each state it can be in: nothing that it was to have is lost.

use super::cast::*;

/// The only one in line goes as another one comes.
#[test]
fn alone_against_an_arrival() {
    model(UNBOUNDED, || {
        let (room, waiting) = called_seeker(1, Fairness::DEFAULT);
        spawn(move || drop(waiting));
        room.enter(1, 'a');
        assert_eq!(room.idle(1), ['a']);
    });
}

/// Three in line for two permits that come back at once, and the first of them goes: the other two are
/// in, whether it was woken before or not.
fn batch_against_the_first(fairness: Fairness) {
    let (room, held, [first, second, third]) = contended_room(2, fairness);
    spawn(move || drop(first));
    drop(held);
    room.seat(second, '2');
    room.seat(third, '3');
    assert_eq!(room.idle(2), ['2', '3']);
}

models! {
    batch: UNBOUNDED, batch_against_the_first(Fairness::DEFAULT);
    batch_in_fifo: UNBOUNDED, batch_against_the_first(Fairness::FIFO);
}

/// Three actors: the batch, who goes, and who waits. Bounded: three threads.
#[test]
fn batch_of_three_actors() {
    model(3, || {
        let (room, held, [first]) = contended_room(2, Fairness::DEFAULT);
        let [second, third] = room.seekers();
        spawn(move || drop(first));
        spawn_with(&room, move |theirs| {
            theirs.seat(second, '2');
            theirs.seat(third, '3');
        });
        held.forget();
        room.semaphore.add_permits(2);
        assert_eq!(room.idle(2), ['2', '3']);
    });
}

/// Polled once more, and dropped, while they come back.
#[test]
fn polled_and_dropped() {
    model(UNBOUNDED, || {
        let (room, held, [first, second]) = contended_room(2, Fairness::DEFAULT);
        let thread = spawn(move || first.poll_and_drop().is_some());
        drop(held);
        room.seat(second, '2');
        let polled = thread.join();
        varies(polled, "it is in time");
        assert_eq!(room.idle(2), ['2']);
    });
}

/// Both of the line go, on two threads, while both permits come back. Bounded: three threads.
#[test]
fn both_go() {
    model(5, || {
        let (room, held, [first, second]) = contended_room(2, Fairness::DEFAULT);
        spawn(move || drop(first));
        spawn(move || drop(second));
        drop(held);
        room.idle(2);
    });
}

/// A large one that waits for more than is free goes: the small ones behind it, for whom there is
/// enough, are woken, both of them.
#[test]
fn large_ahead_of_small() {
    model(UNBOUNDED, || {
        let room = room(3, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(3);
        let [a, b] = room.seekers();
        spawn(move || drop(large));
        room.seat(a, 'a');
        room.seat(b, 'b');
        join_all();
        drop(held);
        assert_eq!(room.idle(3), ['a', 'b']);
    });
}

/// The same while what it waits for comes back, and a newcomer tries. Bounded: three threads.
#[test]
fn large_against_release() {
    model(3, || {
        let room = room(3, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(3);
        let [a, b] = room.seekers();
        let goes = spawn(move || drop(large));
        let newcomer = spawn_with(&room, move |theirs| theirs.barge(2, 'n'));
        drop(held);
        room.seat(a, 'a');
        room.seat(b, 'b');
        goes.join();
        let barged = newcomer.join();
        assert_eq!(room.idle(3).len(), 2 + usize::from(barged));
    });
}

/// A large one goes against its very first poll's being over: nobody else is in line, or one is.
#[test]
fn large_against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::FIFO);
        let large = room.seeker(2);
        spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(large);
        assert_eq!(room.idle(1), ['w']);
    });
}

/// It is woken, and behind it one who fits beside it sleeps, because a third one needs too much. It
/// goes: the third is woken.
#[test]
fn called_ahead_of_larger() {
    model(UNBOUNDED, || {
        let (room, held, [small]) = contended_room(2, Fairness::FIFO);
        let large = room.seeker(2);
        drop(held);
        spawn(move || drop(small));
        room.seat(large, 'L');
        assert_eq!(room.idle(2), ['L']);
    });
}
