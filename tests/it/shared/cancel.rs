//! Cancelling is dropping, in every state, and nothing is lost by it.

use std::collections::VecDeque;
use std::sync::Arc;

use wakeful::{Fairness, Mutex, Semaphore};

use crate::fairness::futurelock::drive;
use crate::support::lines::{Got, Line, Side, Waiter, cases};
use crate::support::{KINDS, LONG, Rng, Task, Waiting, without_credit};

cases!(VERBS:
    sleepers_are_dropped_from_anywhere_and_the_others_stay_in_order,
    called_ones_pass_their_call_on_one_by_one,
    one_that_was_overtaken_leaves_the_call_to_the_release,
    those_passed_over_and_those_that_came_back_are_dropped,
    a_prober_is_dropped_and_wakes_nobody_that_is_first,
    a_future_dropped_after_completion_leaves_its_unit_alone,
    no_call_is_lost_in_any_order_of_drops,
);
cases!(UNEQUAL: no_call_is_lost_in_any_order_of_unequal_drops);

fn sleepers_are_dropped_from_anywhere_and_the_others_stay_in_order(side: Side) {
    for dropped in [&[0][..], &[2], &[4], &[0, 4, 1, 3], &[3, 0, 4, 2, 1]] {
        for line in Line::of_all_kinds(side, 1) {
            let held = line.hold(1);
            let mut waiters: Vec<_> = (0..5).map(|_| Some(line.asleep())).collect();
            dropped.iter().for_each(|&at| waiters[at] = None);
            let mut left: Vec<_> = waiters.into_iter().flatten().collect();
            assert!(left.iter().all(|waiter| waiter.wakes() == 0));
            drop(held);
            for turn in 0..left.len() {
                let woken = left.iter().filter(|waiter| waiter.wakes() == 1).count();
                assert_eq!(woken, turn + 1, "without {dropped:?}");
                drop(left[turn].poll().expect("in order"));
            }
            line.assert_idle(1);
            drop(left);
            line.assert_unshared();
        }
    }
}

/// bpo-27585, anyio#1145: woken, then dropped; the wake-up was lost. tokio#1898: what it waited for was.
fn called_ones_pass_their_call_on_one_by_one(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let mut waiters = VecDeque::from(line.called::<100>());
        while let Some(called) = waiters.pop_front() {
            assert_eq!(called.wakes(), 1);
            assert!(waiters.iter().all(|waiter| waiter.wakes() == 0));
            drop(called);
        }
        line.assert_unshared();
        line.assert_idle(1);
    }
}

/// Called, and overtaken meanwhile: there is no wake-up to pass on before the release.
fn one_that_was_overtaken_leaves_the_call_to_the_release(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(5));
    let [first, mut second] = line.called();
    let barger = line.hold(1);
    drop(first);
    assert_eq!(second.wakes(), 0, "it would be woken in vain");
    drop(barger);
    assert_eq!(second.wakes(), 1);
    drop(second.poll().expect("called"));
}

fn those_passed_over_and_those_that_came_back_are_dropped(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let task = Task::new();
    let [passed, mut back, mut last, mut other] =
        line.called_in([&task, &task, &task, &Task::new()]);
    let (polls, got) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    drop(passed);
    assert_eq!(other.wakes(), 0);
    assert!(back.is_pending(), "it comes back");
    let before = task.wakes();
    drop(got);
    assert_eq!((task.wakes(), other.wakes()), (before + 1, 0), "called");
    drop(back);
    assert_eq!(other.wakes(), 1, "it passes its call on");
    drop(other.poll().expect("called"));
    line.assert_idle(1);
}

fn a_prober_is_dropped_and_wakes_nobody_that_is_first(side: Side) {
    let line = Line::new(side, 1, without_credit(LONG));
    let [mut snoozing] = line.called();
    let mut prober = line.waiting();
    assert!((0..5).all(|_| prober.is_pending()));
    drop(prober);
    assert_eq!(snoozing.wakes(), 1);
    drop(snoozing.poll().expect("it was kept"));
    line.assert_idle(1);
}

fn a_future_dropped_after_completion_leaves_its_unit_alone(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let [mut waiter] = line.called();
        let got = waiter.poll().expect("called");
        let next = line.asleep();
        drop(waiter);
        assert_eq!((line.free(), next.wakes()), (0, 0));
        drop(got);
        assert_eq!(next.wakes(), 1);
    }
}

