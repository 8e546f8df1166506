//! Pops whose wakers run while the queue is closed: nobody is told the end while an item may come back,
//! and everybody is told afterwards.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Context;

use wakeful::queue::{Receiver, TryRecvError};

use super::cast::*;
use super::close::closed;

/// A full queue of one, and a push that waits.
fn full() -> (Shared, Waiter<impl Future>) {
    let queue = holding("x", 1, Fairness::DEFAULT);
    let push = queued(push(&queue, 'y'));
    (queue, push)
}

/// One that waits for the end is told when the pop is kept.
#[test]
fn against_a_pop_that_waits() {
    model(UNBOUNDED, || {
        let (queue, push) = full();
        let thread = spawn_with(&queue, move |theirs| try_pop(&theirs).ok());
        queue.close();
        let task = Task::new();
        let mut waiting = Box::pin(pop(&queue));
        let first = task.poll(&mut waiting);
        saw(first.is_none(), "it waits until the pop is decided");
        let mine = first.unwrap_or_else(|| {
            task.sleep();
            task.finish(&mut waiting)
        });
        let theirs = thread.join();
        one_has('x', mine, theirs);
        saw(mine.is_some(), "it has the item");
        saw(first == Some(None), "the pop was decided before");
        drop((push, waiting));
        assert_eq!(closed(&queue), "");
    });
}

/// The same by `try_pop`: `Disconnected` is the last word.
#[test]
fn against_a_try() {
    model(UNBOUNDED, || {
        let (queue, push) = full();
        let thread = spawn_with(&queue, move |theirs| try_pop(&theirs).is_ok());
        queue.close();
        let mine = try_pop(&queue);
        let theirs = thread.join();
        assert!(theirs != mine.is_ok());
        saw(mine == Err(TryRecvError::Empty), "the pop is in doubt");
        let disconnected = mine == Err(TryRecvError::Disconnected);
        saw(disconnected, "the pop is decided");
        drop(push);
        assert_eq!(try_pop(&queue), Err(TryRecvError::Disconnected));
        assert_eq!(closed(&queue), "");
    });
}

/// The waker panics, in the pop or in the closing, whichever wakes it: if it was the pop, its item comes
/// back, and the one that waits has it.
#[test]
fn against_a_pop_that_panics() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let mut push = Box::pin(push(&queue, 'y'));
        let loud = waker_that(|| panic!("in wake"));
        let polled = push.as_mut().poll(&mut Context::from_waker(&loud));
        assert!(polled.is_pending());
        let theirs = queue.clone();
        let quietly = |run: &mut dyn FnMut()| catch_unwind(AssertUnwindSafe(run)).is_err();
        let thread = spawn(move || {
            let mut got = None;
            let panicked = quietly(&mut || got = try_pop(&theirs).ok());
            (got, panicked)
        });
        let i_panicked = quietly(&mut || {
            queue.close();
        });
        let mine = block_on(pop(&queue));
        let (theirs, they_panicked) = thread.join();
        assert!(i_panicked != they_panicked);
        one_has('x', mine, theirs);
        saw(mine.is_some() && they_panicked, "the item comes back");
        saw(theirs.is_some(), "the item is kept");
        drop(push);
        assert_eq!(closed(&queue), "");
    });
}

/// A stored waiter is told, too.
#[test]
fn against_a_stream() {
    model(UNBOUNDED, || {
        let (sender, mut receiver) = channel(1, Fairness::DEFAULT);
        let other: Receiver<Item> = receiver.clone();
        send(&sender, 'x');
        let theirs = sender.clone();
        let push = queued(async move { refused(theirs.send(Item::new('y')).await) });
        let thread = spawn(move || try_recv(&other).ok());
        sender.close();
        let next = std::future::poll_fn(|cx| receiver.poll_recv(cx));
        let mine = block_on(next).map(Item::read);
        let theirs = thread.join();
        one_has('x', mine, theirs);
        drop(push);
        assert_eq!(try_recv(&receiver), Err(TryRecvError::Disconnected));
    });
}

/// Two in doubt: the later one tells. Bounded: three threads.
#[test]
fn against_two_pops() {
    model(3, || {
        let queue = holding("xy", 2, Fairness::overtakes(2));
        let pushes = [(); 2].map(|()| queued(push(&queue, 'z')));
        let threads = [(); 2].map(|()| spawn_with(&queue, |theirs| try_pop(&theirs).ok()));
        queue.close();
        let mine: Vec<char> = std::iter::from_fn(|| block_on(pop(&queue))).collect();
        let theirs = threads.map(|thread| thread.join());
        let got = theirs.into_iter().flatten().chain(mine);
        assert_eq!(sorted(got), "xy");
        drop(pushes);
        assert_eq!(closed(&queue), "");
    });
}
