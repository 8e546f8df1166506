//! The waiter stored in a handle: in a receiver for `poll_recv` and `Stream`, in a sender for `Sink`. It
//! outlives the futures that it was polled by, so its call never stands for another's, and nothing is kept
//! for it.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[cfg(feature = "futures-sink")]
use futures::SinkExt;
use futures::StreamExt;
use wakeful::Fairness;
#[cfg(feature = "futures-sink")]
use wakeful::queue::Sender;
use wakeful::queue::{self, Receiver};

#[cfg(feature = "futures-sink")]
use super::sink::flush;
use super::{asleep, channel, ready};
use crate::support::lines::{Line, Side};
use crate::support::{KINDS, SHORT, Task, Waiting, past, sleeping, wakes};

/// Makes a test of each case, which is a function of a [`Side`], for a stream and for a sink.
macro_rules! for_streams_and_sinks {
    ($($case:ident),+ $(,)?) => { $(
        mod $case {
            #[test]
            fn stream() {
                super::$case(super::Side::Items);
            }

            #[cfg(feature = "futures-sink")]
            #[test]
            fn sink() {
                super::$case(super::Side::Slots);
            }
        }
    )+ };
}

for_streams_and_sinks!(
    it_is_woken_and_polled_again_and_again,
    a_poll_by_another_task_takes_the_wake_up_along,
    besides_every_stored_waiter_one_in_line_is_woken,
    nothing_is_kept_for_it,
    it_is_an_arrival_at_each_poll,
    what_is_kept_no_more_wakes_it,
    a_kept_one_of_its_task_is_passed_over,
    a_forgotten_one_delays_it_no_longer_than_its_patience,
    several_probe_side_by_side,
    it_takes_no_role_from_one_in_line,
    two_of_one_task_take_turns,
    it_gives_way_to_one_that_gave_way,
    it_passes_one_in_line_over_beside_another_of_its_task,
);
for_each_fairness!(
    the_end_wakes_it,
    a_dropped_next_eats_no_wake_up_of_a_recv,
    it_goes_with_its_receiver,
    closing_and_the_last_permit_wake_it,
);

/// Keeps everything, and passes over at the second meeting.
const IMPATIENT: Fairness = Fairness::overtakes(0).with_patience(Duration::ZERO);

/// A handle, to be polled by its stored waiter.
enum Stored {
    Receiver(Receiver<usize>),
    /// The flag says whether an item is waiting to be flushed.
    #[cfg(feature = "futures-sink")]
    Sender(Sender<usize>, bool),
}

impl Stored {
    fn new(line: &Line) -> Self {
        match line.side {
            #[cfg(feature = "futures-sink")]
            Side::Slots => Self::Sender(line.sender.clone(), false),
            _ => Self::Receiver(line.receiver.clone()),
        }
    }

    /// Polls it as this task; whether it took what it waits for.
    fn takes(&mut self, task: &Arc<Task>) -> bool {
        match self {
            Self::Receiver(receiver) => {
                let item = poll_recv(task, receiver);
                assert_ne!(item, Some(None), "it is open");
                item.is_some()
            }
            #[cfg(feature = "futures-sink")]
            Self::Sender(sender, in_hand) => {
                if !*in_hand {
                    sender.start_send_unpin(0).expect("it is open");
                }
                let sent = flush(task, sender);
                *in_hand = sent.is_none();
                assert!(sent.as_ref().is_none_or(Result::is_ok), "it is open");
                sent.is_some()
            }
        }
    }

    /// Polls it to sleep, in a task of its own.
    fn asleep(&mut self) -> Arc<Task> {
        let task = Task::new();
        assert!(!self.takes(&task), "it has to wait");
        assert_eq!(task.wakes(), 0, "it sleeps");
        task
    }
}

/// A line with nothing that is free.
fn line(side: Side, fairness: Fairness) -> Line {
    let line = Line::new(side, 1, fairness);
    // It is of a queue: an item, or a slot, which would come back if this was dropped.
    std::mem::forget(line.try_take().expect("it is free"));
    line
}

