//! Who plays in the models of the queue: items that loom watches, and futures that keep their queue
//! alive, so that any thread can go on polling them.

use std::sync::Arc;

use wakeful::Queue;
use wakeful::queue::{
    OwnedPermit, Receiver, SendError, SendTimeoutError, Sender, TryRecvError, TrySendError,
};

pub(super) use crate::support::*;

/// An item with a name. It is written before it is pushed and read after it is popped: unless the push happens
/// before the pop, the model fails.
pub(super) struct Item {
    pub(super) name: char,
    written: Watched,
}

impl Item {
    pub(super) fn new(name: char) -> Self {
        let written = Watched::default();
        written.write();
        Self { name, written }
    }

    pub(super) fn read(self) -> char {
        assert_eq!(self.written.read(), 1);
        self.name
    }
}

pub(super) type Shared = Arc<Queue<Item>>;

pub(super) fn queue(capacity: usize, fairness: Fairness) -> Shared {
    Arc::new(Queue::bounded(capacity).with_fairness(fairness))
}

/// A queue in which these are.
#[track_caller]
pub(super) fn holding(items: &str, capacity: usize, fairness: Fairness) -> Shared {
    let queue = queue(capacity, fairness);
    put_all(&queue, items);
    queue
}

pub(super) fn channel(capacity: usize, fairness: Fairness) -> (Sender<Item>, Receiver<Item>) {
    Queue::bounded(capacity)
        .with_fairness(fairness)
        .into_channel()
}

/// Pushes; the name comes back if it is closed.
pub(super) fn push(
    queue: &Shared,
    name: char,
) -> impl Future<Output = Result<(), char>> + Send + use<> {
    let (queue, item) = (queue.clone(), Item::new(name));
    async move { refused(queue.push(item).await) }
}

pub(super) fn refused(sent: Result<(), SendError<Item>>) -> Result<(), char> {
    sent.map_err(|SendError(item)| item.read())
}

pub(super) fn pop(queue: &Shared) -> impl Future<Output = Option<char>> + Send + use<> {
    let queue = queue.clone();
    async move { queue.pop().await.map(Item::read) }
}

/// Polls a pop once, and drops it.
pub(super) fn pop_once(queue: &Shared) -> Option<char> {
    Task::new().poll(&mut Box::pin(pop(queue))).flatten()
}

pub(super) fn try_push(queue: &Queue<Item>, name: char) -> Result<(), TrySendError<char>> {
    queue.try_push(Item::new(name)).map_err(named)
}

pub(super) fn named(error: TrySendError<Item>) -> TrySendError<char> {
    match error {
        TrySendError::Full(item) => TrySendError::Full(item.read()),
        TrySendError::Closed(item) => TrySendError::Closed(item.read()),
    }
}

pub(super) fn try_pop(queue: &Queue<Item>) -> Result<char, TryRecvError> {
    queue.try_pop().map(Item::read)
}

/// Pushes where there must be a slot.
#[track_caller]
pub(super) fn put(queue: &Queue<Item>, name: char) {
    assert_eq!(try_push(queue, name), Ok(()));
}

#[track_caller]
pub(super) fn put_all(queue: &Queue<Item>, names: &str) {
    names.chars().for_each(|name| put(queue, name));
}

/// Pops what must be there.
#[track_caller]
pub(super) fn get(queue: &Queue<Item>) -> char {
    try_pop(queue).expect("an item is there, and kept for nobody")
}

/// Pushes and pops that go on until they are done, spurious polls included.
pub(super) fn pushes(queue: &Shared, names: &str) {
    for name in names.chars() {
        assert_eq!(block_on(push(queue, name)), Ok(()));
    }
}

pub(super) fn pops(queue: &Shared, count: usize) -> String {
    let item = |_| block_on(pop(queue)).expect("it is open");
    (0..count).map(item).collect()
}

/// Whether it was in time; the item of one that is not comes back.
pub(super) fn push_in_time(queue: &Shared, name: char) -> Result<bool, char> {
    match queue.blocking_push_timeout(Item::new(name), SOON) {
        Ok(()) => Ok(true),
        Err(SendTimeoutError::Timeout(item)) => {
            assert_eq!(item.read(), name);
            Ok(false)
        }
        Err(SendTimeoutError::Closed(item)) => Err(item.read()),
    }
}

/// Sends where there must be a slot.
#[track_caller]
pub(super) fn send(sender: &Sender<Item>, name: char) {
    assert!(sender.try_send(Item::new(name)).is_ok());
}

pub(super) fn received(receiver: &Receiver<Item>) -> Option<char> {
    block_on(receiver.recv()).map(Item::read)
}

pub(super) fn try_recv(receiver: &Receiver<Item>) -> Result<char, TryRecvError> {
    receiver.try_recv().map(Item::read)
}

/// Sends this with the permit, or drops it.
pub(super) fn use_up(permit: OwnedPermit<Item>, name: Option<char>) {
    match name {
        Some(name) => drop(permit.send(Item::new(name))),
        None => drop(permit),
    }
}

/// These in alphabetical order.
pub(super) fn sorted(names: impl IntoIterator<Item = char>) -> String {
    let mut names: Vec<char> = names.into_iter().collect();
    names.sort_unstable();
    names.into_iter().collect()
}

/// One of the two has the item, and not both.
#[track_caller]
pub(super) fn one_has(name: char, mine: Option<char>, theirs: Option<char>) {
    assert_eq!(mine.or(theirs), Some(name));
    assert!(mine.is_none() || theirs.is_none(), "it comes twice");
}

/// Waits for all threads: then nobody waits, no slot is missing, and nothing is kept. Returns what is left.
#[track_caller]
pub(super) fn idle(queue: &Queue<Item>) -> String {
    join_all();
    queue.assert_idle();
    let capacity = queue.max_capacity() - queue.len();
    assert_eq!(queue.capacity(), capacity, "a slot is lost");
    let left = queue.len();
    let items: String = std::iter::from_fn(|| try_pop(queue).ok()).collect();
    assert_eq!(items.len(), left, "some are kept");
    items
}
