//! What is cancelled takes no item and no slot with it, and sends nothing.

use std::sync::Arc;

use wakeful::queue;
use wakeful::queue::TryRecvError::Empty;
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{
    asleep, assert_idle, filled, full_channel, pop_asleep, pop_called, push_asleep, wakes,
};

for_each_fairness!(
    a_called_pop_that_is_dropped_takes_no_item_with_it,
    a_push_that_was_cancelled_was_never_received,
    a_cancelled_reserve_takes_no_slot_with_it,
    a_large_reserve_that_is_cancelled_lets_the_smaller_ones_through_at_once,
);

/// crossfire#72: a future dropped before its first poll leaked its item.
#[test]
fn one_that_was_never_polled_is_dropped_without_a_trace() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1);
    drop(queue.push(ledger.item()));
    drop(queue.push_many([ledger.item(), ledger.item()]));
    assert_eq!(ledger.dropped(), 3);
    drop((queue.pop(), queue.closed()));
    drop(queue.pop_many(&mut Vec::new(), 3));
    let (sender, receiver) = queue.into_channel();
    drop(sender.send_until(ledger.item(), std::future::pending::<()>()));
    drop((sender.reserve(), sender.reserve_many(9)));
    drop(sender.clone().reserve_owned());
    ledger.assert_all_dropped();
    assert_eq!((sender.sender_count(), sender.capacity()), (1, 1));
    assert!(receiver.is_empty());
}

/// kanal#24, kanal#50: an item was destroyed after its hand-over to a pop that was dropped.
fn a_called_pop_that_is_dropped_takes_no_item_with_it(fairness: Fairness) {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(2).with_fairness(fairness);
    for _ in 0..100 {
        drop(pop_called(&queue, ledger.item()));
        assert_eq!(queue.len(), 1);
        assert!(queue.try_pop().is_ok());
    }
    ledger.assert_all_dropped();
    let pops = [pop_asleep(&queue), pop_asleep(&queue)];
    assert!(queue.try_push(ledger.item()).is_ok());
    let [first, mut second] = pops;
    drop(first);
    assert_eq!(second.poll().flatten().map(|item| item.number), Some(100));
}

/// kanal and flume take items out of blocked senders: a push that timed out may have been received.
fn a_push_that_was_cancelled_was_never_received(fairness: Fairness) {
    let queue = filled(Queue::bounded(2).with_fairness(fairness));
    let asleep = push_asleep(&queue, 10);
    let called = push_asleep(&queue, 11);
    drop(asleep);
    assert_eq!(queue.drain(), [0, 1]);
    assert_eq!(called.wakes(), 1);
    assert_eq!(queue.try_pop(), Err(Empty), "its item is its own");
    drop(called);
    assert_eq!(queue.try_pop(), Err(Empty));
    assert_idle(&queue);
}

#[test]
fn a_cancelled_push_drops_its_item_at_once() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1);
    assert!(queue.try_push(ledger.item()).is_ok());
    let [asleep, called] = [(); 2].map(|()| push_asleep(&queue, ledger.item()));
    drop(asleep);
    assert!(ledger.is_dropped(1));
    assert!(queue.try_pop().is_ok_and(|item| item.number == 0));
    assert_eq!((called.wakes(), ledger.is_dropped(2)), (1, false));
    drop(called);
    ledger.assert_all_dropped();
}

/// tokio#1898: a waiting permit that was cancelled leaked.
fn a_cancelled_reserve_takes_no_slot_with_it(fairness: Fairness) {
    let (sender, receiver) = full_channel(2, fairness);
    let waiting = asleep(sender.reserve_many(2));
    let owned = asleep(sender.clone().reserve_owned());
    assert_eq!(receiver.drain().len(), 2);
    assert_eq!((waiting.wakes(), owned.wakes()), (1, 0));
    drop(waiting);
    assert_eq!(owned.wakes(), 1);
    drop(owned);
    assert_eq!((sender.capacity(), sender.sender_count()), (2, 1));
    assert_eq!(sender.try_reserve_many(2).unwrap().len(), 2);
}

/// futures-intrusive PR 61, embassy#6964, shuttle#167: the smaller ones behind it were never looked at.
fn a_large_reserve_that_is_cancelled_lets_the_smaller_ones_through_at_once(fairness: Fairness) {
    let (sender, receiver) = full_channel(4, fairness);
    let large = asleep(sender.reserve_many(4));
    let mut small: Vec<_> = (10..13).map(|item| asleep(sender.send(item))).collect();
    assert_eq!(receiver.try_recv_many(&mut Vec::new(), 2), Ok(2));
    assert_eq!((large.wakes(), wakes(&small)), (0, vec![0; 3]), "2 of 4");
    drop(large);
    assert_eq!(wakes(&small), [1, 1, 0]);
    for send in &mut small[..2] {
        assert_eq!(send.poll(), Some(Ok(())));
    }
    drop(small);
    assert_eq!(receiver.drain(), [2, 3, 10, 11]);
}

#[test]
fn an_owned_reserve_that_is_the_last_to_know_the_queue_is_dropped() {
    let item = Arc::new(());
    let (sender, receiver) = queue::bounded(1);
    sender.try_send(Arc::clone(&item)).unwrap();
    let waiting = asleep(sender.reserve_owned());
    drop(receiver);
    assert_eq!((waiting.wakes(), Arc::strong_count(&item)), (1, 1));
    drop(waiting);
}
