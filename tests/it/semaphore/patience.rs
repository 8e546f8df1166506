//! P3: a called waiter that is never polled again delays no arrival for ever; and what becomes of it
//! when it is polled after all.

use wakeful::{Fairness, Semaphore};

use super::{asleep, asleep_in, assert_idle, called, hold, hold_all, wakes};
use crate::support::{Task, Waiting};

fn impatient(permits: usize, patience: u16) -> Semaphore {
    Semaphore::with_fairness(permits, Fairness::overtakes(0).with_patience(patience))
}

/// Polls an arrival as its task would, only when it was woken; says how many polls it took.
fn polls_until_acquired(semaphore: &Semaphore, n: u32, at_most: usize) -> Option<usize> {
    let mut arrival = Waiting::new(semaphore.acquire_many(n));
    (1..=at_most).find(|&nth| {
        let may_run = nth == 1 || arrival.wakes() == nth - 1;
        may_run && arrival.poll().is_some()
    })
}

#[test]
fn an_arrival_gets_through_after_exactly_the_patience() {
    for patience in [1, 2, 3, 16, 1000] {
        for (need, wanted) in [(1, 3), (3, 1), (3, 3), (2, 2)] {
            let semaphore = impatient(3, patience);
            let [snoozing] = called(&semaphore, [need]);
            let polls = polls_until_acquired(&semaphore, wanted, 10_000);
            // Its first poll finds the call; so many more find it still unanswered.
            assert_eq!(polls, Some(1 + usize::from(patience)), "{need}, {wanted}");
            assert_eq!(polls_until_acquired(&semaphore, wanted, 1), Some(1));
            drop(snoozing);
            assert_idle(&semaphore, 3);
        }
    }
}

#[test]
fn an_arrival_that_finds_enough_beside_what_is_kept_does_not_wait() {
    let semaphore = impatient(5, 1);
    let [mut snoozing] = called(&semaphore, [3]);
    for _ in 0..10 {
        assert_eq!(polls_until_acquired(&semaphore, 2, 1), Some(1));
    }
    assert_eq!(snoozing.poll().unwrap().unwrap().num_permits(), 3);
}

#[test]
fn several_forgotten_ones_are_passed_over_one_by_one() {
    let semaphore = impatient(10, 2);
    let held = hold_all(&semaphore);
    let dead: Vec<_> = (0..10).map(|_| asleep(&semaphore, 1).forget()).collect();
    drop(held);
    assert!(dead.iter().all(|task| task.wakes() == 1), "called at once");
    // An arrival for all: its first poll finds the first call; so many more find each unanswered.
    assert_eq!(polls_until_acquired(&semaphore, 10, 1000), Some(1 + 2 * 10));
    assert_idle(&semaphore, 10);
}

#[test]
fn one_forgotten_among_several_called_holds_up_nobody_for_ever() {
    for dead_one in 0..3 {
        let semaphore = impatient(6, 4);
        let mut waiters: Vec<_> = called(&semaphore, [2, 2, 2]).into();
        let _dead = waiters.remove(dead_one).forget();
        let alive: Vec<_> = waiters.iter_mut().map(|w| w.poll().unwrap()).collect();
        assert_eq!(semaphore.available_permits(), 2);
        assert_eq!(polls_until_acquired(&semaphore, 2, 100), Some(5));
        drop(alive);
        drop(waiters);
        assert_idle(&semaphore, 6);
    }
}

/// Who is passed over is not last: those behind it are called with what was kept for it.
#[test]
fn what_was_kept_for_the_forgotten_calls_those_who_sleep_behind() {
    let semaphore = impatient(4, 2);
    let held = hold_all(&semaphore);
    let _dead = asleep(&semaphore, 3).forget();
    let mut sleepers = [2, 1, 1].map(|n| asleep(&semaphore, n));
    drop(held);
    assert_eq!(wakes(&sleepers), [0; 3]);
    let mut arrival = Waiting::new(semaphore.acquire());
    for polls in 1..=3 {
        assert_eq!(wakes(&sleepers), [0; 3], "{polls}");
        assert!(arrival.is_pending());
    }
    assert_eq!(wakes(&sleepers), [1; 3], "4 of 4");
    let permits = sleepers.each_mut().map(|waiter| waiter.poll().unwrap());
    assert!(arrival.is_pending());
    drop(permits);
    drop(arrival.poll().unwrap().unwrap());
    assert_idle(&semaphore, 4);
}

#[test]
fn by_default_a_forgotten_waiter_delays_nobody_for_long() {
    let semaphore = Semaphore::new(2);
    let _dead = called(&semaphore, [2]).map(Waiting::forget);
    let patience = usize::from(Fairness::DEFAULT.patience());
    let arrivals = usize::from(Fairness::DEFAULT.limit()) + 100;
    let slow = (0..arrivals).filter(|nth| {
        let polls = polls_until_acquired(&semaphore, 1, 1 + patience);
        polls.unwrap_or_else(|| panic!("arrival {nth} is held up")) > 1
    });
    assert_eq!(
        slow.count(),
        1,
        "one passes it over, the others do not wait"
    );
}

/// With patience never P3 does not hold: this is what tokio does.
#[test]
fn in_fifo_a_forgotten_waiter_holds_everybody_up_for_ever() {
    let semaphore = Semaphore::with_fairness(3, Fairness::FIFO);
    let _dead = called(&semaphore, [2]).map(Waiting::forget);
    let mut arrival = Waiting::new(semaphore.acquire_many(2));
    assert!((0..10_000).all(|_| arrival.is_pending()));
    assert_eq!(arrival.wakes(), 0, "it does not spin either");
    drop(arrival);
    drop(hold(&semaphore, 1));
    assert!(semaphore.try_acquire_many(2).is_err());
}

