//! What is shown of a queue, its handles, futures, permits and errors; and that none of it asks for
//! anything of the items.

use std::error::Error;
use std::fmt::Debug;
use std::future::pending;

use futures::future::FusedFuture;
use wakeful::Queue;
use wakeful::queue::{
    self, PushManyError, RecvTimeoutError, SendError, SendTimeoutError, SendUntilError,
    TryRecvError, TrySendError,
};

use super::asleep;
use crate::support::{Waiting, panics};

/// An item that is neither `Debug` nor `Clone`.
struct Opaque;

fn shown(what: &impl Debug) -> String {
    format!("{what:?}")
}

#[test]
fn queues_and_handles_show_how_full_they_are() {
    let queue = Queue::bounded(3);
    assert!(queue.try_push(Opaque).is_ok());
    let how_full = "Queue { len: 1, max_capacity: 3, closed: false, .. }";
    assert_eq!(shown(&queue), how_full);
    let (sender, receiver) = queue.into_channel();
    for text in [shown(&sender), shown(&receiver)] {
        assert!(text.contains(how_full), "{text}");
    }
    assert!(shown(&sender).starts_with("Sender") && shown(&receiver).starts_with("Receiver"));
    assert!(shown(&sender.downgrade()).starts_with("WeakSender"));
    assert!(shown(&receiver.downgrade()).starts_with("WeakReceiver"));
    let (sender, receiver) = queue::unbounded::<Opaque>();
    sender.close();
    assert!(shown(&receiver).contains("Queue { len: 0, closed: true, .. }"));
    assert!(shown(&sender).starts_with("UnboundedSender"));
    assert!(shown(&sender.downgrade()).starts_with("WeakUnboundedSender"));
}

#[test]
fn permits_are_shown() {
    let (sender, _receiver) = queue::bounded::<Opaque>(9);
    assert_eq!(shown(&sender.try_reserve().unwrap()), "Permit { .. }");
    let many = sender.try_reserve_many(3).unwrap();
    assert_eq!(shown(&many), "PermitIterator { left: 3, .. }");
    let Ok(owned) = sender.clone().try_reserve_owned() else {
        panic!("there is room");
    };
    assert_eq!(shown(&owned), "OwnedPermit { .. }");
}

/// Every future is fused: it tells when it is done, and panics with a message if it is polled then.
fn assert_fused<F: FusedFuture>(future: F, name: &str) {
    let mut waiting = Waiting::new(future);
    assert!(!waiting.future().is_terminated(), "{name}");
    assert!(waiting.poll().is_some(), "{name}: it is ready");
    assert!(waiting.future().is_terminated(), "{name}");
    let said = panics(|| waiting.poll().is_some());
    let tells_both = said.contains(name) && said.contains("polled after completion");
    assert!(tells_both, "{said}");
}

#[test]
fn every_future_is_fused() {
    for closed in [false, true] {
        let (sender, receiver) = queue::bounded(10);
        if closed {
            receiver.close();
        }
        assert_eq!(sender.try_send(1).is_ok(), !closed);
        assert_fused(sender.send(1), "queue's push");
        assert_fused(sender.send_many([1, 2]), "queue's push_many");
        assert_fused(sender.send_until(1, pending::<()>()), "queue's push");
        assert_fused(receiver.recv(), "queue's pop");
        for limit in [0, 1, 2] {
            assert_fused(receiver.recv_many(&mut Vec::new(), limit), "queue's pop");
        }
        assert_fused(sender.reserve(), "queue's push");
        for slots in [0, 1, 11] {
            assert_fused(sender.reserve_many(slots), "queue's reserve_many");
        }
        assert_fused(sender.clone().reserve_owned(), "queue's push");
        receiver.close();
        assert_fused(sender.closed(), "queue's closed");
    }
}

fn says<E: Error>(error: E, debug: &str, display: &str) {
    assert_eq!(shown(&error), debug);
    assert_eq!(error.to_string(), display);
    assert!(error.source().is_none());
}

/// As tokio's say it, where tokio has the thing.
#[test]
fn errors_say_what_happened_whatever_the_item_is() {
    let closed = "channel closed";
    says(SendError(Opaque), "SendError { .. }", closed);
    let full = "no available capacity";
    says(TrySendError::Full(Opaque), "Full(..)", full);
    says(TrySendError::Closed(Opaque), "Closed(..)", closed);
    let empty = "receiving on an empty channel";
    says(TryRecvError::Empty, "Empty", empty);
    let over = "receiving on a closed channel";
    says(TryRecvError::Disconnected, "Disconnected", over);
    let late = "timed out waiting on send operation";
    says(SendTimeoutError::Timeout(Opaque), "Timeout(..)", late);
    says(SendTimeoutError::Closed(Opaque), "Closed(..)", closed);
    let late = "timed out waiting on receive operation";
    says(RecvTimeoutError::Timeout, "Timeout", late);
    let over = "channel is empty and disconnected";
    says(RecvTimeoutError::Disconnected, "Disconnected", over);
    says(SendUntilError::Closed(Opaque), "Closed(..)", closed);
    let interrupted = "interrupted before it was sent";
    let error = SendUntilError::Interrupted(Opaque);
    says(error, "Interrupted(..)", interrupted);
    let (sent, item, rest) = (2, Opaque, [Opaque].into_iter());
    let error = PushManyError { sent, item, rest };
    let closed = "channel closed after 2 items";
    says(error, "PushManyError { sent: 2, .. }", closed);
}

#[test]
fn errors_give_their_items_back() {
    assert_eq!(SendError(1).0, 1);
    assert_eq!(TrySendError::Full(2).into_inner(), 2);
    assert_eq!(TrySendError::Closed(3).into_inner(), 3);
    assert_eq!(SendTimeoutError::Timeout(4).into_inner(), 4);
    assert_eq!(SendTimeoutError::Closed(5).into_inner(), 5);
    assert_eq!(SendUntilError::Closed(6).into_inner(), 6);
    assert_eq!(SendUntilError::Interrupted(7).into_inner(), 7);
    assert_eq!(TrySendError::from(SendError(8)), TrySendError::Closed(8));
    assert_eq!(SendError(9).clone(), SendError(9));
}

/// Locking nothing and waiting for nothing, also within foreign code.
#[test]
fn debug_neither_waits_nor_deadlocks() {
    let queue = Queue::bounded(1);
    let items = (1..=3).inspect(|_| assert!(shown(&queue).contains("len")));
    let mut many = asleep(queue.push_many(items));
    assert!(shown(&many.future()).starts_with("PushMany { sent: 1"));
}
