//! A queue bounded by the weight of its items. The core is that of every queue, and `differential` runs it beside
//! the model; here is what only this one has.

mod channel;
mod many;
#[cfg(feature = "futures-sink")]
mod sink;

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures::future::FusedFuture;
use wakeful::queue::{
    WeightedQueue, WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError,
};
use wakeful::{Fairness, Queue};

use super::{asleep, assert_terminated, ready};
use crate::support::loud::{asleep_with, panics_in_wake};
use crate::support::{Waiting, bytes_held, panics};

for_each_fairness!(
    a_push_waits_for_room_for_all_of_it,
    closing_fails_the_pushes_that_wait,
);

type Text = &'static str;

/// Each item weighs as much as it has letters.
fn letters(max: usize, fairness: Fairness) -> WeightedQueue<Text> {
    Queue::weighted(max, |text: &Text| text.len()).with_fairness(fairness)
}

fn by_default(max: usize) -> WeightedQueue<Text> {
    letters(max, Fairness::DEFAULT)
}

#[test]
fn its_bound_is_a_weight_and_its_length_a_number() {
    let queue = by_default(10);
    queue.try_push("four").unwrap();
    queue.try_push("fives").unwrap();
    assert_eq!(
        (queue.len(), queue.capacity(), queue.max_capacity()),
        (2, 1, 10)
    );
    assert!(!queue.is_full() && !queue.is_empty());
    assert_eq!(queue.try_push("ab"), Err(WeightedTrySendError::Full("ab")));
    queue.try_push("c").unwrap();
    assert!(queue.is_full());
    let mut popped = Vec::new();
    assert_eq!(queue.try_pop_many(&mut popped, 2), Ok(2));
    assert_eq!((popped, queue.capacity()), (vec!["four", "fives"], 9));
    assert_eq!((queue.drain(), queue.capacity()), (vec!["c"], 10));
}

fn a_push_waits_for_room_for_all_of_it(fairness: Fairness) {
    let queue = letters(6, fairness);
    for word in ["aa", "bb", "cc"] {
        queue.try_push(word).unwrap();
    }
    let mut push = asleep(queue.push("dddd"));
    assert_eq!(queue.try_pop(), Ok("aa"));
    assert_eq!(push.wakes(), 0, "half of it is not enough");
    assert_eq!(queue.try_pop(), Ok("bb"));
    assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    assert_eq!(queue.capacity(), 0);
    assert_terminated(&mut push);
}

/// Bounded overtaking: as many as the limit says get ahead of a heavy item, and not one more.
#[test]
fn a_heavy_item_is_not_starved_by_light_ones() {
    for limit in [0, 1, 5] {
        let queue = letters(4, Fairness::overtakes(limit).with_patience(Duration::MAX));
        queue.try_push("full").unwrap();
        let mut heavy = asleep(queue.push("4444"));
        queue.try_pop().unwrap();
        for _ in 0..limit {
            queue.try_push("a").unwrap();
            queue.try_pop().unwrap();
        }
        assert_eq!(queue.try_push("a"), Err(WeightedTrySendError::Full("a")));
        assert_eq!(heavy.poll(), Some(Ok(())));
    }
}

#[test]
fn a_heavy_push_that_is_cancelled_lets_lighter_ones_through() {
    let queue = letters(3, Fairness::FIFO);
    queue.try_push("ab").unwrap();
    let heavy = asleep(queue.push("cde"));
    let mut light = asleep(queue.push("f"));
    assert_eq!(light.wakes(), 0);
    drop(heavy);
    assert_eq!((light.wakes(), light.poll()), (1, Some(Ok(()))));
    assert_eq!(queue.drain(), ["ab", "f"]);
}

#[test]
fn an_item_that_never_fits_is_refused_at_once_and_changes_nothing() {
    let queue = by_default(3);
    let (item, weight, max) = ("heavy", 5, 3);
    let push = ready(queue.push(item));
    assert_eq!(push, Err(WeightedSendError::TooHeavy { item, weight, max }));
    let tried = queue.try_push(item);
    assert_eq!(
        tried,
        Err(WeightedTrySendError::TooHeavy { item, weight, max })
    );
    assert_eq!(tried.unwrap_err().into_inner(), item);
    let blocked = queue.blocking_push(item);
    assert_eq!(
        blocked,
        Err(WeightedSendError::TooHeavy { item, weight, max })
    );
    let timed = queue.blocking_push_timeout(item, Duration::MAX);
    assert_eq!(
        timed,
        Err(WeightedSendTimeoutError::TooHeavy { item, weight, max })
    );
    assert_eq!(
        timed.unwrap_err().to_string(),
        "item weighs 5, but the limit is 3"
    );
    assert_eq!((queue.len(), queue.capacity()), (0, 3));
    let mut push = Waiting::new(queue.push(item));
    assert!(!push.future().is_terminated());
    assert_eq!(push.future().into_item(), Some(item));
    assert_terminated(&mut push);
}

