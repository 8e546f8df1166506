//! `task_done` and `join`: what counts as an item, what as done, and who is woken.

use std::collections::VecDeque;

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::Waker;
use std::thread;

use futures::executor::block_on;
use wakeful::Queue;
use wakeful::queue::Join;

use super::{asleep, assert_terminated, full, push_asleep, ready};
use crate::support::loud::{Crowd, asleep_with, panics_in_drop, panics_in_wake};
use crate::support::{Hooks, Rng, Task, Waiting, Watchdog, panics, poll_with};

const TOO_OFTEN: &str = "task_done was called more often than items were pushed";

/// Asserts that exactly `count` items are unfinished, and marks them as done.
#[track_caller]
fn assert_unfinished<T>(queue: &Queue<T>, count: usize) {
    let mut waits = Waiting::new(queue.join());
    for nth in 0..count {
        assert!(waits.is_pending(), "{nth} of {count}");
        queue.task_done();
    }
    assert_eq!(waits.poll(), Some(()));
    assert_eq!(panics(|| queue.task_done()), TOO_OFTEN);
    assert_eq!(ready(queue.join()), ());
}

#[test]
fn join_waits_until_each_item_is_done() {
    let queue = full(3);
    let mut waits = asleep(queue.join());
    assert_eq!(queue.drain(), [0, 1, 2]);
    queue.task_done();
    queue.task_done();
    assert_eq!((waits.wakes(), waits.is_pending()), (0, true));
    queue.task_done();
    assert_eq!((waits.wakes(), waits.poll()), (1, Some(())));
    assert_unfinished(&queue, 0);
}

#[test]
fn every_way_to_push_counts() {
    let queue = Queue::bounded(9);
    queue.try_push(0).unwrap();
    assert!(block_on(queue.push(1)).is_ok());
    assert!(queue.blocking_push(2).is_ok());
    assert_eq!(block_on(queue.push_many([3, 4])).ok(), Some(2));
    assert_eq!(queue.force_push(5), Ok(None));
    assert_eq!(queue.drain(), [0, 1, 2, 3, 4, 5]);
    assert_unfinished(&queue, 6);

    // One that waited counts when it is in the queue, whether it is cancelled or not.
    let queue = full(1);
    let (mut push, cancelled) = (push_asleep(&queue, 1), push_asleep(&queue, 2));
    queue.try_pop().unwrap();
    assert_eq!(push.poll(), Some(Ok(())));
    drop((push, cancelled));
    assert_unfinished(&queue, 2);
}

#[test]
fn without_storage_an_item_counts_when_it_is_received() {
    let queue = Queue::bounded(0);
    let mut push = push_asleep(&queue, 0);
    assert_unfinished(&queue, 0);
    assert_eq!(queue.try_pop(), Ok(0));
    assert_unfinished(&queue, 1);
    assert_eq!(push.poll(), Some(Ok(())));
    assert_unfinished(&queue, 0);
}

#[test]
fn what_is_replaced_or_returned_by_the_closing_is_done() {
    let queue = full(2);
    let waits = asleep(queue.join());
    assert_eq!(queue.force_push(2), Ok(Some(0)));
    assert_eq!(queue.force_push(3), Ok(Some(1)));
    assert_eq!(waits.wakes(), 0, "there was an item at each moment");
    queue.task_done();
    assert_eq!(queue.close_and_drain(), [2, 3]);
    assert_eq!(waits.wakes(), 1);
    assert_unfinished(&queue, 0);
    drop(waits);

    // What was popped before is not.
    let queue = full(2);
    queue.try_pop().unwrap();
    assert_eq!(queue.close_and_drain(), [1]);
    assert_unfinished(&queue, 1);
}

#[test]
fn a_moment_is_enough() {
    let queue = full(1);
    let (mut early, mut unpolled) = (asleep(queue.join()), Waiting::new(queue.join()));
    queue.task_done();
    queue.try_pop().unwrap();
    queue.try_push(1).unwrap();
    let mut late = asleep(queue.join());
    assert_eq!((early.wakes(), early.poll()), (1, Some(())));
    assert!(late.is_pending());
    assert!(unpolled.is_pending(), "it begins when it is first polled");
    queue.task_done();
    assert_eq!((late.poll(), unpolled.poll()), (Some(()), Some(())));
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let queue = full(1);
    let mut waits = Box::pin(queue.join());
    let tasks = [Task::new(), Task::new()];
    for task in [&tasks[0], &tasks[1], &tasks[1]] {
        assert!(task.poll(waits.as_mut()).is_pending());
    }
    queue.task_done();
    assert_eq!(tasks.each_ref().map(|task| task.wakes()), [0, 1]);
    assert!(tasks[0].poll(waits.as_mut()).is_ready());
}

#[test]
fn dropped_and_forgotten_ones_hold_nobody_up() {
    let queue = full(1);
    let [first, second, third] = [(); 3].map(|()| asleep(queue.join()));
    drop(second);
    let _task = first.forget();
    queue.task_done();
    assert_eq!(third.wakes(), 1);
    drop(third);
    queue.try_push(1).unwrap_err();
    queue.try_pop().unwrap();
    queue.try_push(1).unwrap();
    assert_unfinished(&queue, 1);
}

/// The drop of a waker panics in the poll that is ready, and another item comes: it is ready still.
#[test]
fn a_join_that_panicked_is_ready_when_it_is_polled_again() {
    let queue = Queue::bounded(1);
    let mut join = Box::pin(queue.join());
    let (loud, disarm) = panics_in_drop();
    let said = panics(|| poll_with(&loud, join.as_mut()));
    assert_eq!(said, "in drop");
    disarm.count();
    queue.try_push(0).unwrap();
    assert!(poll_with(Waker::noop(), join.as_mut()).is_ready());
}

