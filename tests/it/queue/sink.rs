//! `Sink` for a sender: the item in hand waits in the handle, beside those who `send`.

use std::future::poll_fn;
use std::sync::Arc;

use futures::{Sink, SinkExt, StreamExt};
use wakeful::Fairness;
use wakeful::queue::{self, SendError, Sender};

use super::items::Ledger;
use super::{asleep, full_channel, ready};
use crate::support::loud::panics_or_is_swallowed;
use crate::support::{Task, Waiting, panics};

pub(super) type Polled<T> = Option<Result<(), SendError<T>>>;

fn poll_ready<T>(task: &Arc<Task>, sender: &mut Sender<T>) -> Polled<T> {
    Waiting::of(task, poll_fn(|cx| sender.poll_ready_unpin(cx))).poll()
}

pub(super) fn flush<T, S>(task: &Arc<Task>, sender: &mut S) -> Option<Result<(), S::Error>>
where
    S: Sink<T> + Unpin,
{
    Waiting::of(task, poll_fn(|cx| sender.poll_flush_unpin(cx))).poll()
}

fn close<T>(task: &Arc<Task>, sender: &mut Sender<T>) -> Polled<T> {
    Waiting::of(task, poll_fn(|cx| sender.poll_close_unpin(cx))).poll()
}

/// Lays an item in hand and polls it to sleep, in a task of its own.
pub(super) fn stored_asleep<T, S>(sender: &mut S, item: T) -> Arc<Task>
where
    S: Sink<T, Error: std::fmt::Debug> + Unpin,
{
    let task = Task::new();
    sender.start_send_unpin(item).unwrap();
    assert!(flush(&task, sender).is_none(), "it has to wait");
    assert_eq!(task.wakes(), 0, "it sleeps");
    task
}

#[test]
fn what_is_fed_arrives_in_order() {
    for capacity in [0, 1, 3, 100] {
        let (mut sender, receiver) = queue::bounded(capacity);
        let sends = async {
            for item in 0..50 {
                sender.feed(item).await.unwrap();
            }
            SinkExt::flush(&mut sender).await.unwrap();
            drop(sender);
        };
        let (_, items) = futures::executor::block_on(async {
            futures::join!(sends, receiver.collect::<Vec<_>>())
        });
        assert!(items.into_iter().eq(0..50), "{capacity}");
    }
}

/// `start_send` pushes at once where there is room; otherwise it lays the item in hand, and `poll_ready`,
/// `poll_flush` and `poll_close` push it.
#[test]
fn the_item_in_hand_is_pushed_by_whatever_polls() {
    for polls in [poll_ready, flush, close] {
        let (mut sender, receiver) = queue::bounded(1);
        let task = Task::new();
        assert_eq!(poll_ready(&task, &mut sender), Some(Ok(())));
        sender.start_send_unpin(7).unwrap();
        assert_eq!((sender.len(), sender.capacity()), (1, 0), "at once");
        assert_eq!(polls(&task, &mut sender), Some(Ok(())), "nothing in hand");
        sender.start_send_unpin(8).unwrap();
        assert_eq!(polls(&task, &mut sender), None, "no room");
        assert_eq!(receiver.try_recv(), Ok(7));
        assert_eq!(sender.len(), 0, "in hand still");
        assert_eq!(polls(&task, &mut sender), Some(Ok(())));
        assert_eq!(receiver.try_recv(), Ok(8));
    }
}

#[test]
fn start_send_before_it_is_ready_panics() {
    let (mut sender, receiver) = full_channel(1, Fairness::DEFAULT);
    sender.start_send_unpin(1).unwrap();
    let said = panics(|| sender.start_send_unpin(2));
    assert!(said.contains("start_send"), "{said}");
    assert_eq!(receiver.try_recv(), Ok(0));
    assert_eq!(flush(&Task::new(), &mut sender), Some(Ok(())));
    assert_eq!(receiver.try_recv(), Ok(1), "it is in hand still");
}

#[test]
fn poll_close_closes_nothing() {
    let (mut sender, receiver) = queue::bounded(2);
    let task = Task::new();
    assert_eq!(close(&task, &mut sender), Some(Ok(())));
    assert!(!receiver.is_closed());
    sender.start_send_unpin(1).unwrap();
    assert_eq!(close(&task, &mut sender), Some(Ok(())));
    assert_eq!((sender.is_closed(), receiver.try_recv()), (false, Ok(1)));
}

