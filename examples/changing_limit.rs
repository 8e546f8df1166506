//! A limit on how much runs at once, raised and lowered while it is in use.
//!
//! ```text
//! cargo run --example changing_limit
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::task::JoinSet;
use wakeful::{Semaphore, yield_now};

/// Runs 20 requests within the limit, and returns how many ran at once at most.
async fn most_at_once(limit: &Arc<Semaphore>) -> usize {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (limit, running, most) = (limit.clone(), running.clone(), most.clone());
        requests.spawn(async move {
            let _permit = limit.acquire().await.unwrap();
            most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
            yield_now().await;
            running.fetch_sub(1, SeqCst);
        });
    }
    requests.join_all().await;
    most.load(SeqCst)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Arc::new(Semaphore::new(2));
    assert_eq!(most_at_once(&limit).await, 2);

    limit.add_permits(3);
    assert_eq!(most_at_once(&limit).await, 5);

    // All five are in use when the limit goes down to one: nobody is interrupted, and the next four
    // permits that come back are not given out again.
    let mut in_use = limit.acquire_many(5).await.unwrap();
    limit.reduce_permits(4);
    drop(in_use.split(4));
    assert_eq!(limit.available_permits(), 0);
    drop(in_use);
    assert_eq!(most_at_once(&limit).await, 1);
    println!("at most 2 at once, then 5, then 1");
}
