//! One queue used at once from every kind of executor and from plain threads, by those who push and
//! those who pop, in all ways, with cancelling, timeouts and a closing in the midst: every item that was
//! pushed is received once, those of one sender in their order at each receiver, and nobody hangs (the
//! watchdog would tell).

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt;
use wakeful::queue::{Receiver, Sender};
use wakeful::{Fairness, Queue};

use crate::support::{
    KINDS, Random, Stormy, Watchdog, give_up_after, run_on_all_executors, yield_now,
};

/// How many items each sender has.
const EACH: usize = 60;
/// Of all whom the executors start, every second: see `run_on_all_executors`.
const SENDERS: usize = 10;

/// A sender and the number of its item.
type Item = (u64, usize);

struct Storm {
    sender: Sender<Item>,
    receiver: Receiver<Item>,
    /// Who has not yet sent all it has.
    senders_left: AtomicUsize,
    /// After so many were received, somebody closes.
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

    fn has_slots(&self) -> bool {
        self.sender.max_capacity() > 0
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

    /// Sends items one after another, each until it was sent; `false` when it is closed.
    async fn send(&self, item: Item, random: &mut Random) -> bool {
        loop {
            let sent = match random.below(8) {
                0 => self.sender.try_send(item).is_ok(),
                1 => self.send_or_give_up(item, random.below(4)).await,
                2 if self.has_slots() => match self.sender.reserve().await {
                    Ok(permit) => {
                        for _ in 0..random.below(2) {
                            yield_now().await;
                        }
                        permit.send(item);
                        true
                    }
                    Err(_) => false,
                },
                3 if self.has_slots() => {
                    let most = self.sender.max_capacity().min(3);
                    match give_up_after(3, self.sender.reserve_many(most)).await {
                        // The others give their slots back.
                        Some(Ok(mut permits)) => {
                            permits.next().expect("there are some").send(item);
                            true
                        }
                        _ => false,
                    }
                }
                4 => {
                    let polls = random.below(3);
                    let until = give_up_after(polls, std::future::pending::<()>());
                    self.sender.send_until(item, until).await.is_ok()
                }
                5 => {
                    // One that is kept without being polled, while another one is awaited.
                    let mut kept = Box::pin(self.sender.send(item));
                    match futures::poll!(&mut kept) {
                        Poll::Ready(sent) => sent.is_ok(),
                        Poll::Pending => {
                            if self.has_slots() {
                                drop(give_up_after(5, self.sender.reserve()).await);
                            }
                            // Handed over meanwhile, if it is gone.
                            kept.as_mut().into_item().is_none()
                        }
                    }
                }
                6 => self.sender.send_many([item]).await.is_ok(),
                _ => self.sender.send(item).await.is_ok(),
            };
            if sent {
                return true;
            }
            if self.sender.is_closed() {
                return false;
            }
            yield_now().await;
        }
    }

    /// At a rendezvous it may be gone when it gives up.
    async fn send_or_give_up(&self, item: Item, polls: u64) -> bool {
        let mut send = pin!(self.sender.send(item));
        match give_up_after(polls, send.as_mut()).await {
            Some(sent) => sent.is_ok(),
            None => send.into_item().is_none(),
        }
    }

    /// Receives some; `false` when it is closed and drained.
    async fn receive(&self, to: &mut Vec<Item>, random: &mut Random) -> bool {
        match random.below(7) {
            0 => to.extend(self.receiver.try_recv()),
            1 => {
                if let Some(got) = give_up_after(random.below(4), self.receiver.recv()).await {
                    to.extend(got);
                    return got.is_some();
                }
            }
            2 => return self.receiver.recv_many(to, 3).await > 0,
            3 => {
                // A stream that is dropped with its stored waiter.
                let mut stream = self.receiver.clone();
                if let Some(got) = give_up_after(random.below(3), stream.next()).await {
                    to.extend(got);
                    return got.is_some();
                }
            }
            4 => {
                let mut kept = pin!(self.receiver.recv());
                match futures::poll!(&mut kept) {
                    Poll::Ready(got) => {
                        to.extend(got);
                        return got.is_some();
                    }
                    Poll::Pending => {
                        to.extend(give_up_after(5, self.receiver.recv()).await.flatten())
                    }
                }
            }
            5 if random.below(20) == 0 => to.extend(self.receiver.drain()),
            _ => {
                let got = self.receiver.recv().await;
                to.extend(got);
                return got.is_some();
            }
        }
        yield_now().await;
        true
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
        assert!(
            sent == received,
            "{} sent, {} received",
            sent.len(),
            received.len()
        );
        assert_eq!((self.sender.len(), self.sender.is_closed()), (0, true));
        assert_eq!(
            self.sender.capacity(),
            self.sender.max_capacity(),
            "no slot is lost"
        );
        assert_eq!(
            (self.sender.sender_count(), self.sender.receiver_count()),
            (1, 1)
        );
    }
}

/// Every second of whom the executors start.
fn sends(seed: u64) -> bool {
    (seed / 10 + seed) % 2 == 0
}

impl Stormy for Storm {
    async fn task(self: Arc<Self>, seed: u64) {
        let mut random = Random::new(seed);
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
        let mut random = Random::new(seed);
        let mut timeout = move || Duration::from_micros(random.below(300));
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
                    Err(wakeful::queue::RecvTimeoutError::Timeout) => continue,
                    Err(wakeful::queue::RecvTimeoutError::Disconnected) => break,
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
