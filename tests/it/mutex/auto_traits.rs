//! Who is `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`, and who is not.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};

use wakeful::{
    Lock, LockOwned, MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
};

use crate::support::auto_traits::{Both, Neither, SendOnly, SyncOnly};
use crate::support::implements;

/// Whether a type over each of several values implements a trait.
macro_rules! over {
    ($of:ident<$($value:ty),*>: $trait:path) => {
        [$(implements!($of<$value>: $trait)),*]
    };
}

type Pointer = *const ();

type Guard<T> = MutexGuard<'static, T>;
type Mapped<T> = MappedMutexGuard<'static, T>;
type OwnedMappedOf<T> = OwnedMappedMutexGuard<T, Both>;
type OwnedMappedTo<U> = OwnedMappedMutexGuard<Both, U>;
type Locking<T> = Lock<'static, T>;

macro_rules! threads {
    ($of:ident: $trait:path) => {
        over!($of<Neither, Pointer, SendOnly, SyncOnly, Both>: $trait)
    };
}

const IF_SEND: [bool; 5] = [false, false, true, false, true];
const IF_SYNC: [bool; 5] = [false, false, false, true, true];
const IF_BOTH: [bool; 5] = [false, false, false, false, true];

#[test]
fn the_question_is_answered_right() {
    assert!(implements!(u8: Copy) && implements!([u8]: Sync));
    assert!(!implements!(String: Copy) && !implements!(dyn Fn(): Send));
    assert_eq!(over!(Vec<Neither, SendOnly>: Send), [false, true]);
}

#[test]
fn a_mutex_goes_where_its_value_may_be_sent() {
    assert_eq!(threads!(Mutex: Send), IF_SEND);
    // The lock does what `Sync` would.
    assert_eq!(threads!(Mutex: Sync), IF_SEND);
}

#[test]
fn guards_are_as_an_exclusive_reference() {
    assert_eq!(threads!(Guard: Send), IF_SEND);
    assert_eq!(threads!(OwnedMutexGuard: Send), IF_SEND);
    assert_eq!(threads!(Mapped: Send), IF_SEND);
    assert_eq!(threads!(OwnedMappedTo: Send), IF_SEND);
    // It may drop the whole.
    assert_eq!(threads!(OwnedMappedOf: Send), IF_SEND);
}

#[test]
fn guards_are_shared_where_the_value_may_be() {
    // A shared guard leads to the mutex, and the mutex to the value, on another thread.
    assert_eq!(threads!(Guard: Sync), IF_BOTH);
    assert_eq!(threads!(OwnedMutexGuard: Sync), IF_BOTH);
    // These lead to the part and nothing else.
    assert_eq!(threads!(Mapped: Sync), IF_SYNC);
    assert_eq!(threads!(OwnedMappedTo: Sync), IF_SYNC);
    assert_eq!(threads!(OwnedMappedOf: Sync), IF_SEND);
}

#[test]
fn futures_are_send_and_sync_exactly_when_the_mutex_may_be_shared() {
    assert_eq!(threads!(Locking: Send), IF_SEND);
    assert_eq!(threads!(Locking: Sync), IF_SEND);
    assert_eq!(threads!(LockOwned: Send), IF_SEND);
    assert_eq!(threads!(LockOwned: Sync), IF_SEND);
}

#[test]
fn what_is_not_sized_goes_the_same_ways() {
    assert!(implements!(Mutex<dyn Fn() + Send>: Sync));
    assert!(!implements!(Mutex<dyn Fn() + Sync>: Sync));
    assert!(implements!(Guard<[u8]>: Send) && !implements!(Guard<[Neither]>: Send));
    assert!(implements!(Locking<dyn Fn() + Send>: Send));
    assert!(!implements!(Locking<dyn Fn()>: Send));
}

#[test]
fn futures_are_pinned_and_all_else_is_not() {
    assert!(!implements!(Locking<Both>: Unpin));
    assert!(!implements!(LockOwned<Both>: Unpin));
    assert!(implements!(Mutex<Both>: Unpin));
    assert!(implements!(Guard<Both>: Unpin));
    assert!(implements!(Mapped<Both>: Unpin));
    assert!(implements!(OwnedMutexGuard<Both>: Unpin));
    assert!(implements!(OwnedMappedMutexGuard<Both, Both>: Unpin));
    // They lead to the value and do not hold it: they may be moved whatever it is.
    assert!(implements!(Guard<PhantomPinned>: Unpin));
    assert!(implements!(OwnedMutexGuard<PhantomPinned>: Unpin));
}

/// Safe by value or by reference, alone or together.
type ByNeither = &'static Cell<u8>;
type ByValue = Cell<u8>;
type ByReference = &'static mut u8;

macro_rules! unwinding {
    ($of:ident: $trait:path) => {
        over!($of<ByNeither, ByValue, ByReference, Both>: $trait)
    };
}

type Plain<T> = T;

#[test]
fn a_mutex_is_unwind_safe_as_its_value_is() {
    let (by_value, by_reference) = ([false, true, false, true], [false, false, true, true]);
    assert_eq!(unwinding!(Plain: UnwindSafe), by_value);
    assert_eq!(unwinding!(Plain: RefUnwindSafe), by_reference);
    assert_eq!(unwinding!(Mutex: UnwindSafe), by_value);
    assert_eq!(unwinding!(Mutex: RefUnwindSafe), by_reference);
}

#[test]
fn guards_and_futures_are_no_safer_to_unwind_than_what_they_lead_to() {
    let by_reference = unwinding!(Plain: RefUnwindSafe);
    let both = [false, false, false, true];
    let never = [false; 4];
    assert_eq!(unwinding!(Guard: UnwindSafe), both);
    assert_eq!(unwinding!(OwnedMutexGuard: UnwindSafe), both);
    assert_eq!(unwinding!(Guard: RefUnwindSafe), by_reference);
    assert_eq!(unwinding!(OwnedMutexGuard: RefUnwindSafe), by_reference);
    assert_eq!(unwinding!(Mapped: UnwindSafe), never, "as `&mut` is");
    assert_eq!(unwinding!(OwnedMappedTo: UnwindSafe), by_reference);
    assert_eq!(unwinding!(OwnedMappedTo: RefUnwindSafe), by_reference);
    // As `&Mutex<T>` and `Arc<Mutex<T>>` are.
    assert_eq!(unwinding!(Locking: UnwindSafe), by_reference);
    assert_eq!(unwinding!(LockOwned: UnwindSafe), by_reference);
}
