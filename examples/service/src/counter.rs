//! The lost-update trap: a counter that is read, awaited upon and written back, with a lock and
//! without one.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::task::yield_now;
use wakeful::Mutex;

use crate::support::waits::Waits;

pub(crate) struct Counter {
    locked: Mutex<u64>,
    unlocked: AtomicU64,
    break_lock: bool,
    /// What callers waited for the lock.
    pub(crate) waits: Waits,
}

impl Counter {
    /// With `break_lock`, the lock is let go between the read and the write.
    pub(crate) fn new(break_lock: bool) -> Self {
        Self {
            locked: Mutex::new(0),
            unlocked: AtomicU64::new(0),
            break_lock,
            waits: Waits::new(),
        }
    }

    /// Adds one to both counters. The unlocked one comes first: behind the lock its callers would
    /// come one by one.
    pub(crate) async fn add_one(&self) {
        self.add_unlocked().await;
        if self.break_lock {
            self.add_with_broken_lock().await;
        } else {
            self.add_locked().await;
        }
    }

    async fn add_locked(&self) {
        let mut count = self.waits.time(self.locked.lock()).await;
        let seen = *count;
        yield_now().await;
        *count = seen + 1;
    }

    async fn add_with_broken_lock(&self) {
        let seen = *self.waits.time(self.locked.lock()).await;
        yield_now().await;
        *self.waits.time(self.locked.lock()).await = seen + 1;
    }

    async fn add_unlocked(&self) {
        let seen = self.unlocked.load(Relaxed);
        yield_now().await;
        self.unlocked.store(seen + 1, Relaxed);
    }

    pub(crate) async fn locked(&self) -> u64 {
        *self.locked.lock().await
    }

    pub(crate) fn unlocked(&self) -> u64 {
        self.unlocked.load(Relaxed)
    }
}
