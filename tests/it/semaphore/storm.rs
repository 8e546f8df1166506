//! One semaphore used at once from every kind of executor and from plain threads, with cancellation,
//! timeouts and a limit that changes: never more are out than there may be, nothing is lost, nobody
//! hangs (the watchdog would tell).

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use wakeful::{Fairness, OwnedSemaphorePermit, Semaphore, SemaphorePermit, yield_now};

use super::assert_idle;
use crate::shared::traps::race_with_the_first_poll;
use crate::support::{
    KINDS, Random, Stormy, Waiting, Watchdog, give_up_after, run_on_all_executors,
};

const ROUNDS: usize = 500;
const LIMIT: usize = 5;

struct Storm {
    semaphore: Arc<Semaphore>,
    /// How many are out, counted elsewhere.
    out: AtomicUsize,
    acquired: AtomicUsize,
}

/// Permits that are counted while they are out.
struct Out<'a, P> {
    storm: &'a Storm,
    count: usize,
    _permit: P,
}

impl Storm {
    fn new(fairness: Fairness) -> Arc<Self> {
        Arc::new(Self {
            semaphore: Arc::new(Semaphore::with_fairness(LIMIT, fairness)),
            out: AtomicUsize::new(0),
            acquired: AtomicUsize::new(0),
        })
    }

    fn counted<P>(&self, permit: P, count: usize) -> Out<'_, P> {
        let out = self.out.fetch_add(count, SeqCst) + count;
        assert!(out <= LIMIT, "{out} are out");
        self.acquired.fetch_add(1, SeqCst);
        Out {
            storm: self,
            count,
            _permit: permit,
        }
    }

    fn borrowed<'a>(&'a self, permit: SemaphorePermit<'a>) -> Out<'a, SemaphorePermit<'a>> {
        let count = permit.num_permits();
        self.counted(permit, count)
    }

    fn owned(&self, permit: OwnedSemaphorePermit) -> Out<'_, OwnedSemaphorePermit> {
        let count = permit.num_permits();
        self.counted(permit, count)
    }

    /// Takes it apart and puts it together again, giving some back on the way.
    fn split_and_merge(&self, mut permit: OwnedSemaphorePermit) {
        let all = permit.num_permits();
        drop(self.counted((), all));
        let part = permit.split(all / 2).expect("of all");
        let mut other = Arc::clone(&self.semaphore).try_acquire_owned().ok();
        if let Some(other) = other.take() {
            permit.merge(other);
        }
        drop(part);
        let rest = permit.num_permits();
        drop(self.owned(permit));
        assert!(rest <= LIMIT);
    }

    /// The limit sinks for a while; it is never above [`LIMIT`].
    fn resize(&self, n: usize) {
        self.semaphore.reduce_permits(n);
        thread::yield_now();
        self.semaphore.add_permits(n);
    }
}

impl<P> Drop for Out<'_, P> {
    fn drop(&mut self) {
        self.storm.out.fetch_sub(self.count, SeqCst);
    }
}

impl Stormy for Storm {
    /// A task: acquires in all ways, and gives up in all states.
    async fn task(self: Arc<Self>, seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..ROUNDS {
            let n = 1 + random.below(LIMIT as u64) as u32;
            match random.below(10) {
                0 => drop(self.borrowed(self.semaphore.acquire().await.unwrap())),
                1 => {
                    let permit = Arc::clone(&self.semaphore).acquire_many_owned(n).await;
                    self.split_and_merge(permit.unwrap());
                }
                2 | 3 => {
                    let _out = self.borrowed(self.semaphore.acquire_many(n).await.unwrap());
                    for _ in 0..random.below(3) {
                        yield_now().await;
                    }
                }
                4 => {
                    if let Ok(permit) = self.semaphore.try_acquire_many(n) {
                        drop(self.borrowed(permit));
                    }
                }
                5 | 6 => {
                    let polls = random.below(4);
                    let permit = give_up_after(polls, self.semaphore.acquire_many(n)).await;
                    drop(permit.map(|permit| self.borrowed(permit.unwrap())));
                }
                7 => {
                    // A future that is kept without being polled, while another one is awaited.
                    let mut kept = pin!(self.semaphore.acquire_many(1 + n / 2));
                    if let Poll::Ready(permit) = futures::poll!(&mut kept) {
                        drop(self.borrowed(permit.unwrap()));
                    } else {
                        drop(self.borrowed(self.semaphore.acquire_many(n).await.unwrap()));
                        if random.below(2) == 0 {
                            drop(self.borrowed(kept.await.unwrap()));
                        }
                    }
                }
                8 => self.resize(n as usize),
                _ => yield_now().await,
            }
        }
    }

    /// A thread: blocks, forever or not.
    fn thread(&self, seed: u64) {
        let mut random = Random::new(seed);
        for _ in 0..ROUNDS {
            let n = 1 + random.below(LIMIT as u64) as u32;
            match random.below(6) {
                0 => drop(self.borrowed(self.semaphore.blocking_acquire_many(n).unwrap())),
                1 => {
                    let permit = Arc::clone(&self.semaphore).blocking_acquire_many_owned(n);
                    self.split_and_merge(permit.unwrap());
                }
                2 => {
                    if let Ok(permit) = self.semaphore.try_acquire_many(n) {
                        drop(self.borrowed(permit));
                    }
                }
                3 => self.resize(n as usize),
                _ => {
                    let timeout = Duration::from_micros(random.below(300));
                    let permit = self.semaphore.blocking_acquire_many_timeout(n, timeout);
                    if let Ok(permit) = permit {
                        drop(self.borrowed(permit));
                    }
                }
            }
        }
    }
}

fn storm(fairness: Fairness) {
    for seed in [1, 1000] {
        println!("{fairness:?}, seed {seed}");
        let _watchdog = Watchdog::new(format!("a storm on {fairness:?}, seed {seed}"));
        let storm = Storm::new(fairness);
        run_on_all_executors(&storm, seed);
        assert_eq!(storm.out.load(SeqCst), 0);
        assert!(storm.acquired.load(SeqCst) > 1000, "nobody did anything");
        assert_idle(&storm.semaphore, LIMIT);
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

#[test]
fn permits_that_are_added_at_the_first_poll_are_not_lost() {
    for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
        let semaphore = Semaphore::with_fairness(2, fairness);
        let add = |held: SemaphorePermit<'_>| {
            held.forget();
            semaphore.add_permits(2);
        };
        race_with_the_first_poll(
            || super::hold_all(&semaphore),
            add,
            || Waiting::new(semaphore.acquire_many(2)),
        );
    }
}