fn no_call_is_lost_in_any_order_of_drops(side: Side) {
    (0..100).for_each(|seed| drop_in_any_order(side, seed, 1));
}

fn no_call_is_lost_in_any_order_of_unequal_drops(side: Side) {
    (0..400).for_each(|seed| drop_in_any_order(side, seed, 4));
}

/// Polls up to `most` of those that were woken since.
fn poll_woken<'a>(waiters: &mut Vec<Waiter<'a>>, held: &mut Vec<Got<'a>>, mut most: usize) {
    waiters.retain_mut(|waiter| {
        if most == 0 || !waiter.is_woken() {
            return true;
        }
        most -= 1;
        let got = waiter.poll();
        let waits = got.is_none();
        held.extend(got);
        waits
    });
}

/// Waits for up to `most` units, gives back, drops and polls at random, and now and then reduces permits and
/// adds them again: whenever all who were woken have been polled, the rest waits for more than is free, or
/// behind one who does; and in the end everybody gets through.
fn drop_in_any_order(side: Side, seed: u64, most: usize) {
    let mut random = Rng::with_seed(seed);
    let units = side.units(4);
    let line = Line::new(side, units, KINDS[random.usize(..KINDS.len())]);
    let mut held = line.hold(units);
    let mut waiters = Vec::new();
    for _ in 0..200 {
        match random.u64(..9) {
            0..=2 => {
                let mut waiting = line.waiting_for(1 + random.usize(..most));
                match waiting.poll() {
                    Some(got) => held.push(got),
                    None => waiters.push(waiting),
                }
            }
            3..=4 if !held.is_empty() => {
                drop(held.swap_remove(random.usize(..held.len())));
            }
            5 if !waiters.is_empty() => {
                drop(waiters.remove(random.usize(..waiters.len())));
            }
            6 if side.is_semaphore() => {
                line.semaphore().reduce_permits(2);
                line.semaphore().add_permits(2);
            }
            6 => {}
            _ => poll_woken(&mut waiters, &mut held, 1),
        }
    }
    for _ in 0..10_000 {
        held.clear();
        if waiters.is_empty() {
            break;
        }
        poll_woken(&mut waiters, &mut held, usize::MAX);
    }
    assert!(waiters.is_empty(), "some sleep beside what is free");
    line.assert_idle(units);
}

/// Checks both that are owned, which are held meanwhile.
macro_rules! check_owned {
    ($check:ident) => {
        let mutex = Arc::new(Mutex::new(()));
        let held = Arc::clone(&mutex).try_lock_owned();
        $check(mutex, held, |mutex| mutex.lock_owned());
        let semaphore = Arc::new(Semaphore::new(2));
        let held = Arc::clone(&semaphore).try_acquire_many_owned(2);
        $check(semaphore, held, |semaphore| semaphore.acquire_many_owned(2));
    };
}

#[test]
fn what_owned_futures_got_keeps_what_it_was_taken_of_alive() {
    fn check<T, F: Future>(whole: Arc<T>, held: impl Sized, wait: fn(Arc<T>) -> F) {
        let weak = Arc::downgrade(&whole);
        let mut waiter = Waiting::new(wait(whole));
        assert!(waiter.is_pending());
        drop(held);
        assert_eq!(waiter.wakes(), 1);
        let got = waiter.poll().expect("its turn");
        drop(waiter);
        assert_eq!(weak.strong_count(), 1, "that alone keeps it");
        drop(got);
        assert_eq!(weak.strong_count(), 0);
    }
    check_owned!(check);
}

#[test]
fn owned_futures_that_are_the_last_to_know_what_they_wait_for_are_dropped() {
    fn check<T, F: Future>(whole: Arc<T>, held: impl Sized, wait: fn(Arc<T>) -> F) {
        let mut waiters = [(); 3].map(|()| Waiting::new(wait(Arc::clone(&whole))));
        assert!(waiters.iter_mut().all(Waiting::is_pending));
        let weak = Arc::downgrade(&whole);
        drop((held, whole));
        assert_eq!(waiters[0].wakes(), 1);
        drop(waiters);
        assert!(weak.upgrade().is_none());
    }
    check_owned!(check);
}
