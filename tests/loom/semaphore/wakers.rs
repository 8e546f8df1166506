//! Wakers that change, that come too often, and that do things of their own.

use std::future::Future;
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Context, Poll, Wake, Waker};

use wakeful::Fairness;

use super::cast::*;

/// There and back again.
#[test]
fn swapped_twice() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let held = (room.take(1), room.take(1));
        let (first, other) = (Task::new(), Task::new());
        let mut waiting = room.seeker(&first, 2);
        let thread = spawn_with(&room, move |theirs| match other.poll(&mut waiting) {
            Some(permit) => theirs.sit(permit.unwrap(), 'w'),
            None => theirs.seat(&first, &mut waiting, 'w'),
        });
        drop(held);
        thread.join().unwrap();
        assert_eq!(room.idle(2), ['w']);
    });
}

/// Both of two change theirs while both are called.
#[test]
fn two_swapped_against_a_batch() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let mut first = room.seeker(&Task::new(), 1);
        let mut second = room.seeker(&Task::new(), 1);
        let thread = spawn_with(&room, move |theirs| {
            theirs.seat(&Task::new(), &mut second, '2');
            theirs.seat(&Task::new(), &mut first, '1');
        });
        drop(held);
        thread.join().unwrap();
        assert_eq!(room.idle(2), ['2', '1']);
    });
}

/// The one in the second place is polled though it has not been called, while the one in the first
/// place and it are.
#[test]
fn spurious_polls_in_second_place() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let (one, two) = (Task::new(), Task::new());
        let mut first = room.seeker(&one, 1);
        let mut second = room.seeker(&two, 1);
        let thread = spawn_with(&room, move |theirs| {
            let early = two.poll(&mut second).or_else(|| two.poll(&mut second));
            let permit = early.unwrap_or_else(|| two.finish(&mut second));
            theirs.sit(permit.unwrap(), '2');
        });
        drop(held);
        room.seat(&one, &mut first, '1');
        thread.join().unwrap();
        drop(first);
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// Wakes, and besides tries for a permit, drops another waiter of the same semaphore and adds a permit.
struct Meddler {
    room: Room,
    task: Task,
    other: StdMutex<Option<Seeker>>,
}

impl Wake for Meddler {
    fn wake(self: Arc<Self>) {
        drop(self.other.lock().unwrap().take());
        self.room.barge(1, 'r');
        self.room.semaphore.add_permits(1);
        self.task.wake();
    }
}

/// A waker that re-enters while it is woken neither deadlocks nor loses the call: the waiter that it
/// drops may be the one that is next. Bounded: there is much going on.
#[test]
fn reentrant() {
    model(3, || {
        let room = room(2, Fairness::overtakes(1));
        let held = room.take(2);
        let task = Task::new();
        let meddler = Arc::new(Meddler {
            room: room.clone(),
            task: task.clone(),
            other: StdMutex::new(None),
        });
        let waker = Waker::from(meddler.clone());
        let mut first = Box::pin(room.acquire(2));
        let poll = first.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(matches!(poll, Poll::Pending));
        *meddler.other.lock().unwrap() = Some(room.seeker(&Task::new(), 2));
        let thread = spawn_with(&room, move |theirs| theirs.enter(2, 't'));
        drop(held);
        task.sleep();
        room.seat(&task, &mut first, 'w');
        thread.join().unwrap();
        drop(first);
        let book = room.idle(3);
        assert_eq!(book.iter().filter(|&&who| who != 'r').count(), 2);
        saw(book.contains(&'r'), "the waker itself overtakes");
    });
}
