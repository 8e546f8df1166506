//! Wakers that panic when they are woken by what only queues do: no item and no slot is lost. What was got is
//! given back when a waker panics in the same call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use futures::future::FusedFuture;
use wakeful::queue::{self, Sender};
use wakeful::{Fairness, Queue};

use super::{asleep, channel, full, full_channel};
use crate::support::lines::Side;
use crate::support::loud::{Crowd, asleep_with, panics_in_wake};
use crate::support::{Hooks, Task, Waiting, panics, poll_with};

for_each_fairness!(
    all_others_are_woken_before_a_panic_propagates_from_what_makes_room,
    all_others_are_woken_before_a_panic_propagates_from_every_closing,
);

/// Slots that call a few at a time.
const FEW: usize = 50;

fn all_others_are_woken_before_a_panic_propagates_from_what_makes_room(fairness: Fairness) {
    for way in 0..3 {
        let (sender, receiver) = full_channel(FEW, fairness);
        let mut crowd = Crowd::new(Side::Slots.called_at_once(FEW, 50), || sender.send(7));
        let mut to = Vec::new();
        let said = panics(|| match way {
            0 => drop(receiver.drain()),
            1 => assert!(receiver.try_recv_many(&mut to, 50).is_ok()),
            _ => drop(Waiting::new(receiver.recv_many(&mut to, 50)).poll()),
        });
        assert_eq!(said, "the first", "way {way}");
        if way == 0 {
            to = receiver.drain();
        }
        assert!(to.into_iter().eq(0..50), "no item is lost");
        crowd.assert_all_woken();
        let outcomes = crowd.outcomes();
        assert!(outcomes.iter().all(|pushed| pushed.is_ok()));
        assert_eq!(receiver.drain(), vec![7; outcomes.len()]);
    }
}

