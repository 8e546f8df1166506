//! P2: no futurelock inside a task, with unequal requests and in FIFO too.
//!
//! Every test here fails without rule 4, but those that say what is beyond its limits.

use std::future::ready;
use std::pin::pin;
use std::sync::Arc;

use wakeful::{Fairness, Semaphore, yield_now};

use super::{asleep, asleep_in, assert_idle, called_in, hold, hold_all, with_each};
use crate::fairness::futurelock::{KEPT, drive, second_poll};
use crate::support::{Task, Waiting, run_on_tokio};

/// Of 4 permits: what f1 and f2 want.
const REQUESTS: [(u32, u32); 7] = [(1, 1), (1, 4), (4, 1), (2, 3), (3, 2), (4, 4), (2, 4)];

#[test]
fn another_gets_through_while_the_same_task_keeps_a_called_one() {
    for (need1, need2) in REQUESTS {
        for is_new in [false, true] {
            for semaphore in with_each(KEPT, 4) {
                let task = Task::new();
                let held = hold_all(&semaphore);
                let f1 = asleep_in(&task, &semaphore, need1);
                let mut f2 = Waiting::of(&task, semaphore.acquire_many(need2));
                assert!(is_new || f2.is_pending());
                drop(held);
                assert!(f1.wakes() > 0, "f1 is called, and not polled");
                let (polls, permit) = drive(&mut f2, 9);
                // With enough for both of them it has not to wait for f1.
                assert_eq!(polls, if need1 + need2 > 4 { 2 } else { 1 });
                drop((f1, permit));
                assert_idle(&semaphore, 4);
            }
        }
    }
}

#[test]
fn others_in_between_come_first_and_the_task_is_not_left_asleep() {
    for semaphore in with_each(KEPT, 4) {
        let task = Task::new();
        let (two, three) = (Task::new(), Task::new());
        let needs = [(&task, 2), (&two, 4), (&three, 1), (&task, 3)];
        let [f1, mut large, mut small, mut f2] = called_in(&semaphore, needs);
        assert_eq!((large.wakes(), small.wakes()), (0, 0));
        assert!(f2.is_pending(), "it meets f1");
        assert_eq!((task.wakes(), large.wakes()), (2, 0));
        assert!(f2.is_pending(), "others came earlier");
        assert_eq!((large.wakes(), small.wakes()), (1, 0), "instead of f1");
        drop(large.poll().unwrap().unwrap());
        assert_eq!(small.wakes(), 1);
        let permit = small.poll().unwrap().unwrap();
        assert_eq!(task.wakes(), 3, "then the task");
        assert!(f2.poll().is_some());
        drop((f1, f2, permit));
        assert_idle(&semaphore, 4);
    }
}

/// f1 and f2 are both called: f2 finds its own kept, and is not to wait for f1 either.
#[test]
fn both_called_and_the_second_is_polled() {
    for semaphore in with_each(KEPT, 4) {
        let task = Task::new();
        let [mut f1, mut f2] = called_in(&semaphore, [(&task, 2), (&task, 2)]);
        assert_eq!(task.wakes(), 2);
        semaphore.reduce_permits(2);
        let permit = second_poll(&mut f2).unwrap();
        assert!(f1.is_pending(), "it comes back");
        drop(permit);
        assert_eq!(task.wakes(), 4);
        drop(f1.poll().unwrap().unwrap());
        assert_idle(&semaphore, 2);
    }
}

#[test]
fn sixteen_called_of_the_task_are_all_passed_over() {
    for semaphore in with_each(KEPT, 16) {
        let task = Task::new();
        let mut kept = called_in(&semaphore, [(&task, 1); 16]);
        assert_eq!(task.wakes(), 16);
        let mut all = Waiting::of(&task, semaphore.acquire_many(16));
        let (polls, permit) = drive(&mut all, 99);
        assert_eq!(polls, 17, "each of them is met");
        drop(permit.unwrap());
        for waiter in &mut kept {
            drop(waiter.poll().expect("it comes back to what is free"));
        }
        drop((kept, all));
        assert_idle(&semaphore, 16);
    }
}

#[test]
fn the_sixteenth_called_is_found_among_strangers() {
    for semaphore in with_each(KEPT, 16) {
        let task = Task::new();
        let held = hold_all(&semaphore);
        let mut strangers: Vec<_> = (0..15).map(|_| asleep(&semaphore, 1)).collect();
        let f1 = asleep_in(&task, &semaphore, 1);
        drop(held);
        let mut f2 = Waiting::of(&task, semaphore.acquire());
        let permit = second_poll(&mut f2).unwrap();
        for stranger in &mut strangers {
            drop(stranger.poll().expect("kept").unwrap());
        }
        drop((f1, permit));
        assert_idle(&semaphore, 16);
    }
}

/// The documented limit: f1 that wants more than is free holds f2 up as it would anyone.
#[test]
fn a_kept_one_that_wants_more_than_is_free_holds_its_task_up() {
    let semaphore = Semaphore::with_fairness(2, Fairness::FIFO);
    let task = Task::new();
    let f1 = asleep_in(&task, &semaphore, 3);
    let f2 = asleep_in(&task, &semaphore, 1);
    drop(f1);
    assert_eq!(task.wakes(), 1, "until it is dropped");
    drop(f2);
    assert_idle(&semaphore, 2);
}

/// RFD 609 with permits: `select!` on `&mut f1`, and in the handler another acquire.
#[test]
fn rfd_609_an_acquire_in_the_handler_of_select() {
    for fairness in [Fairness::FIFO, Fairness::overtakes(0), Fairness::DEFAULT] {
        for (need1, need2) in REQUESTS {
            let futurelock = format!("{fairness:?}, {need1}, {need2}: futurelock");
            run_on_tokio(&futurelock, || {
                let semaphore = Arc::new(Semaphore::with_fairness(4, fairness));
                let story = select_and_acquire(Arc::clone(&semaphore), need1, need2);
                (story, move || assert_idle(&semaphore, 4))
            });
        }
    }
}

async fn select_and_acquire(semaphore: Arc<Semaphore>, need1: u32, need2: u32) {
    let held = Arc::clone(&semaphore).try_acquire_many_owned(4).unwrap();
    let mut f1 = pin!(semaphore.acquire_many(need1));
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("all are out"),
        () = ready(()) => {
            let release = tokio::spawn(async move {
                yield_now().await;
                drop(held);
            });
            drop(semaphore.acquire_many(need2).await.unwrap());
            release.await.unwrap();
            drop(semaphore.acquire_many(need2).await.unwrap());
        }
    }
    drop(f1.await.unwrap());
    drop(hold(&semaphore, 4));
}
