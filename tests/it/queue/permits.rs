//! Permits: slots that are reserved, one or many, borrowed or owned; used, released, dropped.

use wakeful::Fairness;
use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::TrySendError::Full;
use wakeful::queue::{self, ReserveManyError};

use super::{asleep, channel, full_channel, ready, wakes};
use crate::support::Waiting;

for_each_fairness!(
    what_a_permit_sends_calls_the_pop_that_waits,
    pushes_and_reserves_take_turns,
    many_permits_need_all_their_slots_at_once,
    nobody_is_woken_in_vain,
);

#[test]
fn a_permit_can_always_be_used_and_fills_its_slot() {
    let (sender, receiver) = queue::bounded(1);
    let permit = ready(sender.reserve()).unwrap();
    assert_eq!(sender.try_send(0), Err(Full(0)));
    permit.send(1);
    assert_eq!((sender.len(), sender.capacity()), (1, 0));
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!(sender.capacity(), 1);
}

fn what_a_permit_sends_calls_the_pop_that_waits(fairness: Fairness) {
    let (sender, receiver) = channel(2, fairness);
    let permit = sender.try_reserve().unwrap();
    let owned = sender.clone().try_reserve_owned().unwrap();
    let mut pops = [receiver.recv(), receiver.recv()].map(asleep);
    drop(owned.send(1));
    permit.send(2);
    assert_eq!(wakes(&pops), [1, 1]);
    assert_eq!(pops[0].poll(), Some(Some(1)));
    assert_eq!(pops[1].poll(), Some(Some(2)));
}

/// Pushes and reserves wait in one line.
fn pushes_and_reserves_take_turns(fairness: Fairness) {
    let (sender, receiver) = full_channel(1, fairness);
    let mut first = asleep(sender.reserve());
    let mut second = asleep(sender.send(2));
    let mut third = asleep(sender.clone().reserve_owned());
    assert_eq!(receiver.try_recv(), Ok(0));
    assert_eq!((first.wakes(), second.wakes(), third.wakes()), (1, 0, 0));
    first.poll().unwrap().unwrap().send(1);
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!((second.wakes(), third.wakes()), (1, 0));
    assert_eq!(second.poll(), Some(Ok(())));
    assert_eq!(receiver.try_recv(), Ok(2));
    drop(third.poll().unwrap().unwrap().send(3));
    assert_eq!(receiver.try_recv(), Ok(3));
}

fn many_permits_need_all_their_slots_at_once(fairness: Fairness) {
    let (sender, receiver) = full_channel(3, fairness);
    let mut many = asleep(sender.reserve_many(3));
    for nth in 0..3 {
        assert_eq!((many.wakes(), many.is_pending()), (0, true), "{nth}");
        assert_eq!(receiver.try_recv(), Ok(nth));
    }
    assert_eq!(many.wakes(), 1);
    let mut permits = many.poll().unwrap().unwrap();
    assert_eq!((permits.len(), permits.size_hint()), (3, (3, Some(3))));
    assert_eq!(sender.capacity(), 0);
    permits.next().unwrap().send(10);
    let second = permits.next().unwrap();
    assert_eq!(permits.len(), 1);
    drop(permits);
    assert_eq!(sender.capacity(), 1, "the third came back");
    second.send(11);
    assert_eq!(receiver.drain(), [10, 11]);
    assert_eq!(sender.capacity(), 3);
}

#[test]
fn an_iterator_of_permits_ends_once_and_for_all() {
    let (sender, _receiver) = queue::bounded::<u8>(2);
    let mut permits = sender.try_reserve_many(2).unwrap();
    let taken: Vec<_> = permits.by_ref().collect();
    assert_eq!((taken.len(), permits.len()), (2, 0));
    assert!(permits.next().is_none());
    drop(permits);
    assert_eq!(sender.capacity(), 0);
    drop(taken);
    assert_eq!(sender.capacity(), 2);
}

/// Dropped all at once, they call a few waiters, of whom each that answers calls the next.
#[test]
fn dropping_many_permits_calls_a_few_at_a_time() {
    let (sender, _receiver) = queue::bounded(40);
    let permits = sender.try_reserve_many(40).unwrap();
    let mut sends: Vec<_> = (0..50).map(|item| asleep(sender.send(item))).collect();
    drop(permits);
    let woken = sends.iter().take_while(|send| send.wakes() == 1).count();
    assert_eq!(woken, 6, "1 + log2 of 40");
    for send in &mut sends[..40] {
        assert_eq!((send.wakes(), send.poll()), (1, Some(Ok(()))));
    }
    assert!(sends[40..].iter_mut().all(Waiting::is_pending));
}

