//! One batch: so many items by each sender, timed, and all of them received, which is checked by
//! the sum of their numbers.

use super::channel::{Channel, Received, Sent};
use super::payload::Payload;
use super::rows::{Traffic, Users};
use crate::support::executor::Executor;
use crate::support::race::race;
use crate::support::row::Row;
use crate::support::workload::Sample;
use std::time::{Duration, Instant};

/// One batch of so many items per sender.
pub(crate) fn batch<T: Payload, C: Channel<T>>(
    row: &Row<Traffic>,
    executor: &Executor,
    items: u64,
) -> Sample {
    let capacity = row.setting.capacity.unwrap_or(usize::MAX);
    match row.setting.users {
        Users::One => {
            let elapsed = executor.run_in_task(alone::<T, C>(capacity, items));
            Sample::untimed(elapsed, items)
        }
        Users::Tasks { senders, receivers } => {
            executor.run(flow::<T, C>(row.setting.capacity, senders, receivers, items))
        }
        Users::PingPong => executor.run(ping_pong::<T, C>(capacity, items)),
        Users::Threads { .. } => unreachable!("a row of the blocking calls"),
    }
}

async fn alone<T: Payload, C: Channel<T>>(capacity: usize, items: u64) -> Duration {
    let (sender, mut receiver) = C::open(capacity);
    let start = Instant::now();
    for number in 0..items {
        assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
        let received = C::receive(&mut receiver).await.item();
        assert_eq!(received.map(|item| item.number()), Some(number));
    }
    start.elapsed()
}

/// What a task does: each sender sends its own numbers, and is dropped then; each receiver
/// receives until there are no senders.
enum Role<S, R> {
    Send { sender: S, first: u64 },
    Receive(R),
}

async fn flow<T: Payload, C: Channel<T>>(
    capacity: Option<usize>,
    senders: u64,
    receivers: u64,
    items: u64,
) -> Sample {
    let (sender, receiver) = C::open(capacity.unwrap_or(usize::MAX));
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

    let burst: u64 = std::env::var("BURST").map_or(0, |b| b.parse().unwrap());
    let mut roles = roles.into_iter();
    let (elapsed, sums) = race(senders + receivers, |_| {
        let role = roles.next().expect("a role for each task");
        play::<T, C>(role, items, capacity.is_none().then_some(burst))
    })
    .await;
    let total = senders * items;
    check(sums, total);
    Sample::untimed(elapsed, total)
}

async fn play<T: Payload, C: Channel<T>>(
    role: Role<C::Sender, C::Receiver>,
    items: u64,
    burst: Option<u64>,
) -> u64 {
    match role {
        Role::Send { sender, first } => {
            for number in first..first + items {
                assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
                if let Some(b) = burst && b > 0 && number % b == b - 1 {
                    tokio::task::yield_now().await;
                }
            }
            0
        }
        Role::Receive(mut receiver) => {
            let mut sum = 0;
            while let Some(item) = C::receive(&mut receiver).await.item() {
                sum += item.number();
            }
            sum
        }
    }
}

/// A task that serves, and one that sends back what it receives.
async fn ping_pong<T: Payload, C: Channel<T>>(capacity: usize, items: u64) -> Sample {
    let (there, received_there) = C::open(capacity);
    let (back, received_back) = C::open(capacity);
    let mut ends = [(there, received_back, true), (back, received_there, false)].into_iter();
    let (elapsed, sums) = race(2, |_| {
        let (sender, receiver, serves) = ends.next().expect("an end for each task");
        rally::<T, C>(sender, receiver, serves, items)
    })
    .await;
    check(sums, items);
    Sample::untimed(elapsed, items)
}

async fn rally<T: Payload, C: Channel<T>>(
    sender: C::Sender,
    mut receiver: C::Receiver,
    serves: bool,
    items: u64,
) -> u64 {
    let mut sum = 0;
    for number in 0..items {
        if serves {
            assert!(C::send(&sender, T::of(number)).await.arrived(), "closed");
        }
        let item = C::receive(&mut receiver).await.item().expect("closed");
        if serves {
            sum += item.number();
        } else {
            assert!(C::send(&sender, item).await.arrived(), "closed");
        }
    }
    sum
}

/// All numbers from 0 on were received, each once.
pub(super) fn check(sums: impl IntoIterator<Item = u64>, total: u64) {
    let sum: u64 = sums.into_iter().sum();
    assert_eq!(sum, total * total.saturating_sub(1) / 2, "lost or doubled");
}
