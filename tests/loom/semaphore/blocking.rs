//! Threads that block, beside tasks, in the same line. Under loom a deadline that is not
//! `Duration::MAX` has passed at once: such a wait polls once, sees that it is too late, and cancels.

use wakeful::AcquireTimeoutError;

use super::cast::*;

fn enter_blocking(room: &Room, n: u32, who: char) {
    let semaphore = room.semaphore.clone();
    let permit = semaphore.blocking_acquire_many_owned(n).unwrap();
    room.sit(permit, who);
}

/// Whether it was in, was too late, or it was closed.
fn enter_in_time(room: &Room, n: u32, who: char) -> Result<(), AcquireTimeoutError> {
    let semaphore = room.semaphore.clone();
    let permit = semaphore.blocking_acquire_many_owned_timeout(n, SOON)?;
    room.sit(permit, who);
    Ok(())
}

#[test]
fn two_threads() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| enter_blocking(&theirs, 1, 't'));
        drop(room.semaphore.blocking_acquire().unwrap());
        assert_eq!(room.idle(1), ['t']);
    });
}

#[test]
fn thread_and_task() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        spawn_with(&room, move |theirs| enter_blocking(&theirs, 2, 't'));
        room.enter(1, 'm');
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// Both are called at once. Bounded: three threads.
#[test]
fn thread_and_task_and_a_batch() {
    model(3, || {
        let (room, held) = full_room(2, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| enter_blocking(&theirs, 1, '1'));
        spawn_with(&room, move |theirs| theirs.enter(1, '2'));
        drop(held);
        assert_eq!(room.idle(2).len(), 2);
    });
}

#[test]
fn closed_while_it_blocks() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| {
            theirs.semaphore.blocking_acquire().is_err()
        });
        room.semaphore.close();
        assert!(thread.join());
        room.idle(0);
    });
}

/// A thread and a task, and both are to learn of it. Bounded: three threads.
#[test]
fn closed_while_they_wait() {
    model(3, || {
        let room = room(0, Fairness::DEFAULT);
        let one = spawn_with(&room, move |theirs| {
            let got = theirs.semaphore.clone().blocking_acquire_owned();
            theirs.sit_if_open(got, '1')
        });
        let two = spawn_with(&room, move |theirs| theirs.enter_if_open(1, '2'));
        room.semaphore.close();
        assert!(!one.join());
        assert!(!two.join());
        room.idle(0);
    });
}

/// Too late or not: the release is seen by one who waits for it. Bounded: unbounded is 20 times as
/// many.
#[test]
fn timeout_against_release() {
    model(5, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(1);
        let thread = spawn_with(&room, move |theirs| enter_in_time(&theirs, 2, 't'));
        drop(held);
        room.enter(1, 'm');
        let entered = thread.join();
        let too_late = Err(AcquireTimeoutError::Timeout);
        saw(entered == too_late, "it is too late");
        saw(entered.is_ok(), "it is in time");
        assert_eq!(room.idle(2).len(), 1 + usize::from(entered.is_ok()));
    });
}

/// Who waits behind the one that gives up gets the call that was for it. Bounded: three threads.
#[test]
fn timeout_ahead_of_another() {
    model(3, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let hasty = spawn_with(&room, move |theirs| enter_in_time(&theirs, 2, 't').is_ok());
        spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(held);
        let entered = hasty.join();
        assert_eq!(room.idle(2).len(), 1 + usize::from(entered));
    });
}

#[test]
fn timeout_against_close() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| {
            enter_in_time(&theirs, 1, 't').unwrap_err()
        });
        room.semaphore.close();
        let error = thread.join();
        saw(error == AcquireTimeoutError::Timeout, "it is too late");
        saw(error == AcquireTimeoutError::Closed, "it is closed");
        room.idle(0);
    });
}

/// Zero tries once and never waits; `MAX` waits forever.
#[test]
fn zero_and_max() {
    model(UNBOUNDED, || {
        let (room, held) = full_room(1, Fairness::DEFAULT);
        spawn_with(&room, move |theirs| {
            let semaphore = theirs.semaphore.clone();
            let _ = semaphore.blocking_acquire_timeout(Duration::ZERO).is_ok();
            let waited = semaphore.blocking_acquire_owned_timeout(Duration::MAX);
            theirs.sit(waited.expect("it waits forever"), 't');
        });
        drop(held);
        assert_eq!(room.idle(1), ['t']);
    });
}

/// A thread that finds a permit free, but kept, probes by yielding, and gets in past a waiter that
/// does not answer.
#[test]
fn thread_that_probes() {
    model(UNBOUNDED, || {
        let (room, waiting) = called_seeker(1, keeps(2));
        spawn_with(&room, move |theirs| enter_blocking(&theirs, 1, 't'));
        room.seat(waiting, 'w');
        assert_eq!(room.idle(1).len(), 2);
    });
}

/// A blocked thread is never passed over: one that probes waits for it.
#[test]
fn thread_that_is_probed() {
    model(UNBOUNDED, || {
        let (room, held) = full_room(1, keeps(1));
        spawn_with(&room, move |theirs| enter_blocking(&theirs, 1, 't'));
        drop(held);
        room.enter(1, 'm');
        assert_eq!(room.idle(1).len(), 2);
    });
}
