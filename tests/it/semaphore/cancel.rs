//! Cancelling is dropping, in every state, and nothing is lost by it: those behind are looked at in
//! the same call.

use std::sync::Arc;

use futures::future::FusedFuture;
use wakeful::{Fairness, Semaphore};

use super::{asleep, asleep_in, assert_idle, called, hold, hold_all, wakes};
use crate::fairness::futurelock::drive;
use crate::support::{KINDS, LONG, Random, Task, Waiting};

#[test]
fn one_that_was_never_polled_is_dropped_without_a_trace() {
    let semaphore = Arc::new(Semaphore::new(1));
    drop(semaphore.acquire());
    drop(Arc::clone(&semaphore).acquire_many_owned(5));
    assert_eq!(Arc::strong_count(&semaphore), 1);
    assert_idle(&semaphore, 1);
}

#[test]
fn sleepers_are_dropped_from_anywhere_and_the_others_stay_in_order() {
    for fairness in KINDS {
        for dropped in [&[0][..], &[2], &[4], &[0, 4, 1, 3], &[3, 0, 4, 2, 1]] {
            let semaphore = Semaphore::with_fairness(2, fairness);
            let held = hold_all(&semaphore);
            let mut waiters: Vec<_> = (0..5).map(|_| Some(asleep(&semaphore, 2))).collect();
            for &at in dropped {
                waiters[at] = None;
            }
            let mut left: Vec<_> = waiters.into_iter().flatten().collect();
            assert!(left.iter().all(|waiter| waiter.wakes() == 0));
            drop(held);
            for turn in 0..left.len() {
                let woken = left.iter().filter(|waiter| waiter.wakes() == 1).count();
                assert_eq!(woken, turn + 1, "{fairness:?} without {dropped:?}");
                drop(left[turn].poll().expect("in order").unwrap());
            }
            assert_idle(&semaphore, 2);
        }
    }
}

/// futures-intrusive PR 61, embassy#6964, shuttle#167: the smaller ones behind it were never looked at.
#[test]
fn a_large_head_that_is_cancelled_lets_the_smaller_ones_through_in_the_same_call() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(4, fairness);
        let held = hold(&semaphore, 1);
        let large = asleep(&semaphore, 4);
        let mut small = Vec::new();
        // In line behind it even where there is credit: it is asleep when they are first polled.
        for n in [4, 1, 1, 2, 1] {
            let waiting = semaphore.acquire_many(n);
            let kept = hold_all_or_none(&semaphore);
            small.push(crate::support::sleeping(&Task::new(), waiting));
            drop(kept);
        }
        let large_too = small.remove(0);
        let before = wakes(&small);
        assert_eq!(before, [0; 4], "{fairness:?}");
        drop(large);
        assert_eq!(wakes(&small), [0; 4], "another large one is first now");
        drop(large_too);
        assert_eq!(wakes(&small), [1, 1, 0, 0], "{fairness:?}: 1 + 1 + 2 > 3");
        drop(held);
        assert_eq!(wakes(&small), [1, 1, 1, 0]);
        drop(small);
        assert_idle(&semaphore, 4);
    }
}

/// Takes what is free, if it may.
fn hold_all_or_none(semaphore: &Semaphore) -> Option<wakeful::SemaphorePermit<'_>> {
    let free = u32::try_from(semaphore.available_permits()).unwrap();
    semaphore.try_acquire_many(free).ok()
}

#[test]
fn a_called_one_passes_its_call_on() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(3, fairness);
        let [first, second, third, fourth] = called(&semaphore, [3, 2, 2, 1]);
        assert_eq!((second.wakes(), third.wakes()), (0, 0));
        drop(first);
        assert_eq!((second.wakes(), third.wakes()), (1, 0), "{fairness:?}");
        drop(second);
        assert_eq!((third.wakes(), fourth.wakes()), (1, 1), "{fairness:?}");
        drop((third, fourth));
        assert_idle(&semaphore, 3);
    }
}

#[test]
fn one_in_the_middle_of_the_called_is_cancelled() {
    for fairness in KINDS {
        for cancelled in 0..4 {
            let semaphore = Semaphore::with_fairness(8, fairness);
            let mut waiters: Vec<_> = called(&semaphore, [2, 2, 2, 2, 1, 1, 1]).into();
            assert_eq!(wakes(&waiters), [1, 1, 1, 1, 0, 0, 0]);
            drop(waiters.remove(cancelled));
            assert_eq!(wakes(&waiters), [1, 1, 1, 1, 1, 0], "{fairness:?}");
            let permits: Vec<_> = waiters[..5].iter_mut().rev().map(Waiting::poll).collect();
            assert!(permits.iter().all(Option::is_some), "{cancelled}");
            drop(permits);
            drop(waiters);
            assert_idle(&semaphore, 8);
        }
    }
}

/// It was called, found too little and sleeps among the called: a hole.
#[test]
fn one_that_sleeps_among_the_called_is_cancelled() {
    let semaphore = Semaphore::with_fairness(6, Fairness::overtakes(1));
    let [mut first, mut second, mut third, fourth] = called(&semaphore, [2, 2, 2, 2]);
    let barger = hold(&semaphore, 3);
    assert!(second.is_pending());
    drop(second);
    assert_eq!(fourth.wakes(), 0);
    drop(barger);
    assert_eq!((first.wakes(), third.wakes(), fourth.wakes()), (1, 1, 1));
    let permits = (third.poll().unwrap(), first.poll().unwrap());
    drop((permits, fourth));
    assert_idle(&semaphore, 6);
}

