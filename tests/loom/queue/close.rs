//! Closing against everything: whoever pushes learns of it and has its item back, whoever pops gets
//! what is still there and what permits still send, and then learns of it, too.

use wakeful::Fairness;
use wakeful::queue::{Receiver, Sender, TryRecvError};

use super::cast::*;

/// It is closed for all that ask, and idle; what was left in it.
#[track_caller]
pub(super) fn closed(queue: &Shared) -> String {
    assert!(queue.is_closed() && !queue.close());
    assert_eq!(block_on(push(queue, 'z')), Err('z'));
    let left = idle(queue);
    assert_eq!(try_pop(queue), Err(TryRecvError::Disconnected));
    left
}

fn spawn_close(queue: &Shared) -> loom::thread::JoinHandle<()> {
    spawn_with(queue, move |theirs| assert!(theirs.close()))
}

#[test]
fn against_a_push() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_close(&queue);
        let pushed = block_on(push(&queue, 'a'));
        thread.join().unwrap();
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
        saw(pushed.is_ok(), "it is in time");
        saw(pushed == Err('a'), "it is too late");
    });
}

/// Two that wait for a slot both have their items back.
#[test]
fn against_pushes_that_wait() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(push(&queue, 'a'));
        let mut second = other.queues(push(&queue, 'b'));
        let thread = spawn_close(&queue);
        assert_eq!(other.finish(&mut second), Err('b'));
        assert_eq!(task.finish(&mut first), Err('a'));
        thread.join().unwrap();
        drop((first, second));
        assert_eq!(closed(&queue), "x");
    });
}

/// One that waits was called, and is polled before or after the closing: its item is in the queue, or
/// comes back.
#[test]
fn against_a_called_push() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let task = Task::new();
        let mut waiting = task.queues(push(&queue, 'a'));
        assert_eq!(get(&queue), 'x');
        let thread = spawn_close(&queue);
        let pushed = task.finish(&mut waiting);
        thread.join().unwrap();
        drop(waiting);
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
        saw(pushed.is_ok(), "it is in time");
        saw(pushed == Err('a'), "it is too late");
    });
}

/// A pop makes room for it at the same time. Bounded: three threads.
#[test]
fn against_a_pop_and_a_push() {
    model(4, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let pushes = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'a')));
        let closes = spawn_close(&queue);
        assert_eq!(get(&queue), 'x');
        closes.join().unwrap();
        let pushed = pushes.join().unwrap();
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
    });
}

/// All that wait for an item learn of it, though they are more than are woken at once.
#[test]
fn against_pops_that_wait() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(pop(&queue));
        let mut second = other.queues(pop(&queue));
        let thread = spawn_close(&queue);
        assert_eq!(other.finish(&mut second), None);
        assert_eq!(task.finish(&mut first), None);
        thread.join().unwrap();
        drop((first, second));
        assert_eq!(closed(&queue), "");
    });
}

/// Some go and one comes while those in line are being woken. Bounded: three threads.
#[test]
fn against_many_pops() {
    model(4, || {
        let queue = queue(1, Fairness::DEFAULT);
        let tasks = [Task::new(), Task::new()];
        let [first, mut second] = tasks.each_ref().map(|task| task.queues(pop(&queue)));
        let closes = spawn_close(&queue);
        let goes = spawn(move || drop(first));
        assert_eq!(block_on(pop(&queue)), None);
        assert_eq!(tasks[1].finish(&mut second), None);
        closes.join().unwrap();
        goes.join().unwrap();
        drop(second);
        assert_eq!(closed(&queue), "");
    });
}

/// Once closed nothing is kept: of one who was called for the item and one who comes, whoever is polled
/// first takes it, and the other one learns of the closing.
#[test]
fn keeps_nothing() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::FIFO);
        let task = Task::new();
        let mut waits = task.queues(pop(&queue));
        put(&queue, 'a');
        let thread = spawn_with(&queue, move |theirs| {
            theirs.close();
            try_pop(&theirs).ok()
        });
        let mine = task.finish(&mut waits);
        let theirs = thread.join().unwrap();
        assert_eq!(mine.or(theirs), Some('a'));
        assert!(mine.is_none() || theirs.is_none());
        saw(mine.is_some(), "who was called has it");
        saw(theirs.is_some(), "the newcomer has it");
        drop(waits);
        assert_eq!(closed(&queue), "");
    });
}

/// Of two that close, one does it.
#[test]
fn against_closing() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let mine = queue.close();
        assert!(mine != thread.join().unwrap());
        assert_eq!(closed(&queue), "");
    });
}

