//! The waiter stored in a receiver, for `poll_recv` and `Stream`: it outlives the futures that it was
//! polled by, so its call never stands for another's, and nothing is kept for it.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream::FusedStream;
use wakeful::queue::{self, Receiver};
use wakeful::{Fairness, Queue};

use crate::support::{KINDS, SHORT, Task, Waiting, past, sleeping};

for_each_fairness!(
    it_is_woken_by_an_item_and_polled_again_and_again,
    a_dropped_next_eats_no_wake_up_of_a_recv,
    besides_every_stored_waiter_one_recv_is_woken,
    nothing_is_kept_for_it,
    two_of_one_task_take_turns,
    closing_and_the_last_permit_wake_it,
);

/// Polls the stored waiter as this task.
fn poll_recv<T>(task: &Arc<Task>, receiver: &mut Receiver<T>) -> Option<Option<T>> {
    let waker = task.waker();
    match receiver.poll_recv(&mut Context::from_waker(&waker)) {
        Poll::Ready(item) => Some(item),
        Poll::Pending => None,
    }
}

/// Polls it to sleep, in a task of its own.
fn stored_asleep<T>(receiver: &mut Receiver<T>) -> Arc<Task> {
    let task = Task::new();
    assert!(poll_recv(&task, receiver).is_none(), "it has to wait");
    assert_eq!(task.wakes(), 0, "it sleeps");
    task
}

