//! Items larger than a few words: an empty buffer starts again at the start of its block, and a block holds few.

use std::collections::VecDeque;

use wakeful::Queue;
use wakeful::queue::{LifoQueue, Permit, Receiver, Sender};

use crate::support::Rng;

/// An item that owns memory, so that a sanitizer sees one that is dropped twice, and fills `8 * N` bytes.
struct Item<const N: usize>(Box<usize>, [usize; N]);

impl<const N: usize> Item<N> {
    fn new(number: usize) -> Self {
        Self(Box::new(number), [number; N])
    }

    fn number(self) -> usize {
        assert!(self.1.iter().all(|&part| part == *self.0), "torn");
        *self.0
    }
}

/// The newest of two blocks is drained, and then the oldest item, alone in its block, is evicted.
#[test]
fn a_stack_evicts_the_last_item_of_its_first_block() {
    let (sender, receiver) = LifoQueue::bounded(2_000).into_channel();
    sender.try_send(Item::<6>::new(1)).ok().unwrap();
    sender.try_send(Item::new(2)).ok().unwrap();
    assert_eq!(receiver.try_recv().map(Item::number), Ok(2));
    let permits = sender.try_reserve_many(1_999).unwrap();
    let evicted = sender.force_send(Item::new(3)).ok().unwrap();
    assert_eq!(evicted.map(Item::number), Some(1));
    drop(permits);
    for number in 4..50 {
        sender.try_send(Item::new(number)).ok().unwrap();
    }
    for number in (3..50).rev() {
        assert_eq!(receiver.try_recv().map(Item::number), Ok(number));
    }
    assert!(receiver.is_empty());
}

#[test]
fn a_stack_is_dropped_while_its_last_block_is_drained() {
    let stack = LifoQueue::unbounded();
    stack.try_push(Item::<6>::new(1)).ok().unwrap();
    stack.try_push(Item::new(2)).ok().unwrap();
    assert_eq!(stack.try_pop().map(Item::number), Ok(2));
    drop(stack);
}

/// Rings and chains, of one item to a block and of several.
#[test]
fn they_leave_in_order_whatever_is_done() {
    for _ in 0..if cfg!(debug_assertions) { 30 } else { 300 } {
        for lifo in [false, true] {
            for bound in [1, 2, 3, 5] {
                run::<1>(lifo, bound);
                run::<5>(lifo, bound);
                run::<2_000>(lifo, bound);
                run::<5_000>(lifo, bound);
            }
            run::<200>(lifo, 60);
        }
    }
}

fn run<const N: usize>(lifo: bool, bound: usize) {
    let (sender, receiver) = if lifo {
        LifoQueue::bounded(bound).into_channel()
    } else {
        Queue::bounded(bound).into_channel()
    };
    let mut expected = Expected {
        lifo,
        items: VecDeque::new(),
    };
    let mut random = Rng::new();
    let mut permits = Vec::new();
    for number in 0..150 {
        step::<N>(
            number,
            bound,
            (&sender, &receiver),
            &mut permits,
            &mut expected,
            &mut random,
        );
        let filled = expected.items.len() + permits.len();
        assert_eq!(sender.capacity(), bound - filled);
    }
}

/// The numbers of the queued items, oldest first.
struct Expected {
    lifo: bool,
    items: VecDeque<usize>,
}

impl Expected {
    fn pop(&mut self) -> Option<usize> {
        if self.lifo {
            self.items.pop_back()
        } else {
            self.items.pop_front()
        }
    }
}

fn step<'a, const N: usize>(
    number: usize,
    bound: usize,
    (sender, receiver): (&'a Sender<Item<N>>, &Receiver<Item<N>>),
    permits: &mut Vec<Permit<'a, Item<N>>>,
    expected: &mut Expected,
    random: &mut Rng,
) {
    let room = bound - expected.items.len() - permits.len();
    match random.usize(..10) {
        0..4 => {
            let sent = sender.try_send(Item::new(number)).is_ok();
            assert_eq!(sent, room > 0);
            expected.items.extend(sent.then_some(number));
        }
        4..7 => {
            let received = receiver.try_recv().ok();
            assert_eq!(received.map(Item::number), expected.pop());
        }
        7 => {
            let old = sender.force_send(Item::new(number)).ok().unwrap();
            let wanted = match room {
                _ if permits.len() == bound => Some(number),
                0 => expected.items.pop_front(),
                _ => None,
            };
            assert_eq!(old.map(Item::number), wanted);
            expected
                .items
                .extend((wanted != Some(number)).then_some(number));
        }
        8 => match (sender.try_reserve(), permits.pop()) {
            (Ok(permit), None) => permits.push(permit),
            (_, Some(permit)) => {
                permit.send(Item::new(number));
                expected.items.push_back(number);
            }
            (Err(_), None) => {}
        },
        _ => {
            let drained = receiver.drain().into_iter().map(Item::number);
            let wanted = std::iter::from_fn(|| expected.pop());
            assert!(drained.eq(wanted));
        }
    }
}
