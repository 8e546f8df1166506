//! A cache shared by many tasks: each value is computed once, and tasks that want it meanwhile wait for it.
//!
//! ```text
//! cargo run --example shared_cache
//! ```

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex as SyncMutex};

use tokio::task::JoinSet;
use wakeful::{Mutex, yield_now};

#[derive(Default)]
struct Cache {
    /// Never locked across an `.await`, so std's mutex will do.
    entries: SyncMutex<HashMap<String, Arc<Mutex<Option<usize>>>>>,
    computed: AtomicUsize,
}

impl Cache {
    async fn get(self: Arc<Self>, key: &str) -> usize {
        let entry = Arc::clone(self.entries.lock().unwrap().entry(key.into()).or_default());
        // Locked while the value is computed. If this task is cancelled, the next one computes it.
        let mut value = entry.lock().await;
        match *value {
            Some(value) => value,
            None => *value.insert(self.compute(key).await),
        }
    }

    async fn compute(&self, key: &str) -> usize {
        self.computed.fetch_add(1, Relaxed);
        yield_now().await; // asks a database, say
        key.len()
    }
}

#[tokio::main]
async fn main() {
    let cache = Arc::new(Cache::default());
    let keys = ["one", "three"].repeat(50);
    let lookups: JoinSet<usize> = keys.into_iter().map(|key| cache.clone().get(key)).collect();
    let sum: usize = lookups.join_all().await.into_iter().sum();

    let computed = cache.computed.load(Relaxed);
    println!("100 lookups of 2 keys, {computed} computed");
    assert_eq!(sum, 50 * (3 + 5));
    assert_eq!(computed, 2);
}
