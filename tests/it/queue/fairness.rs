//! The fairness rules, as far as they are of queues alone: P1 for requests for many slots, and that items and
//! slots each have a line of their own; P2, no futurelock inside a task (tokio#6450, tokio#7892, RFD 609); and
//! that once a queue is closed nothing is kept, and nobody has to be patient.

use std::future;
use std::pin::pin;
use std::sync::Arc;

use wakeful::queue::SendError;
use wakeful::{Fairness, Queue, yield_now};

use super::{asleep, channel, full, pop_asleep, pop_called, push_called, ready};
use crate::fairness::futurelock::second_poll;
use crate::support::{LONG, Task, Waiting, run_on_tokio, sleeping};

const LIMITS: [u16; 6] = [0, 1, 2, 3, 7, 1024];

/// A request for many slots is not starved by small ones, though it is asleep: too few are free.
#[test]
fn exactly_k_pushes_overtake_a_reserve_of_many_that_sleeps() {
    for k in LIMITS {
        let (sender, receiver) = channel(4, Fairness::overtakes(k));
        let held = sender.try_reserve().unwrap();
        let mut many = asleep(sender.reserve_many(4));
        for nth in 0..k {
            assert_eq!(sender.try_send(nth), Ok(()), "{k}");
            assert_eq!(receiver.try_recv(), Ok(nth));
        }
        assert!(sender.try_send(0).is_err(), "{k}: the next fails");
        let mut small = Waiting::new(sender.send(7));
        assert!(small.is_pending());
        assert_eq!(sender.capacity(), 3);
        drop(held);
        assert_eq!(many.wakes(), 1);
        drop(many.poll().unwrap().expect("they were kept"));
        assert_eq!(small.poll(), Some(Ok(())));
        assert_eq!(receiver.try_recv(), Ok(7));
    }
}

/// Items and slots each have a line of their own: credit for the one is none for the other.
#[test]
fn the_two_lines_know_nothing_of_each_other() {
    let queue = Queue::bounded(1).with_fairness(Fairness::overtakes(1));
    let mut pop = pop_called(&queue, 1);
    let mut push = asleep(queue.push(2));
    assert_eq!(queue.try_pop(), Ok(1), "the pop's credit");
    assert_eq!(queue.try_push(3), Ok(()), "the push's credit");
    assert!(queue.try_pop().is_err());
    assert_eq!(pop.poll(), Some(Some(3)));
    assert!(queue.try_push(4).is_err());
    assert_eq!(push.poll(), Some(Ok(())));
    assert_eq!(queue.try_pop(), Ok(2));
}

/// A kept pop is no reason to hold a push of the same task up, nor the other way round.
#[test]
fn a_task_that_keeps_a_pop_may_push() {
    let queue = full(1);
    let task = Task::new();
    let kept = sleeping(&task, queue.push(1));
    assert_eq!(Waiting::of(&task, queue.pop()).poll(), Some(Some(0)));
    let mut push = Waiting::of(&task, queue.push(2));
    assert_eq!(push.poll(), Some(Ok(())), "futurelock");
    drop((kept, push));
    let queue = Queue::bounded(1);
    let kept = sleeping(&task, queue.pop());
    assert_eq!(Waiting::of(&task, queue.push(1)).poll(), Some(Ok(())));
    assert_eq!(Waiting::of(&task, queue.pop()).poll(), Some(Some(1)));
    drop(kept);
}

/// A reserve of many that was called, and is kept, lets a push of its task through.
#[test]
fn a_kept_reserve_of_many_is_passed_over() {
    let (sender, receiver) = channel(3, Fairness::FIFO);
    let task = Task::new();
    let held = sender.try_reserve().unwrap();
    let mut many = sleeping(&task, sender.reserve_many(3));
    let mut other = asleep(sender.send(1));
    drop(held);
    assert_eq!((many.wakes(), other.wakes()), (1, 0));
    let mut send = Waiting::of(&task, sender.send(2));
    assert_eq!(second_poll(&mut send), Ok(()));
    assert_eq!(other.wakes(), 1, "there is room for it too");
    assert_eq!(other.poll(), Some(Ok(())));
    assert!(many.is_pending());
    assert_eq!([receiver.try_recv(), receiver.try_recv()], [Ok(2), Ok(1)]);
    assert_eq!(many.poll().unwrap().unwrap().len(), 3);
}

