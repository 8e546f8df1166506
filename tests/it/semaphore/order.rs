//! First come, first served: who is called, and in what order; tokio's, exactly.

use std::future::Future;
use std::pin::Pin;

use wakeful::{Fairness, Semaphore, SemaphorePermit};

use super::{asleep, assert_idle, called, hold, hold_all, wakes};
use crate::support::{KINDS, Random, Waiting};

#[test]
fn waiters_are_called_in_the_order_in_which_they_came() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(1, fairness);
        let held = hold(&semaphore, 1);
        let mut waiters: Vec<_> = (0..50).map(|_| asleep(&semaphore, 1)).collect();
        drop(held);
        for turn in 0..waiters.len() {
            let expected: Vec<_> = (0..50).map(|at| usize::from(at <= turn)).collect();
            assert_eq!(wakes(&waiters), expected, "{fairness:?}: turn {turn}");
            drop(waiters[turn].poll().unwrap().unwrap());
        }
        assert_idle(&semaphore, 1);
    }
}

#[test]
fn in_fifo_nobody_gets_in_out_of_turn_however_often_polled() {
    let semaphore = Semaphore::with_fairness(2, Fairness::FIFO);
    let held = hold_all(&semaphore);
    let mut waiters: Vec<_> = (0..5).map(|nth| asleep(&semaphore, 1 + nth % 2)).collect();
    drop(held);
    for turn in 0..waiters.len() {
        for late in (turn + 2..waiters.len()).rev() {
            assert!(
                (0..100).all(|_| waiters[late].is_pending()),
                "{turn} {late}"
            );
        }
        assert!(semaphore.try_acquire_many(2).is_err());
        assert!(Waiting::new(semaphore.acquire_many(2)).is_pending());
        drop(waiters[turn].poll().unwrap().unwrap());
    }
    assert_idle(&semaphore, 2);
}

/// A small request behind a large one waits, though enough is free for it.
#[test]
fn in_fifo_small_ones_do_not_get_past_a_large_head() {
    let semaphore = Semaphore::with_fairness(4, Fairness::FIFO);
    let held = hold(&semaphore, 1);
    let mut large = asleep(&semaphore, 4);
    let mut small = asleep(&semaphore, 1);
    assert!(semaphore.try_acquire().is_err());
    assert!((0..100).all(|_| small.is_pending()));
    assert_eq!(small.wakes(), 0, "it does not spin");
    drop(held);
    assert_eq!((large.wakes(), small.wakes()), (1, 0));
    drop(large.poll().unwrap().unwrap());
    drop(small.poll().unwrap().unwrap());
    assert_idle(&semaphore, 4);
}

#[test]
fn a_called_waiter_is_not_called_again_before_it_answers() {
    let semaphore = Semaphore::with_fairness(2, Fairness::overtakes(100));
    let mut waiters = called(&semaphore, [2, 1]);
    for _ in 0..10 {
        drop(hold(&semaphore, 2));
    }
    assert_eq!(wakes(&waiters), [1, 0]);
    let barger = hold(&semaphore, 2);
    assert!(waiters[0].is_pending(), "in vain");
    drop(barger);
    assert_eq!(wakes(&waiters), [2, 0], "again, in its old place");
    drop(waiters[0].poll().unwrap().unwrap());
}

type TheirPermit = tokio::sync::OwnedSemaphorePermit;
type Theirs = Pin<Box<dyn Future<Output = Option<TheirPermit>>>>;

/// One wait on ours and the same on theirs.
struct Pair<'a> {
    ours: Waiting<wakeful::Acquire<'a>>,
    theirs: Waiting<Theirs>,
}

/// Everybody woken is polled at once, so that a call is answered before anything else happens.
#[test]
fn fifo_is_tokios_order_exactly() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let total = 1 + random.below(6);
        let ours = Semaphore::with_fairness(total as usize, Fairness::FIFO);
        let theirs = std::sync::Arc::new(tokio::sync::Semaphore::new(total as usize));
        let mut waiting: Vec<Pair<'_>> = Vec::new();
        let mut permits: Vec<(SemaphorePermit<'_>, TheirPermit)> = Vec::new();
        for step in 0..120 {
            let case = format!("seed {seed}, step {step}");
            let n = 1 + random.below(total + 1) as u32;
            match random.below(8) {
                0..=2 => {
                    let theirs = std::sync::Arc::clone(&theirs);
                    let wait = async move { theirs.acquire_many_owned(n).await.ok() };
                    waiting.push(Pair {
                        ours: Waiting::new(ours.acquire_many(n)),
                        theirs: Waiting::new(Box::pin(wait)),
                    });
                }
                3..=4 if !permits.is_empty() => {
                    let at = random.below(permits.len() as u64) as usize;
                    drop(permits.remove(at));
                }
                5 if !waiting.is_empty() => {
                    let at = random.below(waiting.len() as u64) as usize;
                    drop(waiting.remove(at));
                }
                6 => {
                    let theirs = std::sync::Arc::clone(&theirs);
                    match (ours.try_acquire_many(n), theirs.try_acquire_many_owned(n)) {
                        (Ok(ours), Ok(theirs)) => permits.push((ours, theirs)),
                        (ours, theirs) => {
                            assert!(ours.is_err() && theirs.is_err(), "{case}: a try");
                        }
                    }
                }
                7 if random.below(8) == 0 => {
                    ours.add_permits(1);
                    theirs.add_permits(1);
                }
                _ => {}
            }
            waiting.retain_mut(|pair| match (pair.ours.poll(), pair.theirs.poll()) {
                (Some(ours), Some(theirs)) => {
                    permits.push((ours.unwrap(), theirs.unwrap()));
                    false
                }
                (ours, theirs) => {
                    assert!(ours.is_none() && theirs.is_none(), "{case}: who gets in");
                    true
                }
            });
        }
    }
}
