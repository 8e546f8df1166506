//! Handles that come and go: a channel is closed exactly when the last sender or the last receiver has
//! gone, and all waiters learn of it.

use std::sync::Arc;

use wakeful::queue::{Sender, TryRecvError, TrySendError, unbounded};

use super::cast::*;

fn sent(sender: &Sender<Item>, name: char) -> Result<(), char> {
    refused(block_on(sender.send(Item::new(name))))
}

fn tried(sender: &Sender<Item>, name: char) -> Result<(), TrySendError<char>> {
    sender.try_send(Item::new(name)).map_err(named)
}

/// It sends, and goes: the receiver gets the item, and then nothing more.
#[test]
fn last_sender() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        spawn(move || drop(sender));
        assert_eq!(received(&receiver), None);
        join_all();
        assert_eq!(receiver.try_recv().err(), Some(TryRecvError::Disconnected));
    });
}

#[test]
fn last_sender_of_an_unbounded_channel() {
    model(UNBOUNDED, || {
        let (sender, receiver) = unbounded();
        let thread = spawn(move || sender.send(Item::new('a')).is_ok());
        assert_eq!(received(&receiver), Some('a'));
        assert_eq!(received(&receiver), None);
        assert!(thread.join());
    });
}

/// Two go at once: one of them is the last. Bounded: three threads.
#[test]
fn two_last_senders() {
    model(3, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        let other = sender.clone();
        spawn(move || drop(sender));
        spawn(move || drop(other));
        assert_eq!(received(&receiver), None);
        join_all();
        assert_eq!(receiver.sender_count(), 0);
    });
}

/// The last receiver goes while a push waits, or is about to: the item that is queued is dropped then
/// and there, and the push gets its own back.
#[test]
fn last_receiver() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        send(&sender, 'x');
        spawn(move || drop(receiver));
        assert_eq!(sent(&sender, 'a'), Err('a'));
        assert_eq!((sender.len(), sender.receiver_count()), (0, 0));
    });
}

/// Against a push for which there is a slot: whether it succeeds or not, its item does not outlive the
/// last receiver.
#[test]
fn last_receiver_against_a_push() {
    model(UNBOUNDED, || {
        let (sender, receiver) = wakeful::queue::bounded::<Arc<()>>(1);
        spawn(move || drop(receiver));
        let item = Arc::new(());
        let sent = sender.try_send(item.clone()).is_ok();
        join_all();
        assert_eq!(Arc::strong_count(&item), 1);
        varies(sent, "it was sent for nobody");
        assert!(sender.is_closed() && sender.is_empty());
    });
}

/// Against a permit, whose item is dropped, earlier or later.
#[test]
fn last_receiver_against_a_permit() {
    model(UNBOUNDED, || {
        let (sender, receiver) = wakeful::queue::bounded::<Arc<()>>(1);
        spawn(move || drop(receiver));
        let item = Arc::new(());
        if let Ok(permit) = sender.try_reserve() {
            permit.send(item.clone());
        }
        join_all();
        assert_eq!(Arc::strong_count(&item), 1);
        assert!(sender.is_closed() && sender.is_empty());
        assert_eq!(sender.capacity(), 1);
    });
}

/// A weak handle becomes a strong one as long as there is another one, and then the channel stays
/// open.
#[test]
fn upgrade_against_the_last_sender() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        let weak = sender.downgrade();
        let thread = spawn(move || {
            let upgraded = weak.upgrade();
            upgraded.map(|sender| assert_eq!(tried(&sender, 'a'), Ok(())))
        });
        drop(sender);
        let got = received(&receiver);
        let upgraded = thread.join();
        assert_eq!(got, upgraded.map(|()| 'a'));
        if upgraded.is_some() {
            assert_eq!(received(&receiver), None);
        }
        varies(upgraded.is_some(), "it is in time");
        assert_eq!(receiver.sender_weak_count(), 0);
    });
}

/// The same of receivers: who is in time finds what was queued.
#[test]
fn upgrade_against_the_last_receiver() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        send(&sender, 'x');
        let weak = receiver.downgrade();
        spawn(move || drop(receiver));
        let upgraded = weak.upgrade();
        join_all();
        match &upgraded {
            Some(receiver) => {
                assert_eq!(try_recv(receiver), Ok('x'));
                assert_eq!(tried(&sender, 'a'), Ok(()));
            }
            None => assert_eq!(tried(&sender, 'a'), Err(TrySendError::Closed('a'))),
        }
        assert_eq!(sender.receiver_count(), usize::from(upgraded.is_some()));
        varies(upgraded.is_some(), "it is in time");
    });
}

/// A reserve that waits and owns the last sender counts as one: what it is dropped against is a pop that
/// waits for the second item.
#[test]
fn last_sender_in_a_reserve() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(1, Fairness::DEFAULT);
        send(&sender, 'x');
        let waiting = queued(sender.reserve_owned());
        spawn(move || drop(waiting));
        assert_eq!(received(&receiver), Some('x'));
        assert_eq!(received(&receiver), None);
        join_all();
        assert_eq!((receiver.sender_count(), receiver.capacity()), (0, 1));
    });
}

/// A permit that owns the last sender, sent with or not.
fn last_sender_in_a_permit(item: Option<char>) {
    let (sender, receiver) = channel(1, Fairness::DEFAULT);
    let permit = sender.try_reserve_owned().expect("there is a slot");
    spawn(move || use_up(permit, item));
    assert_eq!(received(&receiver), item);
    if item.is_some() {
        assert_eq!(received(&receiver), None);
    }
    join_all();
    assert_eq!((receiver.sender_count(), receiver.capacity()), (0, 1));
}

models! {
    last_sender_in_a_permit_that_sends: UNBOUNDED, last_sender_in_a_permit(Some('a'));
    last_sender_in_a_permit_that_is_dropped: UNBOUNDED, last_sender_in_a_permit(None);
}

/// Both sides go at once.
#[test]
fn both_sides() {
    model(UNBOUNDED, || {
        let (sender, receiver) = wakeful::queue::bounded::<Arc<()>>(1);
        let item = Arc::new(());
        assert!(sender.try_send(item.clone()).is_ok());
        let weak = sender.downgrade();
        spawn(move || drop(receiver));
        drop(sender);
        join_all();
        assert!(weak.upgrade().is_none());
        assert_eq!(Arc::strong_count(&item), 1);
    });
}