/// RFD 609: `select!` on `&mut f1`, and in the handler another wait for the same.
#[test]
fn rfd_609_a_wait_in_the_handler_of_select() {
    for fairness in [Fairness::FIFO, Fairness::overtakes(0), Fairness::DEFAULT] {
        run_on_tokio(&format!("{fairness:?}: futurelock"), || {
            let queue = Arc::new(Queue::bounded(1).with_fairness(fairness));
            let story = async {
                select_and_pop(Arc::clone(&queue)).await;
                select_and_push(queue).await;
            };
            (story, || {})
        });
    }
}

async fn select_and_pop(queue: Arc<Queue<usize>>) {
    let mut f1 = pin!(queue.pop());
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("it is empty"),
        () = future::ready(()) => {
            let theirs = Arc::clone(&queue);
            let pushes = tokio::spawn(async move {
                yield_now().await;
                for nth in 0..3 {
                    theirs.push(nth).await.expect("open");
                }
            });
            assert_eq!(queue.pop().await, Some(0));
            assert_eq!(queue.pop().await, Some(1));
            assert_eq!(f1.await, Some(2));
            pushes.await.expect("no panic");
        }
    }
}

async fn select_and_push(queue: Arc<Queue<usize>>) {
    queue.try_push(0).expect("it is empty");
    let mut f1 = pin!(queue.push(3));
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("it is full"),
        () = future::ready(()) => {
            let theirs = Arc::clone(&queue);
            let pops = tokio::spawn(async move {
                yield_now().await;
                for nth in 0..4 {
                    assert_eq!(theirs.pop().await, Some(nth));
                }
            });
            queue.push(1).await.expect("open");
            queue.push(2).await.expect("open");
            f1.await.expect("open");
            pops.await.expect("no panic");
        }
    }
}

const PATIENT: Fairness = Fairness::overtakes(0).with_patience(LONG);

/// Once the queue is closed, nothing is kept: the first to be polled takes the item, even if another was
/// called, alive or forgotten, and with FIFO too.
#[test]
fn once_closed_nothing_is_kept_for_anybody() {
    for forgets in [false, true] {
        for fairness in [Fairness::FIFO, PATIENT, Fairness::DEFAULT] {
            let queue = Queue::bounded(2).with_fairness(fairness);
            let (first, mut second) = (pop_asleep(&queue), pop_asleep(&queue));
            queue.try_push(1).unwrap();
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            queue.close();
            assert_eq!((first.wakes(), second.wakes()), (1, 1), "by the closing");
            let first = if forgets {
                Err(first.forget())
            } else {
                Ok(first)
            };
            assert_eq!(second.poll(), Some(Some(1)), "{fairness:?}");
            assert_eq!(ready(queue.pop()), None);
            if let Ok(mut first) = first {
                assert_eq!(first.poll(), Some(None));
            }
        }
    }
}

/// The same for what a permit sends after the closing, while another permit is held: the first to look takes
/// it, even if a waiter was called.
#[test]
fn once_closed_what_permits_send_is_kept_for_nobody() {
    for fairness in [Fairness::FIFO, PATIENT, Fairness::DEFAULT] {
        for way in 0..4 {
            let (sender, receiver) = channel(2, fairness);
            let (one, other) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
            receiver.close();
            let mut first = asleep(receiver.recv());
            let mut second = asleep(receiver.recv());
            one.send(1);
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            let mut many = Vec::new();
            let got = match way {
                0 => second.poll().flatten(),
                1 => receiver.try_recv().ok(),
                2 => Waiting::new(receiver.recv()).poll().flatten(),
                _ => receiver.try_recv_many(&mut many, 9).ok(),
            };
            assert_eq!(got, Some(1), "{fairness:?}, way {way}: it was kept");
            assert!(first.is_pending(), "in vain");
            drop(other);
            assert_eq!((first.wakes(), first.poll()), (2, Some(None)));
        }
    }
}

/// A called push fails when it is closed, and its slot is nobody's any more.
#[test]
fn once_closed_no_slot_is_kept_either() {
    let queue = super::full(1);
    let mut push = push_called(&queue, 7);
    queue.close();
    assert_eq!(queue.capacity(), 1);
    assert_eq!(push.poll(), Some(Err(SendError(7))));
    assert_eq!(ready(queue.push(8)), Err(SendError(8)));
}
