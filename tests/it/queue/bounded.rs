//! What fits and what does not: `try_*`, and what `len`, `capacity` and `is_full` say.

use wakeful::queue;
use wakeful::queue::TryRecvError::Empty;
use wakeful::queue::TrySendError::Full;
use wakeful::{Fairness, Queue};

use super::{asleep, assert_idle, filled, full, pop_called, push_asleep, push_called, ready};
use crate::support::Rng;

for_each_fairness!(what_was_kept_is_free_again_when_the_called_waiter_leaves);

static STATIC: Queue<String> = Queue::bounded(2).with_fairness(Fairness::FIFO);
static UNBOUNDED: Queue<&str> = Queue::unbounded();

#[test]
fn a_queue_can_be_a_static() {
    STATIC.try_push("one".into()).unwrap();
    UNBOUNDED.try_push("two").unwrap();
    assert_eq!(STATIC.try_pop().as_deref(), Ok("one"));
    assert_eq!(UNBOUNDED.try_pop(), Ok("two"));
    assert_eq!(Queue::<u8>::default().max_capacity(), usize::MAX);
}

#[test]
fn as_many_as_the_bound_and_not_one_more() {
    for bound in [1, 2, 3, 10, 1000] {
        let queue = full(bound);
        assert_eq!(queue.try_push(7), Err(Full(7)));
        assert_eq!((queue.len(), queue.capacity()), (bound, 0));
        assert!(queue.is_full() && !queue.is_empty());
        assert_eq!(queue.max_capacity(), bound);
        for nth in 0..bound {
            assert_eq!(queue.try_pop(), Ok(nth));
            assert_eq!((queue.len(), queue.capacity()), (bound - nth - 1, nth + 1));
            assert!(!queue.is_full());
        }
        assert_eq!(queue.try_pop(), Err(Empty));
        assert!(queue.is_empty());
        assert_idle(&queue);
    }
}

#[test]
fn without_a_bound_it_is_never_full() {
    let (sender, receiver) = queue::unbounded();
    for nth in 0..10_000 {
        assert_eq!(sender.send(nth), Ok(()));
    }
    assert_eq!((sender.len(), receiver.len()), (10_000, 10_000));
    assert_eq!(receiver.capacity(), usize::MAX);
    assert_eq!(receiver.max_capacity(), usize::MAX);
    assert!(!receiver.is_full());
    let (sender, receiver) = Queue::unbounded().into_channel();
    assert_eq!(ready(sender.send(1)), Ok(()));
    assert_eq!((sender.capacity(), receiver.len()), (usize::MAX, 1));
    let permits = sender.try_reserve_many(1000).unwrap();
    assert_eq!((permits.len(), sender.capacity()), (1000, usize::MAX));
}

/// `capacity` is the slots neither filled nor reserved; those kept are free.
#[test]
fn reserved_slots_are_not_free_and_kept_ones_are() {
    let (sender, receiver) = queue::bounded(4);
    sender.try_send(1).unwrap();
    let permits = sender.try_reserve_many(2).unwrap();
    assert_eq!((sender.len(), sender.capacity()), (1, 1));
    let one = sender.try_reserve().unwrap();
    assert!(sender.is_full() && receiver.is_full());
    assert_eq!(sender.try_send(2), Err(Full(2)));
    let waiting = asleep(sender.send(3));
    drop(one);
    assert_eq!((waiting.wakes(), sender.capacity()), (1, 1));
    assert!(!sender.is_full());
    drop((waiting, permits));
    assert_eq!(sender.capacity(), 3);
}

/// `Full` though a slot is free, and `Empty` though an item is there, exactly if it is kept.
#[test]
fn trying_fails_on_what_is_kept() {
    let queue = Queue::bounded(2).with_fairness(Fairness::FIFO);
    let pop = pop_called(&queue, 1);
    assert_eq!(queue.try_pop(), Err(Empty), "kept");
    assert_eq!(queue.try_pop_many(&mut Vec::new(), 9), Err(Empty));
    assert_eq!((queue.len(), queue.is_empty()), (1, false));
    queue.try_push(2).unwrap();
    assert_eq!(queue.try_pop(), Ok(1), "the other is not");
    assert_eq!(queue.try_pop(), Err(Empty), "kept");
    drop(pop);
    assert_eq!(queue.try_pop(), Ok(2), "kept no more");

    let queue = filled(Queue::bounded(2).with_fairness(Fairness::FIFO));
    let push = push_called(&queue, 7);
    assert_eq!(queue.try_push(8), Err(Full(8)), "kept");
    assert_eq!((queue.capacity(), queue.is_full()), (1, false));
    assert_eq!(queue.try_pop(), Ok(1));
    assert_eq!(queue.try_push(8), Ok(()), "the other is not");
    assert_eq!(queue.try_push(9), Err(Full(9)), "kept");
    drop(push);
    assert_eq!(queue.try_push(9), Ok(()), "kept no more");
    assert_eq!(queue.drain(), [8, 9]);
}

/// A waiting pop that was not called keeps nothing: `try_pop` is `Empty` because there is nothing.
fn what_was_kept_is_free_again_when_the_called_waiter_leaves(fairness: Fairness) {
    let queue = Queue::bounded(1).with_fairness(fairness);
    drop(pop_called(&queue, 5));
    assert_eq!(queue.try_pop(), Ok(5));
    let queue = filled(Queue::bounded(1).with_fairness(fairness));
    drop(push_called(&queue, 5));
    assert_eq!(queue.try_push(6), Ok(()));
    assert_eq!(queue.drain(), [6]);
    assert_idle(&queue);
}

/// tokio#8062: `len` underflowed. Whatever happens, the counts add up.
#[test]
fn the_counts_add_up_whatever_happens() {
    for seed in 0..50 {
        let mut random = Rng::with_seed(seed);
        let bound = 1 + random.u64(..5) as usize;
        let (sender, receiver) = queue::bounded(bound);
        let mut permits = Vec::new();
        let mut len = 0_usize;
        for step in 0..300 {
            match random.u64(..9) {
                0 | 1 => len += usize::from(sender.try_send(step).is_ok()),
                2 => len -= usize::from(receiver.try_recv().is_ok()),
                3 => permits.extend(sender.try_reserve()),
                4 => permits.extend(sender.try_reserve_many(2).into_iter().flatten()),
                5 => drop(permits.pop()),
                6 => {
                    if let Some(permit) = permits.pop() {
                        permit.send(step);
                        len += 1;
                    }
                }
                7 => len += usize::from(sender.force_send(step) == Ok(None)),
                _ => {
                    let mut taken = Vec::new();
                    let _ = receiver.try_recv_many(&mut taken, 2);
                    len -= taken.len();
                }
            }
            assert_eq!((sender.len(), receiver.len()), (len, len), "seed {seed}");
            let free = bound - len - permits.len();
            assert_eq!((sender.capacity(), receiver.capacity()), (free, free));
            let full = free == 0;
            assert_eq!((sender.is_full(), receiver.is_full()), (full, full));
            assert_eq!(sender.is_empty(), len == 0);
        }
    }
}

/// They wait as they are: nothing of a push that waits is counted.
#[test]
fn a_waiting_push_is_not_counted() {
    let queue = full(2);
    let push = push_asleep(&queue, 9);
    assert_eq!((queue.len(), queue.capacity()), (2, 0));
    assert_eq!(queue.drain(), [0, 1]);
    assert_eq!((queue.len(), queue.capacity(), push.wakes()), (0, 2, 1));
}
