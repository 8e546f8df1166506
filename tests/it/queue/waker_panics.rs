//! Wakers that panic when they are woken by what only queues do: no item and no slot is lost.

use std::task::{Context, Waker};

use wakeful::queue;
use wakeful::{Fairness, Queue};

use super::{asleep, channel, full_channel};
use crate::support::lines::Side;
use crate::support::loud::{Crowd, asleep_with, panics_in_wake};
use crate::support::{Task, Waiting, panics, poll_with};

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
