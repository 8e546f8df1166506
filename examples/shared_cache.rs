//! A cache shared by many tasks: each value is computed once, and whoever wants it meanwhile waits for it.
//!
//! ```text
//! cargo run --example shared_cache
//! ```

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex};

use tokio::task::JoinSet;
use wakeful::{Mutex, yield_now};

#[derive(Default)]
struct Cache {
    /// Never locked across an `.await`, so std's mutex will do.
    entries: SyncMutex<HashMap<String, Arc<Mutex<Option<usize>>>>>,
    computed: SyncMutex<Vec<String>>,
}

impl Cache {
    async fn get(&self, key: &str) -> usize {
        let entry = Arc::clone(self.entries.lock().unwrap().entry(key.into()).or_default());
        // Locked while the value is computed. If this task is cancelled, the next one computes it.
        let mut value = entry.lock().await;
        match *value {
            Some(value) => value,
            None => *value.insert(self.compute(key).await),
        }
    }

    async fn compute(&self, key: &str) -> usize {
        yield_now().await; // asks a database, say
        self.computed.lock().unwrap().push(key.into());
        key.len()
    }
}

#[tokio::main]
async fn main() {
    let cache = Arc::new(Cache::default());
    let lookups: JoinSet<usize> = ["one", "three"]
        .repeat(50)
        .into_iter()
        .map(|key| {
            let cache = Arc::clone(&cache);
            async move { cache.get(key).await }
        })
        .collect();
    let sum: usize = lookups.join_all().await.into_iter().sum();

    let mut computed = cache.computed.lock().unwrap();
    computed.sort();
    println!("100 lookups, computed: {computed:?}");
    assert_eq!(sum, 50 * (3 + 5));
    assert_eq!(*computed, ["one", "three"]);
}
