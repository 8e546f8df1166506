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
use wakeful::queue::{self, Receiver, Sender};

use super::{asleep, ready};
use crate::shared::fused::check;

/// What ends a channel, how many more items there are, where they are received, and what is left to be done.
type Ending = (&'static str, u32, Receiver<u32>, Box<dyn FnOnce()>);

/// One item is queued when it runs, which leaves what is to be done in the end.
fn ending<E: FnOnce() + 'static>(
    what: &'static str,
    items: u32,
    run: impl FnOnce(Sender<u32>, &Receiver<u32>) -> E,
) -> Ending {
    let (sender, receiver) = queue::bounded(4);
    sender.try_send(1).unwrap();
    let end = Box::new(run(sender, &receiver));
    (what, items, receiver, end)
}

fn every_way_to_end() -> [Ending; 6] {
    let permit = |sender: &Sender<u32>| sender.clone().try_reserve_owned().unwrap();
    [
        ending("the last sender is gone", 1, |sender, _| {
            drop(sender);
            || ()
        }),
        ending("closed by a sender", 1, |sender, _| {
            assert!(sender.close());
            move || drop(sender)
        }),
        ending("closed by a receiver", 1, |sender, receiver| {
            assert!(receiver.close());
            move || drop(sender)
        }),
        ending("closed, a permit sends late", 2, |sender, receiver| {
            let permit = permit(&sender);
            assert!(receiver.close());
            move || drop(permit.send(2))
        }),
        ending("closed, a permit is dropped late", 1, |sender, _| {
            let permit = permit(&sender);
            assert!(sender.close());
            move || drop(permit)
        }),
        ending("drained by a clone", 0, |sender, receiver| {
            assert_eq!(receiver.clone().drain(), [1]);
            move || drop(sender)
        }),
    ]
}

#[test]
fn a_select_loop_sees_the_end() {
    for (what, items, mut receiver, end) in every_way_to_end() {
        let mut end = Some(end);
        let (mut seen, mut others) = (0, 0);
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
                        assert!(others < 100_000, "{what}: the end was not seen");
                    }
                }
            }
        });
        if let Some(end) = end {
            end();
        }
        assert_eq!(seen, items, "{what}");
        assert!(receiver.is_terminated(), "{what}");
    }
}

#[test]
fn a_select_of_nothing_else_gets_none() {
    for (what, items, mut receiver, end) in every_way_to_end() {
        end();
        block_on(async {
            for _ in 0..items {
                select! { item = receiver.next() => assert!(item.is_some(), "{what}") }
                assert!(!receiver.is_terminated(), "{what}");
            }
            select! { item = receiver.next() => assert!(item.is_none(), "{what}") }
        });
        assert!(receiver.is_terminated(), "{what}");
        for _ in 0..3 {
            assert_eq!(block_on(receiver.next()), None, "{what}");
            assert_eq!(ready(receiver.recv()), None);
            assert_eq!(receiver.try_recv(), Err(Disconnected));
        }
    }
}

#[test]
fn select_next_some_runs_to_complete() {
    for (what, items, mut receiver, end) in every_way_to_end() {
        end();
        let mut seen = 0;
        block_on(async {
            loop {
                select! {
                    _ = receiver.select_next_some() => seen += 1,
                    complete => break,
                }
            }
        });
        assert_eq!(seen, items, "{what}");
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
            let (mut items, until) = (Vec::new(), pending::<()>());
            // Created next to its check, which looks for this source location.
            match verb {
                0 => check("Push { from:", sender.send(1), waits, comes),
                1 => check("PushMany { sent: 0", sender.send_many([1]), waits, comes),
                2 => {
                    let send = sender.send_until(1, until);
                    check("SendUntil { push: Push", send, waits, comes);
                }
                3 => check("Reserve { from:", sender.reserve(), waits, comes),
                4 => {
                    let reserve = sender.reserve_many(1);
                    check("ReserveMany { slots: 1", reserve, waits, comes);
                }
                5 => {
                    let own = sender.clone();
                    check("ReserveOwned { from:", own.reserve_owned(), waits, comes);
                }
                6 => check("Pop { from:", receiver.recv(), waits, comes),
                7 => {
                    let recv = receiver.recv_many(&mut items, 2);
                    check("PopMany { limit: 2", recv, waits, comes);
                }
                _ if closes => check("Closed { from:", sender.closed(), waits, comes),
                _ => {}
            }
        }
    }
}
