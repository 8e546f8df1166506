//! Capacity 0: a push that waits *is* the item, until a pop that is polled takes it out. The hand-over is
//! the completion, so that either side may go at any moment, and the item is with exactly one of them.

use std::time::Duration;

use wakeful::Fairness;
use wakeful::queue::{SendTimeoutError, TryRecvError};

use super::cast::*;

fn meeting(fairness: Fairness) -> Shared {
    queue(0, fairness)
}

#[test]
fn push_and_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| pushes(&theirs, "a"));
        assert_eq!(pops(&queue, 1), "a");
        thread.join().unwrap();
        assert_eq!(idle(&queue), "");
    });
}

/// Each waits for the other one twice. Bounded: twice as long is far more than twice as many schedules.
#[test]
fn two_items() {
    model(3, || {
        let queue = meeting(Fairness::FIFO);
        let thread = spawn_with(&queue, move |theirs| pushes(&theirs, "ab"));
        assert_eq!(pops(&queue, 2), "ab");
        thread.join().unwrap();
        assert_eq!(idle(&queue), "");
    });
}

/// Of two that push, one waits already; one pops once and then closes. Bounded: three threads.
#[test]
fn two_senders() {
    model(3, || {
        let queue = meeting(Fairness::DEFAULT);
        let task = Task::new();
        let mut first = task.queues(push(&queue, 'a'));
        let one = spawn(move || task.finish(&mut first));
        let two = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'b')));
        let got = get(&queue);
        queue.close();
        assert_eq!(got, 'a', "in order");
        assert_eq!(one.join().unwrap(), Ok(()));
        assert_eq!(two.join().unwrap(), Err('b'));
        queue.assert_idle();
    });
}

/// Of two that pop, one waits already; one pushes once and then closes. Bounded: three threads.
#[test]
fn two_receivers() {
    model(3, || {
        let queue = meeting(Fairness::DEFAULT);
        let task = Task::new();
        let mut first = task.queues(pop(&queue));
        let one = spawn(move || task.finish(&mut first));
        let two = spawn_with(&queue, move |theirs| block_on(pop(&theirs)));
        pushes(&queue, "a");
        queue.close();
        let got = [one, two].map(|thread| thread.join().unwrap());
        assert!(matches!(got, [Some('a'), None] | [None, Some('a')]));
        queue.assert_idle();
    });
}

/// In line: `a`, `b`; one is dropped while one pops: it gets the first, or the second if that is gone.
#[test]
fn push_dropped_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let task = Task::new();
        let first = Task::new().queues(push(&queue, 'a'));
        let mut second = task.queues(push(&queue, 'b'));
        let thread = spawn(move || drop(first));
        let got = get(&queue);
        thread.join().unwrap();
        saw(got == 'a', "it is taken out in time");
        saw(got == 'b', "it goes first");
        if got == 'a' {
            assert_eq!(get(&queue), 'b');
        }
        assert_eq!(try_pop(&queue), Err(TryRecvError::Empty));
        assert_eq!(task.finish(&mut second), Ok(()));
        drop(second);
        assert_eq!(idle(&queue), "");
    });
}

/// The item is taken back out of the push, or has been taken out by the pop.
#[test]
fn push_taken_back_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let mut waiting = Task::new().queues(queue.push(Item::new('a')));
        let thread = spawn_with(&queue, move |theirs| try_pop(&theirs).ok());
        let mine = waiting.as_mut().into_item().map(Item::read);
        let theirs = thread.join().unwrap();
        assert_eq!(mine.or(theirs), Some('a'));
        assert!(mine.is_none() || theirs.is_none(), "it comes twice");
        saw(theirs.is_some(), "it is taken out in time");
        saw(mine.is_some(), "it comes back");
        drop(waiting);
        assert_eq!(idle(&queue), "");
    });
}

/// It is polled once more: it is done exactly if it was taken out.
#[test]
fn push_polled_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let task = Task::new();
        let mut waiting = task.queues(push(&queue, 'a'));
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let early = task.poll(&mut waiting);
        saw(early.is_some(), "it was taken out");
        saw(early.is_none(), "it was not yet");
        assert_eq!(early.unwrap_or_else(|| task.finish(&mut waiting)), Ok(()));
        assert_eq!(thread.join().unwrap(), 'a');
        drop(waiting);
        assert_eq!(idle(&queue), "");
    });
}

