//! `send_until`: the push is polled first, and the item comes back when the other future wins.

use std::cell::Cell;
use std::future::{self, pending, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::FusedFuture;
use wakeful::Fairness;
use wakeful::queue;
use wakeful::queue::SendUntilError::{Closed, Interrupted};

use super::items::Ledger;
use super::{asleep, assert_terminated, channel, full_channel, ready};
use crate::support::loud::panics_in_drop;
use crate::support::{Waiting, panics, poll_with};

for_each_fairness!(
    the_item_comes_back_when_the_other_future_wins,
    when_the_other_wins_a_call_is_passed_on,
    the_item_comes_back_after_a_waker_panicked,
);

#[test]
fn the_push_is_polled_first() {
    let (sender, receiver) = queue::bounded(1);
    let polled = Cell::new(false);
    let until = poll_fn(|_| {
        polled.set(true);
        Poll::Ready(())
    });
    assert_eq!(ready(sender.send_until(1, until)), Ok(()));
    assert!(!polled.get(), "the push was ready");
    assert_eq!(receiver.try_recv(), Ok(1));
}

/// kanal#31 asks for a timeout that gives the item back, on any runtime.
fn the_item_comes_back_when_the_other_future_wins(fairness: Fairness) {
    let (sender, receiver) = full_channel(1, fairness);
    let mut late = Waiting::new(sender.send_until(7, future::ready("too late")));
    assert_eq!(late.poll(), Some(Err(Interrupted(7))));
    assert_terminated(&mut late);
    assert_eq!((receiver.drain(), sender.capacity()), (vec![0], 1));
}

fn when_the_other_wins_a_call_is_passed_on(fairness: Fairness) {
    let (sender, receiver) = full_channel(1, fairness);
    let stop = Cell::new(false);
    let until = poll_fn(|_| match stop.get() {
        true => Poll::Ready(()),
        false => Poll::Pending,
    });
    let mut first = asleep(sender.send_until(1, until));
    let mut second = asleep(sender.send(2));
    assert_eq!(receiver.try_recv(), Ok(0));
    sender.force_send(3).unwrap();
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    stop.set(true);
    assert_eq!(first.poll(), Some(Err(Interrupted(1))));
    assert_eq!(receiver.try_recv(), Ok(3));
    assert_eq!((second.wakes(), second.poll()), (1, Some(Ok(()))));
}

#[test]
fn a_closed_channel_gives_the_item_back_too() {
    let (sender, receiver) = full_channel(1, Fairness::DEFAULT);
    let mut waits = asleep(sender.send_until(8, pending::<()>()));
    receiver.close();
    assert_eq!((waits.wakes(), waits.poll()), (1, Some(Err(Closed(8)))));
    let late = ready(sender.send_until(9, future::ready(())));
    assert_eq!(late, Err(Closed(9)), "the push is polled first");
}

/// At a rendezvous the item may have left when the other future wins: then it is `Ok`.
#[test]
fn an_item_that_has_left_was_sent() {
    let mut ledger = Ledger::new();
    let (sender, receiver) = queue::bounded(0);
    // Taken between the poll of the push and that of the other future.
    let takes = poll_fn(|_| {
        let item = receiver.try_recv().expect("it waits");
        assert!(item == 0);
        Poll::Ready(())
    });
    assert!(ready(sender.send_until(ledger.item(), takes)).is_ok());
    ledger.assert_all_dropped();
    let not_taken = ready(sender.send_until(ledger.item(), future::ready(())));
    assert!(matches!(not_taken, Err(Interrupted(item)) if item == 1));
    ledger.assert_all_dropped();
}

#[test]
fn dropping_it_drops_the_item() {
    let mut ledger = Ledger::new();
    let (sender, receiver) = queue::bounded(1);
    assert!(sender.try_send(ledger.item()).is_ok());
    drop(asleep(sender.send_until(ledger.item(), pending::<()>())));
    assert!(ledger.is_dropped(1) && !ledger.is_dropped(0));
    assert_eq!(receiver.drain().len(), 1);
}

/// A timeout can be followed by a retry without a duplicate.
#[test]
fn a_retry_after_a_timeout_makes_no_duplicate() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
        let (sender, receiver) = channel(1, fairness);
        runtime.block_on(async move {
            let received = tokio::spawn(async move {
                let mut received = Vec::new();
                while let Some(item) = receiver.recv().await {
                    received.push(item);
                    if item % 16 == 0 {
                        tokio::time::sleep(Duration::from_millis(2)).await;
                    }
                }
                received
            });
            let sender = Arc::new(sender);
            for mut item in 0..100 {
                while let Err(error) = {
                    let timeout = tokio::time::sleep(Duration::from_micros(300));
                    sender.send_until(item, timeout).await
                } {
                    item = error.into_inner();
                }
            }
            drop(sender);
            assert!(received.await.unwrap().into_iter().eq(0..100));
        });
    }
}

/// The other future has won for good: it is not polled again, and the item comes back.
fn the_item_comes_back_after_a_waker_panicked(fairness: Fairness) {
    let (sender, receiver) = full_channel(1, fairness);
    let polled = Cell::new(false);
    let until = poll_fn(|_| {
        assert!(!polled.replace(true), "it was ready");
        Poll::Ready(())
    });
    let mut late = Waiting::new(sender.send_until(7, until));
    let (waker, disarm) = panics_in_drop();
    assert_eq!(panics(|| poll_with(&waker, late.future())), "in drop");
    disarm.count();
    assert!(!late.future().is_terminated());
    assert_eq!(late.poll(), Some(Err(Interrupted(7))));
    assert_terminated(&mut late);
    assert_eq!(receiver.drain(), [0]);
}

#[test]
fn a_queue_without_handles_has_it_too() {
    let queue = queue::Queue::bounded(1);
    assert_eq!(ready(queue.push_until(1, future::ready(()))), Ok(()));
    let mut late = Waiting::new(queue.push_until(2, future::ready(())));
    assert_eq!(late.poll(), Some(Err(Interrupted(2))));
    assert_terminated(&mut late);
    let mut closed = asleep(queue.push_until(3, pending::<()>()));
    queue.close();
    assert_eq!(closed.poll(), Some(Err(Closed(3))));
    assert_eq!(queue.drain(), [1]);
}