/// It does so in every state of the queue, also when that is closed.
#[test]
fn too_heavy_comes_before_closed() {
    let queue = by_default(1);
    queue.close();
    assert!(matches!(
        ready(queue.push("ab")),
        Err(WeightedSendError::TooHeavy { .. })
    ));
    assert_eq!(ready(queue.push("a")), Err(WeightedSendError::Closed("a")));
    assert_eq!(queue.try_push("a"), Err(WeightedTrySendError::Closed("a")));
    assert_eq!(queue.blocking_push(""), Err(WeightedSendError::Closed("")));
}

#[test]
fn an_item_of_no_weight_takes_no_room_but_waits_its_turn() {
    let queue = letters(2, Fairness::FIFO);
    queue.try_push("ab").unwrap();
    for _ in 0..50 {
        queue.try_push("").unwrap();
        assert_eq!(ready(queue.push("")), Ok(()));
        queue.blocking_push("").unwrap();
    }
    assert_eq!((queue.len(), queue.capacity()), (151, 0));
    let mut heavy = asleep(queue.push("cd"));
    assert_eq!(queue.try_push(""), Err(WeightedTrySendError::Full("")));
    let mut none = asleep(queue.push(""));
    assert_eq!(queue.drain().len(), 151);
    assert_eq!((heavy.wakes(), none.wakes()), (1, 0), "it is behind");
    assert_eq!(heavy.poll(), Some(Ok(())));
    assert!(none.is_pending());
    assert_eq!(queue.try_pop(), Ok("cd"));
    assert_eq!((none.poll(), queue.capacity()), (Some(Ok(())), 2));
}

/// By the push, once, and not under the lock: it may use the queue.
#[test]
fn an_item_is_weighed_once() {
    thread_local!(static WEIGHED: Cell<usize> = const { Cell::new(0) });
    static QUEUE: WeightedQueue<usize> = Queue::weighted(8, |&item| {
        WEIGHED.set(WEIGHED.get() + 1);
        assert!(QUEUE.len() <= 2);
        item
    });
    for item in [3, 5] {
        QUEUE.try_push(item).unwrap();
    }
    let mut push = asleep(QUEUE.push(4));
    assert_eq!(QUEUE.try_pop(), Ok(3));
    assert!(push.is_pending());
    assert_eq!(QUEUE.try_pop(), Ok(5));
    assert_eq!(push.poll(), Some(Ok(())));
    assert_eq!(QUEUE.drain(), [4]);
    assert_eq!(WEIGHED.get(), 3);
}

#[test]
fn a_panic_of_what_weighs_changes_nothing() {
    static QUEUE: WeightedQueue<u32> = Queue::weighted(3, |&item| {
        assert_ne!(item, 13, "not this one");
        1
    });
    let attempts: [fn(); 3] = [
        || QUEUE.try_push(13).unwrap(),
        || drop(QUEUE.push(13)),
        || QUEUE.blocking_push(13).unwrap(),
    ];
    for attempt in attempts {
        assert!(panics(attempt).contains("not this one"));
    }
    assert_eq!((QUEUE.len(), QUEUE.capacity()), (0, 3));
    QUEUE.try_push(1).unwrap();
}

#[test]
fn an_item_comes_back_from_a_push_that_waits_or_never_began() {
    let queue = by_default(1);
    queue.try_push("a").unwrap();
    let mut push = pin!(queue.push("b"));
    assert_eq!(push.as_mut().into_item(), Some("b"));
    assert_eq!(push.as_mut().into_item(), None);
    let mut push = asleep(queue.push("c"));
    assert_eq!(push.future().into_item(), Some("c"));
    assert_terminated(&mut push);
    assert_eq!(queue.drain(), ["a"]);
}

fn closing_fails_the_pushes_that_wait(fairness: Fairness) {
    let queue = letters(2, fairness);
    queue.try_push("ab").unwrap();
    let mut waiting = ["cd", ""].map(|word| asleep(queue.push(word)));
    let mut closed = asleep(queue.closed());
    assert!(queue.close() && !queue.close() && queue.is_closed());
    assert_eq!(closed.poll(), Some(()));
    let errors = waiting.each_mut().map(|push| push.poll().unwrap());
    assert_eq!(
        errors,
        ["cd", ""].map(|word| Err(WeightedSendError::Closed(word)))
    );
    assert_eq!(queue.blocking_pop(), Some("ab"));
    assert_eq!(ready(queue.pop()), None);
}

