//! Acquiring, in every form that does not block.

use std::sync::Arc;

use wakeful::{Semaphore, TryAcquireError};

use super::{asleep, assert_idle, hold_all, of_all_kinds};
use crate::support::Waiting;

/// Polls it once, when it has to be ready.
#[track_caller]
fn at_once<T, E>(acquire: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    Waiting::new(acquire).poll().expect("it need not wait")
}

#[test]
fn free_permits_are_taken_in_the_first_poll() {
    for semaphore in of_all_kinds(5).map(Arc::new) {
        let one = at_once(semaphore.acquire()).unwrap();
        let two = at_once(semaphore.acquire_many(2)).unwrap();
        assert_eq!((one.num_permits(), two.num_permits()), (1, 2));
        assert_eq!(semaphore.available_permits(), 2);
        drop((one, two));
        let one = at_once(Arc::clone(&semaphore).acquire_owned()).unwrap();
        let two = at_once(Arc::clone(&semaphore).acquire_many_owned(2)).unwrap();
        assert_eq!((one.num_permits(), two.num_permits()), (1, 2));
        assert_eq!(semaphore.available_permits(), 2);
        drop((one, two));
        assert_idle(&semaphore, 5);
        assert_eq!(Arc::strong_count(&semaphore), 1);
    }
}

#[test]
fn every_try_takes_exactly_what_is_free() {
    let semaphore = Arc::new(Semaphore::new(3));
    let one = semaphore.try_acquire().unwrap();
    let none = Some(TryAcquireError::NoPermits);
    assert_eq!(semaphore.try_acquire_many(3).err(), none);
    let own = || Arc::clone(&semaphore);
    let two = own().try_acquire_many_owned(2).unwrap();
    assert_eq!((one.num_permits(), two.num_permits()), (1, 2));
    assert_eq!(semaphore.try_acquire().err(), none);
    assert_eq!(semaphore.try_acquire_many(1).err(), none);
    assert_eq!(own().try_acquire_owned().err(), none);
    assert_eq!(own().try_acquire_many_owned(1).err(), none);
    drop(one);
    let one = own().try_acquire_owned().unwrap();
    assert_eq!(one.num_permits(), 1);
    drop((one, two));
    assert_eq!(Arc::strong_count(&semaphore), 1, "errors keep nothing");
    assert_idle(&semaphore, 3);
}

#[test]
fn none_at_all_are_ready_at_once_unless_closed() {
    for semaphore in of_all_kinds(2).map(Arc::new) {
        let check = |what: &str| {
            let none = at_once(semaphore.acquire_many(0)).expect(what);
            assert_eq!(none.num_permits(), 0);
            drop(semaphore.try_acquire_many(0).expect(what));
            drop(semaphore.blocking_acquire_many(0).expect(what));
            drop(at_once(Arc::clone(&semaphore).acquire_many_owned(0)).expect(what));
        };
        check("free");
        let held = hold_all(&semaphore);
        check("none is free");
        let first = asleep(&semaphore, 1);
        let big = asleep(&semaphore, 100);
        check("some wait");
        semaphore.reduce_permits(3);
        check("some are owed");
        semaphore.add_permits(3);
        drop(held);
        check("some are called");
        drop((first, big));
        semaphore.close();
        assert!(at_once(semaphore.acquire_many(0)).is_err());
        assert!(semaphore.try_acquire_many(0).is_err());
        assert!(semaphore.blocking_acquire_many(0).is_err());
    }
}

#[test]
fn a_request_above_the_total_waits_until_permits_are_added() {
    for semaphore in of_all_kinds(2) {
        let mut big = asleep(&semaphore, 5);
        semaphore.add_permits(2);
        assert_eq!(big.wakes(), 0);
        semaphore.add_permits(1);
        assert_eq!(big.wakes(), 1);
        drop(big.poll().unwrap().unwrap());
        let huge = asleep(&semaphore, u32::MAX);
        drop(huge);
        assert_idle(&semaphore, 5);
    }
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_largest_request_is_met() {
    let semaphore = Semaphore::new(0);
    let mut all = asleep(&semaphore, u32::MAX);
    semaphore.add_permits(u32::MAX as usize - 1);
    assert_eq!(all.wakes(), 0);
    semaphore.add_permits(1);
    let permit = all.poll().unwrap().unwrap();
    assert_eq!(permit.num_permits(), u32::MAX as usize);
    assert_eq!(semaphore.available_permits(), 0);
}

/// On 32 bits, such a number is negative where it is taken for a balance.
#[test]
fn the_largest_requests_wait_as_all_others() {
    for n in [1 << 29, 1 << 31, u32::MAX] {
        let semaphore = Semaphore::new(3);
        let too_few = TryAcquireError::NoPermits;
        assert_eq!(semaphore.try_acquire_many(n).unwrap_err(), too_few);
        let waiter = asleep(&semaphore, n);
        drop(waiter);
        assert_idle(&semaphore, 3);
    }
}
