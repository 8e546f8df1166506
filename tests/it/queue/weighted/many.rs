//! Pushing many items, each of which is weighed.

use futures::future::FusedFuture;
use wakeful::Queue;
use wakeful::queue::{WeightedQueue, WeightedSendError};

use super::{asleep, assert_terminated, by_default, ready};
use crate::support::{Waiting, panics};

#[test]
fn each_waits_for_room_and_they_arrive_in_order() {
    let queue = by_default(3);
    let mut pushing = asleep(queue.push_many(["ab", "c", "de", "", "fgh"]));
    assert_eq!(queue.drain(), ["ab", "c"]);
    assert!(pushing.is_pending());
    assert_eq!(queue.drain(), ["de", ""]);
    assert!(matches!(pushing.poll(), Some(Ok(5))));
    assert_eq!(queue.drain(), ["fgh"]);
    assert_terminated(&mut pushing);
    assert!(matches!(ready(queue.push_many([])), Ok(0)));
}

#[test]
fn it_stops_at_an_item_that_is_too_heavy() {
    let (sender, receiver) = by_default(3).into_channel();
    let error = ready(sender.send_many(["a", "heavy", "b", "c"])).unwrap_err();
    let (item, weight, max) = ("heavy", 5, 3);
    assert_eq!(
        error.error,
        WeightedSendError::TooHeavy { item, weight, max }
    );
    assert_eq!(
        error.to_string(),
        "item weighs 5, but the limit is 3; items sent before it: 1"
    );
    assert_eq!(error.sent, 1);
    assert!(matches!(ready(sender.send_many(error.rest)), Ok(2)));
    assert_eq!(receiver.drain(), ["a", "b", "c"]);
}

#[test]
fn closing_gives_back_what_was_not_sent() {
    let queue = by_default(2);
    let mut pushing = asleep(queue.push_many(["ab", "cd", "e"]));
    queue.close();
    let error = pushing.poll().unwrap().unwrap_err();
    assert_eq!(error.error, WeightedSendError::Closed("cd"));
    assert!(error.sent == 1 && error.rest.eq(["e"]));
    assert_terminated(&mut pushing);
    assert_eq!(queue.drain(), ["ab"]);
}

/// Dropping it loses the item in hand, and nothing else.
#[test]
fn it_goes_on_after_it_was_cancelled() {
    let queue = by_default(2);
    let mut words = ["ab", "cd", "e", "f"].into_iter();
    drop(asleep(queue.push_many(&mut words)));
    assert_eq!(queue.drain(), ["ab"]);
    assert!(matches!(ready(queue.push_many(words)), Ok(2)));
    assert_eq!(queue.drain(), ["e", "f"]);
}

#[test]
fn a_panic_of_what_weighs_ends_it() {
    static QUEUE: WeightedQueue<u32> = Queue::weighted(3, |&item| {
        assert_ne!(item, 13, "not this one");
        1
    });
    let mut pushing = Waiting::new(QUEUE.push_many([1, 13, 2]));
    assert!(panics(|| pushing.poll()).contains("not this one"));
    assert!(pushing.future().is_terminated());
    assert_eq!(QUEUE.drain(), [1]);
}

#[test]
fn it_is_shown() {
    let queue = by_default(1);
    let mut pushing = asleep(queue.push_many(["a", "b"]));
    let shown = format!("{:?}", pushing.future());
    let begin = "WeightedPushMany { sent: 1, done: false, from: tests/it/queue/weighted/many.rs:";
    assert!(shown.starts_with(begin), "{shown}");
    queue.close();
    let error = ready(queue.push_many(["c"])).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "WeightedPushManyError { sent: 0, error: Closed(..), .. }"
    );
    assert_eq!(error.to_string(), "channel closed; items sent before it: 0");
}
