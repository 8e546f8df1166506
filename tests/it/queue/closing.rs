//! Closing: by `close`, by the last sender, by the last receiver; what fails, what drains, who is woken.
//! `drain` and `close_and_drain`; and that a race of closing with everything leaves nobody asleep.

use std::task::Waker;
use std::thread;

use futures::future::FusedFuture;
use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::TrySendError::Closed;
use wakeful::queue::{self, SendError};
use wakeful::{Fairness, Queue};

use super::{
    asleep, channel, filled, full_channel, pop_asleep, pop_called, push_asleep, push_called, ready,
    wakes,
};
use crate::support::loud::{asleep_with, panics_in_drop, panics_or_is_swallowed};
use crate::support::{KINDS, Waiting, Watchdog, panics, poll_with};

for_each_fairness!(
    waiting_pushes_fail_called_or_not,
    the_last_sender_gone_closes_and_wakes_every_pop,
    the_last_receiver_gone_closes_and_fails_every_push,
    the_last_permit_that_comes_back_wakes_every_pop,
    a_called_pop_still_gets_its_item,
    close_and_drain_is_one_step,
    drain_takes_what_is_kept_and_calls_the_pushes_it_made_room_for,
);

#[test]
fn close_tells_who_did_it() {
    let queue = Queue::<u8>::bounded(1);
    assert!(!queue.is_closed());
    assert!(queue.close());
    assert!(!queue.close() && queue.is_closed());
    let (sender, receiver) = queue::bounded::<u8>(1);
    assert!(sender.close());
    assert!(!receiver.close() && !sender.close());
    assert!(sender.is_closed() && receiver.is_closed());
    let (sender, receiver) = queue::unbounded::<u8>();
    assert!(receiver.close());
    assert!(!sender.close() && sender.is_closed());
}

#[test]
fn pushes_of_every_kind_fail_and_give_their_items_back() {
    let (sender, _receiver) = queue::bounded(3);
    sender.close();
    assert_eq!(sender.try_send(1), Err(Closed(1)));
    assert_eq!(ready(sender.send(2)), Err(SendError(2)));
    assert_eq!(sender.force_send(3), Err(SendError(3)));
    assert_eq!(sender.blocking_send(4), Err(SendError(4)));
    assert_eq!(sender.try_reserve().unwrap_err(), Closed(()));
    assert_eq!(ready(sender.reserve()).unwrap_err(), SendError(()));
    for slots in [0, 1, 9] {
        let tried = sender.try_reserve_many(slots);
        assert_eq!(tried.unwrap_err(), Closed(()));
        assert_eq!(
            ready(sender.reserve_many(slots)).unwrap_err(),
            SendError(())
        );
    }
    let many = ready(sender.send_many([5, 6])).unwrap_err();
    assert_eq!((many.sent, many.item), (0, 5));
    assert!(many.rest.eq([6]));
    let clone = sender.clone();
    let Err(Closed(sender)) = sender.try_reserve_owned() else {
        panic!("it is closed");
    };
    assert!(ready(clone.reserve_owned()).is_err());
    assert_eq!(sender.sender_count(), 1, "a failed one drops its own");
    assert!(sender.is_empty());
    let (sender, _receiver) = queue::unbounded();
    sender.close();
    assert_eq!(sender.send(7), Err(SendError(7)));
    let many = sender.send_many([8, 9]).unwrap_err();
    assert_eq!((many.sent, many.item, many.rest.len()), (0, 8, 1));
}

/// crossfire#70, flume#120: `Disconnected` though items were queued.
#[test]
fn pops_of_every_kind_drain_what_is_queued() {
    let queue = filled(Queue::bounded(7));
    queue.close();
    assert_eq!((queue.len(), queue.is_closed()), (7, true));
    let mut many = Vec::new();
    assert_eq!(queue.try_pop(), Ok(0));
    assert_eq!(ready(queue.pop()), Some(1));
    assert_eq!(queue.blocking_pop(), Some(2));
    assert_eq!(ready(queue.pop_many(&mut many, 2)), 2);
    assert_eq!(queue.try_pop_many(&mut many, 1), Ok(1));
    assert_eq!(many, [3, 4, 5]);
    assert_eq!(queue.drain(), [6]);
    assert_eq!(queue.try_pop(), Err(Disconnected));
    assert_eq!(queue.try_pop_many(&mut many, 1), Err(Disconnected));
    assert_eq!(queue.try_pop_many(&mut many, 0), Ok(0));
    assert_eq!(ready(queue.pop_many(&mut many, 1)), 0);
    assert_eq!((ready(queue.pop()), queue.blocking_pop()), (None, None));
}

