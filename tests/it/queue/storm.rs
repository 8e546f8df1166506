//! One queue used at once from every kind of executor and from plain threads, by those who push and
//! those who pop, in all ways, with cancelling, timeouts and a closing in the midst: every item that was
//! pushed is received once, those of one sender in their order at each receiver, and nobody hangs (the
//! watchdog would tell).

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use wakeful::queue::{Receiver, RecvTimeoutError, Sender};
use wakeful::{Fairness, Queue};

use crate::support::{KINDS, Rng, Stormy, Watchdog, run_on_all_executors};

/// How many items each sender has.
const EACH: usize = 60;
/// Of all whom the executors start, every second: see `run_on_all_executors`.
const SENDERS: usize = 10;

/// A sender and the number of its item.
pub(super) type Item = (u64, usize);

pub(super) struct Storm {
    pub(super) sender: Sender<Item>,
    pub(super) receiver: Receiver<Item>,
    /// Who has not yet sent all it has.
    senders_left: AtomicUsize,
    /// The number of received items after which somebody closes the queue.
    closes_after: Option<usize>,
    received_count: AtomicUsize,
    sent: StdMutex<Vec<Item>>,
    received: StdMutex<Vec<Item>>,
}

impl Storm {
    fn new(capacity: usize, fairness: Fairness, closes_after: Option<usize>) -> Arc<Self> {
        let queue = Queue::bounded(capacity).with_fairness(fairness);
        let (sender, receiver) = queue.into_channel();
        Arc::new(Self {
            sender,
            receiver,
            senders_left: AtomicUsize::new(SENDERS),
            closes_after,
            received_count: AtomicUsize::new(0),
            sent: StdMutex::default(),
            received: StdMutex::default(),
        })
    }

    /// The last one to have sent all it has closes.
    fn sent_all(&self, sent: Vec<Item>) {
        self.sent.lock().unwrap().extend(sent);
        if self.senders_left.fetch_sub(1, SeqCst) == 1 {
            self.sender.close();
        }
    }

    fn received_some(&self, count: usize) {
        let all = self.received_count.fetch_add(count, SeqCst) + count;
        if self.closes_after.is_some_and(|after| all >= after) {
            self.receiver.close();
        }
    }

    /// What one receiver got of each sender is in order.
    fn received_all(&self, received: Vec<Item>) {
        let mut next: HashMap<u64, usize> = HashMap::new();
        for &(sender, nth) in &received {
            let least = next.insert(sender, nth + 1).unwrap_or(0);
            assert!(nth >= least, "{nth} of {sender} came after {least}");
        }
        self.received.lock().unwrap().extend(received);
    }

    fn end(&self) {
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let mut received = std::mem::take(&mut *self.received.lock().unwrap());
        if self.closes_after.is_none() {
            assert_eq!(sent.len(), SENDERS * EACH, "each has sent all it had");
        }
        received.extend(self.receiver.drain());
        sent.sort_unstable();
        received.sort_unstable();
        let counts = (sent.len(), received.len());
        assert!(sent == received, "sent and received: {counts:?}");
        assert_eq!((self.sender.len(), self.sender.is_closed()), (0, true));
        let (free, all) = (self.sender.capacity(), self.sender.max_capacity());
        assert_eq!(free, all, "no slot is lost");
        assert_eq!(self.sender.sender_count(), 1);
        assert_eq!(self.sender.receiver_count(), 1);
    }
}

/// Every second of whom the executors start.
fn sends(seed: u64) -> bool {
    (seed / 10 + seed) % 2 == 0
}

impl Stormy for Storm {
    async fn task(self: Arc<Self>, seed: u64) {
        let mut random = Rng::with_seed(seed);
        if sends(seed) {
            let mut sent = Vec::new();
            for nth in 0..EACH {
                if !self.send((seed, nth), &mut random).await {
                    break;
                }
                sent.push((seed, nth));
            }
            self.sent_all(sent);
        } else {
            let mut received = Vec::new();
            loop {
                let before = received.len();
                let goes_on = self.receive(&mut received, &mut random).await;
                self.received_some(received.len() - before);
                if !goes_on {
                    break;
                }
            }
            self.received_all(received);
        }
    }

    fn thread(&self, seed: u64) {
        let mut random = Rng::with_seed(seed);
        let mut timeout = move || Duration::from_micros(random.u64(..300));
        if sends(seed) {
            let mut sent = Vec::new();
            'items: for nth in 0..EACH {
                let item = (seed, nth);
                while self.sender.blocking_send_timeout(item, timeout()).is_err() {
                    if self.sender.is_closed() {
                        break 'items;
                    }
                }
                sent.push(item);
            }
            self.sent_all(sent);
        } else {
            let mut received = Vec::new();
            loop {
                match self.receiver.blocking_recv_timeout(timeout()) {
                    Ok(item) => received.push(item),
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                self.received_some(1);
            }
            self.received_all(received);
        }
    }
}

fn storm(capacity: usize) {
    for (nth, fairness) in KINDS.into_iter().enumerate() {
        for closes_after in [None, Some(SENDERS * EACH / 2)] {
            let case = format!("{fairness:?}, capacity {capacity}, closing {closes_after:?}");
            println!("{case}");
            let _watchdog = Watchdog::new(case);
            let storm = Storm::new(capacity, fairness, closes_after);
            run_on_all_executors(&storm, 100 * nth as u64);
            storm.end();
        }
    }
}

#[test]
fn a_storm_at_a_rendezvous() {
    storm(0);
}

#[test]
fn a_storm_over_one_slot() {
    storm(1);
}

#[test]
fn a_storm_over_two_slots() {
    storm(2);
}

#[test]
fn a_storm_over_sixteen_slots() {
    storm(16);
}

#[test]
fn a_storm_without_a_bound() {
    storm(usize::MAX);
}
