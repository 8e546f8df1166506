//! Closing against everything. Whoever waits learns of it; permits that are out still count when they
//! come back; and it stays closed.

use std::mem;

use wakeful::{Fairness, Semaphore, TryAcquireError};

use super::cast::*;

/// It is closed for all that ask, and idle, with `free` permits free.
#[track_caller]
fn closed(room: &Room, free: usize) -> Vec<char> {
    let tried = room.try_acquire(1).map(drop);
    assert_eq!(tried, Err(TryAcquireError::Closed));
    let polled = Task::new().poll(&mut Box::pin(room.acquire(1)));
    assert!(polled.expect("it is ready").is_err());
    assert!(room.semaphore.is_closed());
    room.idle(free)
}

fn spawn_close(room: &Room) -> loom::thread::JoinHandle<()> {
    spawn_with(room, move |theirs| theirs.semaphore.close())
}

/// With nobody waiting: neither the permit nor the closing is lost.
#[test]
fn against_a_returned_permit() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(1);
        let thread = spawn_close(&room);
        drop(held);
        thread.join().unwrap();
        closed(&room, 2);
    });
}

#[test]
fn against_adding_and_reducing() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let thread = spawn_close(&room);
        room.semaphore.add_permits(3);
        room.semaphore.reduce_permits(1);
        assert_eq!(room.semaphore.forget_permits(1), 1);
        thread.join().unwrap();
        closed(&room, 2);
    });
}

/// A permit comes back after the closing that it was out for, and pays what is owed.
#[test]
fn against_reducing_below_nothing() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let thread = spawn_close(&room);
        room.semaphore.reduce_permits(1);
        drop(held);
        thread.join().unwrap();
        closed(&room, 0);
        room.semaphore.add_permits(2);
        closed(&room, 2);
    });
}

#[test]
fn against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let thread = spawn_close(&room);
        let entered = room.enter_if_open(1, 'a');
        saw(entered, "it is in time");
        saw(!entered, "it is too late");
        thread.join().unwrap();
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// There is nothing to be had, so that all depends on the closing.
#[test]
fn against_a_first_poll_in_vain() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let thread = spawn_close(&room);
        assert!(!room.enter_if_open(1, 'a'));
        thread.join().unwrap();
        closed(&room, 0);
    });
}

#[test]
fn against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let thread = spawn_close(&room);
        let tried = room.try_acquire(1);
        let barged = match &tried {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(*error, TryAcquireError::Closed);
                false
            }
        };
        thread.join().unwrap();
        closed(&room, usize::from(!barged));
        drop(tried);
        closed(&room, 1);
    });
}

/// A waiter that is woken by the release, by the closing, or by both.
fn against_release_to(waiters: usize, fairness: Fairness) {
    let room = room(1, fairness);
    let held = room.take(1);
    let tasks: Vec<_> = (0..waiters).map(|_| Task::new()).collect();
    let seekers: Vec<_> = tasks.iter().map(|task| room.seeker(task, 1)).collect();
    let thread = spawn_close(&room);
    drop(held);
    let mut entered = 0;
    for (task, mut seeker) in tasks.iter().zip(seekers) {
        entered += usize::from(room.sit_if_open(task.finish(&mut seeker), 'w'));
    }
    thread.join().unwrap();
    assert_eq!(closed(&room, 1).len(), entered);
}

#[test]
fn against_release_to_one() {
    model(UNBOUNDED, || against_release_to(1, Fairness::DEFAULT));
}

#[test]
fn against_release_to_two() {
    model(UNBOUNDED, || against_release_to(2, Fairness::FIFO));
}

/// The release comes from a third thread. Bounded: three threads.
#[test]
fn against_release_and_a_first_poll() {
    model(3, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let closer = spawn_close(&room);
        let releaser = spawn(move || drop(held));
        let entered = room.enter_if_open(1, 'w');
        closer.join().unwrap();
        releaser.join().unwrap();
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// It was called, and is closed before or after it answers.
#[test]
fn against_a_called_one() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let (task, other) = (Task::new(), Task::new());
        let mut first = room.seeker(&task, 1);
        let mut second = room.seeker(&other, 1);
        drop(held);
        let thread = spawn_close(&room);
        let one = room.sit_if_open(task.finish(&mut first), '1');
        let two = room.sit_if_open(other.finish(&mut second), '2');
        thread.join().unwrap();
        saw(one && !two, "the first is in time");
        saw(!one, "it is not");
        assert!(one || !two, "in order");
        drop((first, second));
        assert_eq!(closed(&room, 1).len(), usize::from(one) + usize::from(two));
    });
}

/// More wait than are woken at once: all learn of it, though some go and one comes meanwhile. Bounded:
/// three threads.
#[test]
fn against_many() {
    model(3, || {
        let room = room(0, Fairness::DEFAULT);
        let tasks = [Task::new(), Task::new(), Task::new()];
        let [mut a, b, mut c] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let [one, _, three] = tasks;
        let closer = spawn_close(&room);
        let thread = spawn(move || {
            assert!(one.finish(&mut a).is_err());
            drop(b);
        });
        assert!(three.finish(&mut c).is_err());
        closer.join().unwrap();
        thread.join().unwrap();
        drop(c);
        closed(&room, 0);
    });
}