fn waiting_pushes_fail_called_or_not(fairness: Fairness) {
    let (sender, receiver) = full_channel(2, fairness);
    let mut sends: Vec<_> = (10..13).map(|item| asleep(sender.send(item))).collect();
    let mut reserve = asleep(sender.reserve());
    let mut many = asleep(sender.reserve_many(2));
    let mut owned = asleep(sender.clone().reserve_owned());
    assert_eq!(receiver.try_recv(), Ok(0));
    assert_eq!(wakes(&sends), [1, 0, 0]);
    receiver.close();
    assert_eq!(wakes(&sends), [1, 1, 1], "each once");
    assert_eq!((reserve.wakes(), many.wakes(), owned.wakes()), (1, 1, 1));
    for (nth, send) in sends.iter_mut().enumerate() {
        assert_eq!(send.poll(), Some(Err(SendError(10 + nth))));
    }
    assert!(reserve.poll().unwrap().is_err() && many.poll().unwrap().is_err());
    assert!(owned.poll().unwrap().is_err());
    assert_eq!((sender.sender_count(), receiver.drain()), (1, vec![1]));
}

/// local-sync#4: the last sender's drop woke no receiver.
fn the_last_sender_gone_closes_and_wakes_every_pop(fairness: Fairness) {
    let (sender, receiver) = channel::<u8>(4, fairness);
    let other = sender.clone();
    let mut pops: Vec<_> = (0..40).map(|_| asleep(receiver.recv())).collect();
    drop(sender);
    assert!(!receiver.is_closed() && pops.iter().all(|pop| pop.wakes() == 0));
    drop(other);
    assert!(receiver.is_closed());
    assert_eq!(wakes(&pops), [1; 40]);
    assert!(pops.iter_mut().all(|pop| pop.poll() == Some(None)));
    assert_eq!(receiver.try_recv(), Err(Disconnected));
}

fn the_last_receiver_gone_closes_and_fails_every_push(fairness: Fairness) {
    for capacity in [0, 1] {
        let (sender, receiver) = full_channel(capacity, fairness);
        let other = receiver.clone();
        let mut pushes: Vec<_> = (0..40).map(|item| asleep(sender.send(item))).collect();
        drop(receiver);
        assert!(!sender.is_closed() && pushes.iter().all(|push| push.wakes() == 0));
        drop(other);
        assert!(sender.is_closed() && sender.is_empty());
        for (item, push) in pushes.iter_mut().enumerate() {
            assert_eq!((push.wakes(), push.poll()), (1, Some(Err(SendError(item)))));
        }
        assert!(!sender.close(), "it was closed already");
    }
}

/// tokio#2854, tokio#8075, tokio#8260: `close` plus the last permit that came back never woke the
/// receiver.
fn the_last_permit_that_comes_back_wakes_every_pop(fairness: Fairness) {
    for sends in [false, true] {
        let (sender, receiver) = channel(3, fairness);
        let (one, two) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
        let mut pops: Vec<_> = (0..3).map(|_| asleep(receiver.recv())).collect();
        receiver.close();
        assert_eq!(wakes(&pops), [1, 1, 1], "by the closing");
        assert!(pops.iter_mut().all(Waiting::is_pending), "permits are out");
        assert_eq!(receiver.try_recv(), Err(Empty), "not yet over");
        drop(one);
        assert!(pops.iter_mut().all(Waiting::is_pending), "one is out still");
        let once_more: Vec<_> = wakes(&pops).iter().map(|times| times + 1).collect();
        if sends {
            two.send(7);
        } else {
            drop(two);
        }
        assert_eq!(wakes(&pops), once_more, "by the last permit");
        let last = sends.then_some(7);
        assert_eq!(pops[2].poll(), Some(last), "the first to be polled gets it");
        assert_eq!([pops[0].poll(), pops[1].poll()], [Some(None), Some(None)]);
    }
}

