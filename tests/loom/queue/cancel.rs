//! A waiter dropped in each state: no item, no slot and nobody's wake-up goes with it; and a push that
//! was dropped before it was ready was never received and never will be.

use futures::future::FusedFuture;
use wakeful::queue::{SendUntilError, TryRecvError};

use super::cast::*;

/// Of two pops that wait, the first is dropped on a thread of its own while an item comes, or after
/// that: the other one gets it.
fn first_pop_of_two(fairness: Fairness, called: bool) {
    let queue = queue(1, fairness);
    let [first, second] = [(); 2].map(|()| queued(pop(&queue)));
    if called {
        put(&queue, 'a');
    }
    spawn(move || drop(first));
    if !called {
        put(&queue, 'a');
    }
    assert_eq!(second.finish(), Some('a'));
    assert_eq!(idle(&queue), "");
}

/// Of two pushes that wait, the first is dropped while a slot comes free, or after that.
fn first_push_of_two(fairness: Fairness, called: bool) {
    let queue = holding("x", 1, fairness);
    let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
    if called {
        get(&queue);
    }
    spawn(move || drop(first));
    if !called {
        assert_eq!(get(&queue), 'x');
    }
    assert_eq!(second.finish(), Ok(()));
    assert_eq!(idle(&queue), "b");
}

models! {
    queued_pop: UNBOUNDED, first_pop_of_two(Fairness::DEFAULT, false);
    called_pop: UNBOUNDED, first_pop_of_two(Fairness::FIFO, true);
    queued_push: UNBOUNDED, first_push_of_two(Fairness::DEFAULT, false);
    called_push: UNBOUNDED, first_push_of_two(Fairness::FIFO, true);
}

/// Both pops go, on two threads, while an item comes: it stays. Bounded: three threads.
#[test]
fn both_pops() {
    model(3, || {
        let queue = queue(1, Fairness::DEFAULT);
        for _ in 0..2 {
            let waiting = queued(pop(&queue));
            spawn(move || drop(waiting));
        }
        put(&queue, 'a');
        assert_eq!(idle(&queue), "a");
    });
}

/// The only push in line is polled once more and dropped while a pop makes room. It was ready or not;
/// if not, its item never comes.
#[test]
fn push_polled_and_dropped() {
    model(UNBOUNDED, || {
        let queue = holding("xy", 2, Fairness::DEFAULT);
        let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
        let thread = spawn(move || first.poll_and_drop().is_some());
        assert_eq!([get(&queue), get(&queue)], ['x', 'y']);
        assert_eq!(second.finish(), Ok(()));
        let polled = thread.join();
        varies(polled, "it is ready in time");
        let left = sorted(idle(&queue).chars());
        assert_eq!(left, if polled { "ab" } else { "b" });
    });
}

/// The same of a pop: it has the item, or the item stays for the other one.
#[test]
fn pop_polled_and_dropped() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        let [first, second] = [(); 2].map(|()| queued(pop(&queue)));
        let thread = spawn(move || first.poll_and_drop().flatten());
        put_all(&queue, "ab");
        let mine = second.finish().expect("it is open");
        let theirs = thread.join();
        varies(theirs.is_some(), "it is in time");
        let got = [mine].into_iter().chain(theirs);
        assert_eq!(sorted(got.chain(idle(&queue).chars())), "ab");
    });
}

/// A reserve that waits, with a push behind it.
#[test]
fn reserve() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::FIFO);
        send(&sender, 'x');
        let theirs = sender.clone();
        let reserve = queued(async move { theirs.reserve_many(1).await.is_ok() });
        let behind = queued(sender.send(Item::new('b')));
        spawn(move || drop(reserve));
        assert_eq!(try_recv(&receiver), Ok('x'));
        assert!(behind.finish().is_ok());
        join_all();
        assert_eq!(try_recv(&receiver), Ok('b'));
        assert_eq!(receiver.capacity(), 1);
    });
}

/// A reserve that waits for two slots goes: the push behind it, for which one is enough, is called.
#[test]
fn large_reserve_ahead_of_a_push() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(2, Fairness::FIFO);
        send(&sender, 'x');
        let theirs = sender.clone();
        let reserve = queued(async move { theirs.reserve_many(2).await.is_ok() });
        let behind = queued(sender.send(Item::new('b')));
        spawn(move || drop(reserve));
        assert!(behind.finish().is_ok());
        join_all();
        assert_eq!(receiver.len(), 2);
    });
}

/// The item is taken back out of a push while a pop makes room for it: exactly one of the two has it,
/// and who waits behind is called.
#[test]
fn taken_back_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::FIFO);
        let mut first = queued(queue.push(Item::new('a')));
        let mut second = queued(push(&queue, 'b'));
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let polled = first.poll().is_some();
        let item = first.future.as_mut().into_item().map(Item::read);
        assert_eq!(item, (!polled).then_some('a'));
        assert!(first.future.is_terminated());
        saw(item.is_some(), "it comes back");
        saw(polled, "it is sent");
        if !polled {
            assert_eq!(second.task.finish(&mut second.future), Ok(()));
        }
        assert_eq!(thread.join(), 'x');
        drop((first, second));
        assert_eq!(idle(&queue), if polled { "a" } else { "b" });
    });
}

/// It is taken back while the queue is closed: it comes back, whichever is first.
#[test]
fn taken_back_against_close() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let mut waiting = queued(queue.push(Item::new('a')));
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let item = waiting.future.as_mut().into_item().map(Item::read);
        assert_eq!(item, Some('a'));
        assert!(thread.join());
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
        send(&sender, 'x');
        let thread = spawn_with(&receiver, move |theirs| try_recv(&theirs));
        let mut now = Box::pin(sender.send_until(Item::new('a'), async {}));
        let sent = Task::new().poll(&mut now).expect("it waits for nothing");
        varies(sent.is_ok(), "it is sent");
        match sent {
            Ok(()) => {
                assert!(thread.join().is_ok());
                assert_eq!(try_recv(&receiver), Ok('a'));
            }
            Err(SendUntilError::Interrupted(item)) => {
                assert_eq!(item.read(), 'a');
                assert!(thread.join().is_ok());
                assert!(receiver.try_recv().is_err(), "it is never received");
            }
            Err(SendUntilError::Closed(_)) => unreachable!("nobody closes it"),
        }
        assert_eq!(receiver.capacity(), 1);
    });
}
