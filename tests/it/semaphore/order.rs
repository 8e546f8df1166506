//! First come, first served: who is called, and in what order; tokio's, exactly.

use std::sync::Arc;

use wakeful::{Fairness, Semaphore};

use super::{asleep, assert_idle, hold, hold_all, of_all_kinds, wakes};
use crate::support::{Rng, Waiting};

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
fn one_release_calls_exactly_those_for_whom_it_is_enough() {
    for (free, expected) in [
        (0, [0, 0, 0, 0, 0]),
        (1, [0, 0, 0, 0, 0]),
        (2, [1, 0, 0, 0, 0]),
        (3, [1, 1, 0, 0, 0]),
        (6, [1, 1, 0, 0, 0]),
        (7, [1, 1, 1, 0, 0]),
        (8, [1, 1, 1, 1, 0]),
        (10, [1, 1, 1, 1, 1]),
    ] {
        for semaphore in of_all_kinds(10) {
            let mut held = hold_all(&semaphore);
            let waiters = [2, 1, 4, 1, 1].map(|n| asleep(&semaphore, n));
            drop(held.split(free));
            assert_eq!(wakes(&waiters), expected, "{free}");
            drop(held);
            assert_eq!(wakes(&waiters), [1; 5]);
            drop(waiters);
            assert_idle(&semaphore, 10);
        }
    }
}

/// Everybody woken is polled at once, so that a call is answered before anything else happens.
#[test]
fn fifo_is_tokios_order_exactly() {
    for seed in 0..300 {
        let mut random = Rng::with_seed(seed);
        let total = 1 + random.u64(..6);
        let ours = Semaphore::with_fairness(total as usize, Fairness::FIFO);
        let theirs = Arc::new(tokio::sync::Semaphore::new(total as usize));
        // Each wait, and each permit, with the same on the other.
        let mut waiting = Vec::new();
        let mut permits = Vec::new();
        for step in 0..120 {
            let case = format!("seed {seed}, step {step}");
            let n = 1 + random.u64(..total + 1) as u32;
            match random.u64(..8) {
                0..=2 => waiting.push((
                    Waiting::new(ours.acquire_many(n)),
                    Waiting::new(Arc::clone(&theirs).acquire_many_owned(n)),
                )),
                3..=4 if !permits.is_empty() => {
                    drop(permits.remove(random.usize(..permits.len())));
                }
                5 if !waiting.is_empty() => {
                    drop(waiting.remove(random.usize(..waiting.len())));
                }
                6 => {
                    let theirs = Arc::clone(&theirs);
                    match (ours.try_acquire_many(n), theirs.try_acquire_many_owned(n)) {
                        (Ok(ours), Ok(theirs)) => permits.push((ours, theirs)),
                        (ours, theirs) => {
                            assert!(ours.is_err() && theirs.is_err(), "{case}: a try");
                        }
                    }
                }
                7 if random.u64(..8) == 0 => {
                    ours.add_permits(1);
                    theirs.add_permits(1);
                }
                _ => {}
            }
            waiting.retain_mut(|(ours, theirs)| match (ours.poll(), theirs.poll()) {
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