/// Nor does an item whose drop panics keep the channel open.
#[test]
fn an_item_in_hand_that_panics_is_dropped_with_the_sender() {
    for unwinding in [false, true] {
        let mut ledger = Ledger::new();
        let (mut sender, receiver) = queue::bounded(1);
        assert!(sender.try_send(ledger.item()).is_ok());
        assert!(sender.start_send_unpin(ledger.loud()).is_ok());
        let mut closed = asleep(receiver.closed());
        panics_or_is_swallowed(unwinding, "item 1", || drop(sender));
        assert_eq!((closed.wakes(), closed.poll()), (1, Some(())));
        assert_eq!(receiver.drain().len(), 1);
        ledger.assert_all_dropped();
    }
}

#[test]
fn a_closed_channel_gives_the_item_back() {
    let (mut sender, receiver) = full_channel(1, Fairness::DEFAULT);
    let task = stored_asleep(&mut sender, 7);
    receiver.close();
    assert_eq!(task.wakes(), 1);
    assert_eq!(flush(&task, &mut sender), Some(Err(SendError(7))));
    assert_eq!(flush(&task, &mut sender), Some(Ok(())), "nothing in hand");
    assert_eq!(sender.start_send_unpin(8), Err(SendError(8)));
    assert_eq!(receiver.drain(), [0]);
}

/// An item in hand is dropped with its sender; a sender with one is a sender still.
#[test]
fn dropping_the_sender_drops_the_item_in_hand() {
    for asleep in [false, true] {
        let mut ledger = Ledger::new();
        let (mut sender, receiver) = queue::bounded(1);
        assert!(sender.try_send(ledger.item()).is_ok());
        assert!(sender.start_send_unpin(ledger.item()).is_ok());
        if asleep {
            assert!(flush(&Task::new(), &mut sender).is_none());
        }
        drop(sender);
        assert!(ledger.is_dropped(1) && receiver.is_closed());
        assert_eq!(receiver.drain().len(), 1);
        ledger.assert_all_dropped();
    }
}

/// A clone has nothing in hand.
#[test]
fn each_clone_has_a_hand_of_its_own() {
    let (mut sender, receiver) = full_channel(1, Fairness::DEFAULT);
    sender.start_send_unpin(1).unwrap();
    let mut clone = sender.clone();
    assert_eq!(poll_ready(&Task::new(), &mut clone), Some(Ok(())));
    let (task, other) = (Task::new(), stored_asleep(&mut clone, 2));
    assert!(flush(&task, &mut sender).is_none());
    assert_eq!(receiver.try_recv(), Ok(0));
    assert_eq!((task.wakes(), other.wakes()), (1, 1), "both");
    assert_eq!(flush(&task, &mut sender), Some(Ok(())));
    assert!(flush(&other, &mut clone).is_none(), "in vain");
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!(other.wakes(), 2);
    assert_eq!(flush(&other, &mut clone), Some(Ok(())));
}

/// A slot that is filled as it is given back wakes nobody, and no more does a drain of nothing.
#[test]
fn it_is_woken_by_slots_alone() {
    let (mut sender, receiver) = full_channel(2, Fairness::FIFO);
    let other = sender.clone();
    receiver.try_recv().unwrap();
    let permit = other.try_reserve().unwrap();
    let send = asleep(other.send(1));
    receiver.try_recv().unwrap();
    assert_eq!(send.wakes(), 1, "the slot is kept");
    let task = stored_asleep(&mut sender, 2);
    assert!(receiver.drain().is_empty());
    assert_eq!(task.wakes(), 0, "nothing was drained");
    permit.send(3);
    assert_eq!(task.wakes(), 0, "no slot was given back");
    assert_eq!(receiver.drain().len(), 1);
    assert_eq!(task.wakes(), 1);
    drop(send);
    assert_eq!(flush(&task, &mut sender), Some(Ok(())));
}

#[test]
fn at_a_rendezvous_it_is_received_when_a_pop_takes_it() {
    let (mut sender, receiver) = queue::bounded(0);
    let mut pop = asleep(receiver.recv());
    let task = stored_asleep(&mut sender, 7);
    assert_eq!(pop.wakes(), 1);
    assert!(flush(&task, &mut sender).is_none(), "not yet");
    assert_eq!(pop.poll(), Some(Some(7)));
    assert_eq!((task.wakes(), flush(&task, &mut sender)), (1, Some(Ok(()))));
    assert!(Waiting::new(receiver.recv()).is_pending());
}

