//! Cancelling is dropping, in every state: nothing is lost by it, and nothing is sent by it.

use std::sync::Arc;

use wakeful::queue::{self, TryRecvError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{assert_idle, filled, full, pop_asleep, pop_called, push_asleep, wakes};
use crate::support::lines::{Line, SIDES};
use crate::support::{KINDS, LONG, Task, Waiting, sleeping};

/// crossfire#72: a future dropped before its first poll leaked its item.
#[test]
fn one_that_was_never_polled_is_dropped_without_a_trace() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1);
    drop(queue.push(ledger.item()));
    drop(queue.push_many([ledger.item(), ledger.item()]));
    assert_eq!(ledger.dropped(), 3);
    drop((
        queue.pop(),
        queue.closed(),
        queue.pop_many(&mut Vec::new(), 3),
    ));
    let (sender, receiver) = queue.into_channel();
    drop(sender.send_until(ledger.item(), std::future::pending::<()>()));
    drop((sender.reserve(), sender.reserve_many(9)));
    drop(sender.clone().reserve_owned());
    ledger.assert_all_dropped();
    assert_eq!((sender.sender_count(), sender.capacity()), (1, 1));
    assert!(receiver.is_empty());
}

#[test]
fn sleepers_are_dropped_from_anywhere_and_the_others_stay_in_order() {
    for side in SIDES {
        for fairness in KINDS {
            for dropped in [&[0][..], &[2], &[4], &[0, 4, 1, 3], &[3, 0, 4, 2, 1]] {
                let line = Line::new(side, 1, fairness);
                let held = line.hold(1);
                let mut waiters: Vec<_> = (0..5).map(|_| Some(line.asleep())).collect();
                dropped.iter().for_each(|&at| waiters[at] = None);
                let mut left: Vec<_> = waiters.into_iter().flatten().collect();
                assert!(left.iter().all(|waiter| waiter.wakes() == 0));
                drop(held);
                for turn in 0..left.len() {
                    let woken = left.iter().filter(|waiter| waiter.wakes() == 1).count();
                    assert_eq!(woken, turn + 1, "{side:?}, {fairness:?}: {dropped:?}");
                    drop(left[turn].poll().expect("in order"));
                }
                line.assert_idle(1);
            }
        }
    }
}

/// bpo-27585, anyio#1145: woken, then dropped; the wake-up was lost.
#[test]
fn a_called_one_passes_its_call_on() {
    for side in SIDES {
        for fairness in KINDS {
            let line = Line::new(side, 1, fairness);
            let [first, second, third] = line.called();
            assert_eq!((second.wakes(), third.wakes()), (0, 0));
            drop(first);
            assert_eq!((second.wakes(), third.wakes()), (1, 0), "{side:?}");
            drop(second);
            assert_eq!(third.wakes(), 1, "{side:?}, {fairness:?}");
            drop(third);
            line.assert_idle(1);
        }
    }
}

/// async-lock#18, async-std#452: two units came, and but one wake-up.
#[test]
fn two_units_are_not_merged_into_one_wake_up() {
    for side in SIDES {
        for fairness in KINDS {
            let line = Line::new(side, 2, fairness);
            let mut held = line.hold(2);
            let mut waiters = [(); 3].map(|()| line.asleep());
            held.pop();
            held.pop();
            assert_eq!(wakes(&waiters), [1, 1, 0], "{side:?}, {fairness:?}");
            let got = (waiters[1].poll().unwrap(), waiters[0].poll().unwrap());
            drop(got);
            assert_eq!(waiters[2].wakes(), 1);
        }
    }
}

