//! What has bitten other channels, each by the issue that tells of it.
//!
//! Those with a module of their own are elsewhere: lost items (kanal#24, kanal#50) in `cancel`, lost
//! last wake-ups (tokio#2854, tokio#8075, tokio#8260, local-sync#4) in `closing`, forgotten waiters
//! (async-channel#45, tachyonix#1) in `patience` and `forget`, early returns (flume#140) in `rendezvous`,
//! futurelock (tokio#6450, tokio#7892, RFD 609) in `futurelock`, memory that is never given back
//! (tokio#7355, tokio#4031) in `alloc`, foreign code under the lock (tokio#5429, tokio#8529) in
//! `reentrant`, `Duration::MAX` (flume 0.12) in `blocking`.

use std::sync::{Arc, Barrier};

use wakeful::{Fairness, Queue};

use super::pop_asleep;
use crate::support::lines::{Line, SIDES};
use crate::support::{KINDS, Task};

/// event-listener#138: what frees a unit, and sees nobody, races with a waiter that registers.
#[test]
fn a_unit_that_comes_while_somebody_registers_is_not_lost() {
    const ROUNDS: usize = 3_000;
    for side in SIDES {
        for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
            let line = Line::new(side, 1, fairness);
            let (start, end) = (Barrier::new(2), Barrier::new(2));
            let mut lost = 0;
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        let held = line.hold(1);
                        start.wait();
                        drop(held);
                        end.wait();
                        start.wait();
                    }
                });
                for _ in 0..ROUNDS {
                    start.wait();
                    let mut waiter = line.waiting();
                    let got = waiter.poll();
                    end.wait();
                    lost += usize::from(got.is_none() && waiter.wakes() == 0);
                    drop(got);
                    drop(waiter);
                    start.wait();
                }
            });
            assert_eq!(lost, 0, "{side:?}: asleep beside a free unit");
        }
    }
}

/// crossfire#22: a retry succeeds, but its waker stays queued and eats a later wake-up.
#[test]
fn who_got_in_by_a_spurious_poll_eats_no_later_wake_up() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        let [mut first, mut second, third] = line.called();
        drop(second.poll().expect("it overtakes"));
        drop(first.poll().expect("called"));
        assert_eq!((second.wakes(), third.wakes()), (0, 1), "{side:?}");
    }
}

/// tokio#4751: polled again with a different waker, of which the last counts.
#[test]
fn the_last_waker_is_woken_and_no_earlier_one() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        let held = line.hold(1);
        let mut waiter = line.asleep();
        let (middle, last) = (Task::new(), Task::new());
        for task in [&middle, &last, &middle, &last] {
            assert!(task.poll(waiter.future()).is_pending());
        }
        drop(held);
        let wakes = (waiter.wakes(), middle.wakes(), last.wakes());
        assert_eq!(wakes, (0, 0, 1), "{side:?}: it moved from task to task");
    }
}

/// crossfire 2.0.9: a poll with another waker after the call takes the call with it.
#[test]
fn a_call_is_answered_from_another_task() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::overtakes(3));
        let [mut waiter] = line.called();
        let barger = line.hold(1);
        let other = Task::new();
        assert!(other.poll(waiter.future()).is_pending(), "in vain");
        drop(barger);
        assert_eq!((waiter.wakes(), other.wakes()), (1, 1), "{side:?}");
        assert!(other.poll(waiter.future()).is_ready());
    }
}

/// Old wakers are let go: at once when replaced, and at the end.
#[test]
fn wakers_are_not_leaked() {
    let queue = Queue::bounded(1);
    let mut pop = pop_asleep(&queue);
    let (old, new) = (Arc::clone(pop.task()), Task::new());
    assert_eq!(Arc::strong_count(&old), 3);
    assert!(new.poll(pop.future()).is_pending());
    assert_eq!(Arc::strong_count(&old), 2, "replaced");
    queue.try_push(1).unwrap();
    assert_eq!(Arc::strong_count(&new), 1, "woken");
    assert!(new.poll(pop.future()).is_ready());
    drop(pop);
    assert_eq!(Arc::strong_count(&old), 1);
}

/// embassy#1204: two waiters evict each other from one slot; thingbuf#83, async-channel#13: spinning.
#[test]
fn two_waiters_polled_by_turns_neither_evict_each_other_nor_spin() {
    for side in SIDES {
        for fairness in KINDS {
            let line = Line::new(side, 1, fairness);
            let held = line.hold(1);
            let (mut first, mut second) = (line.asleep(), line.asleep());
            for _ in 0..1000 {
                assert!(first.is_pending() && second.is_pending());
            }
            assert_eq!((first.wakes(), second.wakes()), (0, 0), "{side:?}");
            drop(held);
            drop(first.poll().expect("woken"));
            assert_eq!(
                (first.wakes(), second.wakes()),
                (1, 1),
                "{side:?}, {fairness:?}"
            );
        }
    }
}

/// What can change nothing for a waiter does not wake it.
#[test]
fn nobody_is_woken_in_vain() {
    for fairness in KINDS {
        let (sender, receiver) = Queue::bounded(2).with_fairness(fairness).into_channel();
        let mut pop = crate::support::sleeping(&Task::new(), receiver.recv());
        let closed = crate::support::sleeping(&Task::new(), sender.closed());
        drop(sender.try_reserve().unwrap());
        drop(sender.try_reserve_many(2).unwrap());
        drop((
            sender.clone(),
            receiver.clone(),
            sender.downgrade().upgrade(),
        ));
        assert!(receiver.try_recv().is_err() && receiver.drain().is_empty());
        assert_eq!((pop.wakes(), closed.wakes()), (0, 0), "{fairness:?}");
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
        let mut push = crate::support::sleeping(&Task::new(), sender.send(3));
        assert_eq!(
            (pop.wakes(), pop.poll(), push.wakes()),
            (1, Some(Some(1)), 1)
        );
        assert_eq!(
            (push.poll(), push.wakes(), closed.wakes()),
            (Some(Ok(())), 1, 0)
        );
    }
}