/// A sender with room for all that `run` feeds it, as a `Sink` and otherwise; what arrived.
fn arrived(capacity: usize, run: impl AsyncFnOnce(&mut Sender<u32>)) -> Vec<u32> {
    let (mut sender, receiver) = queue::bounded(capacity);
    futures::executor::block_on(run(&mut sender));
    drop(sender);
    receiver.drain()
}

const UNBOUNDED: usize = usize::MAX;

/// vector#5069, futures-rs#2059: there was room, and yet what was fed was overtaken, or lost with the
/// handle. Tried besides: `send_all` whose stream fails, all ways to send in between.
#[test]
fn where_there_is_room_nothing_that_was_fed_is_overtaken_or_lost() {
    for capacity in [8, UNBOUNDED] {
        let items = arrived(capacity, async |sender| {
            sender.feed(1).await.unwrap();
            sender.feed(2).await.unwrap();
            Sender::send(sender, 3).await.unwrap();
            SinkExt::flush(sender).await.unwrap();
        });
        assert_eq!(items, [1, 2, 3]);
        let items = arrived(capacity, async |sender| {
            sender.feed(1).await.unwrap();
            sender.feed(2).await.unwrap();
        });
        assert_eq!(items, [1, 2], "dropped, not flushed");
        let items = arrived(capacity, async |sender| {
            sender.feed(1).await.unwrap();
            sender.try_send(2).unwrap();
            sender.feed(3).await.unwrap();
            sender.reserve().await.unwrap().send(4);
            sender.feed(5).await.unwrap();
            SinkExt::send(sender, 6).await.unwrap();
            sender.force_send(7).unwrap();
            sender.feed(8).await.unwrap();
        });
        assert!(items.into_iter().eq(1..=8));
    }
}

#[test]
fn what_a_stream_gave_before_it_failed_arrives() {
    for capacity in [8, UNBOUNDED] {
        let items = arrived(capacity, async |sender| {
            let mut failing = futures::stream::iter([Ok(1), Ok(2), Err(SendError(9)), Ok(3)]);
            assert_eq!(sender.send_all(&mut failing).await, Err(SendError(9)));
            Sender::send(sender, 4).await.unwrap();
        });
        assert_eq!(items, [1, 2, 4]);
    }
}

/// With fewer slots than items the rest waits in hand: it is overtaken there, and dropped with the handle.
#[test]
fn without_room_what_is_in_hand_is_overtaken_and_dropped_with_the_handle() {
    for capacity in [1_u32, 2] {
        let (mut sender, receiver) = queue::bounded(capacity as usize);
        for item in 0..=capacity {
            sender.start_send_unpin(item).unwrap();
        }
        assert_eq!(receiver.try_recv(), Ok(0));
        assert_eq!(sender.try_send(99), Ok(()), "overtakes what is in hand");
        drop(sender);
        let rest = (1..capacity).chain([99]);
        assert!(receiver.drain().into_iter().eq(rest), "and it is dropped");
    }
    let (mut sender, receiver) = queue::bounded(0);
    sender.start_send_unpin(1).unwrap();
    drop(sender);
    assert_eq!(ready(receiver.recv()), None);
}

/// All of them arrive, in order, when somebody receives meanwhile.
#[test]
fn what_is_forwarded_arrives_in_order_whatever_the_capacity() {
    for capacity in [0, 1, 2, 8, UNBOUNDED] {
        let (first, middle) = queue::unbounded();
        assert_eq!(first.send_many(0..50).unwrap(), 50);
        drop(first);
        let (sender, receiver) = queue::bounded(capacity);
        let forward = middle.map(Ok).forward(sender);
        let (sent, items) = futures::executor::block_on(async {
            futures::join!(forward, receiver.collect::<Vec<u32>>())
        });
        assert_eq!((sent, items.len()), (Ok(()), 50));
        assert!(items.into_iter().eq(0..50), "{capacity}");
    }
}

/// futures' `UnboundedSender` is a `Sink` as well.
#[test]
fn an_unbounded_sender_is_a_sink() {
    let (mut sender, receiver) = queue::unbounded();
    futures::executor::block_on(async {
        sender.feed(1).await.unwrap();
        sender.send(2).unwrap();
        let mut more = futures::stream::iter(3..=5).map(Ok);
        sender.send_all(&mut more).await.unwrap();
        SinkExt::send(&mut sender, 6).await.unwrap();
        SinkExt::close(&mut sender).await.unwrap();
        sender.feed(7).await.expect("that closes nothing");
        assert!(receiver.drain().into_iter().eq(1..=7));
        receiver.close();
        assert_eq!(sender.feed(8).await, Err(SendError(8)));
    });
}
