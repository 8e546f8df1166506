//! Permits split, merged, owned, and sent to other threads.

use std::sync::Arc;

use wakeful::Semaphore;

use super::cast::*;

/// Split in two that come back on two threads, one by one, to a waiter for both.
#[test]
fn split() {
    model(UNBOUNDED, || {
        let (room, mut permit) = full_room(2, Fairness::DEFAULT);
        let half = permit.split(1).unwrap();
        let waiting = room.seeker(2);
        spawn(move || drop(half));
        drop(permit);
        room.seat(waiting, 'w');
        assert_eq!(room.idle(2), ['w']);
    });
}

/// Merged on another thread than they were taken on, while a waiter for both comes.
#[test]
fn merged() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let (mut one, other) = (room.take(1), room.take(1));
        spawn(move || {
            one.merge(other);
            assert_eq!(one.num_permits(), 2);
        });
        room.enter(2, 'w');
        assert_eq!(room.idle(2), ['w']);
    });
}

/// A part is forgotten, and the waiter gets the other part, on which it sees what was written.
#[test]
fn split_and_forgotten() {
    model(UNBOUNDED, || {
        let semaphore = Arc::new(Semaphore::new(2));
        let mut permit = semaphore.try_acquire_many(2).unwrap();
        permit.split(1).unwrap().forget();
        assert_eq!(permit.num_permits(), 1);
        permit.forget();
        let written = write_and(&semaphore, |theirs| theirs.add_permits(1));
        let one = block_on(semaphore.acquire()).unwrap();
        assert_eq!(written.read(), 1);
        join_all();
        drop(one);
        semaphore.assert_idle(1);
    });
}

/// A permit is all that keeps the semaphore: the last of three goes on whatever thread it is, when
/// another one has been woken, sat and gone.
#[test]
fn last_one_is_a_permit() {
    model(UNBOUNDED, || {
        let semaphore = Arc::new(Semaphore::new(1));
        let weak = Arc::downgrade(&semaphore);
        let held = semaphore.clone().try_acquire_owned().unwrap();
        let waits = semaphore.acquire_owned();
        let thread = spawn(move || {
            let permit = block_on(waits).unwrap();
            assert_eq!(permit.num_permits(), 1);
            Arc::strong_count(permit.semaphore())
        });
        drop(held);
        let strong = thread.join();
        saw(strong == 1, "the other one has gone");
        saw(strong == 2, "the other one is going still");
        assert!(weak.upgrade().is_none());
    });
}

/// A waiter is: it is dropped while the last permit comes back.
#[test]
fn last_one_is_a_waiter() {
    model(UNBOUNDED, || {
        let semaphore = Arc::new(Semaphore::new(1));
        let weak = Arc::downgrade(&semaphore);
        let held = semaphore.clone().try_acquire_owned().unwrap();
        let waiting = queued(semaphore.acquire_owned());
        spawn(move || drop(waiting));
        drop(held);
        join_all();
        assert!(weak.upgrade().is_none());
    });
}

/// Owned ones come and go on three threads, and with them the semaphore. Bounded: three threads.
#[test]
fn last_one_of_three() {
    model(4, || {
        let semaphore = Arc::new(Semaphore::new(2));
        let weak = Arc::downgrade(&semaphore);
        let mut held = semaphore.clone().try_acquire_many_owned(2).unwrap();
        let half = held.split(1).unwrap();
        let waits = semaphore.acquire_many_owned(2);
        spawn(move || drop(block_on(waits).unwrap()));
        spawn(move || drop(half));
        drop(held);
        join_all();
        assert!(weak.upgrade().is_none());
    });
}
