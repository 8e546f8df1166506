//! Wakers that do something at an odd moment: between two batches of a call, in a clone that turns out
//! not to be needed, or before what was taken is put back.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::Waker;

use futures::stream::{FusedStream, StreamExt};
use wakeful::{Mutex, Queue, queue};

use crate::support::loud::asleep_with;
use crate::support::{Hooks, Task, Waiting, panics, poll_with, sleeping};

/// More than are woken in one batch.
const MANY: usize = 18;

/// Does this when it is woken, the first time.
fn once_woken(hook: impl FnOnce() + Send + 'static) -> Waker {
    Hooks::default().on_wake(once(hook)).waker()
}

/// Does this when it is cloned, the first time, and panics in the drop of one of the two.
fn once_cloned(hook: impl FnOnce() + Send + 'static) -> Waker {
    let armed = AtomicBool::new(true);
    let on_drop = move || assert!(!armed.swap(false, SeqCst), "in drop");
    let hooks = Hooks::default().on_clone(once(hook)).on_drop(on_drop);
    hooks.waker()
}

fn once(hook: impl FnOnce() + Send + 'static) -> impl Fn() + Send + Sync + 'static {
    let hook = StdMutex::new(Some(hook));
    move || {
        let hook = hook.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
    }
}

/// Polled by its own task, and in the wake of another.
fn shared<F>(waiting: Waiting<F>) -> Arc<StdMutex<Waiting<F>>> {
    Arc::new(StdMutex::new(waiting))
}

/// While a close still called pops, one of them was polled, and slept on out of line: the item that an
/// open permit sent then woke nobody.
#[test]
fn a_pop_that_its_own_poll_sends_away_waits_on() {
    let (sender, receiver) = queue::bounded(4);
    let receiver: &'static _ = Box::leak(Box::new(receiver));
    let permit = sender.try_reserve().unwrap();
    let last = shared(Waiting::new(receiver.recv()));
    let last_too = Arc::clone(&last);
    let waker = once_woken(move || assert!(last_too.lock().unwrap().is_pending()));
    let first = asleep_with(&waker, receiver.recv());
    let others: Vec<_> = (0..MANY)
        .map(|_| sleeping(&Task::new(), receiver.recv()))
        .collect();
    assert!(last.lock().unwrap().is_pending());
    sender.close();
    drop((first, others));

    let mut last = last.lock().unwrap();
    let wakes = last.wakes();
    if wakes > 0 {
        assert!(last.is_pending(), "the permit may still send");
    }
    permit.send(7);
    assert!(last.wakes() > wakes, "nobody was woken for the item");
    assert_eq!(last.poll(), Some(Some(7)));
}

/// A push came in before the item of a pop that panicked was put back: one more than there are slots.
/// Forcing another in wrote over the one that came out next, which came out twice.
#[test]
fn forcing_an_item_in_beside_one_that_was_put_back_overflows_no_ring() {
    let queue: &'static Queue<u32> = Box::leak(Box::new(Queue::bounded(1)));
    queue.try_push(1).unwrap();
    let push = shared(Waiting::new(queue.push(2)));
    let push_too = Arc::clone(&push);
    let waker = once_woken(move || {
        let pushed = push_too.lock().unwrap().poll();
        assert_eq!(pushed, Some(Ok(())));
        panic!("in wake");
    });
    assert!(poll_with(&waker, push.lock().unwrap().future()).is_pending());
    assert_eq!(panics(|| queue.try_pop()), "in wake");
    assert_eq!(queue.force_push(3), Ok(Some(1)), "the oldest");
    assert_eq!(queue.drain(), [2, 3]);
    assert_eq!(queue.force_push(4), Ok(None));
    assert_eq!(queue.drain(), [4]);
}

/// The lock was released while a poll cloned its waker; it locked, and the drop of the clone panicked.
#[test]
fn a_panic_in_the_drop_of_a_spare_waker_holds_no_lock() {
    let mutex = Arc::new(Mutex::new(()));
    let held = mutex.clone().try_lock_owned().unwrap();
    let waker = once_cloned(move || drop(held));
    let mut lock = Box::pin(mutex.lock());
    assert_eq!(panics(|| poll_with(&waker, lock.as_mut())), "in drop");
    assert!(!mutex.is_locked(), "locked forever");
    assert!(poll_with(Waker::noop(), lock.as_mut()).is_ready());
}

/// The same of a pop, and of an item that was pushed meanwhile.
#[test]
fn a_panic_in_the_drop_of_a_spare_waker_loses_no_item() {
    let queue = Arc::new(Queue::bounded(2));
    let queue_too = Arc::clone(&queue);
    let waker = once_cloned(move || queue_too.try_push(1).unwrap());
    let mut pop = Box::pin(queue.pop());
    assert_eq!(panics(|| poll_with(&waker, pop.as_mut())), "in drop");
    drop(pop);
    assert_eq!(queue.drain(), [1]);
}

/// A stream whose senders were gone called itself terminated, before it had said that it ended.
#[test]
fn a_stream_is_terminated_only_once_it_gave_none() {
    let (sender, mut receiver) = queue::bounded::<u32>(1);
    drop(sender);
    assert!(!receiver.is_terminated());
    assert_eq!(Waiting::new(receiver.next()).poll(), Some(None));
    assert!(receiver.is_terminated());
}

/// The push that a pop had met was the next to be met still, behind the item of it that was put back.
#[test]
fn at_a_rendezvous_what_was_put_back_comes_first() {
    let queue = Queue::bounded(0);
    let waker = once_woken(|| panic!("in wake"));
    let _first = asleep_with(&waker, queue.push(1));
    let mut second = sleeping(&Task::new(), queue.push(2));
    assert_eq!(panics(|| queue.try_pop()), "in wake");
    assert_eq!(queue.try_pop(), Ok(1));
    assert_eq!(queue.try_pop(), Ok(2));
    assert_eq!(second.poll(), Some(Ok(())));
}

/// While a drain still called pushes, a stored one that it had dismissed was flushed: later calls
/// looked for it in line.
#[cfg(feature = "futures-sink")]
#[test]
fn a_stored_push_that_its_own_poll_sends_away_goes_on() {
    use std::pin::Pin;
    use std::task::Context;

    use futures::Sink;
    use wakeful::Fairness;
    use wakeful::queue::Sender;

    /// Enough slots that one release calls more pushes than one batch wakes.
    const SLOTS: usize = 1 << 20;

    fn flushes(sender: &StdMutex<Sender<usize>>, task: &Arc<Task>) -> bool {
        let waker = task.waker();
        let mut sender = sender.lock().unwrap();
        let flushed = Pin::new(&mut *sender).poll_flush(&mut Context::from_waker(&waker));
        flushed.is_ready()
    }

    let queue = Queue::bounded(SLOTS).with_fairness(Fairness::FIFO);
    let (sender, receiver) = queue.into_channel();
    (0..SLOTS).for_each(|item| sender.try_send(item).unwrap());
    let stored = Arc::new(StdMutex::new(sender.clone()));
    let task = Task::new();
    let (stored_too, task_too) = (Arc::clone(&stored), Arc::clone(&task));
    let waker = once_woken(move || assert!(flushes(&stored_too, &task_too)));
    let mut first = asleep_with(&waker, sender.send(0));
    let mut others: Vec<_> = (0..MANY)
        .map(|_| sleeping(&Task::new(), sender.send(1)))
        .collect();
    Pin::new(&mut *stored.lock().unwrap())
        .start_send(99)
        .unwrap();
    assert!(!flushes(&stored, &task), "it has to wait");
    assert_eq!(receiver.drain().len(), SLOTS);

    assert!(poll_with(Waker::noop(), first.as_mut()).is_ready());
    assert!(others.iter_mut().all(|push| push.poll().is_some()));
    assert_eq!(receiver.drain().len(), 2 + MANY);
    sender.try_send(2).unwrap();
    assert_eq!(receiver.drain(), [2]);
}