#[test]
fn a_stream_ends_when_the_channel_is_closed_and_drained() {
    let (sender, mut receiver) = queue::bounded(4);
    (0..3).for_each(|nth| sender.try_send(nth).unwrap());
    assert!(!receiver.is_terminated());
    assert_eq!(futures::executor::block_on(receiver.next()), Some(0));
    drop(sender);
    assert!(!receiver.is_terminated(), "closed, not drained");
    assert_eq!(
        futures::executor::block_on_stream(&mut receiver).collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(receiver.is_terminated());
    assert_eq!(futures::executor::block_on(receiver.next()), None);
}

fn it_is_woken_by_an_item_and_polled_again_and_again(fairness: Fairness) {
    let (sender, mut receiver) = Queue::bounded(2).with_fairness(fairness).into_channel();
    for nth in 0..10 {
        let task = stored_asleep(&mut receiver);
        sender.try_send(nth).unwrap();
        assert_eq!(task.wakes(), 1);
        assert_eq!(poll_recv(&task, &mut receiver), Some(Some(nth)));
    }
    let task = stored_asleep(&mut receiver);
    drop(sender);
    assert_eq!(
        (task.wakes(), poll_recv(&task, &mut receiver)),
        (1, Some(None))
    );
    assert_eq!(poll_recv(&task, &mut receiver), Some(None), "and again");
}

/// The last waker counts.
#[test]
fn a_poll_by_another_task_takes_the_wake_up_along() {
    let (sender, mut receiver) = queue::bounded(1);
    let first = stored_asleep(&mut receiver);
    let second = stored_asleep(&mut receiver);
    sender.try_send(1).unwrap();
    assert_eq!((first.wakes(), second.wakes()), (0, 1));
    assert_eq!(poll_recv(&second, &mut receiver), Some(Some(1)));
}

/// Dropping a `next()` leaves the stored waiter behind. A waiting `recv` is woken nevertheless, even if nobody
/// polls the stream again.
fn a_dropped_next_eats_no_wake_up_of_a_recv(fairness: Fairness) {
    for stored_first in [true, false] {
        let (sender, mut streaming) = Queue::bounded(4).with_fairness(fairness).into_channel();
        let receiver = streaming.clone();
        let mut recv = Waiting::new(receiver.recv());
        if !stored_first {
            assert!(recv.is_pending());
        }
        let next = sleeping(&Task::new(), streaming.next());
        let task = Arc::clone(next.task());
        drop(next);
        if stored_first {
            assert!(recv.is_pending());
        }
        sender.try_send(1).unwrap();
        assert_eq!((task.wakes(), recv.wakes()), (1, 1), "both");
        assert_eq!(recv.poll(), Some(Some(1)));
        let mut again = sleeping(&Task::new(), receiver.recv());
        sender.try_send(2).unwrap();
        assert_eq!(
            (task.wakes(), again.wakes(), again.poll()),
            (1, 1, Some(Some(2)))
        );
    }
}

/// And two receivers in `recv` are called one by one, whatever is stored.
fn besides_every_stored_waiter_one_recv_is_woken(fairness: Fairness) {
    let (sender, receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let mut streams = [receiver.clone(), receiver.clone(), receiver.clone()];
    let tasks = streams.each_mut().map(stored_asleep);
    let mut recvs = [receiver.recv(), receiver.recv()].map(|r| sleeping(&Task::new(), r));
    sender.try_send(1).unwrap();
    assert_eq!(tasks.each_ref().map(|task| task.wakes()), [1; 3]);
    assert_eq!(recvs.each_ref().map(Waiting::wakes), [1, 0]);
    assert_eq!(recvs[0].poll(), Some(Some(1)));
    sender.try_send(2).unwrap();
    assert_eq!(recvs.each_ref().map(Waiting::wakes), [1, 1]);
    assert_eq!(recvs[1].poll(), Some(Some(2)));
}

/// Nothing is kept for a stored waiter.
fn nothing_is_kept_for_it(fairness: Fairness) {
    let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let other = receiver.clone();
    let task = stored_asleep(&mut receiver);
    sender.try_send(1).unwrap();
    assert_eq!((task.wakes(), other.try_recv()), (1, Ok(1)));
    assert!(poll_recv(&task, &mut receiver).is_none(), "in vain");
    sender.try_send(2).unwrap();
    assert_eq!(
        (task.wakes(), poll_recv(&task, &mut receiver)),
        (2, Some(Some(2)))
    );
}

/// It overtakes a called `recv` as any arrival does: at the cost of credit.
#[test]
fn it_is_an_arrival_at_each_poll() {
    let fairness = Fairness::overtakes(1).with_patience(Duration::MAX);
    let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let other = receiver.clone();
    let mut recv = sleeping(&Task::new(), other.recv());
    sender.try_send(1).unwrap();
    let task = Task::new();
    assert_eq!(
        poll_recv(&task, &mut receiver),
        Some(Some(1)),
        "a unit of credit"
    );
    assert!(recv.is_pending());
    sender.try_send(2).unwrap();
    assert!(poll_recv(&task, &mut receiver).is_none(), "kept");
    assert_eq!(recv.poll(), Some(Some(2)));
}

/// What was kept for a `recv` that is dropped wakes the stored waiter that found it kept.
#[test]
fn what_is_kept_no_more_wakes_it() {
    for fairness in [
        Fairness::FIFO,
        Fairness::overtakes(0).with_patience(Duration::MAX),
    ] {
        let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
        let other = receiver.clone();
        let recv = sleeping(&Task::new(), other.recv());
        sender.try_send(1).unwrap();
        let task = stored_asleep(&mut receiver);
        drop(recv);
        assert_eq!(
            (task.wakes(), poll_recv(&task, &mut receiver)),
            (1, Some(Some(1)))
        );
    }
}

/// P2: a stream polled by the task that keeps a called `recv`.
#[test]
fn a_kept_recv_of_its_task_is_passed_over() {
    let (sender, mut receiver) = Queue::bounded(4)
        .with_fairness(Fairness::FIFO)
        .into_channel();
    let other = receiver.clone();
    let task = Task::new();
    let kept = sleeping(&task, other.recv());
    sender.try_send(1).unwrap();
    assert_eq!(
        poll_recv(&task, &mut receiver),
        None,
        "it meets the kept one"
    );
    assert_eq!(task.wakes(), 2, "and wakes itself");
    assert_eq!(poll_recv(&task, &mut receiver), Some(Some(1)), "futurelock");
    drop(kept);
}

/// P3: a stream beside a forgotten `recv` probes, and gets through.
#[test]
fn a_forgotten_recv_delays_it_no_longer_than_its_patience() {
    for patience in [Duration::ZERO, SHORT] {
        let fairness = Fairness::overtakes(0).with_patience(patience);
        let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
        let other = receiver.clone();
        let _dead = sleeping(&Task::new(), other.recv()).forget();
        sender.try_send(1).unwrap();
        let task = Task::new();
        let start = Instant::now();
        for polls in 1..=if patience.is_zero() { 1 } else { 2 } {
            let item = poll_recv(&task, &mut receiver);
            assert!(item.is_none() || start.elapsed() >= patience);
            assert_eq!(task.wakes(), polls, "it wakes itself");
        }
        past(patience);
        assert_eq!(poll_recv(&task, &mut receiver), Some(Some(1)));
    }
}

/// Each probes for itself: it is an arrival at each poll.
#[test]
fn several_probe_side_by_side() {
    let fairness = Fairness::overtakes(0).with_patience(SHORT);
    let (sender, receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let (mut stays, mut goes) = (receiver.clone(), receiver.clone());
    let _dead = sleeping(&Task::new(), receiver.recv()).forget();
    let _asleep = sleeping(&Task::new(), receiver.recv()).forget();
    sender.try_send(1).unwrap();
    let tasks = [Task::new(), Task::new()];
    for wakes in 1..=3 {
        for (task, stored) in [(&tasks[0], &mut stays), (&tasks[1], &mut goes)] {
            assert!(poll_recv(task, stored).is_none());
            assert_eq!(task.wakes(), wakes, "it probes");
        }
    }
    drop(goes);
    past(SHORT);
    let item = (0..9).find_map(|_| poll_recv(&tasks[0], &mut stays));
    assert_eq!(item, None, "the next was called, and has its patience");
    past(SHORT);
    let item = (0..2).find_map(|_| poll_recv(&tasks[0], &mut stays));
    assert_eq!(item, Some(Some(1)));
}

/// A `next()` that is dropped while it probes, its handle alive, stops nobody who probed before it.
#[test]
fn it_takes_no_role_from_a_recv() {
    let fairness = Fairness::overtakes(0).with_patience(SHORT);
    let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let other = receiver.clone();
    let _dead = sleeping(&Task::new(), other.recv()).forget();
    sender.try_send(1).unwrap();
    let mut recv = Waiting::new(other.recv());
    for (polls, task) in [(1, Task::new()), (2, Task::new()), (3, Task::new())] {
        assert!(recv.is_pending());
        assert!(poll_recv(&task, &mut receiver).is_none());
        assert_eq!((recv.wakes(), task.wakes()), (polls, 1), "both probe");
    }
    past(SHORT);
    assert_eq!(recv.poll(), Some(Some(1)));
}

/// Of those of one task, the one that waits longer has its turn, at its first call too, in whatever order they
/// are polled.
fn two_of_one_task_take_turns(fairness: Fairness) {
    let (sender, receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
    let mut streams = [receiver.clone(), receiver];
    let task = Task::new();
    assert!(streams.each_mut().map(|it| poll_recv(&task, it)) == [None; 2]);
    for nth in 0..300 {
        sender.try_send(nth).unwrap();
        let [longer, later] = &mut streams;
        assert_eq!(poll_recv(&task, later), None, "it gives way");
        assert_eq!(poll_recv(&task, longer), Some(Some(nth)));
        assert_eq!(poll_recv(&task, later), None, "all was taken");
        assert_eq!(poll_recv(&task, longer), None);
        streams.reverse();
    }
}

/// One that has not waited yet leaves nothing to another of its task: it is ready when it can be.
#[test]
fn an_arrival_takes_what_is_free() {
    for capacity in [0, 1] {
        let (sender, mut receiver) = Queue::bounded(capacity).into_channel();
        let task = Task::new();
        let mut arrival = receiver.clone();
        stored_asleep(&mut arrival);
        for nth in 0..9 {
            let mut send = Waiting::new(sender.send(nth));
            assert_eq!(send.is_pending(), capacity == 0);
            let got = poll_recv(&task, &mut arrival);
            assert_eq!(got, Some(Some(nth)), "capacity {capacity}");
            assert!(poll_recv(&task, &mut receiver).is_none());
        }
    }
}

/// One that gives way is of the task that polled it then.
#[test]
fn it_gives_way_to_one_that_gave_way() {
    let (sender, mut second) = queue::bounded(1);
    let (mut first, mut third) = (second.clone(), second.clone());
    let task = stored_asleep(&mut first);
    stored_asleep(&mut second);
    assert!(poll_recv(&task, &mut third).is_none());
    sender.try_send(1).unwrap();
    assert_eq!(poll_recv(&task, &mut second), None, "it gives way");
    drop(first);
    assert_eq!(poll_recv(&task, &mut third), None, "to the second");
    assert_eq!(poll_recv(&task, &mut second), Some(Some(1)));
}

/// Whom it gave way to is not forgotten for whom it met in line, nor the other way round.
#[test]
fn it_passes_a_recv_over_beside_another_of_its_task() {
    for own in [true, false] {
        let fairness = Fairness::overtakes(0).with_patience(Duration::ZERO);
        let (sender, mut receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
        let (mut snoozed, other) = (receiver.clone(), receiver.clone());
        let task = Task::new();
        assert!(poll_recv(&task, &mut snoozed).is_none());
        let recv = if own { Arc::clone(&task) } else { Task::new() };
        let _kept = sleeping(&recv, other.recv()).forget();
        sender.try_send(1).unwrap();
        let item = (0..4).find_map(|_| poll_recv(&task, &mut receiver));
        assert_eq!(item, Some(Some(1)), "its own task: {own}");
    }
}

/// Each new item wakes it, and its clock of a call that nobody answers goes on.
#[test]
fn it_passes_a_recv_over_though_items_keep_coming() {
    for own in [true, false] {
        let fairness = Fairness::overtakes(0).with_patience(Duration::ZERO);
        let (sender, mut receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
        let other = receiver.clone();
        let task = Task::new();
        let recv = if own { Arc::clone(&task) } else { Task::new() };
        let _kept = sleeping(&recv, other.recv()).forget();
        let item = (0..4).find_map(|nth| {
            sender.force_send(nth).unwrap();
            poll_recv(&task, &mut receiver)
        });
        assert!(item.is_some(), "its own task: {own}");
    }
}

/// It is dropped with its receiver, in any state, and with nothing lost.
#[test]
fn it_goes_with_its_receiver() {
    for fairness in KINDS {
        let (sender, receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
        let (mut asleep, mut woken) = (receiver.clone(), receiver.clone());
        let tasks = (stored_asleep(&mut asleep), stored_asleep(&mut woken));
        drop(asleep);
        sender.try_send(1).unwrap();
        assert_eq!((tasks.0.wakes(), tasks.1.wakes()), (0, 1));
        let mut recv = Waiting::new(receiver.recv());
        drop(woken);
        assert_eq!(recv.poll(), Some(Some(1)), "{fairness:?}");
        assert_eq!(receiver.receiver_count(), 1);
    }
    let (sender, mut receiver) = queue::bounded::<u8>(1);
    stored_asleep(&mut receiver);
    drop(receiver);
    assert!(sender.is_closed());
}

fn closing_and_the_last_permit_wake_it(fairness: Fairness) {
    let (sender, mut receiver) = Queue::bounded(4).with_fairness(fairness).into_channel();
    let permits = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
    let task = stored_asleep(&mut receiver);
    sender.close();
    assert!(poll_recv(&task, &mut receiver).is_none(), "permits are out");
    drop(permits.0);
    assert!(poll_recv(&task, &mut receiver).is_none());
    let before = task.wakes();
    permits.1.send(3);
    assert_eq!(task.wakes(), before + 1);
    assert_eq!(poll_recv(&task, &mut receiver), Some(Some(3)));
    assert_eq!(poll_recv(&task, &mut receiver), Some(None));
}

#[test]
fn at_a_rendezvous_it_takes_what_is_offered() {
    let (sender, mut receiver) = queue::bounded(0);
    let task = stored_asleep(&mut receiver);
    let mut send = sleeping(&Task::new(), sender.send(1));
    assert_eq!((task.wakes(), send.is_pending()), (1, true));
    assert_eq!(poll_recv(&task, &mut receiver), Some(Some(1)));
    assert_eq!((send.wakes(), send.poll()), (1, Some(Ok(()))));
}
