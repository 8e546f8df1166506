//! A limit on how many requests run at once, raised and lowered while it is in use.
//!
//! ```text
//! cargo run --example changing_limit
//! ```

use std::cell::Cell;

use futures::future::join_all;
use wakeful::{Semaphore, yield_now};

/// Runs 20 requests within the limit, and returns the most that ran at once.
async fn most_at_once(limit: &Semaphore) -> usize {
    let (running, most) = (Cell::new(0), Cell::new(0));
    let request = async || {
        let _permit = limit.acquire().await.unwrap();
        running.set(running.get() + 1);
        most.set(most.get().max(running.get()));
        yield_now().await;
        running.set(running.get() - 1);
    };
    join_all((0..20).map(|_| request())).await;
    most.get()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Semaphore::new(2);
    assert_eq!(most_at_once(&limit).await, 2);

    limit.add_permits(3);
    assert_eq!(most_at_once(&limit).await, 5);

    // All five are held when the limit goes down to one: the first four to be returned are gone for good.
    let held = limit.acquire_many(5).await.unwrap();
    limit.reduce_permits(4);
    drop(held);
    assert_eq!(most_at_once(&limit).await, 1);
    println!("at most 2 at once, then 5, then 1");
}