/// Of two that wait for the closing, one is dropped meanwhile.
#[test]
fn against_those_who_wait_for_it() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let task = Task::new();
        let goes = Task::new().queues(queue.closed());
        let mut waits = task.queues(queue.closed());
        let thread = spawn_close(&queue);
        drop(goes);
        task.finish(&mut waits);
        thread.join().unwrap();
        drop(waits);
        assert_eq!(closed(&queue), "x");
    });
}

/// What is queued is taken in the same step: an item is in there, or comes back.
#[test]
fn and_drain_against_a_push() {
    model(UNBOUNDED, || {
        let queue = holding("x", 2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'a')));
        let drained: String = queue
            .close_and_drain()
            .into_iter()
            .map(Item::read)
            .collect();
        let pushed = thread.join().unwrap();
        assert_eq!(drained, if pushed.is_ok() { "xa" } else { "x" });
        assert_eq!(closed(&queue), "");
    });
}

fn received(receiver: &Receiver<Item>) -> Option<char> {
    block_on(receiver.recv()).map(Item::read)
}

/// A permit is out: what it sends still comes, and if it sends nothing, whoever waits learns of that.
fn against_a_permit(sends: bool) {
    let (sender, receiver) = channel(1, Fairness::DEFAULT);
    let theirs = sender.clone();
    let permit = sender.try_reserve_owned().expect("there is a slot");
    let thread = spawn(move || theirs.close());
    let one = spawn(move || {
        if sends {
            drop(permit.send(Item::new('p')));
        } else {
            drop(permit);
        }
    });
    if sends {
        assert_eq!(received(&receiver), Some('p'));
    }
    assert_eq!(received(&receiver), None);
    assert!(thread.join().unwrap());
    one.join().unwrap();
    assert_eq!((receiver.len(), receiver.capacity()), (0, 1));
}

/// Bounded: three threads.
#[test]
fn against_a_permit_that_sends() {
    model(3, || against_a_permit(true));
}

/// Bounded, as above.
#[test]
fn against_a_permit_that_is_dropped() {
    model(3, || against_a_permit(false));
}

/// A channel that was closed while such permits were out.
fn closed_with(permits: usize) -> (Sender<Item>, Receiver<Item>, Vec<Permit>) {
    let (sender, receiver) = channel(permits, Fairness::DEFAULT);
    let reserve = || sender.clone().try_reserve_owned().expect("there is a slot");
    let permits = std::iter::repeat_with(reserve).take(permits).collect();
    sender.close();
    (sender, receiver, permits)
}

type Permit = wakeful::queue::OwnedPermit<Item>;

/// It is closed already, and the last permit comes back while two wait.
#[test]
fn last_permit_against_pops_that_wait() {
    model(UNBOUNDED, || {
        let (_sender, receiver, permits) = closed_with(1);
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(receiver.recv());
        let mut second = other.queues(receiver.recv());
        let thread = spawn(move || drop(permits));
        assert!(other.finish(&mut second).is_none());
        assert!(task.finish(&mut first).is_none());
        thread.join().unwrap();
        assert_eq!(receiver.capacity(), 1);
    });
}

/// It sends: one of the two has it, and the other one learns that there will be no more.
#[test]
fn last_permit_sends_to_pops_that_wait() {
    model(UNBOUNDED, || {
        let (_sender, receiver, mut permits) = closed_with(1);
        let permit = permits.pop().unwrap();
        let (task, other) = (Task::new(), Task::new());
        let mut first = task.queues(receiver.recv());
        let mut second = other.queues(receiver.recv());
        let thread = spawn(move || drop(permit.send(Item::new('p'))));
        let two = other.finish(&mut second).map(Item::read);
        let one = task.finish(&mut first).map(Item::read);
        assert_eq!(one.or(two), Some('p'));
        assert!(one.is_none() || two.is_none());
        thread.join().unwrap();
        assert_eq!(receiver.capacity(), 1);
    });
}

/// Two permits, of which one sends and the other does not: either may be the last. Bounded: three
/// threads.
#[test]
fn two_last_permits() {
    model(3, || {
        let (sender, receiver, mut permits) = closed_with(2);
        let (one, two) = (permits.pop().unwrap(), permits.pop().unwrap());
        let sends = spawn(move || drop(one.send(Item::new('p'))));
        let goes = spawn(move || drop(two));
        assert_eq!(received(&receiver), Some('p'));
        assert_eq!(received(&receiver), None);
        sends.join().unwrap();
        goes.join().unwrap();
        assert_eq!(sender.capacity(), 2);
    });
}
