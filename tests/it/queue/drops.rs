//! Every item is dropped exactly once, in every ending, and no item is dropped under an internal lock. Items
//! whose drop panics keep no other from being dropped, and nobody from being woken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use wakeful::queue::{self, Sender};
use wakeful::{Fairness, Queue};

use super::items::{Item, Ledger};
use super::{asleep, pop_asleep, push_asleep};
use crate::support::loud::{asleep_with, panics_in_wake};
use crate::support::{KINDS, Rng, Waiting, Watchdog, panics};

for_each_fairness!(a_cancelled_push_whose_item_panics_passes_its_call_on);

/// A queue of the first `count` items of a ledger, unbounded, as those may be many.
fn filled(ledger: &mut Ledger, count: usize) -> Queue<Item> {
    let queue = Queue::unbounded();
    (0..count).for_each(|_| assert!(queue.try_push(ledger.item()).is_ok()));
    queue
}

#[test]
fn a_queue_drops_what_is_in_it() {
    for count in [0, 1, 5, 1000] {
        for popped in [0, count / 2, count] {
            let mut ledger = Ledger::new();
            let queue = filled(&mut ledger, count);
            (0..popped).for_each(|_| drop(queue.try_pop().unwrap()));
            assert_eq!(ledger.dropped(), popped);
            drop(queue);
            ledger.assert_all_dropped();
        }
    }
}

#[test]
fn a_channel_drops_what_is_in_it_whichever_handle_goes_first() {
    for way in 0..4 {
        let mut ledger = Ledger::new();
        let (sender, receiver) = filled(&mut ledger, 500).into_channel();
        match way {
            0 => {
                drop(receiver);
                assert_eq!(ledger.dropped(), 500, "then and there");
                assert!(sender.try_send(ledger.item()).is_err());
            }
            1 => {
                drop(sender);
                assert_eq!(ledger.dropped(), 0);
                drop(receiver.try_recv());
                assert_eq!(ledger.dropped(), 1);
                drop(receiver);
            }
            2 => {
                receiver.close();
                let items = receiver.close_and_drain();
                assert_eq!((items.len(), ledger.dropped()), (500, 0));
            }
            _ => {
                let weak = receiver.downgrade();
                drop((sender, receiver));
                assert_eq!(ledger.dropped(), 500);
                assert!(weak.upgrade().is_none());
            }
        }
        ledger.assert_all_dropped();
    }
}

#[test]
fn errors_own_the_items_that_they_give_back() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1);
    let mut next = || ledger.item();
    assert!(queue.try_push(next()).is_ok());
    drop(queue.try_push(next()));
    drop(queue.blocking_push_timeout(next(), Duration::ZERO));
    drop(queue.force_push(next()));
    queue.close();
    drop(queue.try_push(next()));
    drop(queue.force_push(next()));
    drop(queue.blocking_push(next()));
    drop(Waiting::new(queue.push(next())).poll());
    let items = [next(), next(), next()];
    drop(Waiting::new(queue.push_many(items)).poll());
    drop(queue);
    ledger.assert_all_dropped();
}

/// An item that has no size may have a drop.
#[test]
fn items_without_a_size_are_dropped_once_each() {
    static DROPS: AtomicUsize = AtomicUsize::new(0);
    #[derive(Debug)]
    struct Unit;
    impl Drop for Unit {
        fn drop(&mut self) {
            DROPS.fetch_add(1, SeqCst);
        }
    }
    let queue = Queue::unbounded();
    (0..5000).for_each(|_| queue.try_push(Unit).unwrap());
    (0..1000).for_each(|_| drop(queue.try_pop().unwrap()));
    assert_eq!(DROPS.load(SeqCst), 1000);
    assert_eq!(queue.drain().len(), 4000);
    (0..10).for_each(|_| queue.try_push(Unit).unwrap());
    drop(queue);
    assert_eq!(DROPS.load(SeqCst), 5010);
}

