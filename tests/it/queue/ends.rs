//! The end of a stream, as `select!` sees it: it is told once by `None`, and only then is the stream
//! terminated (futures-rs#2455; async-channel has the fault).
//!
//! Tried besides: every way in which a channel ends, permits that are still out, clones that end at
//! different times, a receiver that never polled as a stream, polls after the end, every fused future.

use std::future::pending;

use futures::executor::block_on;
use futures::stream::{FusedStream, StreamExt};
use futures::{pin_mut, select};
use wakeful::queue::TryRecvError::Disconnected;
use wakeful::queue::{self, OwnedPermit, Receiver, Sender};

use super::{asleep, ready};
use crate::shared::fused::check;

/// What keeps a channel that is ending from being over, or has ended it.
struct Ending {
    what: &'static str,
    receiver: Receiver<u32>,
    /// Ends what is left to be ended.
    end: Box<dyn FnOnce()>,
}

fn ending(
    what: &'static str,
    run: impl FnOnce(Sender<u32>, &Receiver<u32>) -> Box<dyn FnOnce()>,
) -> Ending {
    let (sender, receiver) = queue::bounded(4);
    sender.try_send(1).unwrap();
    let end = run(sender, &receiver);
    Ending {
        what,
        receiver,
        end,
    }
}

/// One item is queued in each; what else comes is said by the number.
fn every_way_to_end() -> Vec<(Ending, u32)> {
    let permit = |sender: &Sender<u32>| sender.clone().try_reserve_owned().unwrap();
    let out = |permit: OwnedPermit<u32>, sends: bool| -> Box<dyn FnOnce()> {
        Box::new(move || {
            if sends {
                drop(permit.send(2));
            } else {
                drop(permit);
            }
        })
    };
    vec![
        (
            ending("the last sender is gone", |sender, _| {
                drop(sender);
                Box::new(|| ())
            }),
            1,
        ),
        (
            ending("closed by a sender", |sender, _| {
                assert!(sender.close());
                Box::new(move || drop(sender))
            }),
            1,
        ),
        (
            ending("closed by a receiver", |sender, receiver| {
                assert!(receiver.close());
                Box::new(move || drop(sender))
            }),
            1,
        ),
        (
            ending("closed, and a permit sends late", |sender, receiver| {
                let permit = permit(&sender);
                assert!(receiver.close());
                out(permit, true)
            }),
            2,
        ),
        (
            ending("closed, and a permit comes back late", |sender, _| {
                let permit = permit(&sender);
                assert!(sender.close());
                out(permit, false)
            }),
            1,
        ),
        (
            ending("drained by a clone", |sender, receiver| {
                assert_eq!(receiver.clone().drain(), [1]);
                Box::new(move || drop(sender))
            }),
            0,
        ),
    ]
}

#[test]
fn a_select_loop_sees_the_end() {
    for (ending, items) in every_way_to_end() {
        let mut receiver = ending.receiver;
        let mut end = Some(ending.end);
        let mut seen = 0;
        let mut others = 0;
        block_on(async {
            let other = futures::stream::repeat(()).take(100_000).fuse();
            pin_mut!(other);
            loop {
                select! {
                    item = receiver.next() => match item {
                        Some(_) => seen += 1,
                        None => break,
                    },
                    _ = other.next() => {
                        others += 1;
                        if others == 3 {
                            end.take().unwrap()();
                        }
                        assert!(others < 100_000, "{}: the end was not seen", ending.what);
                    }
                }
            }
        });
        if let Some(end) = end {
            end();
        }
        assert_eq!(seen, items, "{}", ending.what);
        assert!(receiver.is_terminated(), "{}", ending.what);
    }
}