#[test]
fn threads_push_and_pop() {
    let queue = by_default(3);
    queue.blocking_push("abc").unwrap();
    let late = queue.blocking_push_timeout("d", Duration::from_millis(1));
    assert_eq!(late, Err(WeightedSendTimeoutError::Timeout("d")));
    std::thread::scope(|scope| {
        scope.spawn(|| queue.blocking_push("de").unwrap());
        assert_eq!(queue.blocking_pop(), Some("abc"));
        assert_eq!(queue.blocking_pop_timeout(Duration::MAX), Ok("de"));
    });
}

/// What was put back weighs 1, until it leaves for good.
#[test]
fn an_item_that_was_put_back_because_of_a_panic_leaves_next() {
    let queue = by_default(6);
    queue.try_push("aaa").unwrap();
    queue.try_push("bbb").unwrap();
    let push = asleep_with(&panics_in_wake("loud"), queue.push("c"));
    assert_eq!(panics(|| queue.try_pop()), "loud");
    drop(push);
    assert_eq!((queue.len(), queue.capacity()), (2, 2));
    assert_eq!(queue.drain(), ["aaa", "bbb"]);
    assert_eq!(queue.capacity(), 6);
}

#[test]
fn joining_counts_items() {
    let queue = by_default(6);
    queue.try_push("abc").unwrap();
    queue.try_push("").unwrap();
    let mut join = asleep(queue.join());
    assert_eq!(queue.close_and_drain(), ["abc", ""]);
    assert_eq!(join.poll(), Some(()));
    assert!(panics(|| queue.task_done()).contains("task_done"));
}

#[test]
fn weights_and_bounds_of_any_size() {
    assert_eq!(
        panics(|| Queue::weighted(0, |_: &u8| 1)),
        "a weighted queue of capacity 0 can hold nothing"
    );
    let most = u32::MAX as usize;
    let queue = Queue::weighted(usize::MAX, |&weight: &usize| weight);
    queue.try_push(most).unwrap();
    assert_eq!((queue.len(), queue.capacity()), (1, usize::MAX - most));
    #[cfg(target_pointer_width = "64")]
    {
        let refused = queue.try_push(most + 1);
        let (item, weight, max) = (most + 1, most + 1, most);
        assert_eq!(
            refused,
            Err(WeightedTrySendError::TooHeavy { item, weight, max })
        );
        let queue = Queue::weighted(2 * most, |&weight: &usize| weight);
        for _ in 0..2 {
            queue.try_push(most).unwrap();
        }
        let mut push = asleep(queue.push(most));
        assert_eq!(queue.capacity(), 0);
        queue.try_pop().unwrap();
        assert_eq!(push.poll(), Some(Ok(())));
    }
}

#[test]
fn what_many_items_took_is_given_back() {
    let queue = Queue::weighted(usize::MAX, |_: &u64| 0);
    let bytes = bytes_held(|| {
        (0..100_000).for_each(|number| queue.try_push(number).unwrap());
        (0..100_000).for_each(|number| assert_eq!(queue.try_pop(), Ok(number)));
    });
    assert!(bytes < 32 << 10, "{bytes} bytes are left");
}

#[test]
fn it_is_shown_as_a_queue_is() {
    let queue = by_default(4);
    queue.try_push("abc").unwrap();
    assert_eq!(
        format!("{queue:?}"),
        "WeightedQueue { len: 1, max_capacity: 4, closed: false, .. }"
    );
    let push = format!("{:?}", queue.push("a"));
    assert!(
        push.starts_with("WeightedPush { push: Push { from: tests/it/queue/weighted/mod.rs:"),
        "{push}"
    );
    let refused = queue.try_push("abcde").unwrap_err();
    assert_eq!(format!("{refused:?}"), "TooHeavy { weight: 5, max: 4, .. }");
    assert_eq!(
        format!("{:?}", queue.try_push("ab").unwrap_err()),
        "Full(..)"
    );
    assert_eq!(
        queue.try_push("ab").unwrap_err().to_string(),
        "no available capacity"
    );
    let (sender, _receiver) = queue.into_channel();
    assert!(format!("{sender:?}").starts_with("WeightedSender(Queue { len: 1"));
}
