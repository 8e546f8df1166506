//! A counter that many tasks change. If the lock is not held from the read to the write, updates get lost.
//!
//! ```text
//! cargo run --example shared_counter
//! ```

use futures::future::join_all;
use wakeful::{Mutex, yield_now};

const TASKS: u64 = 100;

async fn lose_updates(counter: &Mutex<u64>) {
    let seen = *counter.lock().await; // unlocks again here
    yield_now().await; // and others read the same
    *counter.lock().await = seen + 1;
}

async fn keep_updates(counter: &Mutex<u64>) {
    let mut count = counter.lock().await;
    let seen = *count;
    yield_now().await; // still locked
    *count = seen + 1;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let counter = Mutex::new(0);
    join_all((0..TASKS).map(|_| lose_updates(&counter))).await;
    let without = std::mem::take(&mut *counter.lock().await);

    join_all((0..TASKS).map(|_| keep_updates(&counter))).await;
    let with = counter.into_inner();

    println!("{TASKS} updates: {with} counted with the lock held, {without} without");
    assert!(without < TASKS);
    assert_eq!(with, TASKS);
}
