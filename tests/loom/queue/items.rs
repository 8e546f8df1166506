//! What happened before a push happens before what follows the pop of its item, by whatever verbs; and
//! what happened before the closing, before what follows learning of it.
//!
//! All that is done to a queue is done under its latch, and that is all that orders, but for
//! `is_closed`. These models would notice if something were handed over beside the latch.

use std::sync::Arc;

use wakeful::Queue;
use wakeful::queue::{TryRecvError, TrySendError};

use super::cast::*;

/// One thread hands an item over; the other one may get it, and reads what was written to it then.
fn hand_over(queue: Shared, gives: fn(&Shared), takes: fn(&Shared) -> Option<char>) {
    let gets = |queue: &Shared| {
        let got = takes(queue);
        assert!(got.is_none_or(|name| name == 'a'));
        got.is_some()
    };
    crate::support::hand_over(queue, gives, gets, |queue| queue.assert_idle());
}

fn empty() -> Shared {
    queue(2, Fairness::DEFAULT)
}

/// One thread pushes it.
fn push_and(takes: fn(&Shared) -> Option<char>) {
    hand_over(empty(), |queue| put(queue, 'a'), takes);
}

fn tried(queue: &Shared) -> Option<char> {
    try_pop(queue).ok()
}

fn polled_twice(queue: &Shared) -> Option<char> {
    let task = Task::new();
    let mut waiting = Box::pin(pop(queue));
    let got = task.poll(&mut waiting).or_else(|| task.poll(&mut waiting));
    got.flatten()
}

fn popped_among_many(queue: &Shared) -> Option<char> {
    let mut items = Vec::new();
    queue.try_pop_many(&mut items, 2).ok()?;
    items.pop().map(Item::read)
}

models! {
    pushed_and_popped: UNBOUNDED, push_and(tried);
    pushed_and_polled: UNBOUNDED, hand_over(empty(), |queue| pushes(queue, "a"), pop_once);
    /// A waiter has it by a poll of its own, not by being woken.
    pushed_and_polled_again: UNBOUNDED, push_and(polled_twice);
    pushed_and_popped_among_many: UNBOUNDED, push_and(popped_among_many);
    pushed_and_drained: UNBOUNDED, push_and(|queue| queue.drain().pop().map(Item::read));
}

#[test]
fn forced_and_popped() {
    model(UNBOUNDED, || {
        let gives = |queue: &Shared| assert!(queue.force_push(Item::new('a')).unwrap().is_none());
        hand_over(empty(), gives, tried);
    });
}

#[test]
fn pushed_and_thrown_out() {
    model(UNBOUNDED, || {
        let gives = |queue: &Shared| {
            assert_ne!(try_push(queue, 'a'), Err(TrySendError::Closed('a')));
        };
        let gets = |queue: &Shared| {
            let old = queue.force_push(Item::new('n')).unwrap_or(None);
            let old = old.map(Item::read);
            old.filter(|&name| name == 'a')
        };
        hand_over(queue(1, Fairness::DEFAULT), gives, gets);
    });
}

/// There is no storage: it is taken out of a push that waits.
#[test]
fn offered_and_taken() {
    model(UNBOUNDED, || {
        let gives = |queue: &Shared| {
            let polled = Task::new().poll(&mut Box::pin(push(queue, 'a')));
            assert_ne!(polled, Some(Err('a')));
        };
        hand_over(queue(0, Fairness::DEFAULT), gives, tried);
    });
}

#[test]
fn pushed_and_woken() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        spawn_with(&queue, move |theirs| put(&theirs, 'a'));
        assert_eq!(pops(&queue, 1), "a");
        assert_eq!(idle(&queue), "");
    });
}

/// A permit sends it, and then the sender goes. Bounded: the receiver waits twice.
#[test]
fn sent_by_a_permit() {
    model(4, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        spawn(move || sender.try_reserve().unwrap().send(Item::new('a')));
        assert_eq!(received(&receiver), Some('a'));
        assert_eq!(received(&receiver), None);
    });
}

/// One thread closes it; the other one may learn of it.
fn close_and(learns: fn(&Shared) -> bool) {
    let closes = |queue: &Shared| _ = queue.close();
    crate::support::hand_over(empty(), closes, learns, |queue| queue.assert_idle());
}

fn refuses_a_push(queue: &Shared) -> bool {
    try_push(queue, 'n') == Err(TrySendError::Closed('n'))
}

fn ends_a_wait_for_it(queue: &Shared) -> bool {
    Task::new().poll(&mut Box::pin(queue.closed())).is_some()
}

models! {
    closed_and_asked: UNBOUNDED, close_and(|queue| queue.is_closed());
    closed_and_popped: UNBOUNDED,
        close_and(|queue| try_pop(queue) == Err(TryRecvError::Disconnected));
    closed_and_pushed: UNBOUNDED, close_and(refuses_a_push);
    closed_and_forced: UNBOUNDED, close_and(|queue| queue.force_push(Item::new('n')).is_err());
    closed_and_closed_again: UNBOUNDED, close_and(|queue| !queue.close());
    closed_and_polled: UNBOUNDED, close_and(ends_a_wait_for_it);
}

/// It is woken, drained or not.
#[test]
fn closed_and_woken() {
    model(UNBOUNDED, || {
        let queue = Arc::new(Queue::bounded(1));
        assert!(queue.try_push(()).is_ok());
        let written = write_and(&queue, |theirs| assert!(theirs.close()));
        block_on(queue.closed());
        assert_eq!(written.read(), 1);
        join_all();
        queue.assert_idle();
        assert_eq!(queue.len(), 1);
    });
}
