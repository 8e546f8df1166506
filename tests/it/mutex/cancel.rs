//! Cancelling is dropping, in every state, and nothing is lost by it.

use std::sync::Arc;

use wakeful::{Fairness, Mutex};

use crate::fairness::futurelock::second_poll;
use crate::support::{KINDS, Random, Task, Waiting, asleep, asleep_in, called, hold};

/// With every fairness, among five that wait: dropping these leaves the others in order.
fn drop_asleep(dropped: &[usize]) {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut waiters: Vec<_> = (0..5).map(|_| Some(asleep(&mutex))).collect();
        for &at in dropped {
            waiters[at] = None;
        }
        let mut left: Vec<_> = waiters.into_iter().flatten().collect();
        assert!(left.iter().all(|waiter| waiter.wakes() == 0));
        drop(held);
        for turn in 0..left.len() {
            let woken = left.iter().filter(|waiter| waiter.wakes() == 1).count();
            assert_eq!(woken, turn + 1, "{fairness:?} without {dropped:?}");
            drop(left[turn].poll().expect("in order"));
        }
        drop(hold(&mutex));
    }
}

#[test]
fn the_first_in_line_is_dropped() {
    drop_asleep(&[0]);
}

#[test]
fn one_in_the_middle_is_dropped() {
    drop_asleep(&[2]);
}

#[test]
fn the_last_in_line_is_dropped() {
    drop_asleep(&[4]);
}

#[test]
fn all_but_one_are_dropped_from_both_ends() {
    drop_asleep(&[0, 4, 1, 3]);
}

#[test]
fn all_are_dropped() {
    drop_asleep(&[3, 0, 4, 2, 1]);
}

#[test]
fn one_that_was_never_polled_is_dropped_without_a_trace() {
    let mutex = Arc::new(Mutex::new(()));
    drop(mutex.lock());
    drop(Arc::clone(&mutex).lock_owned());
    assert_eq!(Arc::strong_count(&mutex), 1);
    let held = hold(&mutex);
    drop(mutex.lock());
    let waiter = asleep(&mutex);
    drop(held);
    assert_eq!(waiter.wakes(), 1);
}

#[test]
fn a_called_one_passes_its_wake_up_on() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let first = asleep(&mutex);
        let second = asleep(&mutex);
        let mut third = asleep(&mutex);
        drop(held);
        drop(first);
        assert_eq!(second.wakes(), 1, "{fairness:?}: the call is lost");
        assert_eq!(third.wakes(), 0);
        drop(second);
        assert_eq!(third.wakes(), 1, "{fairness:?}: and lost again");
        drop(third.poll().expect("called"));
        drop(hold(&mutex));
    }
}

#[test]
fn the_last_called_one_leaves_the_lock_free() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        drop(called(&mutex));
        drop(hold(&mutex));
        drop(called(&mutex));
        assert!(Waiting::new(mutex.lock()).poll().is_some());
    }
}

/// Called, and overtaken meanwhile: there is no wake-up to pass on before the release.
#[test]
fn a_called_one_that_was_overtaken_leaves_the_call_to_the_release() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(5));
    let held = hold(&mutex);
    let first = asleep(&mutex);
    let mut second = asleep(&mutex);
    drop(held);
    let barger = hold(&mutex);
    drop(first);
    assert_eq!(second.wakes(), 0, "it would be woken in vain");
    drop(barger);
    assert_eq!(second.wakes(), 1);
    assert!(second.poll().is_some());
}

#[test]
fn one_that_was_passed_over_is_dropped_without_a_trace() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let task = Task::new();
    let held = hold(&mutex);
    let kept = asleep_in(&task, &mutex);
    let mut f2 = asleep_in(&task, &mutex);
    let mut other = asleep(&mutex);
    drop(held);
    let guard = second_poll(&mut f2);
    drop(kept);
    assert_eq!(other.wakes(), 0);
    drop(guard);
    assert_eq!(other.wakes(), 1);
    assert!(other.poll().is_some());
}

#[test]
fn one_that_came_back_is_dropped_and_passes_its_wake_up_on() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let task = Task::new();
    let held = hold(&mutex);
    let mut kept = asleep_in(&task, &mutex);
    let mut f2 = asleep_in(&task, &mutex);
    let mut other = asleep(&mutex);
    drop(held);
    let guard = second_poll(&mut f2);
    assert!(kept.is_pending(), "it comes back");
    drop(guard);
    assert_eq!((task.wakes(), other.wakes()), (3, 0), "called");
    drop(kept);
    assert_eq!(other.wakes(), 1);
    assert!(other.poll().is_some());
}

#[test]
fn a_future_dropped_after_completion_leaves_the_lock_with_its_guard() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut waiter = asleep(&mutex);
        drop(held);
        let guard = waiter.poll().expect("called");
        let next = asleep(&mutex);
        drop(waiter);
        assert!(mutex.is_locked());
        assert_eq!(next.wakes(), 0);
        drop(guard);
        assert_eq!(next.wakes(), 1);
    }
}

#[test]
fn an_owned_future_that_is_the_last_to_know_the_mutex_is_dropped() {
    let mutex = Arc::new(Mutex::new(()));
    let held = Arc::clone(&mutex).try_lock_owned().expect("free");
    let mut waiters: Vec<_> = (0..3)
        .map(|_| Waiting::new(Arc::clone(&mutex).lock_owned()))
        .collect();
    assert!(waiters.iter_mut().all(Waiting::is_pending));
    let weak = Arc::downgrade(&mutex);
    drop((held, mutex));
    assert_eq!(waiters[0].wakes(), 1);
    drop(waiters);
    assert!(weak.upgrade().is_none());
}

/// Drops and polls at random; at every moment at which the lock is free, who is first is woken.
#[test]
fn no_wake_up_is_lost_in_any_order_of_drops() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let fairness = KINDS[random.below(KINDS.len() as u64) as usize];
        let mutex = Mutex::with_fairness((), fairness);
        let mut waiters = Vec::new();
        let mut guard = Some(hold(&mutex));
        for _ in 0..200 {
            match random.below(8) {
                0..=2 if guard.is_some() => waiters.push(asleep(&mutex)),
                3..=4 => drop(guard.take()),
                5..=6 if !waiters.is_empty() => {
                    let at = random.below(waiters.len() as u64) as usize;
                    drop(waiters.swap_remove(at));
                }
                _ if !waiters.is_empty() && guard.is_none() => {
                    let mut woken = waiters.iter_mut().filter(|waiter| waiter.wakes() > 0);
                    guard = woken.find_map(Waiting::poll);
                    assert!(guard.is_some(), "seed {seed}, {fairness:?}: nobody can run");
                    waiters.retain_mut(|waiter| !is_done(waiter));
                }
                _ => {}
            }
        }
    }
}

fn is_done(waiter: &mut Waiting<wakeful::Lock<'_, ()>>) -> bool {
    futures::future::FusedFuture::is_terminated(&*waiter.future())
}
