//! Items leave in the order in which their pushes took effect, whichever way they came and leave.

use std::time::Duration;

use wakeful::queue;
use wakeful::queue::TryRecvError::Empty;
use wakeful::{Fairness, Queue};

use super::{filled, full, pop_asleep, push_asleep, ready, wakes};
use crate::support::Rng;

for_each_fairness!(
    waiting_pushes_take_their_turns,
    waiting_pops_take_their_turns,
);

#[test]
fn first_in_first_out() {
    for queue in [Queue::bounded(100), Queue::unbounded()] {
        (0..100).for_each(|nth| queue.try_push(nth).unwrap());
        (0..100).for_each(|nth| assert_eq!(queue.try_pop(), Ok(nth)));
        assert_eq!(queue.try_pop(), Err(Empty));
    }
}

/// flume#98: one path reordered. Here each item comes by another one, and leaves by another one.
#[test]
fn whichever_way_they_come_and_leave() {
    for turn in 0..7 {
        let (sender, receiver) = queue::bounded(100);
        let mut ways: Vec<usize> = (0..7).collect();
        ways.rotate_left(turn);
        for round in 0..3 {
            for (nth, way) in ways.iter().enumerate() {
                let item = 7 * round + nth;
                match way {
                    0 => sender.try_send(item).unwrap(),
                    1 => ready(sender.send(item)).unwrap(),
                    2 => assert_eq!(sender.force_send(item), Ok(None)),
                    3 => sender.try_reserve().unwrap().send(item),
                    4 => sender.blocking_send(item).unwrap(),
                    5 => assert!(matches!(ready(sender.send_many([item])), Ok(1))),
                    _ => drop(sender.clone().try_reserve_owned().unwrap().send(item)),
                }
            }
        }
        let mut items = Vec::new();
        for (nth, way) in ways.iter().cycle().enumerate().take(14) {
            match way {
                0 => items.push(receiver.try_recv().unwrap()),
                1 => items.push(ready(receiver.recv()).unwrap()),
                2 => items.push(receiver.blocking_recv().unwrap()),
                3 => assert_eq!(receiver.try_recv_many(&mut items, 1), Ok(1)),
                4 => assert_eq!(ready(receiver.recv_many(&mut items, 2)), 2),
                5 => items.extend(futures::executor::block_on_stream(receiver.clone()).next()),
                _ => items.extend(receiver.blocking_recv_timeout(Duration::ZERO)),
            }
            assert!(items.len() > nth);
        }
        items.extend(receiver.drain());
        assert!(items.iter().copied().eq(0..21), "{ways:?}: {items:?}");
    }
}

/// A permit takes its place when it sends, not when it was reserved.
#[test]
fn a_permit_takes_its_place_when_it_sends() {
    let (sender, receiver) = queue::bounded(4);
    let (first, second) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
    sender.try_send(1).unwrap();
    second.send(2);
    sender.try_send(3).unwrap();
    first.send(4);
    assert_eq!(receiver.drain(), [1, 2, 3, 4]);
}

/// Pushes that wait take effect in their line's order, when they are polled.
fn waiting_pushes_take_their_turns(fairness: Fairness) {
    let queue = filled(Queue::bounded(2).with_fairness(fairness));
    let mut pushes: Vec<_> = (2..7).map(|item| push_asleep(&queue, item)).collect();
    let mut items = Vec::new();
    for (nth, push) in pushes.iter_mut().enumerate() {
        items.push(queue.try_pop().unwrap());
        assert_eq!(push.wakes(), 1, "{nth}");
        assert_eq!(push.poll(), Some(Ok(())));
    }
    assert_eq!(wakes(&pushes), [1; 5]);
    items.extend(queue.drain());
    assert_eq!(items, [0, 1, 2, 3, 4, 5, 6]);
}

/// What counts is when each was polled, not when it was called.
#[test]
fn called_pushes_take_effect_when_they_are_polled() {
    let queue = full(3);
    let mut pushes: Vec<_> = (10..13).map(|item| push_asleep(&queue, item)).collect();
    assert_eq!(queue.drain(), [0, 1, 2]);
    for at in [2, 0, 1] {
        assert_eq!(pushes[at].poll(), Some(Ok(())), "called together");
    }
    assert_eq!(queue.drain(), [12, 10, 11]);
}

fn waiting_pops_take_their_turns(fairness: Fairness) {
    let queue = Queue::unbounded().with_fairness(fairness);
    let mut pops: Vec<_> = (0..5).map(|_| pop_asleep(&queue)).collect();
    for item in 0..5 {
        assert!(pops[item..].iter().all(|pop| pop.wakes() == 0));
        queue.try_push(item).unwrap();
        assert_eq!(wakes(&pops)[item], 1);
    }
    for (item, pop) in pops.iter_mut().enumerate() {
        assert_eq!(pop.poll(), Some(Some(item)));
    }
}

/// A ring wraps around, grows when it is wrapped, becomes a list of rings, and shrinks again.
#[test]
fn whatever_shape_the_storage_has() {
    in_order_through_all_shapes(|nth| nth as u8);
    in_order_through_all_shapes(|nth| nth as u64);
    in_order_through_all_shapes(|nth| [nth as u64; 3]);
    in_order_through_all_shapes(|nth| [nth as u64; 100]);
    in_order_through_all_shapes(|nth| [nth as u64; 600]);
}

/// With items that look as `numbered` says.
fn in_order_through_all_shapes<T: PartialEq>(numbered: fn(usize) -> T) {
    for seed in 0..10 {
        let mut random = Rng::with_seed(seed);
        let queue = Queue::unbounded();
        let (mut pushed, mut popped) = (0, 0);
        for _ in 0..30 {
            let most = 1 + 10_u64.pow(random.u64(..4) as u32);
            for _ in 0..random.u64(..most) {
                assert!(queue.try_push(numbered(pushed)).is_ok());
                pushed += 1;
            }
            let limit = [1, 5][random.usize(..2)];
            for _ in 0..random.u64(..most) {
                let mut items = Vec::new();
                let count = queue.try_pop_many(&mut items, limit).unwrap_or(0);
                assert_eq!(count, items.len());
                for item in items {
                    assert!(item == numbered(popped), "seed {seed}");
                    popped += 1;
                }
            }
            assert_eq!(queue.len(), pushed - popped);
        }
        for item in queue.drain() {
            assert!(item == numbered(popped), "seed {seed}");
            popped += 1;
        }
        assert_eq!(popped, pushed);
    }
}

#[test]
fn items_without_a_size_are_counted_all_the_same() {
    let queue = Queue::bounded(3);
    (0..3).for_each(|_| queue.try_push(()).unwrap());
    assert!(queue.is_full() && queue.try_push(()).is_err());
    assert_eq!(queue.try_pop(), Ok(()));
    assert_eq!(queue.drain().len(), 2);
}
