//! P2 for items and for slots: no futurelock inside a task (tokio#6450, tokio#7892, RFD 609), in FIFO
//! too.
//!
//! Every test here fails without rule 4, but those that say what is beyond its limits.

use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use wakeful::{Fairness, Queue};

use super::lines::{Line, SIDES, Side};
use super::{full, pop_asleep_in, pop_called};
use crate::support::{Task, Waiting, poll_with, sleeping, yield_now};

/// Without credit, so that only rule 4 helps at once.
const KEPT: [Fairness; 3] = [
    Fairness::FIFO,
    Fairness::overtakes(0),
    Fairness::overtakes(0).with_patience(looks(u64::from(u16::MAX) - 1)),
];

fn cases() -> impl Iterator<Item = (Side, Fairness)> {
    SIDES
        .into_iter()
        .flat_map(|side| KEPT.map(|fairness| (side, fairness)))
}

#[test]
fn a_new_one_gets_through_while_the_same_task_keeps_a_called_one() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 1, fairness);
        let task = Task::new();
        let held = line.hold(1);
        let f1 = sleeping(&task, line.wait());
        drop(held);
        assert_eq!(f1.wakes(), 1, "f1 is called, and not polled");
        let mut f2 = Waiting::of(&task, line.wait());
        drop(f2.poll().expect("futurelock"));
        drop(f1);
        line.assert_idle(1);
    }
}

#[test]
fn a_sleeper_gets_through_while_the_same_task_keeps_a_called_one() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 1, fairness);
        let task = Task::new();
        let held = line.hold(1);
        let mut f1 = sleeping(&task, line.wait());
        let mut f2 = sleeping(&task, line.wait());
        drop(held);
        drop(f2.poll().expect("futurelock"));
        drop(f1.poll().expect("it comes back to what is free"));
        line.assert_idle(1);
    }
}

#[test]
fn others_in_between_come_first_and_the_task_is_not_left_asleep() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 1, fairness);
        let task = Task::new();
        let held = line.hold(1);
        let f1 = sleeping(&task, line.wait());
        let mut other = line.asleep();
        let mut f2 = sleeping(&task, line.wait());
        drop(held);
        assert!(f2.is_pending(), "another came earlier");
        assert_eq!((task.wakes(), other.wakes()), (1, 1), "instead of f1");
        drop(other.poll().expect("called"));
        assert_eq!(task.wakes(), 2, "{side:?}, {fairness:?}: then the task");
        drop(f2.poll().expect("its turn"));
        drop(f1);
        line.assert_idle(1);
    }
}

#[test]
fn sixteen_called_of_the_task_are_all_passed_over() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 16, fairness);
        let task = Task::new();
        let held = line.hold(16);
        let mut kept: Vec<_> = (0..16).map(|_| sleeping(&task, line.wait())).collect();
        drop(held);
        assert_eq!(task.wakes(), 16);
        let mut got: Vec<_> = (0..16)
            .map(|_| Waiting::of(&task, line.wait()).poll().expect("futurelock"))
            .collect();
        got.clear();
        for waiter in &mut kept {
            drop(waiter.poll().expect("it comes back to what is free"));
        }
        line.assert_idle(16);
    }
}

/// The documented limit: one that is polled looks at no more than 16. It is not stranded: those ahead
/// answer, and then it is found.
#[test]
fn one_beyond_sixteen_is_found_when_those_ahead_have_answered() {
    for side in SIDES {
        let line = Line::new(side, 20, Fairness::FIFO);
        let task = Task::new();
        let held = line.hold(20);
        let mut strangers: Vec<_> = (0..19).map(|_| line.asleep()).collect();
        let f1 = sleeping(&task, line.wait());
        drop(held);
        let mut f2 = Waiting::of(&task, line.wait());
        assert!(f2.is_pending());
        let got: Vec<_> = strangers.iter_mut().map(Waiting::poll).collect();
        drop(f2.poll().expect("f1 is passed over"));
        drop((f1, got));
        line.assert_idle(20);
    }
}

#[test]
fn a_kept_one_of_another_task_is_not_passed_over() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 1, fairness);
        let [mut f1, mut f2] = line.called();
        assert!(f2.is_pending(), "{side:?}, {fairness:?}: f1 may answer");
        drop(f1.poll().expect("it was kept"));
        drop(f2.poll().expect("its turn"));
    }
}

#[test]
fn futures_polled_with_the_noop_waker_are_one_task() {
    for (side, fairness) in cases() {
        let line = Line::new(side, 1, fairness);
        let held = line.hold(1);
        let mut f1 = line.wait();
        assert!(poll_with(Waker::noop(), f1.as_mut()).is_pending());
        drop(held);
        assert!(poll_with(Waker::noop(), line.wait().as_mut()).is_ready());
    }
}

