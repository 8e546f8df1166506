//! Forgotten waiters, as far as that is of queues alone: their items, the other futures, handles.

use std::time::Duration;

use wakeful::queue::{self, SendError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::stored::poll_recv;
use super::{asleep, full, pop_asleep, push_asleep, ready};
use crate::support::{Task, Waiting, in_time};

/// Moves it to another address, with the waiters in line.
fn moved<T>(queue: Queue<T>) -> Box<Queue<T>> {
    Box::new(queue)
}

#[test]
fn forgotten_before_its_first_poll() {
    let queue = Queue::bounded(1);
    let _dead = (
        Waiting::new(queue.push(1)).forget(),
        Waiting::new(queue.pop()).forget(),
        Waiting::new(queue.closed()).forget(),
        Waiting::new(queue.push_many([2, 3])).forget(),
    );
    let queue = moved(queue);
    assert_eq!(in_time(&mut Waiting::new(queue.push(5))), Ok(()));
    assert_eq!(in_time(&mut Waiting::new(queue.pop())), Some(5));
}

#[test]
fn pushes_forgotten_asleep_or_called_were_never_sent() {
    for called_ones in 0..4 {
        let mut ledger = Ledger::new();
        let fairness = Fairness::overtakes(1).with_patience(Duration::ZERO);
        let queue = Queue::bounded(3).with_fairness(fairness);
        (0..3).for_each(|_| assert!(queue.try_push(ledger.item()).is_ok()));
        let dead = [(); 3].map(|()| push_asleep(&queue, ledger.item()).forget());
        (0..called_ones).for_each(|_| drop(queue.try_pop().unwrap()));
        let woken = dead.iter().filter(|task| task.wakes() == 1).count();
        assert_eq!(woken, called_ones.min(2), "1 + log2 of 3 slots");
        let queue = moved(queue);
        assert_eq!(queue.drain().len(), 3 - called_ones);
        for _ in 0..20 {
            let item = ledger.item();
            let number = item.number;
            let mut push = Waiting::new(queue.push(item));
            assert!(in_time(&mut push).is_ok());
            assert!(queue.drain().iter().all(|item| item.number == number));
        }
        drop(queue);
        let leaked = (3..6).all(|number| !ledger.is_dropped(number));
        assert!(leaked, "as is right");
    }
}

/// At a rendezvous the forgotten push is the item still, and is received.
#[test]
fn a_forgotten_offer_is_received() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(0);
    let tasks = [(); 3].map(|()| push_asleep(&queue, ledger.item()).forget());
    let queue = moved(queue);
    assert_eq!(queue.try_pop().unwrap().number, 0);
    assert_eq!(tasks.each_ref().map(|task| task.wakes()), [1, 0, 0]);
    assert!(ready(queue.pop()).is_some_and(|item| item == 1));
    queue.close();
    assert_eq!(tasks.each_ref().map(|task| task.wakes()), [1, 1, 1]);
    drop(queue);
    assert!(!ledger.is_dropped(2) && ledger.is_dropped(0) && ledger.is_dropped(1));
}

#[test]
fn forgotten_then_closed_or_dropped() {
    for closes in [false, true] {
        let (filled, empty) = (full(1), Queue::<usize>::bounded(1));
        let dead = [
            push_asleep(&filled, 1).forget(),
            push_asleep(&filled, 2).forget(),
            asleep(filled.closed()).forget(),
            pop_asleep(&empty).forget(),
            pop_asleep(&empty).forget(),
        ];
        let (filled, empty) = (moved(filled), moved(empty));
        if closes {
            assert!(filled.close() && empty.close());
            assert!(dead.iter().all(|task| task.wakes() == 1));
            assert_eq!(ready(filled.push(3)), Err(SendError(3)));
            assert_eq!(filled.drain(), [0]);
            assert_eq!(ready(empty.pop()), None);
        }
        drop((filled, empty));
    }
}

/// Those of a channel keep it: nothing dangles.
#[test]
fn futures_of_handles_that_are_forgotten_keep_the_channel() {
    let (sender, receiver) = queue::bounded(1);
    sender.try_send(1).unwrap();
    let weak = sender.downgrade();
    let dead = asleep(sender.reserve_owned()).forget();
    assert_eq!((receiver.try_recv(), dead.wakes()), (Ok(1), 1));
    assert!(weak.upgrade().is_some(), "it counts as a sender forever");
    assert!(!receiver.is_closed());
    drop(receiver);
    assert!(weak.upgrade().expect("still").is_closed());
}

/// A stored waiter in a handle that is forgotten is called, and eats nothing.
#[test]
fn a_receiver_that_is_forgotten_with_its_stored_waiter_eats_nothing() {
    let (sender, receiver) = queue::bounded(3);
    let mut streaming = receiver.clone();
    let task = Task::new();
    assert!(poll_recv(&task, &mut streaming).is_none());
    std::mem::forget(streaming);
    for item in 0..3 {
        let mut recv = asleep(receiver.recv());
        sender.try_send(item).unwrap();
        assert_eq!((recv.wakes(), recv.poll()), (1, Some(Some(item))));
    }
    assert_eq!(task.wakes(), 1);
}
