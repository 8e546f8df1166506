//! One line used at once from every kind of executor and from plain threads, with cancellation, timeouts
//! and permits that come and go: never more are out than there may be, nothing is lost, nobody hangs (the
//! watchdog would tell).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use wakeful::{Fairness, yield_now};

use crate::support::lines::{Got, Line, Side, cases};
use crate::support::{KINDS, Rng, Stormy, Watchdog, give_up_after, run_on_all_executors};

cases!(VERBS:
    a_storm_on_fifo,
    a_storm_by_default,
    a_storm_without_credit_or_patience,
    a_storm_with_little_credit_and_patience,
    a_storm_with_much_credit,
);

const UNITS: usize = 5;

struct Storm {
    line: Line,
    rounds: usize,
    units: usize,
    /// How many are out, counted elsewhere.
    out: AtomicUsize,
    taken: AtomicUsize,
}

/// Units that are counted while they are out.
struct Out<'a> {
    storm: &'a Storm,
    count: usize,
    got: Got<'a>,
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.storm.out.fetch_sub(self.count, SeqCst);
    }
}

impl Storm {
    /// So many have been got.
    fn out<'a>(&'a self, got: Got<'a>, count: usize) -> Out<'a> {
        let out = self.out.fetch_add(count, SeqCst) + count;
        assert!(out <= self.units, "{out} are out");
        self.taken.fetch_add(1, SeqCst);
        Out {
            storm: self,
            count,
            got,
        }
    }

    async fn wait(&self, n: usize) -> Out<'_> {
        let got = self.line.wait_for_or_closed(n).await;
        self.out(got.expect("open"), n)
    }

    fn try_take(&self, n: usize) -> Option<Out<'_>> {
        Some(self.out(self.line.try_take_many(n)?, n))
    }

    /// How many are asked for at once.
    fn count(&self, random: &mut Rng) -> usize {
        self.line.side.asked(random.usize(1..=UNITS))
    }

    /// Permits are fewer for a while, never more; or some are taken apart and put together again.
    fn resize_or_split(&self, n: usize) {
        if !self.line.side.is_semaphore() {
            return;
        }
        if n % 2 == 0 {
            self.line.semaphore().reduce_permits(n);
            thread::yield_now();
            self.line.semaphore().add_permits(n);
        } else if let Some(mut out) = self.try_take(n) {
            // What it has from now on is not counted.
            self.out.fetch_sub(std::mem::take(&mut out.count), SeqCst);
            out.got.split_and_merge(self.line.try_take());
        }
    }
}

impl Stormy for Storm {
    /// A task: waits in all ways, and gives up in all states.
    async fn task(self: Arc<Self>, seed: u64) {
        let mut random = Rng::with_seed(seed);
        for _ in 0..self.rounds {
            let n = self.count(&mut random);
            match random.u64(..9) {
                0 => drop(self.wait(1).await),
                1 | 2 => {
                    let _out = self.wait(n).await;
                    for _ in 0..random.u64(..3) {
                        yield_now().await;
                    }
                }
                3 => drop(self.try_take(n)),
                4 | 5 => {
                    let polls = random.u64(..4);
                    drop(give_up_after(polls, self.wait(n)).await);
                }
                6 => {
                    // A future that is kept without being polled, while another one is awaited.
                    let mut kept = Box::pin(self.wait(self.units.min(1 + n / 2)));
                    if let Poll::Ready(out) = futures::poll!(&mut kept) {
                        drop(out);
                    } else {
                        drop(self.wait(n).await);
                        if random.u64(..2) == 0 {
                            drop(kept.await);
                        }
                    }
                }
                7 => self.resize_or_split(n),
                _ => yield_now().await,
            }
        }
    }

    /// A thread: blocks, forever or not.
    fn thread(&self, seed: u64) {
        let mut random = Rng::with_seed(seed);
        for _ in 0..self.rounds {
            let n = self.count(&mut random);
            match random.u64(..6) {
                0 if self.line.side.blocks() => drop(self.out(self.line.blocking_wait(), 1)),
                0 | 1 => drop(pollster::block_on(self.wait(n))),
                2 => drop(self.try_take(n)),
                3 => self.resize_or_split(n),
                _ if self.line.side.blocks() => {
                    let timeout = Duration::from_micros(random.u64(..300));
                    let got = self.line.blocking_wait_for(timeout);
                    drop(got.map(|got| self.out(got, 1)));
                }
                _ => thread::yield_now(),
            }
        }
    }
}

fn storm(side: Side, fairness: Fairness) {
    let (rounds, seeds): (_, &[u64]) = match side {
        side if side.is_mutex() => (1000, &[1, 1000, 2000]),
        side if side.is_semaphore() => (500, &[1, 1000]),
        _ => (300, &[1, 1000]),
    };
    for &seed in seeds {
        println!("seed {seed}");
        let _watchdog = Watchdog::new(format!("a storm, {side:?}, {fairness:?}, seed {seed}"));
        let storm = Arc::new(Storm {
            line: Line::new(side, side.units(UNITS), fairness),
            rounds,
            units: side.units(UNITS),
            out: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
        });
        run_on_all_executors(&storm, seed);
        let taken = storm.taken.load(SeqCst);
        assert!(taken > 1000, "nobody did anything");
        assert_eq!(storm.out.load(SeqCst), 0);
        if side.is_mutex() {
            let locked = storm.line.times_locked();
            assert_eq!(locked, taken as u64, "some changes are lost");
        }
        storm.line.assert_unshared();
        storm.line.assert_idle(storm.units);
    }
}

fn a_storm_on_fifo(side: Side) {
    storm(side, KINDS[0]);
}

fn a_storm_by_default(side: Side) {
    storm(side, KINDS[1]);
}

fn a_storm_without_credit_or_patience(side: Side) {
    storm(side, KINDS[2]);
}

fn a_storm_with_little_credit_and_patience(side: Side) {
    storm(side, KINDS[3]);
}

fn a_storm_with_much_credit(side: Side) {
    storm(side, KINDS[4]);
}
