//! What happened before a push happens before what follows the pop of its item, by whatever verbs; and
//! what happened before the closing, before what follows learning of it.
//!
//! All that is done to a queue is done under its latch, and that is all that orders, but for
//! `is_closed`. These models would notice if something were handed over beside the latch.

use std::sync::Arc;

use wakeful::queue::{TryRecvError, TrySendError};
use wakeful::{Fairness, Queue};

use super::cast::*;

/// One thread hands an item over; the other one may get it, and reads what was written to it then.
fn hand_over(queue: fn() -> Shared, gives: fn(&Shared), takes: fn(&Shared) -> Option<char>) {
    let gets = move |queue: &Shared| {
        let got = takes(queue);
        assert!(got.is_none_or(|name| name == 'a'));
        got.is_some()
    };
    crate::support::hand_over(queue, gives, gets, |queue| queue.assert_idle());
}

fn empty() -> Shared {
    queue(2, Fairness::DEFAULT)
}

fn tried(queue: &Shared) -> Option<char> {
    try_pop(queue).ok()
}

fn polled(queue: &Shared) -> Option<char> {
    Task::new().poll(&mut Box::pin(pop(queue))).flatten()
}

#[test]
fn pushed_and_popped() {
    hand_over(empty, |queue| put(queue, 'a'), tried);
}

#[test]
fn pushed_and_polled() {
    hand_over(empty, |queue| pushes(queue, "a"), polled);
}

/// A waiter has it by a poll of its own, not by being woken.
#[test]
fn pushed_and_polled_again() {
    hand_over(
        empty,
        |queue| put(queue, 'a'),
        |queue| {
            let task = Task::new();
            let mut waiting = Box::pin(pop(queue));
            task.poll(&mut waiting)
                .or_else(|| task.poll(&mut waiting))
                .flatten()
        },
    );
}

#[test]
fn forced_and_popped() {
    let gives = |queue: &Shared| assert!(queue.force_push(Item::new('a')).unwrap().is_none());
    hand_over(empty, gives, tried);
}

#[test]
fn pushed_and_thrown_out() {
    hand_over(
        || queue(1, Fairness::DEFAULT),
        |queue| assert_ne!(try_push(queue, 'a'), Err(TrySendError::Closed('a'))),
        |queue| {
            let old = queue.force_push(Item::new('n')).unwrap_or(None);
            let old = old.map(Item::read);
            old.filter(|&name| name == 'a')
        },
    );
}

#[test]
fn pushed_and_popped_among_many() {
    hand_over(
        empty,
        |queue| put(queue, 'a'),
        |queue| {
            let mut items = Vec::new();
            queue.try_pop_many(&mut items, 2).ok()?;
            items.pop().map(Item::read)
        },
    );
}

#[test]
fn pushed_and_drained() {
    hand_over(
        empty,
        |queue| put(queue, 'a'),
        |queue| queue.drain().pop().map(Item::read),
    );
}

/// There is no storage: it is taken out of a push that waits.
#[test]
fn offered_and_taken() {
    hand_over(
        || queue(0, Fairness::DEFAULT),
        |queue| {
            assert_ne!(
                Task::new().poll(&mut Box::pin(push(queue, 'a'))),
                Some(Err('a'))
            )
        },
        tried,
    );
}

#[test]
fn pushed_and_woken() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| put(&theirs, 'a'));
        assert_eq!(pops(&queue, 1), "a");
        thread.join().unwrap();
        assert_eq!(idle(&queue), "");
    });
}

/// A permit sends it, and then the sender goes. Bounded: the receiver waits twice.
#[test]
fn sent_by_a_permit() {
    model(4, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        let thread = spawn(move || sender.try_reserve().unwrap().send(Item::new('a')));
        let mut received = block_on(receiver.recv());
        assert_eq!(received.take().map(Item::read), Some('a'));
        assert!(block_on(receiver.recv()).is_none());
        thread.join().unwrap();
    });
}

/// One thread closes it; the other one may learn of it.
fn close(queue: fn() -> Shared, learns: fn(&Shared) -> bool) {
    let closes = |queue: &Shared| _ = queue.close();
    crate::support::hand_over(queue, closes, learns, |queue| queue.assert_idle());
}

#[test]
fn closed_and_asked() {
    close(empty, |queue| queue.is_closed());
}

#[test]
fn closed_and_popped() {
    close(empty, |queue| {
        try_pop(queue) == Err(TryRecvError::Disconnected)
    });
}

#[test]
fn closed_and_pushed() {
    close(empty, |queue| {
        try_push(queue, 'n') == Err(TrySendError::Closed('n'))
    });
}

#[test]
fn closed_and_forced() {
    close(empty, |queue| queue.force_push(Item::new('n')).is_err());
}

#[test]
fn closed_and_closed_again() {
    close(empty, |queue| !queue.close());
}

#[test]
fn closed_and_polled() {
    close(empty, |queue| {
        Task::new().poll(&mut Box::pin(queue.closed())).is_some()
    });
}

/// It is woken, drained or not.
#[test]
fn closed_and_woken() {
    model(UNBOUNDED, || {
        let shared = Arc::new((Queue::bounded(1), Watched::default()));
        assert!(shared.0.try_push(()).is_ok());
        let thread = spawn_with(&shared, move |theirs| {
            theirs.1.write();
            assert!(theirs.0.close());
        });
        block_on(shared.0.closed());
        assert_eq!(shared.1.read(), 1);
        thread.join().unwrap();
        shared.0.assert_idle();
        assert_eq!(shared.0.len(), 1);
    });
}