/// What is waited for comes: an item, or a slot.
fn give(line: &Line) {
    match line.side {
        Side::Items => line.sender.try_send(0).expect("there is a slot"),
        _ => line.take_an_item(),
    }
}

/// Polls the stored waiter as this task.
pub(super) fn poll_recv<T>(task: &Arc<Task>, receiver: &mut Receiver<T>) -> Option<Option<T>> {
    Waiting::of(task, poll_fn(|cx| receiver.poll_recv(cx))).poll()
}

/// Polls it to sleep, in a task of its own.
fn stored_asleep<T>(receiver: &mut Receiver<T>) -> Arc<Task> {
    let task = Task::new();
    assert!(poll_recv(&task, receiver).is_none(), "it has to wait");
    assert_eq!(task.wakes(), 0, "it sleeps");
    task
}

fn it_is_woken_and_polled_again_and_again(side: Side) {
    for fairness in KINDS {
        let line = line(side, fairness);
        let mut stored = Stored::new(&line);
        for _ in 0..10 {
            let task = stored.asleep();
            give(&line);
            assert_eq!(task.wakes(), 1, "{fairness:?}");
            assert!(stored.takes(&task));
        }
    }
}

/// The last waker counts.
fn a_poll_by_another_task_takes_the_wake_up_along(side: Side) {
    let line = line(side, Fairness::DEFAULT);
    let mut stored = Stored::new(&line);
    let [first, second] = [stored.asleep(), stored.asleep()];
    give(&line);
    assert_eq!((first.wakes(), second.wakes()), (0, 1));
    assert!(stored.takes(&second));
}

/// Those in line are called one by one, whatever is stored, even if nobody polls that again.
fn besides_every_stored_waiter_one_in_line_is_woken(side: Side) {
    for fairness in KINDS {
        for stored_first in [true, false] {
            let line = line(side, fairness);
            let mut stored = [(); 3].map(|()| Stored::new(&line));
            let mut waiters = [line.waiting(), line.waiting()];
            if !stored_first {
                assert!(waiters.iter_mut().all(Waiting::is_pending));
            }
            let tasks = stored.each_mut().map(Stored::asleep);
            assert!(waiters.iter_mut().all(Waiting::is_pending));
            give(&line);
            for waiter in 0..2 {
                let woken = tasks.each_ref().map(|task| task.wakes());
                assert_eq!(woken, [1; 3], "{fairness:?}: none twice");
                assert_eq!(wakes(&waiters), [1, waiter]);
                drop(waiters[waiter].poll().expect("called"));
            }
        }
    }
}

fn nothing_is_kept_for_it(side: Side) {
    for fairness in KINDS {
        let line = line(side, fairness);
        let mut stored = Stored::new(&line);
        let task = stored.asleep();
        give(&line);
        assert_eq!(task.wakes(), 1, "{fairness:?}");
        let taken = line.try_take().expect("it is kept for nobody");
        assert!(!stored.takes(&task), "in vain");
        drop(taken);
        assert_eq!(task.wakes(), 2);
        assert!(stored.takes(&task));
    }
}

/// It overtakes a called one as any arrival does: at the cost of credit.
fn it_is_an_arrival_at_each_poll(side: Side) {
    let line = line(side, Fairness::overtakes(1).with_patience(Duration::MAX));
    let (task, mut stored) = (Task::new(), Stored::new(&line));
    let mut waiter = line.asleep();
    give(&line);
    assert!(stored.takes(&task), "a unit of credit");
    assert!(waiter.is_pending());
    give(&line);
    assert!(!stored.takes(&task), "kept");
    assert!(waiter.poll().is_some());
}

