//! Handles and how many there are: clones, weak ones, upgrades, and what keeps a channel open.

use std::thread;

use wakeful::Queue;
use wakeful::queue::{self, Receiver, Sender};

use super::{asleep, ready};

fn counts<T>(sender: &Sender<T>, receiver: &Receiver<T>) -> [usize; 4] {
    let counts = [
        sender.sender_count(),
        sender.weak_count(),
        sender.receiver_count(),
        receiver.weak_count(),
    ];
    assert_eq!(counts[0], sender.strong_count());
    assert_eq!(counts[0], receiver.sender_count());
    assert_eq!(counts[0], receiver.sender_strong_count());
    assert_eq!(counts[1], receiver.sender_weak_count());
    assert_eq!(counts[2], receiver.receiver_count());
    assert_eq!(counts[2], receiver.strong_count());
    counts
}

#[test]
fn every_handle_is_counted() {
    let (sender, receiver) = queue::bounded::<u8>(1);
    assert_eq!(counts(&sender, &receiver), [1, 0, 1, 0]);
    let senders = [sender.clone(), sender.clone(), sender.clone()];
    let receivers = [receiver.clone(), receiver.clone()];
    let weak_senders = [sender.downgrade(), sender.downgrade()];
    let weak_receiver = receiver.downgrade();
    let weak_clone = weak_receiver.clone();
    assert_eq!(counts(&sender, &receiver), [4, 2, 3, 2]);
    let [weak, _] = &weak_senders;
    assert_eq!((weak.strong_count(), weak.weak_count()), (4, 2));
    assert_eq!((weak_clone.strong_count(), weak_clone.weak_count()), (3, 2));
    drop((senders, weak_senders));
    assert_eq!(counts(&sender, &receiver), [1, 0, 3, 2]);
    drop((receivers, weak_receiver));
    assert_eq!(counts(&sender, &receiver), [1, 0, 1, 1]);
    drop(weak_clone);
    assert!(!sender.is_closed());
}

#[test]
fn unbounded_handles_are_counted() {
    let (sender, receiver) = queue::unbounded::<u8>();
    let (clone, weak) = (sender.clone(), sender.downgrade());
    let weak_clone = weak.clone();
    assert_eq!((sender.sender_count(), sender.weak_count()), (2, 2));
    assert_eq!(sender.strong_count(), 2);
    assert_eq!((weak.strong_count(), weak_clone.weak_count()), (2, 2));
    assert_eq!((receiver.sender_count(), sender.receiver_count()), (2, 1));
    assert!(sender.same_channel(&clone) && sender.is_empty());
    let upgraded = weak.upgrade().expect("one lives");
    assert!(upgraded.same_channel(&sender));
    drop((sender, clone, weak_clone));
    assert!(!receiver.is_closed(), "the upgraded one lives");
    drop(upgraded);
    assert!(receiver.is_closed() && weak.upgrade().is_none());
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 1));
}

/// `upgrade` succeeds exactly while a strong handle lives.
#[test]
fn an_upgrade_succeeds_exactly_while_a_strong_handle_lives() {
    let (sender, receiver) = queue::bounded::<u8>(1);
    let (weak_sender, weak_receiver) = (sender.downgrade(), receiver.downgrade());
    let again = weak_sender.upgrade().expect("the sender lives");
    assert!(again.same_channel(&sender));
    drop(sender);
    assert!(!receiver.is_closed());
    drop(again);
    assert!(receiver.is_closed() && weak_sender.upgrade().is_none());
    let again = weak_receiver.upgrade().expect("it lives, closed or not");
    assert!(again.same_channel(&receiver));
    drop((again, receiver));
    assert!(weak_receiver.upgrade().is_none());
}

/// Owned permits and pending futures of `reserve_owned` are strong.
#[test]
fn an_owned_permit_keeps_the_channel_for_an_upgrade() {
    let (sender, receiver) = queue::bounded(1);
    let weak = sender.downgrade();
    let permit = sender.try_reserve_owned().unwrap();
    let again = weak.upgrade().expect("the permit is a sender");
    let waiting = asleep(again.reserve_owned());
    drop(permit.send(1));
    let last = weak.upgrade().expect("the future is a sender");
    drop(last);
    assert_eq!(receiver.sender_count(), 1);
    drop(waiting);
    assert!(weak.upgrade().is_none() && receiver.is_closed());
}

#[test]
fn handles_of_other_channels_are_others() {
    let (sender, receiver) = queue::bounded::<u8>(1);
    let (other_sender, other_receiver) = queue::bounded::<u8>(1);
    assert!(sender.same_channel(&sender.clone()) && !sender.same_channel(&other_sender));
    assert!(receiver.same_channel(&receiver.clone()) && !receiver.same_channel(&other_receiver));
}

#[test]
fn a_queue_that_was_used_becomes_a_channel_as_it_is() {
    let queue = Queue::bounded(3);
    queue.try_push(1).unwrap();
    let (sender, receiver) = queue.into_channel();
    assert_eq!((sender.len(), sender.capacity()), (1, 2));
    drop(sender);
    assert_eq!(ready(receiver.recv()), Some(1));
    let queue = Queue::<u8>::bounded(3);
    queue.close();
    let (sender, receiver) = queue.into_channel();
    assert!(sender.is_closed() && receiver.is_closed());
}

/// The last two handles go at once: exactly one of them closes, and no upgrade comes between.
#[test]
fn upgrades_race_with_the_last_handle() {
    for _ in 0..500 {
        let (sender, receiver) = queue::bounded::<u8>(1);
        let (weak_sender, weak_receiver) = (sender.downgrade(), receiver.downgrade());
        thread::scope(|scope| {
            let upgrade = scope.spawn(|| weak_sender.upgrade().map(|again| again.is_closed()));
            drop(sender);
            let was_closed = upgrade.join().unwrap();
            assert_ne!(was_closed, Some(true), "strong again when closed");
        });
        assert!(receiver.is_closed());
        assert_eq!(receiver.sender_count(), 0);
        assert_eq!(weak_sender.strong_count(), 0);
        thread::scope(|scope| {
            let upgrade = scope.spawn(|| weak_receiver.upgrade().is_some());
            drop(receiver);
            upgrade.join().unwrap();
        });
        assert_eq!(weak_receiver.strong_count(), 0);
    }
}