/// More than are woken in one batch, of which each pushes an item while others are still to be woken.
#[test]
fn all_are_told_whatever_they_do_when_they_are_woken() {
    let queue = Arc::new(Queue::unbounded());
    queue.try_push(0).unwrap();
    let joins: Vec<_> = (0..100)
        .map(|_| {
            let theirs = Arc::clone(&queue);
            let waker = Hooks::default().on_wake(move || theirs.try_push(1).unwrap());
            asleep_with(&waker.waker(), queue.join())
        })
        .collect();
    queue.task_done();
    assert_eq!(queue.len(), 1 + joins.len());
    for mut join in joins {
        assert!(poll_with(Waker::noop(), join.as_mut()).is_ready());
    }
    assert_unfinished(&queue, 100);
}

#[test]
fn all_are_woken_before_a_panic_propagates() {
    let queue = full(1);
    let mut crowd = Crowd::new(50, || queue.join());
    assert_eq!(panics(|| queue.task_done()), "the first");
    crowd.assert_all_woken();
    assert_eq!(crowd.outcomes().len(), 50);
    assert_unfinished(&queue, 0);
}

/// A waker panics, so that what was popped is put back: it counts as before.
#[test]
fn what_is_put_back_is_not_done() {
    for closes in [false, true] {
        let queue = full(2);
        let loud = panics_in_wake("in wake");
        let mut push = asleep_with(&loud, queue.push(2));
        if closes {
            assert_eq!(panics(|| queue.close_and_drain()), "in wake");
            assert!(poll_with(Waker::noop(), push.as_mut()).is_ready());
            assert_eq!(queue.drain(), [0, 1]);
        } else {
            assert_eq!(panics(|| queue.try_pop()), "in wake");
            drop(push);
            assert_eq!(queue.drain(), [0, 1]);
        }
        assert_unfinished(&queue, 2);
    }
}

/// A task that joins sees everything that the workers did.
#[test]
fn workers_are_done_when_join_returns() {
    let _watchdog = Watchdog::new("workers that are joined");
    let (queue, sum) = (Queue::bounded(4), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(number) = queue.blocking_pop() {
                    sum.store(sum.load(Relaxed) + number, Relaxed);
                    queue.task_done();
                }
            });
        }
        let mut expected = 0;
        for round in 0..2000 {
            for number in 0..round % 7 {
                queue.blocking_push(number).unwrap();
                block_on(queue.join());
                expected += number;
                assert_eq!(sum.load(Relaxed), expected);
            }
        }
        queue.close();
    });
}

/// A waiting `join`, and whether the count has been 0 since its first poll.
struct Waits<'a> {
    join: Waiting<Join<'a, u32>>,
    happened: bool,
}

/// Random steps, beside a plain count.
#[test]
fn random_steps_agree_with_a_count() {
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        let queue = Queue::bounded(rng.usize(1..5));
        let (mut items, mut unfinished) = (VecDeque::new(), 0);
        let mut waits: Vec<Waits<'_>> = Vec::new();
        for number in 0..200 {
            let before = unfinished;
            match rng.u32(0..10) {
                0..=2 => {
                    let pushed = queue.try_push(number).is_ok();
                    assert_eq!(pushed, items.len() < queue.max_capacity());
                    if pushed {
                        items.push_back(number);
                        unfinished += 1;
                    }
                }
                3 => {
                    let old = queue.force_push(number).unwrap();
                    let full = items.len() == queue.max_capacity();
                    assert_eq!(old, if full { items.pop_front() } else { None });
                    items.push_back(number);
                    unfinished += usize::from(!full);
                }
                4 => assert_eq!(queue.try_pop().ok(), items.pop_front()),
                5 if rng.u32(0..8) == 0 => {
                    assert_eq!(queue.drain(), Vec::from(mem::take(&mut items)))
                }
                5..=7 if unfinished > items.len() => {
                    queue.task_done();
                    unfinished -= 1;
                }
                8 => {
                    let mut join = Waiting::new(queue.join());
                    assert_eq!(join.poll().is_some(), unfinished == 0);
                    let happened = false;
                    waits.extend((unfinished > 0).then_some(Waits { join, happened }));
                }
                _ if !waits.is_empty() => {
                    let at = rng.usize(..waits.len());
                    if rng.u32(0..4) == 0 {
                        drop(waits.swap_remove(at));
                    } else {
                        let Waits { join, happened } = &mut waits[at];
                        assert_eq!(join.poll().is_some(), *happened, "seed {seed}");
                        if *happened {
                            waits.swap_remove(at);
                        }
                    }
                }
                _ => {}
            }
            if before > 0 && unfinished == 0 {
                waits.iter_mut().for_each(|waits| waits.happened = true);
            }
            for Waits { join, happened } in &waits {
                assert!(*happened || join.wakes() == 0, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_join_is_fused() {
    let queue = Queue::<u8>::bounded(1);
    let mut waits = Waiting::new(queue.join());
    assert_eq!(waits.poll(), Some(()));
    assert_terminated(&mut waits);
    assert!(panics(|| waits.poll()).contains("join"));
}

/// As with every other wait, nothing is allocated.
#[test]
fn a_join_does_not_allocate() {
    assert!(size_of::<Join<'_, u8>>() <= 96);
    let queue = full(1);
    let mut waits = std::pin::pin!(queue.join());
    let waker = Task::new().waker();
    let allocated = crate::support::allocations(|| {
        assert!(poll_with(&waker, waits.as_mut()).is_pending());
        queue.task_done();
        assert!(poll_with(&waker, waits.as_mut()).is_ready());
    });
    assert_eq!(allocated, 0);
}
