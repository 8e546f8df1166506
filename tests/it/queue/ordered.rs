//! Queues of another order: newest first, and greatest first. Whatever the order, the core is that of every
//! queue, and `differential` runs them beside the model; here is what only these have.

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};

use wakeful::Queue;
use wakeful::queue::{LifoQueue, PriorityQueue, Receiver, Sender};

use super::{asleep, pop_asleep, push_asleep};
use crate::support::loud::{asleep_with, panics_in_wake};
use crate::support::{Rng, allocations, bytes_held, panics};

/// Compares items of this type by this alone.
macro_rules! compared {
    ($type:ident: $compare:expr) => {
        impl Ord for $type {
            fn cmp(&self, other: &Self) -> Ordering {
                $compare(self, other)
            }
        }

        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $type {}
    };
}

#[derive(Debug)]
struct Ranked {
    rank: u32,
    name: char,
}

compared!(Ranked: |one: &Self, other: &Self| one.rank.cmp(&other.rank));

/// Larger than half a block, so that each lies in a block of its own.
type Large = [u64; 1500];

fn large(number: u64) -> Large {
    [number; 1500]
}

#[test]
fn the_newest_leaves_first() {
    let queue = LifoQueue::bounded(3);
    for nth in 0..3 {
        queue.try_push(nth).unwrap();
    }
    assert!(queue.is_full());
    assert_eq!(queue.try_pop(), Ok(2));
    queue.try_push(3).unwrap();
    let mut popped = Vec::new();
    assert_eq!(queue.try_pop_many(&mut popped, 2), Ok(2));
    assert_eq!((popped, queue.drain()), (vec![3, 1], vec![0]));
}

#[test]
fn the_greatest_leaves_first_and_the_oldest_among_equals() {
    let queue = PriorityQueue::unbounded();
    let by_rank = |rank, name| Ranked { rank, name };
    for (rank, name) in [(1, 'a'), (2, 'b'), (1, 'c'), (2, 'd'), (0, 'e'), (2, 'f')] {
        queue.try_push(by_rank(rank, name)).unwrap();
    }
    assert_eq!(queue.try_pop().unwrap().name, 'b');
    queue.try_push(by_rank(2, 'g')).unwrap();
    let rest = queue.drain().into_iter().map(|item| item.name);
    assert_eq!(rest.collect::<String>(), "dfgace");
}

#[test]
fn reversed_items_leave_least_first() {
    let queue = PriorityQueue::bounded(4);
    for number in [3, 1, 2] {
        queue.try_push(Reverse(number)).unwrap();
    }
    assert_eq!(queue.drain(), [1, 2, 3].map(Reverse));
}

/// The oldest has waited longest, and would wait on.
#[test]
fn a_forced_push_throws_out_the_oldest_of_a_stack() {
    let queue = LifoQueue::bounded(2);
    for nth in 0..2 {
        assert_eq!(queue.force_push(nth), Ok(None));
    }
    for nth in 2..40 {
        assert_eq!(queue.force_push(nth), Ok(Some(nth - 2)));
        assert_eq!(queue.len(), 2);
    }
    assert_eq!(queue.drain(), [39, 38]);
}

#[test]
fn a_forced_push_throws_out_what_would_leave_last() {
    let queue = PriorityQueue::bounded(3);
    for (rank, name) in [(2, 'a'), (1, 'b'), (1, 'c')] {
        queue.try_push(Ranked { rank, name }).unwrap();
    }
    let out = |rank, name| {
        queue
            .force_push(Ranked { rank, name })
            .unwrap()
            .unwrap()
            .name
    };
    assert_eq!(out(3, 'd'), 'c', "the newest of the least");
    assert_eq!(out(1, 'e'), 'e', "itself, newer than one as great");
    assert_eq!(out(0, 'f'), 'f', "itself, the least");
    assert_eq!(out(2, 'g'), 'b');
    let rest = queue.drain().into_iter().map(|item| item.name);
    assert_eq!(rest.collect::<String>(), "dag");
}

/// One that threw itself out comes to the same as one that was never there: nobody is woken for it.
#[test]
fn an_item_that_throws_itself_out_is_done() {
    let queue = PriorityQueue::bounded(1);
    queue.try_push(5).unwrap();
    let mut join = asleep(queue.join());
    assert_eq!(queue.force_push(1), Ok(Some(1)));
    queue.try_pop().unwrap();
    assert!(join.is_pending());
    queue.task_done();
    assert_eq!(join.poll(), Some(()));
}

/// Pushes wait for slots, and pops for items, as in any queue.
#[test]
fn pushes_and_pops_wait_and_call_each_other() {
    let queue = PriorityQueue::bounded(1);
    let mut pop = pop_asleep(&queue);
    queue.try_push(1).unwrap();
    let mut push = push_asleep(&queue, 2);
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(1))));
    assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    assert_eq!(queue.drain(), [2]);
}

