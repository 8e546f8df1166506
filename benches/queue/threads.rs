//! The blocking calls: the same flow, but each sender and each receiver on a thread of its own.

use super::payload::Payload;
use super::rows::{Traffic, Users};
use super::workload::{BURST, check};
use crate::support::executor::Executor;
use crate::support::row::Row;
use crate::support::workload::Sample;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;
use wakeful::{Fairness, Queue, queue};

pub(crate) trait Blocking<T: Payload>: 'static {
    type Sender: Clone + Send + 'static;
    type Receiver: Clone + Send + 'static;

    /// `None` is unbounded.
    fn open(capacity: Option<usize>) -> (Self::Sender, Self::Receiver);
    fn send(sender: &Self::Sender, item: T) -> bool;
    fn receive(receiver: &Self::Receiver) -> Option<T>;
}

pub(crate) struct Wakeful;
pub(crate) struct Fifo;
pub(crate) struct Crossbeam;

macro_rules! ours {
    ($($kind:ident: $fairness:expr;)*) => {$(
        impl<T: Payload> Blocking<T> for $kind {
            type Sender = queue::Sender<T>;
            type Receiver = queue::Receiver<T>;

            fn open(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
                let queue = capacity.map_or_else(Queue::unbounded, Queue::bounded);
                queue.with_fairness($fairness).into_channel()
            }

            fn send(sender: &Self::Sender, item: T) -> bool {
                sender.blocking_send(item).is_ok()
            }

            fn receive(receiver: &Self::Receiver) -> Option<T> {
                receiver.blocking_recv()
            }
        }
    )*};
}

ours! {
    Wakeful: Fairness::DEFAULT;
    Fifo: Fairness::FIFO;
}

impl<T: Payload> Blocking<T> for Crossbeam {
    type Sender = crossbeam_channel::Sender<T>;
    type Receiver = crossbeam_channel::Receiver<T>;

    fn open(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        capacity.map_or_else(crossbeam_channel::unbounded, crossbeam_channel::bounded)
    }

    fn send(sender: &Self::Sender, item: T) -> bool {
        sender.send(item).is_ok()
    }

    fn receive(receiver: &Self::Receiver) -> Option<T> {
        receiver.recv().ok()
    }
}

/// One batch of a fixed number of items per sender.
pub(crate) fn batch<T: Payload, B: Blocking<T>>(
    row: &Row<Traffic>,
    _: &Executor,
    items: u64,
) -> Sample {
    let Users::Threads { senders, receivers } = row.setting.users else {
        unreachable!("a row of the async calls");
    };
    let (sender, receiver) = B::open(row.setting.capacity);
    let unbounded = row.setting.capacity.is_none();
    let threads = usize::try_from(senders + receivers).expect("few");
    let (ready, go) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
    let both = || {
        ready.wait();
        go.wait();
    };
    let mut start = Instant::now();
    let sums: Vec<u64> = thread::scope(|scope| {
        let senders = (0..senders).map(|task| {
            let sender = sender.clone();
            scope.spawn(move || {
                both();
                for number in task * items..(task + 1) * items {
                    assert!(B::send(&sender, T::of(number)), "closed");
                    if unbounded && number % BURST == BURST - 1 {
                        thread::yield_now();
                    }
                }
                0
            })
        });
        let mut running: Vec<_> = senders.collect();
        running.extend((0..receivers).map(|_| {
            let receiver = receiver.clone();
            scope.spawn(move || {
                both();
                std::iter::from_fn(|| B::receive(&receiver))
                    .map(|item| item.number())
                    .sum()
            })
        }));
        drop((sender, receiver));
        ready.wait();
        start = Instant::now();
        go.wait();
        let sums = running.into_iter().map(|thread| thread.join());
        sums.map(|sum| sum.expect("a thread panicked")).collect()
    });
    let elapsed = start.elapsed();
    let total = senders * items;
    check(sums, total);
    Sample::untimed(elapsed, total)
}
