//! A long computation that yields now and then, so that other tasks on its thread make progress.
//!
//! ```text
//! cargo run --example hot_loop
//! ```

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use wakeful::yield_now;

const NUMBERS: u32 = 20_000;
static BEATS: AtomicUsize = AtomicUsize::new(0);

async fn count_primes() -> usize {
    let mut primes = 0;
    for n in 2..NUMBERS {
        let is_prime = (2..n).take_while(|d| d * d <= n).all(|d| n % d != 0);
        primes += usize::from(is_prime);
        if n % 100 == 0 {
            yield_now().await; // without this, the heart does not beat
        }
    }
    primes
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(async {
        loop {
            BEATS.fetch_add(1, Relaxed);
            yield_now().await;
        }
    });
    let primes = tokio::spawn(count_primes()).await.unwrap();
    let beats = BEATS.load(Relaxed);
    println!("{primes} primes below {NUMBERS}, {beats} heartbeats meanwhile");
    assert_eq!(primes, 2262);
    assert!(beats >= 100);
}
