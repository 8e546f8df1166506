//! The queue, as a user has it: what it does, how fair it is, what cancelling, closing and wakers may
//! do to it, and storms.

use futures::future::FusedFuture;
use wakeful::queue::{Pop, Push, Receiver, Sender};
use wakeful::{Fairness, Queue};

use crate::support::{Task, Waiting, panics, sleeping, wakes};

/// Makes a test of each case, which is a function of a [`Fairness`], for each of the `KINDS`.
macro_rules! for_each_fairness {
    ($($case:ident),+ $(,)?) => { $(for_each_fairness! { @of $case:
        fifo 0, by_default 1, without_credit_or_patience 2, with_little_credit_and_patience 3,
        with_much_credit 4
    })+ };
    (@of $case:ident: $($name:ident $kind:literal),+) => {
        mod $case {
            $(#[test]
            fn $name() {
                super::$case($crate::support::KINDS[$kind]);
            })+
        }
    };
}

mod alloc;
mod any_order;
mod auto_traits;
mod batches;
mod blocking;
mod bounded;
mod cancel;
mod closing;
mod drops;
mod ends;
mod fairness;
mod force;
mod forget;
mod handles;
mod history;
mod in_doubt;
mod items;
mod joining;
mod large;
mod linearizable;
mod numbers;
mod order;
mod ordered;
mod permits;
mod rendezvous;
mod shown;
#[cfg(feature = "futures-sink")]
mod sink;
mod stored;
mod storm;
mod until;
mod waker_panics;
mod ways;
mod weighted;

/// A future in a task of its own, polled once and asleep.
fn asleep<F: Future>(future: F) -> Waiting<F> {
    sleeping(&Task::new(), future)
}

/// The output of its first poll, which must be ready.
#[track_caller]
fn ready<F: Future>(future: F) -> F::Output {
    Waiting::new(future).poll().expect("it does not wait")
}

/// Asserts that it reports being terminated, and that polling it panics.
#[track_caller]
fn assert_terminated<F: FusedFuture>(waiting: &mut Waiting<F>) {
    assert!(waiting.future().is_terminated());
    let said = panics(|| waiting.poll());
    assert!(said.contains("polled after completion"), "{said}");
}

/// A pop in a task of its own, polled once and asleep.
fn pop_asleep<T>(queue: &Queue<T>) -> Waiting<Pop<'_, T>> {
    asleep(queue.pop())
}

/// A push in a task of its own, polled once and asleep.
fn push_asleep<T>(queue: &Queue<T>, item: T) -> Waiting<Push<'_, T>> {
    asleep(queue.push(item))
}

/// A pop asleep, then called by the push of an item.
fn pop_called<T>(queue: &Queue<T>, item: T) -> Waiting<Pop<'_, T>> {
    let pop = pop_asleep(queue);
    assert!(queue.try_push(item).is_ok(), "there is a slot");
    assert_eq!(pop.wakes(), 1, "an item calls the first in line");
    pop
}

/// A push of a full queue asleep, then called by the pop of an item, which is thrown away.
fn push_called<T>(queue: &Queue<T>, item: T) -> Waiting<Push<'_, T>> {
    let push = push_asleep(queue, item);
    assert!(queue.try_pop().is_ok(), "there is an item");
    assert_eq!(push.wakes(), 1, "a slot calls the first in line");
    push
}

/// An empty channel.
fn channel<T>(capacity: usize, fairness: Fairness) -> (Sender<T>, Receiver<T>) {
    Queue::bounded(capacity)
        .with_fairness(fairness)
        .into_channel()
}

/// The same, but full: it holds 0, 1, 2 and so on.
fn full_channel(capacity: usize, fairness: Fairness) -> (Sender<usize>, Receiver<usize>) {
    filled(Queue::bounded(capacity).with_fairness(fairness)).into_channel()
}

/// A queue without storage.
fn rendezvous(fairness: Fairness) -> Queue<usize> {
    Queue::bounded(0).with_fairness(fairness)
}

/// A full queue, which holds 0, 1, 2 and so on.
fn full(capacity: usize) -> Queue<usize> {
    filled(Queue::bounded(capacity))
}

/// The same, with this queue.
fn filled(queue: Queue<usize>) -> Queue<usize> {
    for nth in 0..queue.max_capacity() {
        queue.try_push(nth).expect("there is a slot");
    }
    queue
}

/// It is open and empty, nothing is kept for anybody, and no waiter was left behind in either line.
fn assert_idle(queue: &Queue<usize>) {
    let max = queue.max_capacity();
    assert!(!queue.is_closed());
    assert_eq!((queue.len(), queue.capacity()), (0, max));
    let few = max.min(10);
    let pop = pop_asleep(queue);
    for nth in 0..few {
        assert_eq!(queue.try_push(nth), Ok(()), "kept for nobody");
    }
    assert_eq!(pop.wakes(), 1, "it is the first in line");
    drop(pop);
    if few == max {
        drop(push_called(queue, few));
    } else {
        assert_eq!(queue.try_pop(), Ok(0));
    }
    for nth in 1..few {
        assert_eq!(queue.try_pop(), Ok(nth), "kept for nobody");
    }
    assert_eq!((queue.len(), queue.capacity()), (0, max));
}
