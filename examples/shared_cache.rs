//! A cache shared by many tasks: each value is computed once, and tasks that want it in the meantime wait for
//! it.
//!
//! ```text
//! cargo run --example shared_cache
//! ```

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex as SyncMutex};

use tokio::task::JoinSet;
use wakeful::{Mutex, yield_now};

type Entry = Arc<Mutex<Option<usize>>>;
/// Never locked across an `.await`, so std's mutex will do.
static CACHE: LazyLock<SyncMutex<HashMap<&str, Entry>>> = LazyLock::new(Default::default);
static COMPUTED: AtomicUsize = AtomicUsize::new(0);

async fn get(key: &'static str) -> usize {
    let entry = Arc::clone(CACHE.lock().unwrap().entry(key).or_default());
    // Locked while the value is computed. If this task is cancelled, the next one computes it.
    let mut value = entry.lock().await;
    match *value {
        Some(value) => value,
        None => *value.insert(compute(key).await),
    }
}

async fn compute(key: &str) -> usize {
    COMPUTED.fetch_add(1, Relaxed);
    yield_now().await; // asks a database, say
    key.len()
}

#[tokio::main]
async fn main() {
    let lookups: JoinSet<usize> = ["one", "three"].repeat(50).into_iter().map(get).collect();
    let sum: usize = lookups.join_all().await.into_iter().sum();
    let computed = COMPUTED.load(Relaxed);
    println!("100 lookups of 2 keys, {computed} computed");
    assert_eq!((sum, computed), (50 * (3 + 5), 2));
}
