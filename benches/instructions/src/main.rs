//! `instructions WORKLOAD [ours | fifo | tokio]`, to be run under callgrind: each workload is a fixed number of
//! items, and nothing else of note. `instructions items` says how many.
//!
//! On tokio's current-thread runtime, so that the counts are the same each time.

#![allow(unused_mut, reason = "only tokio's receivers need it")]

use std::hint::black_box;
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::task::{JoinHandle, yield_now};
use wakeful::Fairness;

/// How many items each workload is: a multiple of the number of tasks in any.
const ITEMS: u64 = 49_920;

fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

async fn all<T>(tasks: impl IntoIterator<Item = JoinHandle<T>>) {
    for task in tasks {
        task.await.expect("no panic");
    }
}

/// Two tasks send each other one item.
macro_rules! ping_pong {
    ($open:expr) => {
        run(async {
            let ((there, mut at_there), (back, mut at_back)) = ($open, $open);
            let serves = tokio::spawn(async move {
                for nth in 0..ITEMS / 2 {
                    assert!(there.send(nth).await.is_ok());
                    assert!(at_back.recv().await.is_some());
                }
            });
            let returns = tokio::spawn(async move {
                for _ in 0..ITEMS / 2 {
                    let item: u64 = at_there.recv().await.expect("open");
                    assert!(back.send(item).await.is_ok());
                }
            });
            all([serves, returns]).await;
        })
    };
}

/// So many senders, and one receiver.
macro_rules! fan_in {
    ($open:expr, $senders:expr) => {
        run(async {
            let (sender, mut receiver) = $open;
            let send = |_| {
                let sender = sender.clone();
                tokio::spawn(async move {
                    for nth in 0..ITEMS / $senders {
                        assert!(sender.send(nth).await.is_ok());
                    }
                })
            };
            let senders: Vec<_> = (0..$senders).map(send).collect();
            drop(sender);
            let sums = tokio::spawn(async move {
                let mut sum = 0_u64;
                while let Some(item) = receiver.recv().await {
                    sum += item;
                }
                black_box(sum);
            });
            all(senders).await;
            all([sums]).await;
        })
    };
}

/// So many tasks, each of which yields while it holds.
macro_rules! held {
    ($new:expr, $tasks:expr, $verb:ident) => {
        run(async {
            let shared = Arc::new($new);
            let hold = |_| {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    for _ in 0..ITEMS / $tasks {
                        let held = shared.$verb().await;
                        yield_now().await;
                        drop(held);
                    }
                })
            };
            let tasks: Vec<_> = (0..$tasks).map(hold).collect();
            all(tasks).await;
        })
    };
}

/// Nobody else wants it.
macro_rules! alone {
    ($new:expr, $verb:ident) => {
        futures::executor::block_on(async {
            let shared = black_box($new);
            for _ in 0..ITEMS {
                drop(black_box(shared.$verb().await));
            }
        })
    };
}

/// By the constructors of a channel, a semaphore and a mutex.
macro_rules! workloads {
    ($workload:expr, $open:expr, $semaphore:expr, $mutex:expr) => {{
        let (open, semaphore, mutex) = ($open, $semaphore, $mutex);
        match $workload {
            "ping-pong" => ping_pong!(open(1)),
            "send-4-1" => fan_in!(open(1), 4),
            "send-64-16" => fan_in!(open(16), 64),
            "send-3-7" => fan_in!(open(7), 3),
            "send-4-128" => fan_in!(open(128), 4),
            "send-1-128" => fan_in!(open(128), 1),
            "permits" => held!(semaphore(4), 64, acquire),
            "lock" => held!(mutex(0_u64), 8, lock),
            "lock-alone" => alone!(mutex(0_u64), lock),
            "permit-alone" => alone!(semaphore(4), acquire),
            other => panic!("no workload {other}"),
        }
    }};
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match arguments[..] {
        ["items"] => println!("{ITEMS}"),
        [workload] | [workload, "ours"] => workloads!(
            workload,
            wakeful::queue::bounded::<u64>,
            wakeful::Semaphore::new,
            wakeful::Mutex::new
        ),
        [workload, "fifo"] => workloads!(
            workload,
            |bound| wakeful::Queue::<u64>::bounded(bound)
                .with_fairness(Fairness::FIFO)
                .into_channel(),
            |permits| wakeful::Semaphore::with_fairness(permits, Fairness::FIFO),
            |value| wakeful::Mutex::with_fairness(value, Fairness::FIFO)
        ),
        [workload, "tokio"] => workloads!(
            workload,
            tokio::sync::mpsc::channel::<u64>,
            tokio::sync::Semaphore::new,
            tokio::sync::Mutex::new
        ),
        _ => panic!("instructions WORKLOAD [ours | fifo | tokio]"),
    }
}
