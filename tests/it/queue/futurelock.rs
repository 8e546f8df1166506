//! P2, as far as it is of queues alone: no futurelock inside a task (tokio#6450, tokio#7892, RFD 609).

use std::future::ready;
use std::pin::pin;
use std::sync::Arc;

use wakeful::{Fairness, Queue, yield_now};

use super::{asleep, channel, full};
use crate::fairness::futurelock::second_poll;
use crate::support::{Task, Waiting, run_on_tokio, sleeping};

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
    let kept = sleeping(&task, queue.pop());
    assert_eq!(Waiting::of(&task, queue.push(1)).poll(), Some(Ok(())));
    assert_eq!(Waiting::of(&task, queue.pop()).poll(), Some(Some(1)));
    drop(kept);
}

/// A reserve of many that was called, and is kept, lets a push of its task through.
#[test]
fn a_kept_reserve_of_many_is_passed_over() {
    let (sender, receiver) = channel(3, Fairness::FIFO);
    let task = Task::new();
    let held = sender.try_reserve().unwrap();
    let mut many = sleeping(&task, sender.reserve_many(3));
    let mut other = asleep(sender.send(1));
    drop(held);
    assert_eq!((many.wakes(), other.wakes()), (1, 0));
    let mut send = Waiting::of(&task, sender.send(2));
    assert_eq!(second_poll(&mut send), Ok(()));
    assert_eq!(other.wakes(), 1, "there is room for it too");
    assert_eq!(other.poll(), Some(Ok(())));
    assert!(many.is_pending());
    assert_eq!([receiver.try_recv(), receiver.try_recv()], [Ok(2), Ok(1)]);
    assert_eq!(many.poll().unwrap().unwrap().len(), 3);
}

/// RFD 609: `select!` on `&mut f1`, and in the handler another wait for the same.
#[test]
fn rfd_609_a_wait_in_the_handler_of_select() {
    for fairness in [Fairness::FIFO, Fairness::overtakes(0), Fairness::DEFAULT] {
        run_on_tokio(&format!("{fairness:?}: futurelock"), || {
            let queue = Arc::new(Queue::bounded(1).with_fairness(fairness));
            let story = async {
                select_and_pop(Arc::clone(&queue)).await;
                select_and_push(queue).await;
            };
            (story, || {})
        });
    }
}

async fn select_and_pop(queue: Arc<Queue<usize>>) {
    let mut f1 = pin!(queue.pop());
    tokio::select! {
        biased;
        _ = &mut f1 => unreachable!("it is empty"),
        () = ready(()) => {
            let theirs = Arc::clone(&queue);
            let pushes = tokio::spawn(async move {
                yield_now().await;
                for nth in 0..3 {
                    theirs.push(nth).await.expect("open");
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
            let theirs = Arc::clone(&queue);
            let pops = tokio::spawn(async move {
                yield_now().await;
                for nth in 0..4 {
                    assert_eq!(theirs.pop().await, Some(nth));
                }
            });
            queue.push(1).await.expect("open");
            queue.push(2).await.expect("open");
            f1.await.expect("open");
            pops.await.expect("no panic");
        }
    }
}
