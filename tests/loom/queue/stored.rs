//! Stored waiters (`poll_recv`, `Stream`): nobody knows whether they will be polled again, so that their
//! call never stands for another's, and nobody waits for them.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;

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

/// Waits for all threads. Nothing is left: all was received, and who comes next gets what comes next.
fn idle(sender: &Sender<Item>, receiver: &Receiver<Item>) {
    join_all();
    assert_eq!(sender.capacity(), sender.max_capacity());
    send(sender, 'z');
    assert_eq!(try_recv(receiver), Ok('z'));
}

/// What there is, and then the end.
#[test]
fn to_the_end() {
    model(UNBOUNDED, || {
        let (sender, mut receiver) = channel(1, Fairness::DEFAULT);
        spawn(move || send(&sender, 'a'));
        assert_eq!(block_on(next(&mut receiver)), Some('a'));
        assert_eq!(block_on(next(&mut receiver)), None);
    });
}

/// It was woken, or is about to be, and is never polled again: the `recv` beside it gets the item.
#[test]
fn not_polled_again() {
    model(UNBOUNDED, || {
        let (sender, stored, other) = one_stored(1, Fairness::FIFO, &Task::new());
        let waiting = queued(other.recv());
        spawn_with(&sender, move |theirs| send(&theirs, 'a'));
        assert_eq!(waiting.finish().map(Item::read), Some('a'));
        idle(&sender, &other);
        drop(stored);
    });
}

/// It is dropped with its receiver while an item comes.
#[test]
fn dropped() {
    model(UNBOUNDED, || {
        let (sender, stored, other) = one_stored(1, Fairness::DEFAULT, &Task::new());
        let waiting = queued(other.recv());
        spawn(move || drop(stored));
        send(&sender, 'a');
        assert_eq!(waiting.finish().map(Item::read), Some('a'));
        idle(&sender, &other);
    });
}

/// The other way round: the `recv` is dropped, called or not, and the stored waiter gets the item.
#[test]
fn beside_a_recv_that_is_dropped() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let (sender, mut stored, other) = one_stored(1, Fairness::FIFO, &task);
        let waiting = queued(recv(&other));
        spawn(move || drop(waiting));
        send(&sender, 'a');
        assert_eq!(task.finish(&mut next(&mut stored)), Some('a'));
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
        let two = spawn(move || received(&other));
        send(&sender, 'a');
        send(&sender, 'b');
        let got = [one, two].map(|thread| thread.join().expect("it is open"));
        assert_eq!(sorted(got), "ab");
    });
}

/// Two stored waiters and one item: both are woken, and the second sleeps until the next one.
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
            assert_eq!(thread.join(), Some('b'));
        } else {
            assert_eq!(thread.join(), Some('a'));
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
        let waiting = queued(other.recv());
        spawn(move || drop(sender));
        assert_eq!(task.finish(&mut next(&mut stored)), None);
        join_all();
        assert!(waiting.finish().is_none());
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
        spawn(move || drop(permit));
        assert_eq!(task.finish(&mut next(&mut stored)), None);
        join_all();
    });
}

fn recv(receiver: &Receiver<Item>) -> impl Future<Output = Option<char>> + Send + use<> {
    let receiver = receiver.clone();
    async move { receiver.recv().await.map(Item::read) }
}

/// A `recv` of `task` is called for an item and forgotten. Returns another one, which sleeps behind it.
fn behind_a_forgotten_one(
    (sender, receiver): &(Sender<Item>, Receiver<Item>),
    task: &Task,
) -> Waiter<impl Future<Output = Option<char>> + use<>> {
    mem::forget(task.queues(recv(receiver)));
    let sleeper = queued(recv(receiver));
    send(sender, 'a');
    sleeper
}

/// The stored waiter is of the same task: it passes the forgotten one over (P2), so that the sleeper gets the
/// item, even if the stored waiter goes.
#[test]
fn dropped_after_passing_over() {
    model(UNBOUNDED, || {
        let task = Task::new();
        let mut channel = channel(1, keeps(2));
        let sleeper = behind_a_forgotten_one(&channel, &task);
        for _ in 0..2 {
            assert!(task.poll(&mut next(&mut channel.1)).is_none());
        }
        spawn(move || drop(channel.1));
        assert_eq!(sleeper.finish(), Some('a'));
        join_all();
    });
}

/// It probes, and is dropped. Nobody inherits its role, but an arrival gets the item (P3), and the sleeper gets
/// the next one.
#[test]
fn prober_that_is_dropped() {
    model(UNBOUNDED, || {
        let (task, mut channel) = (Task::new(), channel(1, keeps(2)));
        let sleeper = behind_a_forgotten_one(&channel, &Task::new());
        let (sender, other) = channel.clone();
        for _ in 0..2 {
            let polled = task.poll(&mut next(&mut channel.1));
            assert!(polled.is_none(), "it probes");
        }
        spawn(move || drop(channel.1));
        assert_eq!(received(&other), Some('a'));
        join_all();
        send(&sender, 'b');
        assert_eq!(sleeper.finish(), Some('b'));
    });
}
