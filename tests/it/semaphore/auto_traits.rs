//! Who is `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`, and who is not.

use std::panic::{RefUnwindSafe, UnwindSafe};

use wakeful::{
    Acquire, AcquireError, AcquireOwned, AcquireTimeoutError, OwnedSemaphorePermit, Semaphore,
    SemaphorePermit, TryAcquireError,
};

use crate::support::implements;

/// Whether they implement a trait, the semaphore first, the two futures last.
macro_rules! all {
    ($trait:path) => {
        [
            implements!(Semaphore: $trait),
            implements!(SemaphorePermit<'static>: $trait),
            implements!(OwnedSemaphorePermit: $trait),
            implements!(AcquireError: $trait),
            implements!(TryAcquireError: $trait),
            implements!(AcquireTimeoutError: $trait),
            implements!(Acquire<'static>: $trait),
            implements!(AcquireOwned: $trait),
        ]
    };
}

#[test]
fn all_go_to_other_threads_and_are_shared_between_them() {
    assert_eq!(all!(Send), [true; 8]);
    assert_eq!(all!(Sync), [true; 8]);
}

#[test]
fn futures_are_pinned_and_all_else_is_not() {
    let unpin = [true, true, true, true, true, true, false, false];
    assert_eq!(all!(Unpin), unpin);
}

#[test]
fn the_semaphore_and_its_permits_are_unwind_safe() {
    assert_eq!(all!(UnwindSafe)[..6], [true; 6]);
    assert_eq!(all!(RefUnwindSafe)[..6], [true; 6]);
}

/// As those of the mutex are: a waiter in line is behind a cell, and its owner may be torn.
#[test]
fn futures_are_unwind_safe_by_value() {
    assert_eq!(all!(UnwindSafe)[6..], [true; 2]);
}