#[test]
fn a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it() {
    let semaphore = impatient(2, 4);
    let held = hold_all(&semaphore);
    let snoozing = asleep(&semaphore, 2);
    let mut far = asleep(&semaphore, 2);
    let mut near = asleep(&semaphore, 1);
    drop(held);
    assert_eq!(snoozing.wakes(), 1);
    let mut prober = Waiting::new(semaphore.acquire());
    assert!(prober.is_pending() && prober.is_pending(), "it probes");
    drop(prober);
    assert_eq!((far.wakes(), near.wakes()), (0, 1), "the nearest is woken");
    let probes = (1..=5).find(|_| near.is_pending() && far.wakes() == 1);
    assert!(probes.is_some(), "within the patience");
    drop(far.poll().unwrap().unwrap());
    drop(near.poll().unwrap().unwrap());
    drop(snoozing);
    assert_idle(&semaphore, 2);
}

#[test]
fn who_was_first_comes_back_to_the_front() {
    for need in [1, 2, 3] {
        let semaphore = impatient(3, 1);
        let [mut slow] = called(&semaphore, [need]);
        let mut arrival = Waiting::new(semaphore.acquire_many(3));
        assert!(arrival.is_pending());
        let permit = arrival.poll().expect("the slow one is passed over");
        let behind = [1, 3].map(|n| asleep(&semaphore, n));
        assert!(slow.is_pending(), "it comes back");
        drop(permit);
        assert_eq!(slow.wakes(), 2, "it is the first to be called");
        assert_eq!(wakes(&behind), [usize::from(need < 3), 0]);
        drop(slow.poll().unwrap().unwrap());
        drop(behind);
        assert_idle(&semaphore, 3);
    }
}

#[test]
fn who_was_not_first_comes_back_behind_the_first() {
    let semaphore = Semaphore::with_fairness(3, Fairness::FIFO);
    let (ours, others) = (Task::new(), Task::new());
    let held = hold_all(&semaphore);
    let mut first = asleep_in(&others, &semaphore, 1);
    let mut kept = asleep_in(&ours, &semaphore, 1);
    let mut third = asleep(&semaphore, 1);
    drop(held);
    let mut again = Waiting::of(&ours, semaphore.acquire());
    let permit = again.poll().expect("the kept one is passed over").unwrap();
    let two = [&mut first, &mut third].map(|waiter| waiter.poll().unwrap().unwrap());
    let mut large = asleep_in(&others, &semaphore, 3);
    let last = asleep(&semaphore, 1);
    assert!(kept.is_pending(), "it comes back");
    drop((permit, two));
    assert_eq!(
        (others.wakes(), ours.wakes()),
        (2, 1),
        "the large one first"
    );
    drop(large.poll().unwrap().unwrap());
    assert_eq!((ours.wakes(), last.wakes()), (2, 1));
    drop(kept.poll().unwrap().unwrap());
    drop(last);
    assert_idle(&semaphore, 3);
}

#[test]
fn who_comes_back_takes_what_it_finds_free() {
    let semaphore = impatient(2, 1);
    let [mut slow] = called(&semaphore, [2]);
    assert_eq!(polls_until_acquired(&semaphore, 1, 2), Some(2));
    let [waiter] = called(&semaphore, [2]);
    drop(slow.poll().expect("it comes back ahead of the called one"));
    drop(waiter);
    assert_idle(&semaphore, 2);
}

/// Guards `Waiter::grow_patience`, by way of `Unanswered::Late`.
#[test]
fn after_probing_it_has_eight_times_the_patience() {
    for patience in [1, 2, 16] {
        let semaphore = impatient(2, patience);
        let [mut slow] = called(&semaphore, [2]);
        let mut expected = usize::from(patience);
        while expected < 4096 {
            let polls = polls_until_acquired(&semaphore, 1, 1 + expected);
            assert_eq!(polls, Some(1 + expected));
            expected *= 8;
            let held = hold_all(&semaphore);
            assert!(slow.is_pending(), "it comes back");
            drop(held);
        }
        let polls = polls_until_acquired(&semaphore, 1, 5000);
        assert_eq!(polls, Some(1 + 4096), "and that is the most");
    }
}

/// One arrival every other turn, each holds for a turn, and is polled only when it was woken.
#[test]
fn every_arrival_gets_through_under_traffic() {
    for fairness in [
        Fairness::DEFAULT,
        Fairness::overtakes(16),
        Fairness::overtakes(0),
        Fairness::overtakes(0).with_patience(looks(1)),
        Fairness::overtakes(1).with_patience(looks(2)),
    ] {
        let semaphore = Semaphore::with_fairness(3, fairness);
        let held = hold_all(&semaphore);
        let _dead = [1, 2, 1].map(|n| asleep(&semaphore, n).forget());
        let mut permits = vec![held];
        let mut arrivals: Vec<(Waiting<_>, Option<usize>)> = Vec::new();
        for turn in 0..900 {
            permits.clear();
            if turn % 2 == 0 && arrivals.len() < 300 {
                let arrival = semaphore.acquire_many(1 + turn % 3);
                arrivals.push((Waiting::new(arrival), None));
            }
            arrivals.retain_mut(|(arrival, polled_at)| {
                if *polled_at == Some(arrival.wakes()) {
                    return true;
                }
                *polled_at = Some(arrival.wakes());
                match arrival.poll() {
                    Some(permit) => {
                        permits.push(permit.expect("open"));
                        false
                    }
                    None => true,
                }
            });
        }
        let held_up = arrivals.len();
        assert!(held_up < 60, "{fairness:?}: {held_up} are held up");
    }
}