/// Its drop uses the queue that it was in: no internal lock is held meanwhile.
struct Meddler(Arc<Sender<Meddler>>, Arc<AtomicUsize>);

impl Drop for Meddler {
    fn drop(&mut self) {
        self.1.fetch_add(1, SeqCst);
        let sender = &self.0;
        assert!(format!("{sender:?}").contains("Sender"));
        let _ = (sender.len(), sender.capacity(), sender.sender_count());
        drop(sender.try_reserve_many(0));
        if sender.is_closed() {
            let more = Meddler(Arc::clone(sender), Arc::clone(&self.1));
            let refused = sender.try_send(more);
            // Not dropped here, or it would go on forever.
            std::mem::forget(refused);
        }
    }
}

#[test]
fn items_may_use_the_queue_when_they_are_dropped() {
    let _watchdog = Watchdog::new("items that use the queue");
    for way in 0..4 {
        let (sender, receiver) = queue::bounded(2);
        let sender = Arc::new(sender);
        let drops = Arc::default();
        let item = || Meddler(Arc::clone(&sender), Arc::clone(&drops));
        assert!(sender.try_send(item()).is_ok());
        assert!(sender.try_send(item()).is_ok());
        let waiting = asleep(sender.send(item()));
        let expected = match way {
            0 => {
                drop(receiver);
                assert_eq!(drops.load(SeqCst), 2);
                drop(waiting);
                3
            }
            1 => {
                drop(waiting);
                drop(sender.force_send(item()));
                2
            }
            2 => {
                drop((receiver.close_and_drain(), waiting));
                3
            }
            _ => {
                let permit = receiver.try_recv().map(|_| sender.try_reserve());
                drop((waiting, receiver));
                let before = drops.load(SeqCst);
                permit
                    .into_iter()
                    .flatten()
                    .for_each(|permit| permit.send(item()));
                before + usize::from(before == 3)
            }
        };
        let dropped = drops.load(SeqCst);
        assert!(dropped >= expected, "way {way}: {dropped}");
    }
}

/// Any way of using it, ended at any moment.
#[test]
fn every_item_is_dropped_once_whenever_it_ends() {
    for seed in 0..200 {
        let mut random = Rng::with_seed(seed);
        let mut ledger = Ledger::new();
        let capacity = [0, 1, 2, 5, usize::MAX][random.u64(..5) as usize];
        let fairness = KINDS[random.u64(..5) as usize];
        let queue = Queue::bounded(capacity).with_fairness(fairness);
        let (mut pushes, mut pops) = (Vec::new(), Vec::new());
        for _ in 0..random.u64(..150) {
            match random.u64(..9) {
                0 | 1 => pushes.push(Waiting::new(queue.push(ledger.item()))),
                2 => pops.push(Waiting::new(queue.pop())),
                3 => drop(queue.try_push(ledger.item())),
                4 => drop(queue.try_pop()),
                5 if capacity > 0 => drop(queue.force_push(ledger.item())),
                6 if random.u64(..10) == 0 => drop(queue.drain()),
                7 if random.u64(..30) == 0 => assert!(queue.close() || queue.is_closed()),
                _ => {
                    // A future is polled, and goes once it is ready; or it is dropped as it is.
                    if random.u64(..8) == 0 && !pushes.is_empty() {
                        drop(pushes.swap_remove(random.u64(..pushes.len() as u64) as usize));
                    }
                    pushes.retain_mut(|push| push.is_pending());
                    pops.retain_mut(|pop| pop.is_pending());
                }
            }
        }
        drop((pushes, pops));
        let queued = queue.len();
        assert_eq!(queue.drain().len(), queued);
        if !queue.is_closed() {
            drop(pop_asleep(&queue));
        }
        drop(queue);
        ledger.assert_all_dropped();
    }
}

/// Ends a queue.
type End = fn(Queue<Item>);

