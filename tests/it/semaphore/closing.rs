//! Closing: every waiter fails; permits that are out stay valid and count; nothing opens it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use wakeful::{AcquireTimeoutError, Semaphore, TryAcquireError};

use super::{asleep, hold, hold_all};
use crate::support::{KINDS, Waiting, Watchdog};

fn assert_closed(semaphore: &Arc<Semaphore>) {
    let own = || Arc::clone(semaphore);
    assert!(semaphore.is_closed());
    assert!(Waiting::new(semaphore.acquire()).poll().unwrap().is_err());
    let mut owned = Waiting::new(own().acquire_many_owned(2));
    assert!(owned.poll().unwrap().is_err());
    let tries = [
        semaphore.try_acquire().err(),
        own().try_acquire_many_owned(2).err(),
    ];
    assert_eq!(tries, [Some(TryAcquireError::Closed); 2]);
    assert!(semaphore.blocking_acquire().is_err());
    assert!(own().blocking_acquire_many_owned(2).is_err());
    for timeout in [Duration::ZERO, Duration::from_millis(1), Duration::MAX] {
        let timely = semaphore.blocking_acquire_timeout(timeout);
        let owned = own().blocking_acquire_many_owned_timeout(9, timeout);
        assert!(is_closed(timely.err()) && is_closed(owned.err()));
    }
}

/// Whether a wait with a timeout failed, because of the closing.
fn is_closed(error: Option<AcquireTimeoutError>) -> bool {
    error == Some(AcquireTimeoutError::Closed)
}

#[test]
fn a_closed_one_refuses_everybody_in_every_form_with_permits_or_without() {
    for permits in [0, 1, 5] {
        let semaphore = Arc::new(Semaphore::new(permits));
        semaphore.close();
        assert_closed(&semaphore);
        assert_eq!(semaphore.available_permits(), permits);
        semaphore.close();
        assert_closed(&semaphore);
    }
}

#[test]
fn permits_that_are_out_stay_valid_and_count_when_they_come_back() {
    let semaphore = Arc::new(Semaphore::new(6));
    let mut borrowed = hold(&semaphore, 3);
    let owned = Arc::clone(&semaphore).try_acquire_many_owned(3).unwrap();
    semaphore.close();
    let split = borrowed.split(1).unwrap();
    assert_eq!((borrowed.num_permits(), split.num_permits()), (2, 1));
    borrowed.merge(split);
    drop(borrowed);
    assert_eq!(semaphore.available_permits(), 3);
    drop(owned);
    assert_eq!(semaphore.available_permits(), 6);
    assert_closed(&semaphore);
}

/// tokio#8021: a closed bit lost by a hand-assembled state word.
#[test]
fn no_later_operation_opens_it_again() {
    let semaphore = Arc::new(Semaphore::new(3));
    let held = hold(&semaphore, 2);
    let waiting = asleep(&semaphore, 2);
    let cancelled = asleep(&semaphore, 2);
    semaphore.close();
    let check = |what: &str, free: usize| {
        assert_eq!(semaphore.available_permits(), free, "{what}");
        assert!(semaphore.is_closed(), "{what}");
        assert_closed(&semaphore);
    };
    check("closed", 1);
    semaphore.add_permits(4);
    check("added", 5);
    assert_eq!(semaphore.forget_permits(2), 2);
    check("forgotten", 3);
    semaphore.reduce_permits(1);
    check("reduced", 2);
    semaphore.reduce_permits(7);
    check("owed", 0);
    semaphore.add_permits(5);
    check("paid", 0);
    drop(held);
    check("come back", 2);
    drop(cancelled);
    check("cancelled", 2);
    let _dead = waiting.forget();
    check("forgotten", 2);
    let most = Semaphore::MAX_PERMITS;
    semaphore.add_permits(most - 2);
    check("the most", most);
    semaphore.reduce_permits(most);
    semaphore.reduce_permits(most);
    check("the deepest debt", 0);
}

/// Many register and release while it is closed: none sleeps on.
#[test]
fn closing_races_with_everything_and_leaves_nobody_asleep() {
    let _watchdog = Watchdog::new("closing races");
    for round in 0..300 {
        let semaphore = Semaphore::with_fairness(2, KINDS[round % KINDS.len()]);
        thread::scope(|scope| {
            for nth in 0..3 {
                let semaphore = &semaphore;
                scope.spawn(move || {
                    while let Ok(permit) = semaphore.blocking_acquire_many(1 + nth % 2) {
                        drop(permit);
                    }
                });
            }
            if round % 3 == 0 {
                thread::yield_now();
            }
            semaphore.close();
        });
        assert_eq!(semaphore.available_permits(), 2);
        assert!(semaphore.is_closed());
    }
}

/// Nothing is free until it is closed, so that nobody can have come before: not one who found it open
/// when it looked first, either, and goes on by way of the line.
#[test]
fn what_comes_back_after_closing_is_had_by_nobody() {
    const ROUNDS: usize = 500;
    let _watchdog = Watchdog::new("trying while it is closed");
    let mut had = 0;
    for round in 0..ROUNDS {
        let semaphore = Semaphore::new(1);
        let held = hold_all(&semaphore);
        let waiter = asleep(&semaphore, 1);
        let looks = AtomicBool::new(false);
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                loop {
                    looks.store(true, SeqCst);
                    match semaphore.try_acquire() {
                        Ok(_) => return true,
                        Err(TryAcquireError::Closed) => return false,
                        Err(TryAcquireError::NoPermits) => {}
                    }
                }
            });
            while !looks.load(SeqCst) {
                thread::yield_now();
            }
            (0..round % 64).for_each(|_| std::hint::spin_loop());
            semaphore.close();
            drop(held);
            had += usize::from(other.join().unwrap());
        });
        drop(waiter);
    }
    assert_eq!(had, 0, "of {ROUNDS}");
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn blocked_threads_of_every_kind_fail() {
    let _watchdog = Watchdog::new("blocked threads, closed");
    let semaphore = Arc::new(Semaphore::new(0));
    let verbs: [fn(Arc<Semaphore>) -> bool; 6] = [
        |semaphore| semaphore.blocking_acquire().is_err(),
        |semaphore| semaphore.blocking_acquire_many_owned(2).is_err(),
        |semaphore| is_closed(semaphore.blocking_acquire_timeout(HOUR).err()),
        |semaphore| is_closed(semaphore.blocking_acquire_many_timeout(3, HOUR).err()),
        |semaphore| is_closed(semaphore.blocking_acquire_owned_timeout(HOUR).err()),
        |semaphore| {
            let timely = semaphore.blocking_acquire_many_owned_timeout(2, Duration::MAX);
            is_closed(timely.err())
        },
    ];
    let threads = verbs.map(|verb| {
        let semaphore = Arc::clone(&semaphore);
        thread::spawn(move || verb(semaphore))
    });
    thread::sleep(Duration::from_millis(10)); // so that most of them sleep; none has to
    semaphore.close();
    for thread in threads {
        assert!(thread.join().expect("no panic"));
    }
}
