//! A weighted sender as a `Sink`: what a stored item has to wait for depends on its weight.

use std::sync::Arc;

use futures::{SinkExt, StreamExt};
use wakeful::Fairness;
use wakeful::queue::{WeightedSendError, WeightedSender};

use super::super::sink::{flush, stored_asleep};
use super::{Text, asleep, by_default, letters, ready};
use crate::support::{Rng, Task, Waiting, panics};

#[test]
fn what_is_fed_arrives_in_order() {
    let words = ["abc", "", "de", "f", "ghi", "", "j"];
    for max in [3, 4, 100] {
        let (mut sender, receiver) = by_default(max).into_channel();
        let sends = async {
            for word in words {
                sender.feed(word).await.unwrap();
            }
            SinkExt::close(&mut sender).await.unwrap();
            drop(sender);
        };
        let (_, items) = futures::executor::block_on(async {
            futures::join!(sends, receiver.collect::<Vec<_>>())
        });
        assert_eq!(items, words, "{max}");
    }
}

#[test]
fn an_item_that_is_too_heavy_is_refused_at_once() {
    let (mut sender, receiver) = by_default(3).into_channel();
    let (item, weight, max) = ("heavy", 5, 3);
    let refused = sender.start_send_unpin(item);
    assert_eq!(
        refused,
        Err(WeightedSendError::TooHeavy { item, weight, max })
    );
    assert_eq!(flush(&Task::new(), &mut sender), Some(Ok(())), "nothing");
    sender.start_send_unpin("abc").unwrap();
    assert_eq!(receiver.drain(), ["abc"]);
}

#[test]
fn a_closed_channel_gives_the_item_back() {
    let (mut sender, receiver) = by_default(2).into_channel();
    sender.try_send("a").unwrap();
    let task = stored_asleep(&mut sender, "bc");
    let said = panics(|| sender.start_send_unpin("d"));
    assert!(said.contains("start_send"), "{said}");
    receiver.close();
    let closed = |item| Err(WeightedSendError::Closed(item));
    assert_eq!(task.wakes(), 1);
    assert_eq!(flush(&task, &mut sender), Some(closed("bc")));
    assert_eq!(sender.start_send_unpin("d"), closed("d"));
}

/// Those who wait behind a heavy item are not held up by it, whatever makes them admissible.
#[test]
fn a_light_item_is_stored_behind_a_heavy_one() {
    let (mut heavy, receiver) = letters(4, Fairness::FIFO).into_channel();
    let (mut light, other) = (heavy.clone(), heavy.clone());
    for word in ["ab", "cd"] {
        heavy.try_send(word).unwrap();
    }
    let send = asleep(other.send("ef"));
    assert_eq!(receiver.try_recv(), Ok("ab"));
    assert_eq!(send.wakes(), 1, "what is free is kept for it");
    let heavy_task = stored_asleep(&mut heavy, "ghi");
    let light_task = stored_asleep(&mut light, "j");
    drop(send);
    assert_eq!((heavy_task.wakes(), light_task.wakes()), (0, 1));
    assert_eq!(flush(&light_task, &mut light), Some(Ok(())));
    assert_eq!(receiver.drain(), ["cd", "j"]);
    assert_eq!(heavy_task.wakes(), 1);
    assert_eq!(flush(&heavy_task, &mut heavy), Some(Ok(())));
}

const WORDS: [Text; 6] = ["", "a", "bb", "ccc", "dddd", "eeeee"];

/// What a stored item needs: one that weighs nothing needs that not all is taken.
fn need(item: Text) -> usize {
    item.len().max(1)
}

/// Whatever the order of operations, every sender whose stored item fits is woken, and in the end everything is
/// sent.
#[test]
fn nobody_sleeps_beside_enough_room() {
    for fairness in [Fairness::FIFO, Fairness::DEFAULT, Fairness::overtakes(1)] {
        for _ in 0..if cfg!(debug_assertions) { 300 } else { 3_000 } {
            storm(fairness, &mut Rng::new());
        }
    }
}

fn storm(fairness: Fairness, random: &mut Rng) {
    let (sender, receiver) = letters(6, fairness).into_channel();
    let mut sinks: Vec<_> = (0..4)
        .map(|_| (sender.clone(), Task::new(), None::<Text>))
        .collect();
    let mut sends = Vec::new();
    let (mut sent, mut received) = (0, 0);
    for _ in 0..60 {
        let word = WORDS[random.usize(..WORDS.len())];
        let at = random.usize(..sinks.len());
        let (sink, task, stored) = &mut sinks[at];
        match random.usize(..8) {
            0..3 if stored.is_none() => {
                let before = sender.len();
                sink.start_send_unpin(word).unwrap();
                sent += 1;
                if sender.len() == before {
                    *stored = Some(word);
                    *task = Task::new();
                    let done = flush(task, sink).is_some();
                    assert!(!done, "it was tried a moment ago");
                }
            }
            0..4 if stored.is_some() => {
                *task = Task::new();
                if flush(task, sink).is_some() {
                    *stored = None;
                }
            }
            4 => received += usize::from(receiver.try_recv().is_ok()),
            5 => {
                let mut send = Waiting::new(sender.send(word));
                if send.poll().is_some() {
                    sent += 1;
                } else {
                    sends.push(send);
                }
            }
            6 if !sends.is_empty() => drop(sends.swap_remove(random.usize(..sends.len()))),
            _ if !sends.is_empty() => {
                let at = random.usize(..sends.len());
                if sends[at].poll().is_some() {
                    sent += 1;
                    sends.swap_remove(at);
                }
            }
            _ => {}
        }
        assert_woken(&sinks, sends.is_empty(), sender.capacity());
    }
    sends.clear();
    assert_woken(&sinks, true, sender.capacity());
    while sinks.iter().any(|(.., stored)| stored.is_some()) {
        received += receiver.drain().len();
        assert_woken(&sinks, true, sender.capacity());
        for (sink, task, stored) in &mut sinks {
            if stored.is_some() && task.wakes() > 0 {
                *task = Task::new();
                if flush(task, sink).is_some() {
                    *stored = None;
                }
            }
        }
    }
    received += receiver.drain().len();
    assert_eq!(received, sent);
    assert_eq!(ready(sender.send("")), Ok(()));
}

/// Where nobody else waits, a stored item sleeps only if there is too little room for it.
#[track_caller]
fn assert_woken(
    sinks: &[(WeightedSender<Text>, Arc<Task>, Option<Text>)],
    alone: bool,
    capacity: usize,
) {
    for (_, task, stored) in sinks {
        if let Some(item) = stored.filter(|_| alone && task.wakes() == 0) {
            assert!(need(item) > capacity, "{item:?} sleeps beside {capacity}");
        }
    }
}
