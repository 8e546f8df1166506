//! Items whose drop panics: they keep no other from being dropped, and nobody from being woken.

use wakeful::queue;
use wakeful::{Fairness, Queue};

use super::drops::filled;
use super::items::Ledger;
use super::{asleep, push_asleep};
use crate::support::loud::{asleep_with, panics_in_wake};
use crate::support::panics;

for_each_fairness!(a_cancelled_push_whose_item_panics_passes_its_call_on);

/// An item whose drop panics keeps no other from being dropped, and the first panic goes on.
#[test]
fn items_that_panic_keep_no_other_from_being_dropped() {
    for way in 0..3 {
        let mut ledger = Ledger::new();
        let queue = filled(&mut ledger, 3);
        for nth in 3..1500 {
            assert!(queue.try_push(ledger.loud_if(nth % 100 == 3)).is_ok());
        }
        let said = match way {
            0 => panics(|| drop(queue)),
            1 => {
                let (sender, receiver) = queue.into_channel();
                let said = panics(|| drop(receiver));
                assert!(sender.is_closed() && sender.is_empty());
                said
            }
            _ => {
                let (sender, receiver) = queue.into_channel();
                drop(sender);
                panics(|| drop(receiver))
            }
        };
        assert_eq!(said, "item 3");
        ledger.assert_all_dropped();
    }
}

/// While the thread unwinds already, a second panic would abort.
#[test]
fn while_unwinding_the_panics_of_items_are_swallowed() {
    for last_receiver in [false, true] {
        let mut ledger = Ledger::new();
        let queue = filled(&mut ledger, 2);
        (0..3).for_each(|_| assert!(queue.try_push(ledger.loud()).is_ok()));
        assert!(queue.try_push(ledger.item()).is_ok());
        let said = panics(|| {
            if last_receiver {
                let (_sender, _receiver) = queue.into_channel();
                panic!("the outer one");
            }
            let _queue = queue;
            panic!("the outer one");
        });
        assert_eq!(said, "the outer one");
        ledger.assert_all_dropped();
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

/// Those that were put back lie beside the others.
#[test]
fn items_that_were_put_back_and_panic_keep_no_other_from_being_dropped() {
    for way in 0..3 {
        let mut ledger = Ledger::new();
        let queue = Queue::bounded(4);
        for nth in 0..4 {
            assert!(queue.try_push(ledger.loud_if(nth != 1)).is_ok());
        }
        let push = asleep_with(&panics_in_wake("in wake"), queue.push(ledger.item()));
        assert_eq!(panics(|| queue.drain()), "in wake");
        drop(push);
        let said = match way {
            0 => panics(|| drop(queue)),
            1 => {
                let (_sender, receiver) = queue.into_channel();
                panics(|| drop(receiver))
            }
            _ => panics(|| {
                let _queue = queue;
                panic!("the outer one");
            }),
        };
        assert_eq!(said, ["item 0", "item 0", "the outer one"][way]);
        ledger.assert_all_dropped();
    }
}