#[test]
fn one_that_was_overtaken_leaves_the_call_to_the_release() {
    let semaphore = Semaphore::with_fairness(2, Fairness::overtakes(5));
    let [first, mut second] = called(&semaphore, [2, 1]);
    let barger = hold(&semaphore, 2);
    drop(first);
    assert_eq!(second.wakes(), 0, "it would be woken in vain");
    drop(barger);
    assert_eq!(second.wakes(), 1);
    drop(second.poll().unwrap().unwrap());
}

#[test]
fn those_passed_over_and_those_that_came_back_are_dropped() {
    let semaphore = Semaphore::with_fairness(2, Fairness::FIFO);
    let task = Task::new();
    let held = hold_all(&semaphore);
    let passed = asleep_in(&task, &semaphore, 2);
    let mut back = asleep_in(&task, &semaphore, 2);
    let mut last = asleep_in(&task, &semaphore, 2);
    let mut other = asleep(&semaphore, 1);
    drop(held);
    let (polls, permit) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    drop(passed);
    assert_eq!(other.wakes(), 0);
    assert!(back.is_pending(), "it comes back");
    let before = task.wakes();
    drop(permit);
    assert_eq!((task.wakes(), other.wakes()), (before + 1, 0));
    drop(back);
    assert_eq!(other.wakes(), 1, "it passes its call on");
    drop(other.poll().unwrap().unwrap());
    assert_idle(&semaphore, 2);
}

#[test]
fn a_prober_is_dropped_and_wakes_nobody_that_is_first() {
    let semaphore = Semaphore::with_fairness(2, Fairness::overtakes(0).with_patience(LONG));
    let [mut snoozing] = called(&semaphore, [2]);
    let mut prober = Waiting::new(semaphore.acquire());
    assert!((0..5).all(|_| prober.is_pending()));
    drop(prober);
    assert_eq!(snoozing.wakes(), 1);
    drop(snoozing.poll().unwrap().unwrap());
    assert_idle(&semaphore, 2);
}

#[test]
fn a_future_dropped_after_completion_leaves_the_permits_alone() {
    let semaphore = Semaphore::new(2);
    let [mut waiter, next] = called(&semaphore, [2, 1]);
    let permit = waiter.poll().unwrap().unwrap();
    drop(waiter);
    assert_eq!((semaphore.available_permits(), next.wakes()), (0, 0));
    drop(permit);
    assert_eq!(next.wakes(), 1);
}

#[test]
fn an_owned_future_that_is_the_last_to_know_the_semaphore_is_dropped() {
    let semaphore = Arc::new(Semaphore::new(2));
    let held = Arc::clone(&semaphore).try_acquire_many_owned(2).unwrap();
    let mut waiters: Vec<_> = (0..3)
        .map(|_| Waiting::new(Arc::clone(&semaphore).acquire_many_owned(2)))
        .collect();
    assert!(waiters.iter_mut().all(Waiting::is_pending));
    let weak = Arc::downgrade(&semaphore);
    drop((held, semaphore));
    assert_eq!(waiters[0].wakes(), 1);
    drop(waiters);
    assert!(weak.upgrade().is_none());
}

/// Drops, polls and resizes at random: whenever all who were woken have been polled, the rest waits for
/// more than is free, or behind one who does; and in the end everybody gets through.
#[test]
fn no_call_is_lost_in_any_order_of_drops() {
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let fairness = KINDS[random.below(KINDS.len() as u64) as usize];
        let semaphore = Semaphore::with_fairness(4, fairness);
        let mut waiters: Vec<(Waiting<_>, usize)> = Vec::new();
        let mut permits = vec![hold_all(&semaphore)];
        for _ in 0..200 {
            match random.below(9) {
                0..=2 => {
                    let n = 1 + random.below(4) as u32;
                    let mut waiting = Waiting::new(semaphore.acquire_many(n));
                    match waiting.poll() {
                        Some(permit) => permits.push(permit.unwrap()),
                        None => waiters.push((waiting, 0)),
                    }
                }
                3..=4 if !permits.is_empty() => {
                    let at = random.below(permits.len() as u64) as usize;
                    drop(permits.swap_remove(at));
                }
                5 if !waiters.is_empty() => {
                    let at = random.below(waiters.len() as u64) as usize;
                    drop(waiters.swap_remove(at));
                }
                6 => {
                    semaphore.reduce_permits(2);
                    semaphore.add_permits(2);
                }
                _ => {
                    let woken = waiters.iter_mut().filter(|(w, seen)| w.wakes() > *seen);
                    for (waiting, seen) in woken.take(1) {
                        *seen = waiting.wakes();
                        permits.extend(waiting.poll().map(Result::unwrap));
                    }
                    waiters.retain_mut(|(waiting, _)| !waiting.future().is_terminated());
                }
            }
        }
        permits.clear();
        for _ in 0..10_000 {
            for (waiting, seen) in &mut waiters {
                if waiting.wakes() > *seen {
                    *seen = waiting.wakes();
                    drop(waiting.poll());
                }
            }
            waiters.retain_mut(|(waiting, _)| !waiting.future().is_terminated());
            if waiters.is_empty() {
                break;
            }
        }
        assert!(waiters.is_empty(), "seed {seed}, {fairness:?}: some sleep");
        assert_idle(&semaphore, 4);
    }
}
