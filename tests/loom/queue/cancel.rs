//! A waiter dropped in each state: no item, no slot and nobody's wake-up goes with it; and a push that
//! was dropped before it was ready was never received and never will be.

use futures::future::FusedFuture;
use wakeful::Fairness;
use wakeful::queue::{SendUntilError, TryRecvError};

use super::cast::*;

/// Of two pops that wait, the first is dropped on a thread of its own while an item comes, or after
/// that: the other one gets it.
fn first_pop_of_two(fairness: Fairness, called: bool) {
    let queue = queue(1, fairness);
    let first = Task::new().queues(pop(&queue));
    let task = Task::new();
    let mut second = task.queues(pop(&queue));
    if called {
        put(&queue, 'a');
    }
    let thread = spawn(move || drop(first));
    if !called {
        put(&queue, 'a');
    }
    assert_eq!(task.finish(&mut second), Some('a'));
    thread.join().unwrap();
    drop(second);
    assert_eq!(idle(&queue), "");
}

#[test]
fn queued_pop() {
    model(UNBOUNDED, || first_pop_of_two(Fairness::DEFAULT, false));
}

#[test]
fn called_pop() {
    model(UNBOUNDED, || first_pop_of_two(Fairness::FIFO, true));
}

/// Of two pushes that wait, the first is dropped while a slot comes free, or after that.
fn first_push_of_two(fairness: Fairness, called: bool) {
    let queue = holding("x", 1, fairness);
    let first = Task::new().queues(push(&queue, 'a'));
    let task = Task::new();
    let mut second = task.queues(push(&queue, 'b'));
    if called {
        get(&queue);
    }
    let thread = spawn(move || drop(first));
    if !called {
        assert_eq!(get(&queue), 'x');
    }
    assert_eq!(task.finish(&mut second), Ok(()));
    thread.join().unwrap();
    drop(second);
    assert_eq!(idle(&queue), "b");
}

#[test]
fn queued_push() {
    model(UNBOUNDED, || first_push_of_two(Fairness::DEFAULT, false));
}

#[test]
fn called_push() {
    model(UNBOUNDED, || first_push_of_two(Fairness::FIFO, true));
}

/// Both pops go, on two threads, while an item comes: it stays. Bounded: three threads.
#[test]
fn both_pops() {
    model(3, || {
        let queue = queue(1, Fairness::DEFAULT);
        let threads = [(); 2].map(|()| {
            let waiting = Task::new().queues(pop(&queue));
            spawn(move || drop(waiting))
        });
        put(&queue, 'a');
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(idle(&queue), "a");
    });
}

/// The only push in line is polled once more and dropped while a pop makes room. It was ready or not;
/// if not, its item never comes.
#[test]
fn push_polled_and_dropped() {
    model(UNBOUNDED, || {
        let queue = holding("xy", 2, Fairness::DEFAULT);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(push(&queue, 'a'));
        let mut second = other.queues(push(&queue, 'b'));
        let thread = spawn(move || {
            let polled = task.poll(&mut first);
            drop(first);
            polled.is_some()
        });
        assert_eq!([get(&queue), get(&queue)], ['x', 'y']);
        assert_eq!(other.finish(&mut second), Ok(()));
        let polled = thread.join().unwrap();
        saw(polled, "it is ready in time");
        saw(!polled, "it is not");
        drop(second);
        assert_eq!(sorted(&idle(&queue)), if polled { "ab" } else { "b" });
    });
}

/// The same of a pop: it has the item, or the item stays for the other one.
#[test]
fn pop_polled_and_dropped() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(pop(&queue));
        let mut second = other.queues(pop(&queue));
        let thread = spawn(move || {
            let polled = task.poll(&mut first).flatten();
            drop(first);
            polled
        });
        put(&queue, 'a');
        put(&queue, 'b');
        let mine = other.finish(&mut second).expect("it is open");
        let theirs = thread.join().unwrap();
        saw(theirs.is_some(), "it is in time");
        saw(theirs.is_none(), "it is not");
        drop(second);
        let mut all = format!("{mine}{}", idle(&queue));
        all.extend(theirs);
        assert_eq!(sorted(&all), "ab");
    });
}