/// One comes while those in line are being woken.
#[test]
fn against_an_arrival_behind_two() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let tasks = [Task::new(), Task::new()];
        let [mut a, mut b] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn_close(&room);
        assert!(!room.enter_if_open(1, 'a'));
        assert!(tasks[1].finish(&mut b).is_err());
        assert!(tasks[0].finish(&mut a).is_err());
        thread.join().unwrap();
        drop((a, b));
        closed(&room, 0);
    });
}

#[test]
fn against_cancel() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let tasks = [Task::new(), Task::new()];
        let [a, mut b] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn_close(&room);
        drop(a);
        assert!(tasks[1].finish(&mut b).is_err());
        thread.join().unwrap();
        drop(b);
        closed(&room, 0);
    });
}

/// The last in line goes, and with it the word's memory of a line; the closing must not go with it.
#[test]
fn against_cancel_of_the_only_one() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let only = room.seeker(&Task::new(), 1);
        let thread = spawn_close(&room);
        drop(only);
        thread.join().unwrap();
        closed(&room, 0);
    });
}

/// A large one that goes calls those behind it, unless they know better. Bounded: three threads.
#[test]
fn against_cancel_of_a_large_one() {
    model(4, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(&Task::new(), 2);
        let task = Task::new();
        let mut small = room.seeker(&task, 1);
        let closer = spawn_close(&room);
        let goes = spawn(move || drop(large));
        let entered = room.sit_if_open(task.finish(&mut small), 's');
        closer.join().unwrap();
        goes.join().unwrap();
        drop((small, held));
        assert_eq!(closed(&room, 2).len(), usize::from(entered));
    });
}

/// Permits are given to a line that is being told: nobody is called any more, and all are counted.
#[test]
fn against_adding_with_a_line() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::FIFO);
        let tasks = [Task::new(), Task::new()];
        let seekers = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn_close(&room);
        room.semaphore.add_permits(2);
        let mut entered = 0;
        for (task, mut seeker) in tasks.iter().zip(seekers) {
            entered += usize::from(room.sit_if_open(task.finish(&mut seeker), 'w'));
        }
        thread.join().unwrap();
        assert_eq!(closed(&room, 2).len(), entered);
    });
}

#[test]
fn against_closing() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let tasks = [Task::new(), Task::new()];
        let [mut a, mut b] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn_close(&room);
        room.semaphore.close();
        assert!(room.semaphore.is_closed());
        assert!(tasks[0].finish(&mut a).is_err());
        assert!(tasks[1].finish(&mut b).is_err());
        thread.join().unwrap();
        drop((a, b));
        closed(&room, 0);
    });
}

/// A permit is free, and kept for one who never comes: an arrival that probes learns of the closing.
#[test]
fn against_a_prober() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::overtakes(0).with_patience(looks(2)));
        let held = room.take(1);
        mem::forget(room.seeker(&Task::new(), 1));
        drop(held);
        let thread = spawn_close(&room);
        let entered = room.enter_if_open(1, 'a');
        thread.join().unwrap();
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// A waiter was passed over, and comes back to a semaphore that is closed.
#[test]
fn against_one_that_was_passed_over() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::FIFO);
        let held = room.take(1);
        let task = Task::new();
        let mut first = room.seeker(&task, 1);
        drop(held);
        let mut second = room.seeker(&task, 1);
        let permit = task.poll(&mut second).expect("P2").unwrap();
        let thread = spawn_close(&room);
        drop(permit);
        let entered = room.sit_if_open(task.finish(&mut first), '1');
        thread.join().unwrap();
        drop((first, second));
        assert_eq!(closed(&room, 1).len(), usize::from(entered));
    });
}

/// What it waits with is changed meanwhile.
#[test]
fn against_another_waker() {
    model(UNBOUNDED, || {
        let room = room(0, Fairness::DEFAULT);
        let mut waiting = room.seeker(&Task::new(), 1);
        let thread = spawn_close(&room);
        assert!(Task::new().finish(&mut waiting).is_err());
        thread.join().unwrap();
        drop(waiting);
        closed(&room, 0);
    });
}

/// What was written before the closing is there for one who was woken by it.
#[test]
fn tells_what_was_before() {
    model(UNBOUNDED, || {
        let shared = std::sync::Arc::new((Semaphore::new(0), Watched::default()));
        let thread = spawn_with(&shared, move |theirs| {
            theirs.1.write();
            theirs.0.close();
        });
        assert!(block_on(shared.0.acquire()).is_err());
        assert_eq!(shared.1.read(), 1);
        thread.join().unwrap();
        shared.0.assert_idle(0);
    });
}

/// Nothing is free until it is closed. One who finds somebody waiting, and goes on by way of the line,
/// may find a permit there, but must find it closed as well.
#[test]
fn against_one_who_tries() {
    model(3, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let task = Task::new();
        let mut waiting = task.queues(room.acquire(1));
        let thread = spawn_with(&room, move |theirs| {
            let tried = theirs.try_acquire(1).map(drop).unwrap_err();
            saw(
                tried == TryAcquireError::NoPermits,
                "it looks before it is closed",
            );
            saw(tried == TryAcquireError::Closed, "it learns of the closing");
        });
        room.semaphore.close();
        drop(held);
        thread.join().unwrap();
        assert!(task.poll(&mut waiting).expect("it is ready").is_err());
        drop(waiting);
        closed(&room, 1);
    });
}