#[test]
fn more_than_the_bound_is_refused_at_once_and_none_is_ready() {
    let (sender, receiver) = full_channel(2, Fairness::DEFAULT);
    for slots in [3, 4, usize::MAX] {
        let error = ReserveManyError::TooMany { slots, most: 2 };
        assert_eq!(ready(sender.reserve_many(slots)).unwrap_err(), error);
        assert_eq!(sender.try_reserve_many(slots).unwrap_err(), Full(()));
    }
    assert_eq!(ready(sender.reserve_many(0)).unwrap().len(), 0);
    assert_eq!(sender.try_reserve_many(0).unwrap().len(), 0);
    assert_eq!((sender.capacity(), receiver.drain().len()), (0, 2));
    assert_eq!(sender.capacity(), 2);
}

#[test]
fn trying_fails_on_what_is_kept_or_not_there() {
    let (sender, receiver) = full_channel(2, Fairness::FIFO);
    assert_eq!(sender.try_reserve().unwrap_err(), Full(()));
    let Err(Full(again)) = sender.clone().try_reserve_owned() else {
        panic!("it is full");
    };
    assert!(again.same_channel(&sender), "the sender comes back");
    let mut waiting = asleep(sender.reserve());
    receiver.try_recv().unwrap();
    assert_eq!(sender.try_reserve().unwrap_err(), Full(()), "kept");
    receiver.try_recv().unwrap();
    assert_eq!(sender.try_reserve_many(2).unwrap_err(), Full(()));
    drop(sender.try_reserve().expect("the other is not kept"));
    drop(waiting.poll().unwrap().unwrap());
    assert_eq!(sender.try_reserve_many(2).unwrap().len(), 2);
}

#[test]
fn an_owned_permit_gives_its_sender_back() {
    let (sender, receiver) = queue::bounded(2);
    let other = queue::bounded(1).0;
    let permit = ready(sender.reserve_owned()).unwrap();
    assert_eq!((receiver.sender_count(), receiver.capacity()), (1, 1));
    assert!(!permit.same_channel_as_sender(&other));
    let sender = permit.send(1);
    assert_eq!(receiver.try_recv(), Ok(1));
    let permit = sender.try_reserve_owned().unwrap();
    let sender = permit.release();
    assert_eq!((sender.sender_count(), sender.capacity()), (1, 2));
    let [one, two] = [(); 2].map(|()| sender.clone().try_reserve_owned().unwrap());
    assert!(one.same_channel(&two) && one.same_channel_as_sender(&sender));
    assert_eq!((sender.sender_count(), sender.is_full()), (3, true));
    drop((one, two));
    assert_eq!((sender.sender_count(), sender.capacity()), (1, 2));
}

/// An owned permit, and a `reserve_owned` that waits, count as senders: the channel stays open.
#[test]
fn owned_permits_and_pending_reserves_count_as_senders() {
    let (sender, receiver) = full_channel(1, Fairness::DEFAULT);
    let mut waiting = asleep(sender.reserve_owned());
    assert_eq!((receiver.sender_count(), receiver.is_closed()), (1, false));
    assert_eq!(receiver.try_recv(), Ok(0));
    let permit = waiting.poll().unwrap().unwrap();
    drop(waiting);
    let mut pop = asleep(receiver.recv());
    assert!(!receiver.is_closed());
    drop(permit);
    assert!(receiver.is_closed());
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(None)));
    // One that waits, and is dropped.
    let (sender, receiver) = full_channel(1, Fairness::DEFAULT);
    drop(asleep(sender.reserve_owned()));
    assert!(receiver.is_closed());
}

#[test]
fn what_an_owned_permit_sends_last_is_received() {
    let (sender, receiver) = queue::bounded(1);
    let permit = sender.try_reserve_owned().unwrap();
    drop(permit.send(5));
    assert!(receiver.is_closed());
    assert_eq!(receiver.try_recv(), Ok(5));
    assert_eq!(receiver.try_recv(), Err(Disconnected));
}

#[test]
fn a_forgotten_permit_leaks_its_slot_and_nothing_worse() {
    let (sender, receiver) = queue::bounded(2);
    std::mem::forget(sender.try_reserve().unwrap());
    sender.try_send(1).unwrap();
    assert_eq!(sender.try_send(2), Err(Full(2)));
    assert_eq!((receiver.drain(), sender.capacity()), (vec![1], 1));
    // It may still send, as far as anybody knows.
    receiver.close();
    assert_eq!(receiver.try_recv(), Err(Empty));
}

/// What can change nothing for a waiter does not wake it.
fn nobody_is_woken_in_vain(fairness: Fairness) {
    let (sender, receiver) = channel(2, fairness);
    let mut pop = asleep(receiver.recv());
    let closed = asleep(sender.closed());
    drop(sender.try_reserve().unwrap());
    drop(sender.try_reserve_many(2).unwrap());
    drop((sender.clone(), receiver.clone()));
    drop(sender.downgrade().upgrade());
    assert!(receiver.try_recv().is_err() && receiver.drain().is_empty());
    assert_eq!((pop.wakes(), closed.wakes()), (0, 0));
    sender.try_send(1).unwrap();
    sender.try_send(2).unwrap();
    let mut push = asleep(sender.send(3));
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(1))));
    assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    assert_eq!((push.wakes(), closed.wakes()), (1, 0));
}