/// A kept pop is no reason to hold a push of the same task up, nor the other way round.
#[test]
fn a_task_that_keeps_a_pop_may_push() {
    let queue = full(1);
    let task = Task::new();
    let kept = sleeping(&task, queue.push(1));
    assert_eq!(Waiting::of(&task, queue.pop()).poll(), Some(Some(0)));
    let mut push = Waiting::of(&task, queue.push(2));
    assert_eq!(push.poll(), Some(Ok(())), "futurelock");
    drop((kept, push));
    let queue = Queue::bounded(1);
    let kept = pop_asleep_in(&task, &queue);
    assert_eq!(Waiting::of(&task, queue.push(1)).poll(), Some(Ok(())));
    assert_eq!(Waiting::of(&task, queue.pop()).poll(), Some(Some(1)));
    drop(kept);
}

/// A reserve of many that was called, and is kept, lets a push of its task through.
#[test]
fn a_kept_reserve_of_many_is_passed_over() {
    let (sender, receiver) = Queue::bounded(3)
        .with_fairness(Fairness::FIFO)
        .into_channel();
    let task = Task::new();
    let held = sender.try_reserve().unwrap();
    let mut many = sleeping(&task, sender.reserve_many(3));
    let mut other = sleeping(&Task::new(), sender.send(1));
    drop(held);
    assert_eq!((many.wakes(), other.wakes()), (1, 0));
    let mut send = Waiting::of(&task, sender.send(2));
    assert_eq!(send.poll(), Some(Ok(())), "futurelock");
    assert_eq!(other.wakes(), 1, "there is room for it too");
    assert_eq!(other.poll(), Some(Ok(())));
    assert!(many.is_pending());
    assert_eq!([receiver.try_recv(), receiver.try_recv()], [Ok(2), Ok(1)]);
    assert_eq!(many.poll().unwrap().unwrap().len(), 3);
}

/// RFD 609: `select!` on `&mut f1`, and in the handler another wait for the same.
#[test]
fn rfd_609_a_wait_in_the_handler_of_select() {
    let runtimes = [
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build(),
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build(),
    ];
    for runtime in runtimes.map(|built| built.expect("a runtime")) {
        for fairness in [Fairness::FIFO, Fairness::overtakes(0), Fairness::DEFAULT] {
            let queue = Arc::new(Queue::bounded(1).with_fairness(fairness));
            let tasks = async {
                tokio::spawn(select_and_pop(Arc::clone(&queue)))
                    .await
                    .expect("no panic");
                tokio::spawn(select_and_push(queue))
                    .await
                    .expect("no panic");
            };
            let limit = Duration::from_secs(10);
            let ended = runtime.block_on(async { tokio::time::timeout(limit, tasks).await });
            if ended.is_err() {
                runtime.shutdown_background();
                panic!("{fairness:?}: futurelock");
            }
        }
    }
}

async fn select_and_pop(queue: Arc<Queue<usize>>) {
    let mut f1 = pin!(queue.pop());
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("it is empty"),
        () = ready(()) => {
            let pushes = tokio::spawn({
                let queue = Arc::clone(&queue);
                async move {
                    yield_now().await;
                    for nth in 0..3 {
                        queue.push(nth).await.expect("open");
                    }
                }
            });
            assert_eq!(queue.pop().await, Some(0));
            assert_eq!(queue.pop().await, Some(1));
            assert_eq!(f1.await, Some(2));
            pushes.await.expect("no panic");
        }
    }
}

async fn select_and_push(queue: Arc<Queue<usize>>) {
    queue.try_push(0).expect("it is empty");
    let mut f1 = pin!(queue.push(3));
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("it is full"),
        () = ready(()) => {
            let pops = tokio::spawn({
                let queue = Arc::clone(&queue);
                async move {
                    yield_now().await;
                    for nth in 0..4 {
                        assert_eq!(queue.pop().await, Some(nth));
                    }
                }
            });
            queue.push(1).await.expect("open");
            queue.push(2).await.expect("open");
            f1.await.expect("open");
            pops.await.expect("no panic");
        }
    }
}

/// The limit that the contract names: each future of a `FuturesUnordered` has a waker of its own, so
/// that rule 4 does not help; probing does.
#[test]
fn a_kept_one_with_a_waker_of_its_own_is_passed_over_by_probing() {
    let queue = Queue::bounded(1).with_fairness(Fairness::overtakes(0).with_patience(looks(2)));
    let kept = pop_called(&queue, 5);
    let mut pop = Waiting::new(queue.pop());
    assert!(pop.is_pending() && pop.is_pending());
    assert_eq!(pop.poll(), Some(Some(5)));
    drop(kept);
}
