//! There is no poisoning: a panic while the lock is held unlocks, and that is all.

use std::sync::Arc;

use wakeful::{MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::support::{asleep, hold, panics};

#[test]
fn a_panic_in_the_critical_section_unlocks_and_calls_the_next() {
    let mutex = Arc::new(Mutex::new(0));
    let held = hold(&mutex);
    let mut next = asleep(&mutex);
    panics(move || {
        let mut held = held;
        *held = 1;
        panic!("in the section");
    });
    assert_eq!(next.wakes(), 1);
    assert_eq!(*next.poll().expect("unlocked"), 1, "half done is seen");

    let held = Arc::clone(&mutex).try_lock_owned().expect("free");
    panics(move || {
        let _held = held;
        panic!("in the section");
    });
    assert!(!mutex.is_locked());
}

#[test]
fn a_panic_in_a_map_unlocks() {
    let mutex = Arc::new(Mutex::new(0));
    let check = |what: &str| {
        assert!(!mutex.is_locked(), "{what}");
        assert_eq!(Arc::strong_count(&mutex), 1, "{what}");
    };
    let own = || Arc::clone(&mutex).try_lock_owned().expect("free");

    panics(|| MutexGuard::map(hold(&mutex), |_| -> &mut u8 { panic!() }));
    check("map");
    panics(|| MutexGuard::try_map(hold(&mutex), |_| -> Option<&mut u8> { panic!() }));
    check("try_map");
    panics(|| OwnedMutexGuard::map(own(), |_| -> &mut u8 { panic!() }));
    check("owned map");
    panics(|| OwnedMutexGuard::try_map(own(), |_| -> Option<&mut u8> { panic!() }));
    check("owned try_map");
}

#[test]
fn a_panic_in_a_map_of_a_part_unlocks() {
    let mutex = Arc::new(Mutex::new(0_u8));
    let check = |what: &str| {
        assert!(!mutex.is_locked(), "{what}");
        assert_eq!(Arc::strong_count(&mutex), 1, "{what}");
    };
    let part = || MutexGuard::map(hold(&mutex), |value| value);
    let own = || {
        let guard = Arc::clone(&mutex).try_lock_owned().expect("free");
        OwnedMutexGuard::map(guard, |value| value)
    };

    panics(|| MappedMutexGuard::map(part(), |_| -> &mut u8 { panic!() }));
    check("map");
    panics(|| MappedMutexGuard::try_map(part(), |_| -> Option<&mut u8> { panic!() }));
    check("try_map");
    panics(|| OwnedMappedMutexGuard::map(own(), |_| -> &mut u8 { panic!() }));
    check("owned map");
    panics(|| OwnedMappedMutexGuard::try_map(own(), |_| -> Option<&mut u8> { panic!() }));
    check("owned try_map");
}

#[test]
fn a_panic_in_the_debug_of_the_value_unlocks() {
    struct Loud;
    impl std::fmt::Debug for Loud {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("not to be shown")
        }
    }
    let mutex = Mutex::new(Loud);
    panics(|| format!("{mutex:?}"));
    assert!(!mutex.is_locked());
}

#[test]
fn a_panicking_thread_wakes_a_blocked_one() {
    let mutex = Arc::new(Mutex::new(0));
    let held = Arc::clone(&mutex).try_lock_owned().expect("free");
    let blocked = {
        let mutex = Arc::clone(&mutex);
        std::thread::spawn(move || *mutex.blocking_lock())
    };
    let panicking = std::thread::spawn(move || {
        let mut held = held;
        *held = 5;
        panic!("in the section");
    });
    assert!(panicking.join().is_err());
    assert_eq!(blocked.join().ok(), Some(5));
}
