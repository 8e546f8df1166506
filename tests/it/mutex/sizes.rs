//! What things cost in bytes.

use std::sync::Arc;

use wakeful::{Fairness, MappedMutexGuard, Mutex, MutexGuard, OwnedMutexGuard, TryLockError};

const POINTER: usize = size_of::<usize>();

#[test]
fn a_mutex_has_at_most_40_bytes_beside_its_value() {
    assert!(size_of::<Mutex<()>>() <= 40, "{}", size_of::<Mutex<()>>());
    assert!(size_of::<Mutex<[u64; 100]>>() <= 40 + 800);
}

#[test]
fn the_future_of_a_lock_has_at_most_80_bytes() {
    let mutex = Arc::new(Mutex::new([0_u64; 100]));
    let lock = size_of_val(&mutex.lock());
    assert!(lock <= 80, "{lock}");
    let owned = size_of_val(&Arc::clone(&mutex).lock_owned());
    assert!(owned <= 80, "{owned}");
    let unsized_value: &Mutex<[u64]> = &*mutex;
    assert!(size_of_val(&unsized_value.lock()) <= 80 + POINTER);
}

#[test]
fn a_guard_is_one_pointer_and_so_is_no_guard() {
    assert_eq!(size_of::<MutexGuard<'_, [u64; 100]>>(), POINTER);
    assert_eq!(size_of::<Option<MutexGuard<'_, u8>>>(), POINTER);
    type Tried = Result<MutexGuard<'static, u8>, TryLockError>;
    assert_eq!(size_of::<Tried>(), POINTER);
    assert_eq!(size_of::<OwnedMutexGuard<u8>>(), POINTER);
    assert_eq!(size_of::<MappedMutexGuard<'_, u8>>(), 2 * POINTER);
    assert!(size_of::<Fairness>() <= 24);
}
