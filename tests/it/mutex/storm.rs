//! One mutex used at once from every kind of executor and from plain threads, with random
//! cancellation: nothing is lost, nobody hangs (the watchdog would tell).

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use wakeful::{Fairness, Mutex, yield_now};

use crate::support::{KINDS, Random, Stormy, Watchdog, give_up_after, hold, run_on_all_executors};

const ROUNDS: usize = 1000;

/// The value is changed in two steps, so that two at once would lose one.
#[derive(Default)]
struct Value {
    count: u64,
    is_changing: bool,
}

impl Value {
    fn begin(&mut self) -> u64 {
        assert!(
            !std::mem::replace(&mut self.is_changing, true),
            "two at once"
        );
        self.count
    }

    fn end(&mut self, count: u64) {
        self.count = count + 1;
        self.is_changing = false;
    }
}

struct Storm {
    mutex: Arc<Mutex<Value>>,
    /// How often it was locked, counted elsewhere.
    locked: AtomicU64,
}

impl Storm {
    fn change(&self, value: &mut Value) {
        let count = value.begin();
        self.locked.fetch_add(1, SeqCst);
        value.end(count);
    }
}

impl Stormy for Storm {
    /// A task: locks in all ways, and gives up in all states.
    async fn task(self: Arc<Self>, seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..ROUNDS {
            match random.below(8) {
                0 => self.change(&mut *self.mutex.lock().await),
                1 => self.change(&mut *Arc::clone(&self.mutex).lock_owned().await),
                2 => {
                    let mut guard = self.mutex.lock().await;
                    let count = guard.begin();
                    self.locked.fetch_add(1, SeqCst);
                    for _ in 0..random.below(3) {
                        yield_now().await;
                    }
                    guard.end(count);
                }
                3 => {
                    if let Ok(mut guard) = self.mutex.try_lock() {
                        self.change(&mut guard);
                    }
                }
                4 | 5 => {
                    let polls = random.below(4);
                    if let Some(mut guard) = give_up_after(polls, self.mutex.lock()).await {
                        self.change(&mut guard);
                    }
                }
                6 => {
                    // A future that is kept without being polled, while another one is awaited.
                    let mut kept = pin!(self.mutex.lock());
                    if let Poll::Ready(mut guard) = futures::poll!(&mut kept) {
                        self.change(&mut guard);
                    } else {
                        self.change(&mut *self.mutex.lock().await);
                        if random.below(2) == 0 {
                            self.change(&mut *kept.await);
                        }
                    }
                }
                _ => yield_now().await,
            }
        }
    }

    /// A thread: blocks, forever or not.
    fn thread(&self, seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..ROUNDS {
            match random.below(5) {
                0 => self.change(&mut self.mutex.blocking_lock()),
                1 => self.change(&mut Arc::clone(&self.mutex).blocking_lock_owned()),
                2 => {
                    if let Ok(mut guard) = self.mutex.try_lock() {
                        self.change(&mut guard);
                    }
                }
                _ => {
                    let timeout = Duration::from_micros(random.below(300));
                    if let Some(mut guard) = self.mutex.blocking_lock_timeout(timeout) {
                        self.change(&mut guard);
                    }
                }
            }
        }
    }
}

fn storm(fairness: Fairness) {
    for seed in [1, 1000, 2000] {
        println!("{fairness:?}, seed {seed}");
        let _watchdog = Watchdog::new(format!("a storm on {fairness:?}, seed {seed}"));
        let storm = Arc::new(Storm {
            mutex: Arc::new(Mutex::with_fairness(Value::default(), fairness)),
            locked: AtomicU64::new(0),
        });
        run_on_all_executors(&storm, seed);
        let locked = storm.locked.load(SeqCst);
        assert_eq!(hold(&storm.mutex).count, locked, "some changes are lost");
        assert!(locked > 0, "nobody did anything");
    }
}

#[test]
fn a_storm_on_fifo() {
    storm(KINDS[0]);
}

#[test]
fn a_storm_by_default() {
    storm(KINDS[1]);
}

#[test]
fn a_storm_without_credit_or_patience() {
    storm(KINDS[2]);
}

#[test]
fn a_storm_with_little_credit_and_patience() {
    storm(KINDS[3]);
}

#[test]
fn a_storm_with_much_credit() {
    storm(KINDS[4]);
}
