//! A loom model of your own, on top of a mutex of this crate: every way in which two transfers can interleave.
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" cargo run --release --features loom --example own_model
//! ```
//!
//! Without the cfg, it runs once, on threads. The crate docs (*Model checking*) show how to set this up in
//! your own crate.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[cfg(wakeful_loom)]
use loom::{future::block_on, model, thread};
use wakeful::Mutex;
#[cfg(not(wakeful_loom))]
use {pollster::block_on, std::thread};

#[cfg(not(wakeful_loom))]
fn model(run: impl Fn()) {
    run();
}

/// Locks one account at a time, so two transfers that cross cannot deadlock.
async fn transfer(from: &Mutex<u64>, to: &Mutex<u64>, amount: u64) {
    *from.lock().await -= amount;
    *to.lock().await += amount;
}

pub(crate) fn money_is_neither_made_nor_lost() {
    static RUNS: AtomicUsize = AtomicUsize::new(0); // std's: loom need not explore it
    model(|| {
        RUNS.fetch_add(1, Relaxed);
        let (mine, yours) = (Arc::new(Mutex::new(10)), Arc::new(Mutex::new(10)));
        let crossing = thread::spawn({
            let (mine, yours) = (mine.clone(), yours.clone());
            move || block_on(transfer(&yours, &mine, 3))
        });
        block_on(transfer(&mine, &yours, 5));
        crossing.join().unwrap();
        assert_eq!((*mine.blocking_lock(), *yours.blocking_lock()), (8, 12));
    });
    let runs = RUNS.load(Relaxed);
    println!("money was neither made nor lost in any of {runs} runs");
    assert_eq!(runs > 1, cfg!(wakeful_loom));
}

fn main() {
    money_is_neither_made_nor_lost();
}