#[test]
fn a_channel_has_the_order_of_its_queue() {
    let (sender, receiver) = LifoQueue::unbounded().into_channel();
    let (urgent, inbox) = PriorityQueue::bounded(9).into_channel();
    for number in [1, 3, 2] {
        sender.try_send(number).unwrap();
        urgent.try_send(number).unwrap();
    }
    // A permit takes its place when it sends.
    urgent.try_reserve().unwrap().send(4);
    drop((sender, urgent));
    assert_eq!(
        (1..=4)
            .map(|_| receiver.blocking_recv())
            .collect::<Vec<_>>(),
        [Some(2), Some(3), Some(1), None]
    );
    assert_eq!(inbox.drain(), [4, 3, 2, 1]);
}

/// What a waker's panic puts back is next, whatever came in the meantime.
#[test]
fn an_item_that_was_put_back_leaves_next() {
    for queue in [
        Box::new(PriorityQueue::bounded(2)).into_channel(),
        LifoQueue::bounded(2).into_channel(),
    ] {
        let (sender, receiver) = queue;
        sender.try_send(7).unwrap();
        sender.try_send(8).unwrap();
        let push = asleep_with(&panics_in_wake("loud"), sender.send(9));
        assert_eq!(panics(|| receiver.try_recv()), "loud");
        drop(push);
        assert_eq!((receiver.len(), receiver.capacity()), (2, 0));
        assert_eq!(sender.force_send(9), Ok(Some(7)), "the last to leave");
        assert_eq!(receiver.drain(), [8, 9]);
    }
}

/// All that is queued was put back: what would leave last is thrown out all the same.
#[test]
fn a_forced_push_beside_items_that_were_put_back() {
    let put_back = |(sender, receiver): (Sender<u8>, Receiver<u8>), items: [u8; 2]| {
        for item in items {
            sender.try_send(item).unwrap();
        }
        let push = asleep_with(&panics_in_wake("loud"), sender.send(0));
        assert_eq!(panics(|| receiver.drain()), "loud");
        drop(push);
        (sender, receiver)
    };
    let (sender, receiver) = put_back(LifoQueue::bounded(2).into_channel(), [1, 2]);
    assert_eq!(sender.force_send(3), Ok(Some(1)));
    assert_eq!(receiver.drain(), [2, 3]);
    let (sender, receiver) = put_back(PriorityQueue::bounded(2).into_channel(), [9, 5]);
    assert_eq!(sender.force_send(7), Ok(Some(7)), "it is the last to leave");
    assert_eq!(receiver.drain(), [9, 5]);
}

#[test]
fn a_stack_of_many_blocks_is_a_stack() {
    walk(300, |number| number, |number| number);
    walk(5000, |number| number, |number| number);
    walk(300, large, |item| item[0]);
    walk(300, |_| (), |()| 0);
}

/// Up and down at random, beside a vector.
fn walk<T>(most: usize, item: fn(u64) -> T, number: fn(T) -> u64) {
    let mut random = Rng::new();
    let (queue, mut stack) = (LifoQueue::unbounded(), Vec::new());
    for round in 0..20 {
        while stack.len() < random.usize(..most) {
            queue.try_push(item(round)).ok().unwrap();
            stack.push(item(round));
        }
        let left = random.usize(..most);
        while stack.len() > left {
            let (popped, expected) = (queue.try_pop().unwrap(), stack.pop().unwrap());
            assert_eq!(number(popped), number(expected));
        }
        assert_eq!(queue.len(), stack.len());
    }
}

/// A bounded one of blocks, from which items leave at both ends.
#[test]
fn a_stack_of_blocks_throws_out_at_its_other_end() {
    let queue = LifoQueue::bounded(100);
    let mut all = std::collections::VecDeque::new();
    let mut random = Rng::new();
    for number in 0..3000 {
        match random.usize(..3) {
            0 => assert_eq!(
                queue.try_pop().ok().map(|item: Large| item[0]),
                all.pop_back()
            ),
            _ => {
                let out = queue.force_push(large(number)).unwrap();
                let oldest = if all.len() == 100 {
                    all.pop_front()
                } else {
                    None
                };
                assert_eq!(out.map(|item| item[0]), oldest);
                all.push_back(number);
            }
        }
    }
}

#[test]
fn what_a_long_queue_took_is_given_back() {
    const KIB: isize = 1024;
    macro_rules! long {
        ($queue:ident) => {
            for drains in [false, true] {
                let queue = $queue::unbounded();
                let bytes = bytes_held(|| {
                    for number in 0..100_000_u64 {
                        queue.try_push(number).unwrap();
                    }
                    if drains {
                        assert_eq!(queue.drain().len(), 100_000);
                    } else {
                        while queue.try_pop().is_ok() {}
                    }
                });
                assert!(bytes < 16 * KIB, "{bytes} bytes are left");
            }
        };
    }
    long!(LifoQueue);
    long!(PriorityQueue);
}