/// Some of them while the thread already unwinds, when a second panic would abort.
const ENDINGS: [(&str, End); 5] = [
    ("dropped", |queue| drop(queue)),
    ("without receivers", |queue| {
        let (_sender, receiver) = queue.into_channel();
        drop(receiver);
    }),
    ("without any handle", |queue| {
        let (sender, receiver) = queue.into_channel();
        drop(sender);
        drop(receiver);
    }),
    ("dropped, unwinding", |queue| {
        let _queue = queue;
        panic!("the outer one");
    }),
    ("without receivers, unwinding", |queue| {
        let (_sender, _receiver) = queue.into_channel();
        panic!("the outer one");
    }),
];

/// Those that were put back lie beside the others. The first panic goes on, if it is the first of all.
#[test]
fn items_that_panic_keep_no_other_from_being_dropped() {
    for (ending, end) in ENDINGS {
        for put_back in [false, true] {
            let mut ledger = Ledger::new();
            let (queue, count) = match put_back {
                true => (Queue::bounded(4), 4),
                false => (Queue::unbounded(), 1500),
            };
            for nth in 0..count {
                let item = ledger.loud_if(if put_back { nth != 1 } else { nth % 100 == 3 });
                assert!(queue.try_push(item).is_ok());
            }
            if put_back {
                let push = asleep_with(&panics_in_wake("in wake"), queue.push(ledger.item()));
                assert_eq!(panics(|| queue.drain()), "in wake");
                drop(push);
            }
            let said = panics(|| end(queue));
            let expected = match (ending.ends_with("unwinding"), put_back) {
                (true, _) => "the outer one",
                (false, true) => "item 0",
                (false, false) => "item 3",
            };
            assert_eq!(said, expected, "{ending}");
            ledger.assert_all_dropped();
        }
    }
}

/// The last receiver wakes whom it has to before an item panics.
#[test]
fn an_item_that_panics_keeps_nobody_from_being_woken() {
    let mut ledger = Ledger::new();
    let (sender, receiver) = queue::bounded(1);
    assert!(sender.try_send(ledger.loud()).is_ok());
    let mut sends = [(); 40].map(|()| asleep(sender.send(ledger.item())));
    let mut closed = asleep(sender.closed());
    assert_eq!(panics(|| drop(receiver)), "item 0");
    assert!(sender.is_closed() && sender.is_empty());
    assert_eq!((closed.wakes(), closed.poll()), (1, Some(())));
    for send in &mut sends {
        assert!(send.wakes() == 1 && send.poll().unwrap().is_err());
    }
    drop(sends);
    ledger.assert_all_dropped();
}

/// A cancelled push passes its call on before its item panics.
fn a_cancelled_push_whose_item_panics_passes_its_call_on(fairness: Fairness) {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(1).with_fairness(fairness);
    assert!(queue.try_push(ledger.item()).is_ok());
    let loud = push_asleep(&queue, ledger.loud());
    let mut next = push_asleep(&queue, ledger.item());
    drop(queue.try_pop().unwrap());
    assert_eq!((loud.wakes(), next.wakes()), (1, 0));
    assert_eq!(panics(|| drop(loud)), "item 1");
    assert_eq!(next.wakes(), 1);
    assert!(next.poll().unwrap().is_ok());
    drop(next);
    drop(queue);
    ledger.assert_all_dropped();
}

#[test]
fn a_permit_that_sends_to_nobody_drops_its_item_and_gives_its_slot_back() {
    let mut ledger = Ledger::new();
    let (sender, receiver) = queue::bounded(2);
    let permit = sender.try_reserve().unwrap();
    let owned = sender.clone().try_reserve_owned().unwrap();
    drop(receiver);
    assert_eq!(panics(|| permit.send(ledger.loud())), "item 0");
    assert_eq!(panics(|| owned.send(ledger.loud())), "item 1");
    ledger.assert_all_dropped();
    assert_eq!((sender.capacity(), sender.len()), (2, 0));
    assert_eq!(sender.sender_count(), 1);
}
