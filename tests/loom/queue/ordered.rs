//! Queues of another order, and one that is bounded by weight. All but the storage is that of every queue, so
//! there are few models: what storage allocates and gives back beside the latch, and needs of several sizes.

use std::cmp::Ordering;
use std::sync::Arc;

use wakeful::Queue;
use wakeful::queue::{LifoQueue, PriorityQueue, WeightedQueue, WeightedTrySendError};

use super::cast::*;

impl Ord for Item {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Item {}

fn popped<Q>(queue: &Q, count: usize) -> String
where
    Q: std::ops::Deref<Target = Queue<Item>>,
{
    let item = |_| block_on(queue.pop()).expect("it is open").read();
    (0..count).map(item).collect()
}

/// Bounded: it waits twice.
#[test]
fn newest_first() {
    model(3, || {
        let queue = Arc::new(LifoQueue::bounded(2));
        spawn_with(&queue, move |theirs| put_all(&theirs, "ab"));
        let got = popped(&*queue, 2);
        saw(got == "ab", "the one, and then the other");
        saw(got == "ba", "the newer of two");
        assert_eq!(idle(&queue), "");
    });
}

#[test]
fn greatest_first() {
    model(UNBOUNDED, || {
        let queue = Arc::new(PriorityQueue::unbounded());
        put(&queue, 'b');
        spawn_with(&queue, move |theirs| put_all(&theirs, "ac"));
        let got = popped(&*queue, 1);
        saw(got == "b", "before the greater one came");
        saw(got == "c", "after");
        let left = idle_unbounded(&queue);
        assert_eq!(left, if got == "b" { "ca" } else { "ba" });
    });
}

fn idle_unbounded(queue: &Queue<Item>) -> String {
    join_all();
    queue.assert_idle();
    queue.drain().into_iter().map(Item::read).collect()
}

/// Both allocate the first segment, and one of them for nothing. Bounded: three threads.
#[test]
fn two_grow_a_heap() {
    model(3, || {
        let queue = Arc::new(PriorityQueue::bounded(2));
        spawn_with(&queue, move |theirs| put(&theirs, 'a'));
        spawn_with(&queue, move |theirs| put(&theirs, 'b'));
        let got = popped(&*queue, 1);
        saw(got == "a", "it came alone");
        assert_eq!(idle(&queue), if got == "a" { "b" } else { "a" });
    });
}

/// Capital letters weigh 2, small ones 1, and a dot nothing.
fn weighted(holding: &str, fairness: Fairness) -> Arc<WeightedQueue<Item>> {
    let weigh = |item: &Item| match item.name {
        'A'..='Z' => 2,
        'a'..='z' => 1,
        _ => 0,
    };
    let queue = Queue::weighted(2, weigh).with_fairness(fairness);
    for name in holding.chars() {
        assert!(queue.try_push(Item::new(name)).is_ok());
    }
    Arc::new(queue)
}

fn push_weighed(queue: &WeightedQueue<Item>, names: &str) {
    for name in names.chars() {
        assert!(block_on(queue.push(Item::new(name))).is_ok());
    }
}

fn pop_weighed(queue: &WeightedQueue<Item>, count: usize) -> String {
    let item = |_| block_on(queue.pop()).expect("it is open").read();
    (0..count).map(item).collect()
}

fn idle_weighed(queue: &WeightedQueue<Item>) -> String {
    join_all();
    queue.assert_idle();
    let left = queue.drain().into_iter().map(Item::read).collect();
    assert_eq!(queue.capacity(), 2, "room is lost");
    left
}

/// Bounded: both sides wait.
fn heavy_waits_for_two(fairness: Fairness) {
    let queue = weighted("ab", fairness);
    spawn_with(&queue, move |theirs| push_weighed(&theirs, "X"));
    assert_eq!(pop_weighed(&queue, 3), "abX");
    assert_eq!(idle_weighed(&queue), "");
}

models! {
    a_heavy_push_waits_for_two_pops: 3, heavy_waits_for_two(Fairness::DEFAULT);
    a_heavy_push_waits_for_two_pops_in_fifo: 3, heavy_waits_for_two(Fairness::FIFO);
}

/// What the heavy one leaves is enough for the light one, whichever comes first. Bounded: three threads.
#[test]
fn heavy_and_light() {
    model(2, || {
        let queue = weighted("X", Fairness::DEFAULT);
        spawn_with(&queue, move |theirs| push_weighed(&theirs, "Y"));
        spawn_with(&queue, move |theirs| push_weighed(&theirs, "z"));
        assert_eq!(pop_weighed(&queue, 1), "X");
        let got = pop_weighed(&queue, 2);
        saw(got == "zY", "the light one overtakes");
        assert!(got == "zY" || got == "Yz");
        assert_eq!(idle_weighed(&queue), "");
    });
}

/// One that weighs nothing waits behind a heavy one, which is called first. Without anybody ahead, it does not wait.
#[test]
fn nothing_waits_its_turn() {
    model(2, || {
        let queue = weighted("X", Fairness::FIFO);
        push_weighed(&queue, ".");
        let heavy = queued(push_later(&queue, 'Y'));
        let none = queued(push_later(&queue, ','));
        spawn_with(&queue, move |theirs| {
            assert_eq!(pop_weighed(&theirs, 2), "X.")
        });
        let tried = queue
            .try_push(Item::new(';'))
            .map_err(WeightedTrySendError::into_inner);
        assert!(
            tried.is_err_and(|item| item.read() == ';'),
            "it would overtake"
        );
        join_all();
        assert!(heavy.task.wakes() > 0, "nobody else will wake it");
        assert!(heavy.finish());
        assert_eq!(pop_weighed(&queue, 1), "Y");
        assert!(none.finish());
        assert_eq!(idle_weighed(&queue), ",");
    });
}

fn push_later(queue: &Arc<WeightedQueue<Item>>, name: char) -> impl Future<Output = bool> + use<> {
    let (queue, item) = (Arc::clone(queue), Item::new(name));
    async move { queue.push(item).await.is_ok() }
}