/// What was kept for one that is dropped wakes the stored waiter that found it kept.
fn what_is_kept_no_more_wakes_it(side: Side) {
    let patient = Fairness::overtakes(0).with_patience(Duration::MAX);
    for fairness in [Fairness::FIFO, patient] {
        let line = line(side, fairness);
        let mut stored = Stored::new(&line);
        let waiter = line.asleep();
        give(&line);
        let task = stored.asleep();
        drop(waiter);
        assert_eq!((task.wakes(), stored.takes(&task)), (1, true));
    }
}

/// P2: polled by the task that keeps a called one.
fn a_kept_one_of_its_task_is_passed_over(side: Side) {
    let line = line(side, Fairness::FIFO);
    let (task, mut stored) = (Task::new(), Stored::new(&line));
    let kept = line.asleep_in(&task);
    give(&line);
    assert!(!stored.takes(&task), "it meets the kept one");
    assert_eq!(task.wakes(), 2, "and wakes itself");
    assert!(stored.takes(&task), "futurelock");
    drop(kept);
}

/// P3: beside a forgotten one it probes, and gets through.
fn a_forgotten_one_delays_it_no_longer_than_its_patience(side: Side) {
    for patience in [Duration::ZERO, SHORT] {
        let line = line(side, Fairness::overtakes(0).with_patience(patience));
        let (task, mut stored) = (Task::new(), Stored::new(&line));
        let _dead = line.asleep().forget();
        give(&line);
        let start = Instant::now();
        for polls in 1..=if patience.is_zero() { 1 } else { 2 } {
            assert!(!stored.takes(&task) || start.elapsed() >= patience);
            assert_eq!(task.wakes(), polls, "it wakes itself");
        }
        past(patience);
        assert!(stored.takes(&task));
    }
}

/// Each probes for itself: it is an arrival at each poll.
fn several_probe_side_by_side(side: Side) {
    let line = line(side, Fairness::overtakes(0).with_patience(SHORT));
    let (mut stays, mut goes) = (Stored::new(&line), Stored::new(&line));
    let _dead = [line.asleep(), line.asleep()].map(Waiting::forget);
    give(&line);
    let tasks = [Task::new(), Task::new()];
    for wakes in 1..=3 {
        for (task, stored) in [(&tasks[0], &mut stays), (&tasks[1], &mut goes)] {
            assert!(!stored.takes(task));
            assert_eq!(task.wakes(), wakes, "it probes");
        }
    }
    drop(goes);
    past(SHORT);
    let got = (0..9).any(|_| stays.takes(&tasks[0]));
    assert!(!got, "the next was called, and has its patience");
    past(SHORT);
    assert!((0..2).any(|_| stays.takes(&tasks[0])));
}

/// One that is not polled any more while it probes, its handle alive, stops nobody who probed before it.
fn it_takes_no_role_from_one_in_line(side: Side) {
    let line = line(side, Fairness::overtakes(0).with_patience(SHORT));
    let mut stored = Stored::new(&line);
    let _dead = line.asleep().forget();
    give(&line);
    let mut waiter = line.waiting();
    for polls in 1..=3 {
        let task = Task::new();
        assert!(waiter.is_pending() && !stored.takes(&task));
        assert_eq!((waiter.wakes(), task.wakes()), (polls, 1), "both probe");
    }
    past(SHORT);
    assert!(waiter.poll().is_some());
}

/// Of those of one task, the one that waits longer has its turn, at its first call too, in whatever order they
/// are polled.
fn two_of_one_task_take_turns(side: Side) {
    for fairness in KINDS {
        let line = line(side, fairness);
        let mut stored = [Stored::new(&line), Stored::new(&line)];
        let task = Task::new();
        assert_eq!(stored.each_mut().map(|it| it.takes(&task)), [false; 2]);
        for _ in 0..300 {
            give(&line);
            let [longer, later] = &mut stored;
            assert!(!later.takes(&task), "{fairness:?}: it gives way");
            assert!(longer.takes(&task), "{fairness:?}");
            assert!(!later.takes(&task), "{fairness:?}: all was taken");
            assert!(!longer.takes(&task));
            stored.reverse();
        }
    }
}