#[test]
fn what_permits_send_after_the_closing_arrives() {
    let (sender, receiver) = queue::bounded(4);
    sender.try_send(1).unwrap();
    let permits: Vec<_> = sender.try_reserve_many(2).unwrap().collect();
    let owned = sender.clone().try_reserve_owned().unwrap();
    receiver.close();
    assert_eq!(ready(receiver.recv()), Some(1));
    let mut pop = asleep(receiver.recv());
    for (nth, permit) in permits.into_iter().enumerate() {
        permit.send(2 + nth);
    }
    assert_eq!(pop.wakes(), 1);
    assert_eq!((pop.poll(), receiver.try_recv()), (Some(Some(2)), Ok(3)));
    assert_eq!(receiver.try_recv(), Err(Empty), "one may come");
    drop(owned.send(4));
    assert_eq!(receiver.try_recv(), Ok(4));
    assert_eq!(receiver.try_recv(), Err(Disconnected));
}

/// tokio#8021: a closed bit that a hand-assembled state word lost.
#[test]
fn nothing_opens_it_again() {
    let (sender, receiver) = queue::bounded(2);
    let permit = sender.try_reserve().unwrap();
    let weak = sender.downgrade();
    let pop = asleep(receiver.recv());
    sender.try_send(1).unwrap();
    sender.close();
    permit.send(5);
    drop(pop);
    let again = weak.upgrade().expect("a sender lives");
    assert_eq!(again.sender_count(), 2, "closing ends no handle");
    drop((sender, again.clone()));
    assert!(again.is_closed() && receiver.is_closed());
    assert_eq!(again.try_send(1), Err(Closed(1)));
    assert_eq!(receiver.drain(), [1, 5]);
    assert_eq!(receiver.try_recv(), Err(Disconnected));
}

fn a_called_pop_still_gets_its_item(fairness: Fairness) {
    let queue = Queue::bounded(2).with_fairness(fairness);
    let mut pop = pop_called(&queue, 3);
    queue.close();
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(3))));
}

#[test]
fn closed_completes_drained_or_not() {
    let (sender, receiver) = queue::bounded(2);
    let mut waits = [sender.closed(), sender.closed(), receiver.closed()].map(asleep);
    let dropped = asleep(sender.closed());
    let forgotten = asleep(sender.closed()).forget();
    sender.try_send(1).unwrap();
    assert_eq!(wakes(&waits), [0; 3]);
    drop(dropped);
    assert_eq!(receiver.try_recv(), Ok(1));
    sender.try_send(2).unwrap();
    receiver.close();
    assert_eq!((wakes(&waits), forgotten.wakes()), (vec![1; 3], 1));
    assert!(waits.iter_mut().all(|wait| wait.poll() == Some(())));
    assert_eq!(ready(sender.closed()), ());
    assert_eq!(receiver.try_recv(), Ok(2));
    // By the last receiver, by the last sender, and of a queue that nobody closes.
    let (sender, receiver) = queue::unbounded::<u8>();
    let mut wait = asleep(sender.closed());
    drop(receiver);
    assert_eq!((wait.wakes(), wait.poll()), (1, Some(())));
    let (sender, receiver) = queue::unbounded::<u8>();
    let mut wait = asleep(receiver.closed());
    drop(sender);
    assert_eq!((wait.wakes(), wait.poll()), (1, Some(())));
}

/// The clone that it did not need: it is as if it had not been polled.
#[test]
fn the_closing_is_told_again_if_the_drop_of_a_waker_panicked() {
    let queue = Queue::<u8>::bounded(1);
    queue.close();
    let mut closed = Box::pin(queue.closed());
    let (waker, disarm) = panics_in_drop();
    assert_eq!(panics(|| poll_with(&waker, closed.as_mut())), "in drop");
    disarm.count();
    assert!(!closed.is_terminated());
    assert!(poll_with(Waker::noop(), closed.as_mut()).is_ready());
    assert!(closed.is_terminated());
}