fn all_others_are_woken_before_a_panic_propagates_from_every_closing(fairness: Fairness) {
    for way in 0..4 {
        let (sender, receiver) = channel::<u8>(1, fairness);
        match way {
            0 | 1 => {
                let mut pops = Crowd::new(50, || receiver.recv());
                let said = match way {
                    0 => panics(|| sender.close()),
                    _ => panics(|| drop(sender)),
                };
                assert_eq!(said, "the first");
                pops.assert_all_woken();
                assert!(pops.outcomes().iter().all(Option::is_none));
            }
            2 => {
                sender.try_send(1).unwrap();
                let mut pushes = Crowd::new(50, || sender.send(7));
                let mut closings = Crowd::new(50, || sender.closed());
                assert_eq!(panics(|| drop(receiver)), "the first");
                pushes.assert_all_woken();
                closings.assert_all_woken();
                assert!(pushes.outcomes().iter().all(Result::is_err));
                assert_eq!(closings.outcomes().len(), 50);
                assert_eq!((sender.len(), sender.receiver_count()), (0, 0));
            }
            _ => {
                sender.try_send(1).unwrap();
                let mut pushes = Crowd::new(50, || sender.send(7));
                assert_eq!(panics(|| receiver.close_and_drain()), "the first");
                pushes.assert_all_woken();
                assert!(pushes.outcomes().iter().all(Result::is_err));
                assert!(sender.is_closed());
            }
        }
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_at_a_rendezvous() {
    let queue = Queue::bounded(0);
    let mut pushes = Crowd::new(50, || queue.push(7));
    let mut to = Vec::new();
    assert_eq!(panics(|| queue.try_pop_many(&mut to, 50)), "the first");
    assert_eq!(to, [7; 50]);
    pushes.assert_all_woken();
    assert!(pushes.outcomes().into_iter().all(|pushed| pushed.is_ok()));
}

/// A stored waiter that panics keeps no `recv` from being woken, nor the other way round.
#[test]
fn stored_waiters_panic_beside_others() {
    for loud_stored in [false, true] {
        let (sender, mut receiver) = queue::bounded(2);
        let other = receiver.clone();
        let quiet = Task::new();
        let mut wakers = [quiet.waker(), panics_in_wake("in wake")];
        if loud_stored {
            wakers.reverse();
        }
        let mut context = Context::from_waker(&wakers[0]);
        assert!(receiver.poll_recv(&mut context).is_pending());
        let mut recv = asleep_with(&wakers[1], other.recv());
        assert_eq!(panics(|| sender.try_send(1)), "in wake");
        assert_eq!(quiet.wakes(), 1);
        assert!(poll_with(Waker::noop(), recv.as_mut()).is_ready());
        drop(asleep(other.recv()));
    }
}

/// The push that it called panicked: the item that it had comes back, to the front.
#[test]
fn a_pop_that_panicked_puts_its_item_back() {
    for way in 0..3 {
        let queue = full(2);
        let mut loud = asleep_with(&panics_in_wake("in wake"), queue.push(7));
        let said = match way {
            0 => panics(|| queue.try_pop()),
            1 => panics(|| Waiting::new(queue.pop()).poll()),
            _ => panics(|| queue.blocking_pop()),
        };
        assert_eq!((said.as_str(), queue.len()), ("in wake", 2));
        assert_eq!(queue.drain(), [0, 1]);
        assert!(poll_with(Waker::noop(), loud.as_mut()).is_ready());
        assert_eq!(queue.drain(), [7]);
    }
}

/// As if it had not been polled.
#[test]
fn a_pop_that_panicked_may_be_polled_again() {
    let queue = full(2);
    let _loud = asleep_with(&panics_in_wake("in wake"), queue.push(7));
    let mut pop = Waiting::new(queue.pop());
    assert_eq!(panics(|| pop.poll()), "in wake");
    assert_eq!(pop.poll(), Some(Some(0)));
    assert!(queue.force_push(1).is_ok());
    assert_eq!(queue.drain(), [1, 1]);
}

/// What was put back is the oldest: the first to make room.
#[test]
fn a_forced_push_throws_out_what_was_put_back() {
    let queue = full(2);
    let _loud = asleep_with(&panics_in_wake("in wake"), queue.push(7));
    assert_eq!(panics(|| queue.try_pop()), "in wake");
    assert_eq!(queue.force_push(8), Ok(Some(0)));
    assert_eq!(queue.drain(), [1, 8]);
}

/// A push that panicked when its item was in the queue has pushed it, once.
#[test]
fn a_push_that_panicked_has_pushed_its_item() {
    for way in 0..4 {
        let (sender, receiver) = queue::bounded(1);
        let mut loud = asleep_with(&panics_in_wake("in wake"), receiver.recv());
        let mut push = Waiting::new(sender.send(5));
        let said = match way {
            0 => panics(|| sender.try_send(5)),
            1 => panics(|| push.poll()),
            2 => panics(|| sender.force_send(5)),
            _ => {
                let permit = sender.try_reserve().unwrap();
                panics(|| permit.send(5))
            }
        };
        assert_eq!((said.as_str(), sender.len()), ("in wake", 1));
        if way == 1 {
            assert_eq!(push.future().into_item(), None, "it has left");
        }
        let polled = poll_with(Waker::noop(), loud.as_mut());
        assert_eq!(polled, Poll::Ready(Some(5)));
        assert_eq!((receiver.drain(), sender.capacity()), (vec![], 1));
    }
}

/// Whether there is room for another item or not.
#[test]
fn a_push_that_panicked_is_ready_when_it_is_polled_again() {
    for capacity in 1..=2 {
        let (sender, receiver) = queue::bounded(capacity);
        let loud = asleep_with(&panics_in_wake("in wake"), receiver.recv());
        let mut push = Waiting::new(sender.send(5));
        assert_eq!(panics(|| push.poll()), "in wake");
        assert_eq!(push.poll(), Some(Ok(())));
        drop(loud);
        assert_eq!((receiver.drain(), sender.capacity()), (vec![5], capacity));
    }
}

/// The release makes room for all, and calls them in batches; a waker of the first reserves on credit,
/// goes on with the calls, and one of the next batch panics: there is no permit, and so no slot is out.
#[test]
fn a_reserve_that_panicked_gives_its_slots_back() {
    type Verb = fn(&Sender<usize>);
    let verbs: [Verb; 4] = [
        |sender| drop(sender.try_reserve()),
        |sender| drop(sender.try_reserve_many(1)),
        |sender| drop(sender.clone().try_reserve_owned()),
        |sender| drop(Waiting::new(sender.reserve()).poll()),
    ];
    for (nth, verb) in verbs.into_iter().enumerate() {
        // So many that all of these are called at once.
        let (sender, _receiver) = channel(1 << 30, Fairness::overtakes(9));
        let held = sender.try_reserve_many(1 << 30).unwrap();
        let said: Arc<OnceLock<bool>> = Arc::default();
        let (reserves, says) = (sender.clone(), Arc::clone(&said));
        let hook = move || {
            let panicked = catch_unwind(AssertUnwindSafe(|| verb(&reserves))).is_err();
            says.get_or_init(|| panicked);
        };
        let first = asleep_with(&Hooks::default().on_wake(hook).waker(), sender.send(0));
        let quiet: Vec<_> = (1..20).map(|n| asleep(sender.send(n))).collect();
        let loud = asleep_with(&panics_in_wake("in wake"), sender.send(20));
        drop(held);
        assert_eq!(said.get(), Some(&true), "verb {nth} met the loud one");
        drop((first, quiet, loud));
        assert_eq!(sender.capacity(), 1 << 30, "verb {nth}: a slot is lost");
    }
}

/// What many pops have taken stays taken, and the next poll tells how much that was.
#[test]
fn a_pop_of_many_that_panicked_tells_what_it_took() {
    for waited in [false, true] {
        let queue = Queue::bounded(2);
        let mut to = vec![9];
        let mut pop = Box::pin(queue.pop_many(&mut to, 2));
        if waited {
            assert!(poll_with(Waker::noop(), pop.as_mut()).is_pending());
        }
        queue.try_push(0).unwrap();
        queue.try_push(1).unwrap();
        let mut quiet = asleep(queue.push(2));
        let loud = asleep_with(&panics_in_wake("in wake"), queue.push(3));
        let said = panics(|| poll_with(Waker::noop(), pop.as_mut()));
        assert_eq!((said.as_str(), quiet.poll()), ("in wake", Some(Ok(()))));
        drop(loud);
        assert!(!pop.is_terminated(), "it has not told yet");
        assert_eq!(poll_with(Waker::noop(), pop.as_mut()), Poll::Ready(2));
        assert!(pop.is_terminated());
        panics(|| poll_with(Waker::noop(), pop.as_mut()));
        drop(pop);
        assert_eq!((to, queue.drain()), (vec![9, 0, 1], vec![2]));
    }
}
