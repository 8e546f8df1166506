//! Bugs that were found once, each by a name that says what went wrong.

use wakeful::{Acquire, Fairness, Semaphore, SemaphorePermit};

use super::{called, hold};
use crate::support::Waiting;

/// So many waiters for a permit each, all called; a barger has taken `barged` and the last credit.
fn all_called_then_barged<const N: usize>(
    semaphore: &Semaphore,
    barged: u32,
) -> ([Waiting<Acquire<'_>>; N], SemaphorePermit<'_>) {
    let waiters = called(semaphore, [1; N]);
    assert!(waiters.iter().all(|waiter| waiter.wakes() == 1));
    (waiters, hold(semaphore, barged))
}

/// Who had been the last of the front, with a sleeper ahead of it, still counted that sleeper when it
/// was called again.
#[test]
fn a_front_that_retreated_past_a_sleeper_does_not_count_it_twice() {
    let semaphore = Semaphore::with_fairness(3, Fairness::overtakes(1));
    let (mut waiters, barger) = all_called_then_barged::<3>(&semaphore, 2);
    assert!(waiters[1].is_pending() && waiters[2].is_pending());
    drop(barger);
    assert!(waiters[1..].iter().all(|waiter| waiter.wakes() == 2));
    semaphore.add_permits(1);
    drop(semaphore.try_acquire().expect("enough for all"));
    for waiter in &mut waiters {
        drop(waiter.poll().expect("called"));
    }
    assert_eq!(semaphore.available_permits(), 4);
}

/// The last of a long front slept again, and the sleeper ahead of it was looked at by nobody then.
#[test]
fn a_sleeper_far_back_is_not_stranded_when_the_front_retreats_past_it() {
    let semaphore = Semaphore::with_fairness(72, Fairness::overtakes(1));
    let (mut waiters, barger) = all_called_then_barged::<72>(&semaphore, 10);
    assert!(waiters[70].is_pending(), "too little for all");
    drop(barger);
    let mut permits: Vec<_> = waiters[71].poll().into_iter().collect();
    permits.extend(
        waiters[..70]
            .iter_mut()
            .map(|waiter| waiter.poll().unwrap()),
    );
    for waiter in &mut waiters[70..] {
        if waiter.wakes() > 1 {
            permits.extend(waiter.poll());
        }
    }
    assert_eq!(semaphore.available_permits(), 0, "some sleep beside it");
}