/// kanal#24, kanal#50: an item was destroyed after its hand-over to a pop that was dropped.
#[test]
fn a_called_pop_that_is_dropped_takes_no_item_with_it() {
    for fairness in KINDS {
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
}

/// kanal and flume take items out of blocked senders: a push that timed out may have been received.
#[test]
fn a_push_that_was_cancelled_was_never_received() {
    for fairness in KINDS {
        let queue = filled(Queue::bounded(2).with_fairness(fairness));
        let asleep = push_asleep(&queue, 10);
        let called = push_asleep(&queue, 11);
        drop(asleep);
        assert_eq!(queue.drain(), [0, 1]);
        assert_eq!(called.wakes(), 1);
        assert_eq!(
            queue.try_pop(),
            Err(TryRecvError::Empty),
            "its item is its own"
        );
        drop(called);
        assert_eq!(queue.try_pop(), Err(TryRecvError::Empty));
        assert_idle(&queue);
    }
}

#[test]
fn a_cancelled_push_drops_its_item_at_once() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1);
    assert!(queue.try_push(ledger.item()).is_ok());
    let (asleep, called) = (
        push_asleep(&queue, ledger.item()),
        push_asleep(&queue, ledger.item()),
    );
    drop(asleep);
    assert!(ledger.is_dropped(1));
    assert!(queue.try_pop().is_ok_and(|item| item.number == 0));
    assert_eq!((called.wakes(), ledger.is_dropped(2)), (1, false));
    drop(called);
    ledger.assert_all_dropped();
}

/// tokio#1898: a waiting permit that was cancelled leaked.
#[test]
fn a_cancelled_reserve_takes_no_slot_with_it() {
    for fairness in KINDS {
        let (sender, receiver) = filled(Queue::bounded(2).with_fairness(fairness)).into_channel();
        let waiting = sleeping(&Task::new(), sender.reserve_many(2));
        let owned = sleeping(&Task::new(), sender.clone().reserve_owned());
        assert_eq!(receiver.drain().len(), 2);
        assert_eq!((waiting.wakes(), owned.wakes()), (1, 0));
        drop(waiting);
        assert_eq!(owned.wakes(), 1);
        drop(owned);
        assert_eq!((sender.capacity(), sender.sender_count()), (2, 1));
        assert_eq!(sender.try_reserve_many(2).unwrap().len(), 2);
    }
}

/// futures-intrusive PR 61, embassy#6964, shuttle#167: the smaller ones behind it were never looked at.
#[test]
fn a_large_reserve_that_is_cancelled_lets_the_smaller_ones_through_in_the_same_call() {
    for fairness in KINDS {
        let (sender, receiver) = filled(Queue::bounded(4).with_fairness(fairness)).into_channel();
        let large = sleeping(&Task::new(), sender.reserve_many(4));
        let mut small: Vec<_> = (10..13)
            .map(|item| sleeping(&Task::new(), sender.send(item)))
            .collect();
        assert_eq!(receiver.try_recv_many(&mut Vec::new(), 2), Ok(2));
        assert_eq!((large.wakes(), wakes(&small)), (0, vec![0; 3]), "2 of 4");
        drop(large);
        assert_eq!(wakes(&small), [1, 1, 0], "{fairness:?}");
        assert!(
            small[..2]
                .iter_mut()
                .all(|send| send.poll() == Some(Ok(())))
        );
        drop(small);
        assert_eq!(receiver.drain(), [2, 3, 10, 11]);
    }
}

#[test]
fn futures_dropped_after_completion_leave_everything_alone() {
    let queue = full(1);
    let (mut push, next) = (push_asleep(&queue, 7), push_asleep(&queue, 8));
    queue.try_pop().unwrap();
    assert_eq!(push.poll(), Some(Ok(())));
    drop(push);
    assert_eq!((queue.len(), next.wakes()), (1, 0));
    let mut pop = Waiting::new(queue.pop());
    assert_eq!(pop.poll(), Some(Some(7)));
    assert_eq!(next.wakes(), 1);
    drop((pop, next));
    assert_idle(&queue);
}

#[test]
fn an_owned_reserve_that_is_the_last_to_know_the_queue_is_dropped() {
    let item = Arc::new(());
    let (sender, receiver) = queue::bounded(1);
    sender.try_send(Arc::clone(&item)).unwrap();
    let waiting = sleeping(&Task::new(), sender.reserve_owned());
    drop(receiver);
    assert_eq!((waiting.wakes(), Arc::strong_count(&item)), (1, 1));
    drop(waiting);
}

/// A push that overtook from within the line, and one that is dropped while it probes.
#[test]
fn a_prober_is_dropped_and_wakes_nobody_that_is_first() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::overtakes(0).with_patience(LONG));
        let [mut snoozing] = line.called();
        let mut prober = line.waiting();
        assert!((0..5).all(|_| prober.is_pending()));
        drop(prober);
        assert_eq!(snoozing.wakes(), 1);
        drop(snoozing.poll().expect("it was kept"));
        line.assert_idle(1);
    }
}