#[test]
fn a_select_of_nothing_else_gets_none() {
    for (ending, items) in every_way_to_end() {
        let mut receiver = ending.receiver;
        (ending.end)();
        block_on(async {
            for _ in 0..items {
                select! { item = receiver.next() => assert!(item.is_some(), "{}", ending.what) }
                assert!(!receiver.is_terminated(), "{}", ending.what);
            }
            select! { item = receiver.next() => assert!(item.is_none(), "{}", ending.what) }
        });
        assert!(receiver.is_terminated(), "{}", ending.what);
        for _ in 0..3 {
            assert_eq!(block_on(receiver.next()), None, "{}", ending.what);
            assert_eq!(ready(receiver.recv()), None);
            assert_eq!(receiver.try_recv(), Err(Disconnected));
        }
    }
}

#[test]
fn select_next_some_runs_to_complete() {
    for (ending, items) in every_way_to_end() {
        let mut receiver = ending.receiver;
        (ending.end)();
        let mut seen = 0;
        block_on(async {
            loop {
                select! {
                    _ = receiver.select_next_some() => seen += 1,
                    complete => break,
                }
            }
        });
        assert_eq!(seen, items, "{}", ending.what);
    }
}

/// Each clone is told for itself.
#[test]
fn clones_end_when_they_were_told() {
    let (sender, mut first) = queue::bounded::<u32>(4);
    let mut second = first.clone();
    drop(sender);
    assert_eq!(block_on(first.next()), None);
    assert!(first.is_terminated() && !second.is_terminated());
    let mut third = first.clone();
    assert!(!third.is_terminated(), "a clone was told nothing yet");
    assert_eq!(block_on(second.next()), None);
    assert_eq!(block_on(third.next()), None);
    assert!(second.is_terminated() && third.is_terminated());
}

/// `None` from another verb is not the end of the stream.
#[test]
fn recv_does_not_end_the_stream() {
    let (sender, mut receiver) = queue::bounded::<u32>(4);
    drop(sender);
    assert_eq!(ready(receiver.recv()), None);
    assert!(!receiver.is_terminated());
    assert_eq!(block_on(receiver.next()), None);
    assert!(receiver.is_terminated());
}

/// It slept when the channel ended.
#[test]
fn a_stream_that_sleeps_is_woken_for_the_end() {
    let (sender, receiver) = queue::bounded::<u32>(1);
    let mut next = asleep(receiver.into_future());
    drop(sender);
    assert_eq!(next.wakes(), 1);
    let (item, receiver) = next.poll().expect("the end");
    assert!(item.is_none() && receiver.is_terminated());
}

/// Every future of a queue: terminated when it gave what it has, closed or not, and not before.
#[test]
fn every_future_is_fused_and_shown() {
    for (waits, closes) in [(false, false), (false, true), (true, false), (true, true)] {
        for verb in 0..9 {
            let (sender, receiver) = queue::bounded(1);
            let is_full = verb < 6;
            if is_full {
                sender.try_send(0).unwrap();
            }
            let comes = || match (closes, is_full) {
                (true, _) => assert!(receiver.close()),
                (false, true) => drop(receiver.try_recv().unwrap()),
                (false, false) => sender.try_send(1).unwrap(),
            };
            let mut items = Vec::new();
            let until = pending::<()>();
            match verb {
                0 => check("Push { from:", sender.send(1), waits, comes),
                1 => check("PushMany { sent: 0", sender.send_many([1]), waits, comes),
                2 => check(
                    "SendUntil { push: Push",
                    sender.send_until(1, until),
                    waits,
                    comes,
                ),
                3 => check("Reserve { from:", sender.reserve(), waits, comes),
                4 => check(
                    "ReserveMany { slots: 1",
                    sender.reserve_many(1),
                    waits,
                    comes,
                ),
                5 => check(
                    "ReserveOwned { from:",
                    sender.clone().reserve_owned(),
                    waits,
                    comes,
                ),
                6 => check("Pop { from:", receiver.recv(), waits, comes),
                7 => check(
                    "PopMany { limit: 2",
                    receiver.recv_many(&mut items, 2),
                    waits,
                    comes,
                ),
                _ if closes => check("Closed { from:", sender.closed(), waits, comes),
                _ => {}
            }
        }
    }
}