/// One that gives way is of the task that polled it then.
fn it_gives_way_to_one_that_gave_way(side: Side) {
    let line = line(side, Fairness::DEFAULT);
    let [mut first, mut second, mut third] = [(); 3].map(|()| Stored::new(&line));
    let task = first.asleep();
    second.asleep();
    assert!(!third.takes(&task));
    give(&line);
    assert!(!second.takes(&task), "it gives way");
    drop(first);
    assert!(!third.takes(&task), "to the second");
    assert!(second.takes(&task));
}

/// Whom it gave way to is not forgotten for whom it met in line, nor the other way round.
fn it_passes_one_in_line_over_beside_another_of_its_task(side: Side) {
    for (own, fairness) in [
        (true, Fairness::FIFO),
        (true, IMPATIENT),
        (false, IMPATIENT),
    ] {
        let line = line(side, fairness);
        let (mut snoozed, mut stored) = (Stored::new(&line), Stored::new(&line));
        let task = Task::new();
        assert!(!snoozed.takes(&task));
        let waits_in = if own { Arc::clone(&task) } else { Task::new() };
        let _kept = line.asleep_in(&waits_in).forget();
        give(&line);
        let got = (0..4).any(|_| stored.takes(&task));
        assert!(got, "{fairness:?}, its own task: {own}");
    }
}

fn the_end_wakes_it(fairness: Fairness) {
    let (sender, mut receiver) = channel::<u8>(2, fairness);
    let task = stored_asleep(&mut receiver);
    drop(sender);
    assert_eq!(task.wakes(), 1);
    for _ in 0..2 {
        assert_eq!(poll_recv(&task, &mut receiver), Some(None));
    }
}

/// Dropping a `next()` leaves the stored waiter behind. A waiting `recv` is woken nevertheless.
fn a_dropped_next_eats_no_wake_up_of_a_recv(fairness: Fairness) {
    let (sender, mut streaming) = channel(4, fairness);
    let receiver = streaming.clone();
    let next = asleep(streaming.next());
    let task = Arc::clone(next.task());
    drop(next);
    for item in 0..2 {
        let mut recv = asleep(receiver.recv());
        sender.try_send(item).unwrap();
        assert_eq!((task.wakes(), recv.wakes()), (1, 1), "both");
        assert_eq!(recv.poll(), Some(Some(item)));
    }
}

/// One that has not waited yet leaves nothing to another of its task: it is ready when it can be.
#[test]
fn an_arrival_takes_what_is_free() {
    for capacity in [0, 1] {
        let (sender, mut receiver) = queue::bounded(capacity);
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

/// Each new item wakes it, and its clock of a call that nobody answers goes on.
#[test]
fn it_passes_a_recv_over_though_items_keep_coming() {
    for own in [true, false] {
        let (sender, mut receiver) = channel(1, IMPATIENT);
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
fn it_goes_with_its_receiver(fairness: Fairness) {
    let (sender, receiver) = channel(4, fairness);
    let (mut asleep, mut woken) = (receiver.clone(), receiver.clone());
    let tasks = (stored_asleep(&mut asleep), stored_asleep(&mut woken));
    drop(asleep);
    sender.try_send(1).unwrap();
    assert_eq!((tasks.0.wakes(), tasks.1.wakes()), (0, 1));
    let recv = receiver.recv();
    drop(woken);
    assert_eq!(ready(recv), Some(1));
    assert_eq!(receiver.receiver_count(), 1);
    let mut last = receiver;
    stored_asleep(&mut last);
    drop(last);
    assert!(sender.is_closed());
}

fn closing_and_the_last_permit_wake_it(fairness: Fairness) {
    let (sender, mut receiver) = channel(4, fairness);
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
    let mut send = asleep(sender.send(1));
    assert_eq!((task.wakes(), send.is_pending()), (1, true));
    assert_eq!(poll_recv(&task, &mut receiver), Some(Some(1)));
    assert_eq!((send.wakes(), send.poll()), (1, Some(Ok(()))));
}
