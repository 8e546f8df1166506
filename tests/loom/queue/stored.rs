//! Stored waiters (`poll_recv`, `Stream`): nobody knows whether they will be polled again, so that their
//! call never stands for another's, and nobody waits for them.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;

use wakeful::Fairness;
use wakeful::queue::{Receiver, Sender};

use super::cast::*;

type Next<'a> = Pin<Box<dyn Future<Output = Option<char>> + Send + 'a>>;

/// As `stream.next()`: dropped, it leaves the stored waiter in the receiver.
fn next(receiver: &mut Receiver<Item>) -> Next<'_> {
    Box::pin(poll_fn(|cx| {
        receiver.poll_recv(cx).map(|got| got.map(Item::read))
    }))
}

/// A channel with two receivers, of which the first was polled and sleeps.
fn one_stored(
    capacity: usize,
    fairness: Fairness,
    task: &Task,
) -> (Sender<Item>, Receiver<Item>, Receiver<Item>) {
    let (sender, mut stored) = channel(capacity, fairness);
    let other = stored.clone();
    assert!(task.poll(&mut next(&mut stored)).is_none());
    (sender, stored, other)
}

#[track_caller]
fn send(sender: &Sender<Item>, name: char) {
    assert!(sender.try_send(Item::new(name)).is_ok());
}

/// Nothing is left: all was received, and who comes next gets what comes next.
fn idle(sender: &Sender<Item>, receiver: &Receiver<Item>) {
    assert_eq!(sender.capacity(), sender.max_capacity());
    send(sender, 'z');
    assert_eq!(receiver.try_recv().map(Item::read), Ok('z'));
}

/// What there is, and then the end.
#[test]
fn to_the_end() {
    model(UNBOUNDED, || {
        let (sender, mut receiver) = channel(1, Fairness::DEFAULT);
        let thread = spawn(move || send(&sender, 'a'));
        assert_eq!(block_on(next(&mut receiver)), Some('a'));
        assert_eq!(block_on(next(&mut receiver)), None);
        thread.join().unwrap();
    });
}

/// It was woken, or is about to be, and is never polled again: the `recv` beside it gets the item.
#[test]
fn not_polled_again() {
    model(UNBOUNDED, || {
        let (sender, stored, other) = one_stored(1, Fairness::FIFO, &Task::new());
        let task = Task::new();
        let mut waiting = task.queues(other.recv());
        let thread = spawn_with(&sender, move |theirs| send(&theirs, 'a'));
        assert_eq!(task.finish(&mut waiting).map(Item::read), Some('a'));
        thread.join().unwrap();
        drop(waiting);
        idle(&sender, &other);
        drop(stored);
    });
}

/// It is dropped with its receiver while an item comes.
#[test]
fn dropped() {
    model(UNBOUNDED, || {
        let (sender, stored, other) = one_stored(1, Fairness::DEFAULT, &Task::new());
        let task = Task::new();
        let mut waiting = task.queues(other.recv());
        let thread = spawn(move || drop(stored));
        send(&sender, 'a');
        assert_eq!(task.finish(&mut waiting).map(Item::read), Some('a'));
        thread.join().unwrap();
        drop(waiting);
        idle(&sender, &other);
    });
}

/// The other way round: the `recv` is dropped, called or not, and the stored waiter gets the item.
#[test]
fn beside_a_recv_that_is_dropped() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let (sender, mut stored, other) = one_stored(1, Fairness::FIFO, &task);
        let theirs = other.clone();
        let waiting = Task::new().queues(async move { theirs.recv().await.map(Item::read) });
        let thread = spawn(move || drop(waiting));
        send(&sender, 'a');
        assert_eq!(task.finish(&mut next(&mut stored)), Some('a'));
        thread.join().unwrap();
        idle(&sender, &other);
    });
}

/// Both are alive, and there is an item for each. Bounded: three threads.
#[test]
fn both_receive() {
    model(3, || {
        let task = Task::new();
        let (sender, mut stored, other) = one_stored(2, Fairness::FIFO, &task);
        let one = spawn(move || task.finish(&mut next(&mut stored)));
        let two = spawn(move || block_on(other.recv()).map(Item::read));
        send(&sender, 'a');
        send(&sender, 'b');
        let got: String = [one, two]
            .map(|thread| thread.join().unwrap().expect("it is open"))
            .iter()
            .collect();
        assert_eq!(sorted(&got), "ab");
    });
}

/// Two stored waiters and one item: both are woken, and whoever is second sleeps until the next one.
#[test]
fn two_stored() {
    model(UNBOUNDED, || {
        let (task, second) = (Task::new(), Task::new());
        let (sender, mut stored, mut other) = one_stored(1, Fairness::DEFAULT, &task);
        assert!(second.poll(&mut next(&mut other)).is_none());
        let thread = spawn(move || second.finish(&mut next(&mut other)));
        send(&sender, 'a');
        let early = task.poll(&mut next(&mut stored));
        if early.is_some() {
            send(&sender, 'b');
            assert_eq!(thread.join().unwrap(), Some('b'));
        } else {
            assert_eq!(thread.join().unwrap(), Some('a'));
            send(&sender, 'b');
            assert_eq!(task.finish(&mut next(&mut stored)), Some('b'));
        }
        idle(&sender, &stored);
    });
}

/// The last sender goes while one sleeps: it learns that there is no more.
#[test]
fn last_sender() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let (sender, mut stored, other) = one_stored(1, Fairness::DEFAULT, &task);
        let mut waiting = Task::new().queues(other.recv());
        let thread = spawn(move || drop(sender));
        assert_eq!(task.finish(&mut next(&mut stored)), None);
        thread.join().unwrap();
        assert!(Task::new().finish(&mut waiting).is_none());
    });
}

/// The last permit of a closed channel comes back while one sleeps.
#[test]
fn last_permit() {
    model(UNBOUNDED, || {
        let (sender, mut stored) = channel(1, Fairness::DEFAULT);
        let permit = sender.try_reserve_owned().expect("there is a slot");
        assert!(stored.close());
        let task = Task::new();
        assert!(task.poll(&mut next(&mut stored)).is_none());
        let thread = spawn(move || drop(permit));
        assert_eq!(task.finish(&mut next(&mut stored)), None);
        thread.join().unwrap();
    });
}

/// A pop was called for the item and forgotten; one sleeps behind it, and the stored waiter probes. If
/// that goes, whoever sleeps probes on, and gets it (P3).
#[test]
fn prober_that_is_dropped() {
    model(UNBOUNDED, || {
        let (sender, mut stored) = channel(1, Fairness::overtakes(0).with_patience(looks(2)));
        let other = stored.clone();
        let theirs = other.clone();
        mem::forget(Task::new().queues(async move { theirs.recv().await.map(Item::read) }));
        let heir = Task::new();
        let mut waiting = heir.queues(other.recv());
        send(&sender, 'a');
        let task = Task::new();
        for _ in 0..2 {
            assert!(task.poll(&mut next(&mut stored)).is_none(), "it probes");
        }
        let thread = spawn(move || drop(stored));
        assert_eq!(heir.finish(&mut waiting).map(Item::read), Some('a'));
        thread.join().unwrap();
    });
}
