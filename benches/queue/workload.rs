//! One batch: a fixed number of items by each sender, timed, and all of them received, which is checked by
//! the sum of their numbers.

use super::channel::{Channel, Received, Sent};
use super::payload::Payload;
use super::rows::{Traffic, Users};
use crate::support::executor::Executor;
use crate::support::race::race;
use crate::support::row::{Family, Row};
use crate::support::waits::{NotTimed, Timed, Waits, Watch};
use crate::support::workload::Sample;
use std::time::{Duration, Instant};
use tokio::task::yield_now;

/// How many items a sender sends to an unbounded queue before it yields, since nothing else makes it
/// pause: without, the queue grows to most of the batch; with fewer, it is the yield that is measured.
pub(super) const BURST: u64 = 1024;

/// One batch of a fixed number of items per sender.
pub(crate) fn batch<T: Payload, C: Channel<T>>(
    row: &Row<Traffic>,
    executor: &Executor,
    items: u64,
) -> Sample {
    let Traffic { capacity, users } = row.setting;
    match users {
        Users::One => {
            let elapsed = executor.run_in_task(alone::<T, C>(capacity, items));
            Sample::untimed(elapsed, items)
        }
        Users::Tasks { senders, receivers } if row.family() == Family::Waits => {
            executor.run(flow::<T, C, Timed>(capacity, senders, receivers, items))
        }
        Users::Tasks { senders, receivers } => {
            executor.run(flow::<T, C, NotTimed>(capacity, senders, receivers, items))
        }
        Users::PingPong => executor.run(ping_pong::<T, C>(capacity, items)),
        Users::Threads { .. } | Users::Urgent { .. } => unreachable!("a row for threads"),
    }
}

async fn alone<T: Payload, C: Channel<T>>(capacity: Option<usize>, items: u64) -> Duration {
    let (sender, mut receiver) = open::<T, C>(capacity);
    let start = Instant::now();
    for number in 0..items {
        assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
        let received = C::receive(&mut receiver).await.item();
        assert_eq!(received.map(|item| item.number()), Some(number));
    }
    start.elapsed()
}

/// What a task does. A task that only sends or only receives continues until nothing is left.
enum Role<S, R> {
    /// Sends numbers from `first` on.
    Send {
        sender: S,
        first: u64,
    },
    Receive(R),
    /// Sends a number and waits for its return.
    Serve(S, R),
    Return(S, R),
}

async fn flow<T: Payload, C: Channel<T>, W: Watch>(
    capacity: Option<usize>,
    senders: u64,
    receivers: u64,
    items: u64,
) -> Sample {
    let (sender, receiver) = open::<T, C>(capacity);
    let mut roles = Vec::new();
    roles.extend((1..receivers).map(|_| {
        let another = C::ANOTHER.expect("a channel for one receiver");
        Role::Receive(another(&receiver))
    }));
    roles.push(Role::Receive(receiver));
    roles.extend((1..senders).map(|task| Role::Send {
        sender: sender.clone(),
        first: task * items,
    }));
    roles.push(Role::Send { sender, first: 0 });
    let burst = capacity.map_or(BURST, |_| u64::MAX);
    all::<T, C, W>(roles, items, burst, senders * items).await
}

async fn ping_pong<T: Payload, C: Channel<T>>(capacity: Option<usize>, items: u64) -> Sample {
    let (there, receiver_there) = open::<T, C>(capacity);
    let (back, receiver_back) = open::<T, C>(capacity);
    let roles = vec![
        Role::Return(back, receiver_there),
        Role::Serve(there, receiver_back),
    ];
    all::<T, C, NotTimed>(roles, items, u64::MAX, items).await
}

fn open<T: Payload, C: Channel<T>>(capacity: Option<usize>) -> (C::Sender, C::Receiver) {
    C::open(capacity.unwrap_or(usize::MAX))
}

/// Runs all roles at once, which bring `total` items to their end.
async fn all<T: Payload, C: Channel<T>, W: Watch>(
    roles: Vec<Role<C::Sender, C::Receiver>>,
    items: u64,
    burst: u64,
    total: u64,
) -> Sample {
    let tasks = u64::try_from(roles.len()).expect("few");
    let mut roles = roles.into_iter();
    let (elapsed, played) = race(tasks, |_| {
        let role = roles.next().expect("one for each task");
        play::<T, C, W>(role, items, burst)
    })
    .await;
    let (sums, watches): (Vec<u64>, Vec<W>) = played.into_iter().unzip();
    check(sums, total);
    let mut waits = Waits::none();
    watches
        .into_iter()
        .for_each(|watch| watch.report(&mut waits));
    Sample {
        elapsed,
        operations: total,
        waits,
    }
}

/// Plays a role to its end, and says what the numbers received there add up to; and how long each item
/// of one who only sends took to leave.
async fn play<T: Payload, C: Channel<T>, W: Watch>(
    role: Role<C::Sender, C::Receiver>,
    items: u64,
    burst: u64,
) -> (u64, W) {
    let mut sum = 0;
    let mut watch = W::default();
    match role {
        Role::Send { sender, first } => {
            let mut left = burst;
            for number in first..first + items {
                let asked = watch.now();
                assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
                watch.record(asked, watch.now());
                left -= 1;
                if left == 0 {
                    yield_now().await;
                    left = burst;
                }
            }
        }
        Role::Receive(mut receiver) => {
            while let Some(item) = C::receive(&mut receiver).await.item() {
                sum += item.number();
            }
        }
        Role::Serve(sender, mut receiver) => {
            for number in 0..items {
                assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
                let item = C::receive(&mut receiver).await.item();
                sum += item.expect("closed").number();
            }
        }
        Role::Return(sender, mut receiver) => {
            while let Some(item) = C::receive(&mut receiver).await.item() {
                assert!(C::send(&sender, item).await.arrived(), "closed");
            }
        }
    }
    (sum, watch)
}

/// All numbers from 0 on were received, each once.
pub(super) fn check(sums: impl IntoIterator<Item = u64>, total: u64) {
    let sum: u64 = sums.into_iter().sum();
    assert_eq!(sum, total * total.saturating_sub(1) / 2, "lost or doubled");
}
