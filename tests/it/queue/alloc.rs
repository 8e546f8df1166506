//! What a queue costs in memory: nothing before it is used whatever its bound, and what it took is given
//! back.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Waker};

use wakeful::Queue;
use wakeful::queue::{self, Pop, Push};

use crate::support::{Task, allocations, bytes_held, poll_with};

const KIB: isize = 1024;

#[test]
fn a_rendezvous_allocates_nothing_at_all() {
    let tasks = [(); 2].map(|()| Waker::from(Task::new()));
    let [one, two] = &tasks;
    let count = allocations(|| {
        let queue = Queue::bounded(0);
        for nth in 0..10 {
            let (mut push, mut pop) = (pin!(queue.push(nth)), pin!(queue.pop()));
            assert!(poll_with(one, push.as_mut()).is_pending());
            assert!(poll_with(two, pop.as_mut()).is_ready());
            assert!(poll_with(one, push.as_mut()).is_ready());
        }
        assert!(queue.drain().is_empty());
    });
    assert_eq!(count, 0);
}

/// `recv` and `send` of the handles too; permits as well. The stored waiter is the one exception: once.
#[test]
fn handles_allocate_nothing_but_a_stored_waiter_once() {
    let waker = Waker::from(Task::new());
    let (sender, mut receiver) = queue::bounded(2);
    sender.try_send(0).unwrap();
    assert_eq!(receiver.try_recv(), Ok(0));
    let other = receiver.clone();
    let count = allocations(|| {
        for nth in 0..10 {
            let (mut recv, mut send) = (pin!(other.recv()), pin!(sender.send(nth)));
            assert!(poll_with(&waker, recv.as_mut()).is_pending());
            assert!(poll_with(&waker, send.as_mut()).is_ready());
            assert!(poll_with(&waker, recv.as_mut()).is_ready());
            assert!(poll_with(&waker, pin!(sender.closed())).is_pending());
            let mut reserve = pin!(sender.reserve_many(2));
            assert!(poll_with(&waker, reserve.as_mut()).is_ready());
            drop(sender.try_reserve().unwrap());
            drop((sender.clone(), other.clone(), sender.downgrade()));
            drop(sender.clone().try_reserve_owned().unwrap());
        }
    });
    assert_eq!(count, 0);
    let mut poll = || {
        let mut context = Context::from_waker(&waker);
        receiver.poll_recv(&mut context).is_ready()
    };
    assert_eq!(allocations(|| assert!(!poll())), 1);
    let again = allocations(|| {
        for nth in 0..10 {
            sender.try_send(nth).unwrap();
            assert!(poll());
            assert!(!poll());
        }
    });
    assert_eq!(again, 0);
}

#[test]
fn a_queue_that_was_never_used_holds_under_a_kib_whatever_its_bound() {
    for bound in [0, 1, 1000, usize::MAX >> 4, usize::MAX] {
        let mut made = None;
        let bytes = bytes_held(|| made = Some(queue::bounded::<[u64; 100]>(bound)));
        assert!((1..KIB).contains(&bytes), "{bound}: {bytes}");
        drop(made);
        let making = allocations(|| drop(black_box(Queue::<u64>::bounded(bound))));
        assert_eq!(making, 0);
        assert!(size_of::<Queue<[u64; 100]>>() < KIB as usize);
    }
}

#[test]
fn an_unbounded_one_that_held_a_million_items_and_was_drained_holds_under_16_kib() {
    for way in 0..4 {
        let mut queue = Some(Queue::unbounded());
        let bytes = bytes_held(|| {
            let queue = queue.as_ref().unwrap();
            for nth in 0..1_000_000_u64 {
                queue.try_push(nth).unwrap();
            }
            match way {
                0 => (0..1_000_000).for_each(|nth| assert_eq!(queue.try_pop(), Ok(nth))),
                1 => assert_eq!(queue.drain().len(), 1_000_000),
                2 => {
                    let mut to = Vec::with_capacity(1000);
                    while queue.try_pop_many(&mut to, 1000).is_ok() {
                        to.clear();
                    }
                }
                _ => {
                    // Nearly drained, filled again, drained: what is spare does not pile up.
                    (0..999_990).for_each(|nth| assert_eq!(queue.try_pop(), Ok(nth)));
                    (0..100_000).for_each(|nth| queue.try_push(nth).unwrap());
                    (0..100_010).for_each(|_| assert!(queue.try_pop().is_ok()));
                }
            }
            assert!(queue.is_empty());
        });
        assert!((0..16 * KIB).contains(&bytes), "way {way}: {bytes}");
        let freed = bytes_held(|| drop(queue.take()));
        assert_eq!(freed, -bytes);
    }
}

/// It gives memory back as it drains, not only at the end; and large items do not cost more than they
/// are.
#[test]
fn memory_comes_back_as_it_drains() {
    let queue = Queue::unbounded();
    let mut last = bytes_held(|| (0..100_000_u64).for_each(|nth| queue.try_push(nth).unwrap()));
    assert!((800_000..1_100_000).contains(&last), "{last}");
    for left in (0..10).rev() {
        last += bytes_held(|| (0..10_000).for_each(|_| assert!(queue.try_pop().is_ok())));
        let most = 80_000 * left + 64 * KIB;
        assert!(last < most, "{last} with {left} tenths left");
    }
    let large = Queue::unbounded();
    let bytes = bytes_held(|| {
        (0..100).for_each(|_| assert!(large.try_push([0_u8; 10_000]).is_ok()));
    });
    assert!((1_000_000..1_050_000).contains(&bytes), "{bytes}");
    let bytes = bytes_held(|| drop(large.drain()));
    assert!(bytes < -990_000, "{bytes}");
}

#[test]
fn ten_thousand_idle_queues_are_cheap() {
    let mut queues = Vec::with_capacity(10_000);
    let bytes = bytes_held(|| {
        for _ in 0..10_000 {
            let (sender, receiver) = queue::unbounded();
            sender.send(1_u64).unwrap();
            assert_eq!(receiver.try_recv(), Ok(1));
            queues.push((sender, receiver));
        }
    });
    assert!(bytes < 10_000 * KIB, "{} each", bytes / 10_000);
}

#[test]
fn what_it_costs_in_bytes() {
    const POINTER: usize = size_of::<usize>();
    let (pop, push) = (size_of::<Pop<'_, u64>>(), size_of::<Push<'_, u64>>());
    assert!(pop <= 160 && push <= 112, "{pop}, {push}");
    assert_eq!(size_of::<queue::Permit<'static, u64>>(), POINTER);
    assert_eq!(size_of::<queue::Receiver<u64>>(), 2 * POINTER);
}
