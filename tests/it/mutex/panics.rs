//! There is no poisoning: a panic while the lock is held unlocks, and that is all.

use std::sync::Arc;

use wakeful::Mutex;

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
    let own = Arc::clone(&mutex);
    let blocked = std::thread::spawn(move || *own.blocking_lock());
    let panicking = std::thread::spawn(move || {
        let mut held = held;
        *held = 5;
        panic!("in the section");
    });
    assert!(panicking.join().is_err());
    assert_eq!(blocked.join().ok(), Some(5));
}