/// A reserve that waits, with a push behind it.
#[test]
fn reserve() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::FIFO);
        assert!(sender.try_send(Item::new('x')).is_ok());
        let theirs = sender.clone();
        let reserve = Task::new().queues(async move { theirs.reserve_many(1).await.is_ok() });
        let task = Task::new();
        let mut behind = task.queues(sender.send(Item::new('b')));
        let thread = spawn(move || drop(reserve));
        assert_eq!(receiver.try_recv().map(Item::read), Ok('x'));
        assert!(task.finish(&mut behind).is_ok());
        thread.join().unwrap();
        assert_eq!(receiver.try_recv().map(Item::read), Ok('b'));
        assert_eq!(receiver.capacity(), 1);
    });
}

/// A reserve that waits for two slots goes: the push behind it, for which one is enough, is called.
#[test]
fn large_reserve_ahead_of_a_push() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(2, Fairness::FIFO);
        assert!(sender.try_send(Item::new('x')).is_ok());
        let theirs = sender.clone();
        let reserve = Task::new().queues(async move { theirs.reserve_many(2).await.is_ok() });
        let task = Task::new();
        let mut behind = task.queues(sender.send(Item::new('b')));
        let thread = spawn(move || drop(reserve));
        assert!(task.finish(&mut behind).is_ok());
        thread.join().unwrap();
        assert_eq!(receiver.len(), 2);
    });
}

/// The item is taken back out of a push while a pop makes room for it: exactly one of the two has it,
/// and who waits behind is called.
#[test]
fn taken_back_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::FIFO);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(queue.push(Item::new('a')));
        let mut second = other.queues(push(&queue, 'b'));
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let polled = task.poll(&mut first).is_some();
        let item = first.as_mut().into_item().map(Item::read);
        assert_eq!(item, (!polled).then_some('a'));
        assert!(first.is_terminated());
        saw(item.is_some(), "it comes back");
        saw(polled, "it is sent");
        if !polled {
            assert_eq!(other.finish(&mut second), Ok(()));
        }
        assert_eq!(thread.join().unwrap(), 'x');
        drop((first, second));
        assert_eq!(idle(&queue), if polled { "a" } else { "b" });
    });
}

/// It is taken back while the queue is closed: it comes back, whichever is first.
#[test]
fn taken_back_against_close() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let mut waiting = Task::new().queues(queue.push(Item::new('a')));
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let item = waiting.as_mut().into_item().map(Item::read);
        assert_eq!(item, Some('a'));
        assert!(thread.join().unwrap());
        drop(waiting);
        queue.assert_idle();
        assert_eq!(get(&queue), 'x');
        assert_eq!(try_pop(&queue), Err(TryRecvError::Disconnected));
    });
}

/// Something else is ready, perhaps, before the push: the item has left, or comes back.
#[test]
fn interrupted() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        assert!(sender.try_send(Item::new('x')).is_ok());
        let thread = spawn_with(&receiver, move |theirs| theirs.try_recv().map(Item::read));
        let mut now = Box::pin(sender.send_until(Item::new('a'), async {}));
        let sent = Task::new().poll(&mut now).expect("it waits for nothing");
        saw(sent.is_ok(), "it is sent");
        saw(sent.is_err(), "it comes back");
        match sent {
            Ok(()) => {
                assert!(thread.join().unwrap().is_ok());
                assert_eq!(receiver.try_recv().map(Item::read), Ok('a'));
            }
            Err(SendUntilError::Interrupted(item)) => {
                assert_eq!(item.read(), 'a');
                assert!(thread.join().unwrap().is_ok());
                assert!(receiver.try_recv().is_err(), "it is never received");
            }
            Err(SendUntilError::Closed(_)) => unreachable!("nobody closes it"),
        }
        assert_eq!(receiver.capacity(), 1);
    });
}
