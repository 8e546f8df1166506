//! A weighted queue as a channel.

use std::time::Duration;

use futures::future::{pending, ready as done};
use wakeful::queue::WeightedSendUntilError as Error;
use wakeful::queue::{WeightedSendError, WeightedSendTimeoutError};

use super::{asleep, assert_terminated, by_default, ready};
use crate::support::Waiting;

#[test]
fn as_a_channel_it_ends_with_its_senders() {
    let (sender, receiver) = by_default(5).into_channel();
    let other = sender.clone();
    assert!(sender.same_channel(&other) && sender.sender_count() == 2);
    sender.try_send("abc").unwrap();
    other.blocking_send("d").unwrap();
    assert_eq!(
        (sender.len(), sender.capacity(), sender.max_capacity()),
        (2, 1, 5)
    );
    let timed = other.blocking_send_timeout("ef", Duration::ZERO);
    assert_eq!(timed, Err(WeightedSendTimeoutError::Timeout("ef")));
    let mut send = asleep(sender.send("gh"));
    assert_eq!(receiver.try_recv(), Ok("abc"));
    assert_eq!(send.poll(), Some(Ok(())));
    drop(send);
    drop((sender, other));
    assert_eq!(receiver.drain(), ["d", "gh"]);
    assert_eq!(receiver.blocking_recv(), None);
}

#[test]
fn a_send_gives_up_and_keeps_its_item() {
    let (sender, receiver) = by_default(3).into_channel();
    assert_eq!(
        ready(sender.send_until("abc", done(()))),
        Ok(()),
        "polled first"
    );
    assert_eq!(ready(sender.send_until("", done(()))), Ok(()));
    assert_eq!(
        ready(sender.send_until("d", done(()))),
        Err(Error::Interrupted("d"))
    );
    let (item, weight, max) = ("heavy", 5, 3);
    let mut heavy = Waiting::new(sender.send_until(item, pending::<()>()));
    assert_eq!(
        heavy.poll(),
        Some(Err(Error::TooHeavy { item, weight, max }))
    );
    assert_terminated(&mut heavy);
    let queue = by_default(1);
    assert_eq!(ready(queue.push_until("a", done(()))), Ok(()));
    let late = ready(queue.push_until("b", done(())));
    assert_eq!(late, Err(Error::Interrupted("b")));
    let mut send = asleep(sender.send_until("e", pending::<()>()));
    receiver.close();
    assert_eq!(send.poll(), Some(Err(Error::Closed("e"))));
    assert_terminated(&mut send);
    assert_eq!(receiver.drain(), ["abc", ""]);
}

#[test]
fn a_weak_sender_does_not_keep_it_open() {
    let (sender, receiver) = by_default(3).into_channel();
    let weak = sender.downgrade();
    assert_eq!((sender.strong_count(), sender.weak_count()), (1, 1));
    weak.clone().upgrade().unwrap().try_send("ab").unwrap();
    assert!(
        weak.upgrade().unwrap().try_send("cd").is_err(),
        "it weighs, too"
    );
    drop(sender);
    assert!(receiver.is_closed() && weak.upgrade().is_none());
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 1));
    assert_eq!(format!("{weak:?}"), "WeakWeightedSender { .. }");
}

/// Its items are dropped, and what they took is free.
#[test]
fn as_a_channel_it_ends_with_its_receivers() {
    let (sender, receiver) = by_default(5).into_channel();
    sender.try_send("abc").unwrap();
    let mut send = asleep(sender.send("defgh"));
    drop(receiver);
    assert!(sender.is_closed() && sender.is_empty());
    assert_eq!(sender.capacity(), 5);
    assert_eq!(send.poll(), Some(Err(WeightedSendError::Closed("defgh"))));
}