/// It is dropped while it sleeps.
#[test]
fn a_panic_in_the_drop_of_a_waker_leaves_nobody_waiting_for_the_closing() {
    for unwinding in [false, true] {
        let queue = Queue::<u8>::bounded(1);
        let (loud, disarm) = panics_in_drop();
        let (closed, mut next) = (asleep_with(&loud, queue.closed()), asleep(queue.closed()));
        panics_or_is_swallowed(unwinding, "in drop", || drop(closed));
        disarm.count();
        assert!(queue.close());
        assert_eq!((next.wakes(), next.poll()), (1, Some(())));
    }
}

fn close_and_drain_is_one_step(fairness: Fairness) {
    let queue = filled(Queue::bounded(3).with_fairness(fairness));
    let mut push = push_asleep(&queue, 9);
    assert_eq!(queue.close_and_drain(), [0, 1, 2]);
    assert_eq!((push.wakes(), push.poll()), (1, Some(Err(SendError(9)))));
    assert_eq!(queue.try_pop(), Err(Disconnected));
    assert!(queue.close_and_drain().is_empty());
    // What is kept for a called pop is drained as well, and the pop learns of it.
    let queue = Queue::bounded(3).with_fairness(fairness);
    let (mut pop, mut asleep) = (pop_asleep(&queue), pop_asleep(&queue));
    queue.try_push(5).unwrap();
    assert_eq!((pop.wakes(), asleep.wakes()), (1, 0));
    assert_eq!(queue.close_and_drain(), [5]);
    assert_eq!((asleep.wakes(), asleep.poll()), (1, Some(None)));
    assert_eq!(pop.poll(), Some(None));
}

/// embassy 0.7: what made room woke no sender.
fn drain_takes_what_is_kept_and_calls_the_pushes_it_made_room_for(fairness: Fairness) {
    let queue = filled(Queue::bounded(2).with_fairness(fairness));
    let mut pushes: Vec<_> = (10..13).map(|item| push_asleep(&queue, item)).collect();
    assert_eq!(queue.drain(), [0, 1]);
    assert_eq!(wakes(&pushes), [1, 1, 0], "two slots");
    assert_eq!(pushes[0].poll(), Some(Ok(())));
    drop(pushes);
    assert_eq!(queue.drain(), [10]);
    let mut pop = pop_called(&queue, 5);
    assert_eq!(queue.drain(), [5], "though it is kept");
    assert!(pop.is_pending());
    queue.try_push(6).unwrap();
    assert_eq!((pop.wakes(), pop.poll()), (2, Some(Some(6))));
}

/// Every way to sleep races with the closing, on threads.
#[test]
fn closing_races_with_everything_and_leaves_nobody_asleep() {
    let _watchdog = Watchdog::new("closing races");
    for round in 0..300 {
        let capacity = round % 3;
        let queue = Queue::bounded(capacity).with_fairness(KINDS[round % KINDS.len()]);
        let (sender, receiver) = queue.into_channel();
        let (sent, received) = thread::scope(|scope| {
            let pops = scope.spawn(|| std::iter::from_fn(|| receiver.blocking_recv()).count());
            let pushes = [(); 2].map(|()| {
                let is_sent = |nth: &usize| sender.blocking_send(*nth).is_ok();
                scope.spawn(move || (0..).take_while(is_sent).count())
            });
            scope.spawn(|| futures::executor::block_on(receiver.closed()));
            match round % 4 {
                0 => assert!(receiver.close()),
                1 => thread::yield_now(),
                _ => {}
            }
            sender.close();
            let sent: usize = pushes.map(|push| push.join().unwrap()).iter().sum();
            (sent, pops.join().unwrap())
        });
        assert_eq!(sent, received, "round {round}");
        assert!(receiver.is_empty());
    }
}

/// A called push whose slot another one took meanwhile fails as well.
#[test]
fn a_push_called_in_vain_fails_when_it_is_closed() {
    let queue = filled(Queue::bounded(1).with_fairness(Fairness::overtakes(1)));
    let mut push = push_called(&queue, 7);
    queue.try_push(1).unwrap();
    assert!(push.is_pending(), "in vain");
    queue.close();
    assert_eq!((push.wakes(), push.poll()), (2, Some(Err(SendError(7)))));
    assert_eq!(queue.drain(), [1]);
}