/// Up and down where a block or a segment ends: what was drained last is kept.
#[test]
fn two_items_more_and_two_less_allocate_once() {
    fn up_and_down<T>(queue: &Queue<T>, item: fn(u64) -> T) -> usize {
        (0..62).for_each(|number| queue.try_push(item(number)).ok().unwrap());
        allocations(|| {
            for _ in 0..50 {
                (0..2).for_each(|number| queue.try_push(item(number)).ok().unwrap());
                (0..2).for_each(|_| drop(queue.try_pop().ok().unwrap()));
            }
        })
    }
    let count = up_and_down(&LifoQueue::unbounded(), large);
    assert!(count <= 2, "{count} allocations of a stack");
    let count = up_and_down(&PriorityQueue::unbounded(), |number| number);
    assert!(count <= 2, "{count} allocations of a heap");
}

/// Nothing under the latch takes time in proportion to the items.
#[test]
fn an_operation_compares_a_few_items_for_each_doubling() {
    thread_local!(static COMPARED: Cell<u32> = const { Cell::new(0) });
    struct Watched(u32);
    compared!(Watched: |one: &Self, other: &Self| {
        COMPARED.set(COMPARED.get() + 1);
        one.0.cmp(&other.0)
    });
    const ITEMS: u32 = 1 << 14;
    let queue = PriorityQueue::bounded(ITEMS as usize);
    let mut random = Rng::new();
    let mut few = |run: &mut dyn FnMut(u32)| {
        COMPARED.set(0);
        run(random.u32(..));
        assert!(COMPARED.get() <= 4 * 14, "{} comparisons", COMPARED.get());
    };
    for _ in 0..ITEMS {
        few(&mut |number| queue.try_push(Watched(number)).ok().unwrap());
    }
    for _ in 0..ITEMS {
        few(&mut |number| assert!(queue.force_push(Watched(number)).unwrap().is_some()));
    }
    for _ in 0..ITEMS {
        few(&mut |_| assert!(queue.try_pop().is_ok()));
    }
}

/// No item is lost or doubled, and the queue goes on; only the order suffers.
#[test]
fn a_comparison_that_panics_or_lies_loses_nothing() {
    thread_local!(static COMPARED: Cell<u32> = const { Cell::new(0) });
    #[derive(Debug)]
    struct Torn(u32);
    compared!(Torn: |one: &Self, other: &Self| {
        COMPARED.set(COMPARED.get() + 1);
        match COMPARED.get() % 8 {
            0 => panic!("not today"),
            1 | 2 => other.0.cmp(&one.0),
            _ => one.0.cmp(&other.0),
        }
    });
    let queue = PriorityQueue::bounded(300);
    let mut pop = pop_asleep(&queue);
    for number in 0..300 {
        queue.try_push(Torn(number)).unwrap();
    }
    let mut out: Vec<u32> = (300..400)
        .map(|number| queue.force_push(Torn(number)).unwrap().unwrap().0)
        .collect();
    out.push(pop.poll().unwrap().unwrap().0);
    out.extend((0..100).map(|_| queue.try_pop().unwrap().0));
    out.extend(queue.drain().into_iter().map(|item| item.0));
    out.sort_unstable();
    assert!(out.into_iter().eq(0..400));
}

#[test]
fn a_capacity_of_0_is_refused() {
    let said = panics(|| LifoQueue::<u8>::bounded(0));
    assert_eq!(said, "only a FIFO queue may have a capacity of 0");
    assert_eq!(panics(|| PriorityQueue::<u8>::bounded(0)), said);
}

#[test]
fn they_are_made_and_shown_as_queues_are() {
    static STACK: LifoQueue<u8> = LifoQueue::unbounded();
    static URGENT: PriorityQueue<&str> =
        PriorityQueue::bounded(2).with_fairness(wakeful::Fairness::FIFO);
    STACK.try_push(1).unwrap();
    assert_eq!(
        format!("{STACK:?}"),
        "LifoQueue { len: 1, closed: false, .. }"
    );
    assert_eq!(
        format!("{URGENT:?}"),
        "PriorityQueue { len: 0, max_capacity: 2, closed: false, .. }"
    );
    assert_eq!(LifoQueue::<u8>::default().max_capacity(), usize::MAX);
    assert_eq!(PriorityQueue::<u8>::default().capacity(), usize::MAX);
    // Items may borrow.
    let word = String::from("word");
    let borrows = PriorityQueue::bounded(1);
    borrows.try_push(word.as_str()).unwrap();
    assert_eq!(borrows.try_pop(), Ok("word"));
}

/// An item whose drop panics keeps no other from being dropped.
#[test]
fn every_item_of_a_heap_is_dropped() {
    thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Loud(u32);
    impl Drop for Loud {
        fn drop(&mut self) {
            DROPPED.set(DROPPED.get() + 1);
            assert_ne!(self.0 % 3, 0, "loud");
        }
    }
    let queue = PriorityQueue::unbounded();
    for number in 0..20 {
        queue.try_push(Loud(number)).ok().unwrap();
    }
    panics(|| drop(queue));
    assert_eq!(DROPPED.get(), 20);
}