/// Of two pops that wait, the first is dropped while a push comes, or when it was called for it: the
/// other one takes the item.
fn pop_dropped(called: bool) {
    let queue = meeting(Fairness::DEFAULT);
    let first = Task::new().queues(pop(&queue));
    let (task, other) = (Task::new(), Task::new());
    let mut second = task.queues(pop(&queue));
    let early = called.then(|| other.queues(push(&queue, 'a')));
    let thread = spawn(move || drop(first));
    let mut waiting = early.unwrap_or_else(|| other.queues(push(&queue, 'a')));
    assert_eq!(task.finish(&mut second), Some('a'));
    assert_eq!(other.finish(&mut waiting), Ok(()));
    thread.join().unwrap();
    drop((second, waiting));
    assert_eq!(idle(&queue), "");
}

#[test]
fn queued_pop_dropped_against_a_push() {
    model(UNBOUNDED, || pop_dropped(false));
}

#[test]
fn called_pop_dropped_against_another() {
    model(UNBOUNDED, || pop_dropped(true));
}

/// Both sides go at once: nobody is left.
#[test]
fn both_dropped() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::FIFO);
        let waiting = Task::new().queues(pop(&queue));
        let offer = Task::new().queues(push(&queue, 'a'));
        let thread = spawn(move || drop(waiting));
        drop(offer);
        thread.join().unwrap();
        assert_eq!(idle(&queue), "");
    });
}

/// Both sides are polled once more and dropped: the item is out of the push exactly if the pop has it.
#[test]
fn both_polled_and_dropped() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let mut waiting = Task::new().queues(queue.push(Item::new('a')));
        let thread = spawn_with(&queue, move |theirs| {
            let mut once = Box::pin(pop(&theirs));
            Task::new().poll(&mut once).flatten()
        });
        let mine = waiting.as_mut().into_item().map(Item::read);
        let theirs = thread.join().unwrap();
        assert_eq!(mine.is_some(), theirs.is_none());
        saw(theirs.is_some(), "they meet");
        saw(mine.is_some(), "they miss each other");
        drop(waiting);
        assert_eq!(idle(&queue), "");
    });
}

/// It is closed while a push waits and one tries to pop.
#[test]
fn closed_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let task = Task::new();
        let mut waiting = task.queues(push(&queue, 'a'));
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let got = try_pop(&queue).ok();
        let pushed = task.finish(&mut waiting);
        assert_eq!(pushed.is_ok(), got == Some('a'));
        saw(pushed.is_ok(), "it is taken out in time");
        saw(pushed == Err('a'), "it comes back");
        assert!(thread.join().unwrap());
        drop(waiting);
        assert_eq!(try_pop(&queue), Err(TryRecvError::Disconnected));
        queue.assert_idle();
    });
}

/// The last receiver goes: the push has its item back.
#[test]
fn last_receiver() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(0, Fairness::DEFAULT);
        let thread = spawn(move || drop(receiver));
        assert_eq!(refused(block_on(sender.send(Item::new('a')))), Err('a'));
        thread.join().unwrap();
    });
}

/// Threads meet, too.
#[test]
fn blocking() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            refused(theirs.blocking_push(Item::new('a')))
        });
        assert_eq!(queue.blocking_pop().map(Item::read), Some('a'));
        assert_eq!(thread.join().unwrap(), Ok(()));
        assert_eq!(idle(&queue), "");
    });
}

/// A push that is too late gives its item back, unless it was taken out before that.
#[test]
fn too_late_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            let soon = Duration::from_secs(1);
            match theirs.blocking_push_timeout(Item::new('a'), soon) {
                Ok(()) => None,
                Err(SendTimeoutError::Timeout(item)) => Some(item.read()),
                Err(SendTimeoutError::Closed(_)) => unreachable!("nobody closes it"),
            }
        });
        let got = try_pop(&queue).ok();
        let back = thread.join().unwrap();
        assert_eq!(got.or(back), Some('a'));
        assert!(got.is_none() || back.is_none(), "it comes twice");
        saw(back.is_some(), "it is too late");
        saw(got.is_some(), "it is in time");
        assert_eq!(idle(&queue), "");
    });
}
