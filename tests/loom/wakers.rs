//! Wakers that change, that come too often, and that do things of their own.

use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Context, Poll, Wake, Waker};

use wakeful::Fairness;

use crate::support::*;

/// Polled with another waker while the release takes the first one out: the last one counts.
fn swapped<L: Lock>() {
    let mutex = L::open(Fairness::DEFAULT);
    let held = take(&mutex);
    let mut waiting = Task::new().waits(&mutex);
    let theirs = spawn(move || sign(Task::new().finish(&mut waiting), 'w'));
    drop(held);
    theirs.join().unwrap();
    assert_eq!(idle(&mutex), ['w']);
}

/// There and back again.
#[test]
fn swapped_twice() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        let held = mutex.try_lock().unwrap();
        let (first, other) = (Task::new(), Task::new());
        let mut waiting = first.waits(&mutex);
        let thread = spawn(move || match other.poll(&mut waiting) {
            Some(guard) => sign(guard, 'w'),
            None => sign(first.finish(&mut waiting), 'w'),
        });
        drop(held);
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['w']);
    });
}

/// The second in line changes its waker while the first one answers and leaves.
#[test]
fn swapped_behind_the_first() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let mut first = task.waits(&mutex);
        let mut second = Task::new().waits(&mutex);
        drop(held);
        let one = spawn(move || sign(task.finish(&mut first), '1'));
        sign(Task::new().finish(&mut second), '2');
        one.join().unwrap();
        drop(second);
        assert_eq!(idle(&mutex), ['1', '2']);
    });
}

/// Polled again and again though nobody woke it, while it is called and overtaken.
fn spurious_polls<L: Lock>() {
    let mutex = L::open(Fairness::overtakes(1));
    let held = take(&mutex);
    let task = Task::new();
    let mut waiting = task.waits(&mutex);
    let thread = spawn(move || {
        let early = task.poll(&mut waiting).or_else(|| task.poll(&mut waiting));
        sign(early.unwrap_or_else(|| task.finish(&mut waiting)), 'w');
    });
    drop(held);
    let barged = barge(&mutex, 'n');
    thread.join().unwrap();
    assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
}

/// Wakes, and besides tries the lock and drops another waiter of the same mutex.
struct Meddler {
    mutex: Shared,
    task: Task,
    other: StdMutex<Option<Waiting>>,
}

impl Wake for Meddler {
    fn wake(self: Arc<Self>) {
        drop(self.other.lock().unwrap().take());
        barge(&self.mutex, 'r');
        self.task.wake();
    }
}

/// A waker that re-enters while it is woken neither deadlocks nor loses the call: the waiter that it
/// drops may be the one that is next. Bounded: there is much going on.
#[test]
fn reentrant() {
    model(3, || {
        let mutex = shared(Fairness::overtakes(1));
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let meddler = Arc::new(Meddler {
            mutex: mutex.clone(),
            task: task.clone(),
            other: StdMutex::new(None),
        });
        let waker = Waker::from(meddler.clone());
        let mut first = Box::pin(mutex.clone().lock_owned());
        let poll = std::future::Future::poll(first.as_mut(), &mut Context::from_waker(&waker));
        assert!(matches!(poll, Poll::Pending));
        *meddler.other.lock().unwrap() = Some(Task::new().waits(&mutex));
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 't'));
        drop(held);
        task.sleep();
        sign(task.finish(&mut first), 'w');
        thread.join().unwrap();
        drop(first);
        let log = idle(&mutex);
        assert_eq!(log.iter().filter(|&&who| who != 'r').count(), 2);
        saw(log.contains(&'r'), "the waker itself overtakes");
    });
}

of_both! {
    swapped: UNBOUNDED, UNBOUNDED;
    spurious_polls: UNBOUNDED, 4;
}
