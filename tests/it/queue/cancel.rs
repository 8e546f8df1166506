//! What is cancelled takes no item and no slot with it, and sends nothing; `Push::into_item` gives the item
//! back, in whatever state the push is.

use std::sync::Arc;

use wakeful::queue::TryRecvError::Empty;
use wakeful::queue::{self, Push, SendError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{
    asleep, assert_idle, assert_terminated, filled, full_channel, pop_asleep, pop_called,
    push_asleep, wakes,
};
use crate::fairness::futurelock::drive;
use crate::support::Waiting;

for_each_fairness!(
    a_called_pop_that_is_dropped_takes_no_item_with_it,
    a_push_that_was_cancelled_was_never_received,
    a_cancelled_reserve_takes_no_slot_with_it,
    a_large_reserve_that_is_cancelled_lets_the_smaller_ones_through_at_once,
    into_item_gives_the_item_back_in_every_state,
    into_item_passes_the_call_on,
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

/// In whatever state: never polled, asleep, called, called in vain, passed over, back again,
/// closed meanwhile. The item comes back, once, and the next is called.
fn into_item_gives_the_item_back_in_every_state(fairness: Fairness) {
    type Prepare = fn(&Queue<usize>, &mut Waiting<Push<'_, usize>>);
    let states: [(&str, Prepare); 8] = [
        ("never polled", |_, _| {}),
        ("asleep", |_, push| assert!(push.is_pending())),
        ("called", |queue, push| {
            assert!(push.is_pending());
            queue.try_pop().unwrap();
            assert_eq!(push.wakes(), 1);
        }),
        ("called in vain", |queue, push| {
            assert!(push.is_pending());
            queue.try_pop().unwrap();
            queue.force_push(5).unwrap();
            assert!(push.is_pending());
        }),
        ("passed over", pass_over),
        ("back again", |queue, push| {
            pass_over(queue, push);
            assert!(push.is_pending());
        }),
        ("closed unpolled", |queue, _| assert!(queue.close())),
        ("closed meanwhile", |queue, push| {
            assert!(push.is_pending());
            queue.close();
            assert_eq!(push.wakes(), 1);
        }),
    ];
    for (state, prepare) in states {
        let queue = filled(Queue::bounded(1).with_fairness(fairness));
        let mut push = Waiting::new(queue.push(77));
        prepare(&queue, &mut push);
        let wakes_before = push.wakes();
        assert_eq!(push.future().into_item(), Some(77), "{state}");
        assert_eq!(push.future().into_item(), None, "{state}: it is gone");
        assert_terminated(&mut push);
        assert_eq!(push.wakes(), wakes_before, "{state}");
        if !queue.is_closed() {
            assert!(queue.drain().len() <= 1, "{state}");
            assert_idle(&queue);
        }
    }
}

/// Called, and passed over by a push of its task.
fn pass_over(queue: &Queue<usize>, push: &mut Waiting<Push<'_, usize>>) {
    assert!(push.is_pending());
    queue.try_pop().unwrap();
    let mut same_task = Waiting::of(push.task(), queue.push(6));
    assert_eq!(drive(&mut same_task, 9).1, Ok(()));
}

#[test]
fn into_item_is_none_when_the_item_has_left() {
    let queue = Queue::bounded(1);
    let mut push = Waiting::new(queue.push(1));
    assert_eq!(push.poll(), Some(Ok(())));
    assert_eq!(push.future().into_item(), None);
    queue.close();
    let mut push = Waiting::new(queue.push(2));
    assert_eq!(push.poll(), Some(Err(SendError(2))));
    assert_eq!(push.future().into_item(), None, "it came back already");
    assert_eq!(queue.drain(), [1]);
}

fn into_item_passes_the_call_on(fairness: Fairness) {
    let queue = filled(Queue::bounded(1).with_fairness(fairness));
    let (mut first, mut second) = (push_asleep(&queue, 1), push_asleep(&queue, 2));
    queue.try_pop().unwrap();
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!(first.future().into_item(), Some(1));
    assert_eq!((second.wakes(), second.poll()), (1, Some(Ok(()))));
    assert_eq!(queue.drain(), [2]);
    assert_idle(&queue);
}
