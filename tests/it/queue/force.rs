//! `force_push`: one step, for nobody's turn, in the place of the oldest.

use std::sync::{Arc, Mutex as StdMutex};
use std::thread;

use wakeful::queue::{self, OwnedPermit, SendError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{filled, full, pop_asleep, push_asleep, push_called};
use crate::support::loud::asleep_with;
use crate::support::{Hooks, Watchdog, panics};

for_each_fairness!(
    it_takes_a_slot_that_is_kept,
    it_throws_out_an_item_that_is_kept_and_keeps_the_new_one,
    it_calls_the_pop_that_waits,
);

#[test]
fn a_free_slot_is_filled() {
    let queue = Queue::bounded(2);
    assert_eq!(queue.force_push(1), Ok(None));
    assert_eq!(queue.force_push(2), Ok(None));
    assert_eq!(queue.drain(), [1, 2]);
    let queue = Queue::unbounded();
    (0..1000).for_each(|nth| assert_eq!(queue.force_push(nth), Ok(None)));
    assert_eq!(queue.len(), 1000);
}

/// crossbeam#400, tachyonix#12 ask for it.
#[test]
fn on_a_full_queue_the_oldest_makes_room() {
    let queue = full(3);
    for nth in 3..20 {
        assert_eq!(queue.force_push(nth), Ok(Some(nth - 3)));
        assert_eq!((queue.len(), queue.is_full()), (3, true));
    }
    assert_eq!(queue.drain(), [17, 18, 19]);
}

fn it_takes_a_slot_that_is_kept(fairness: Fairness) {
    let queue = filled(Queue::bounded(1).with_fairness(fairness));
    let mut push = push_called(&queue, 7);
    assert_eq!(queue.force_push(8), Ok(None));
    assert!(push.is_pending(), "called in vain");
    assert_eq!(queue.try_pop(), Ok(8));
    assert_eq!((push.wakes(), push.poll()), (2, Some(Ok(()))));
    assert_eq!(queue.drain(), [7]);
}

fn it_throws_out_an_item_that_is_kept_and_keeps_the_new_one(fairness: Fairness) {
    let queue = Queue::bounded(1).with_fairness(fairness);
    let mut pop = pop_asleep(&queue);
    queue.try_push(1).unwrap();
    assert_eq!(queue.force_push(2), Ok(Some(1)));
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(2))));
}

fn it_calls_the_pop_that_waits(fairness: Fairness) {
    let queue = Queue::bounded(1).with_fairness(fairness);
    let mut pop = pop_asleep(&queue);
    assert_eq!(queue.force_push(5), Ok(None));
    assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(5))));
}

/// Pushes that wait stay where they are: it stands outside the fairness rules.
#[test]
fn it_waits_for_nobody() {
    let queue = filled(Queue::bounded(1).with_fairness(Fairness::FIFO));
    let mut push = push_asleep(&queue, 1);
    assert_eq!(queue.force_push(2), Ok(Some(0)));
    assert!(push.is_pending(), "it is full still");
    assert_eq!(push.wakes(), 0);
    assert_eq!(queue.try_pop(), Ok(2));
    assert_eq!(push.poll(), Some(Ok(())));
}

#[test]
fn where_every_slot_is_reserved_its_own_item_comes_back() {
    let mut ledger = Ledger::new();
    let (sender, receiver) = queue::bounded(2);
    let (one, two) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
    let own = sender.force_send(ledger.item()).unwrap();
    assert!(own.is_some_and(|item| item == 0));
    assert!(ledger.is_dropped(0));
    two.send(ledger.item());
    let queued = sender.force_send(ledger.item()).unwrap();
    assert!(queued.is_some_and(|item| item == 1));
    one.send(ledger.item());
    assert!(receiver.drain().iter().eq(&[2, 3]));
    ledger.assert_all_dropped();
}

#[test]
fn a_closed_queue_gives_it_back() {
    let queue = full(1);
    queue.close();
    assert_eq!(queue.force_push(9), Err(SendError(9)));
    assert_eq!(queue.drain(), [0]);
}

/// One step: never more than fit, never fewer; and each item is received, or thrown out, once.
#[test]
fn threads_that_force_and_pop_lose_and_double_nothing() {
    const EACH: usize = 3000;
    let _watchdog = Watchdog::new("forcing");
    let queue = Queue::bounded(3);
    let mut all: Vec<usize> = thread::scope(|scope| {
        let queue = &queue;
        let forces = [0, 1].map(|nth| {
            scope.spawn(move || {
                let items = nth * EACH..(nth + 1) * EACH;
                let thrown_out = items.filter_map(|item| queue.force_push(item).unwrap());
                let at_most_3 = thrown_out.inspect(|_| assert!(queue.len() <= 3));
                at_most_3.collect::<Vec<_>>()
            })
        });
        let pops = scope.spawn(|| std::iter::from_fn(|| queue.blocking_pop()).collect::<Vec<_>>());
        let mut all: Vec<_> = forces.map(|force| force.join().unwrap()).concat();
        queue.close();
        all.extend(pops.join().unwrap());
        all
    });
    all.sort_unstable();
    let count = all.len();
    assert!(all.into_iter().eq(0..2 * EACH), "{count}");
}

/// An item was put back when its slot had been reserved: there is one item more than there are slots, and none
/// for another, which is as wide as its slot here, so that the ring has room for none.
#[test]
fn beside_an_item_that_was_put_back_a_slot_that_is_reserved_stays_so() {
    let (sender, receiver) = queue::bounded(1);
    assert!(sender.try_send([0; 8]).is_ok());
    let permits: Arc<StdMutex<Vec<OwnedPermit<[usize; 8]>>>> = Arc::default();
    let (reserves, to) = (sender.clone(), Arc::clone(&permits));
    let on_wake = move || {
        let permit = reserves.clone().try_reserve_owned();
        to.lock().unwrap().push(permit.expect("the slot is free"));
        panic!("in wake");
    };
    let waker = Hooks::default().on_wake(on_wake).waker();
    let push = asleep_with(&waker, sender.send([9; 8]));
    assert_eq!(panics(|| receiver.try_recv()), "in wake");
    drop(push);
    assert_eq!((sender.len(), sender.capacity()), (1, 0));
    assert_eq!(sender.force_send([1; 8]), Ok(Some([1; 8])));
    let permit = permits.lock().unwrap().pop().expect("it was reserved");
    drop(permit.send([2; 8]));
    assert_eq!(receiver.drain(), [[0; 8], [2; 8]]);
    assert_eq!(sender.capacity(), 1);
}
