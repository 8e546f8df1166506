//! Locking, polled by hand.

use std::sync::Arc;

use wakeful::Mutex;

use crate::support::{KINDS, Waiting, asleep, hold};

#[test]
fn a_free_lock_is_taken_in_the_first_poll() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness(1, fairness);
        for _ in 0..3 {
            let mut lock = Waiting::new(mutex.lock());
            *lock.poll().expect("it is free") += 1;
            assert_eq!(lock.wakes(), 0);
        }
        assert_eq!(mutex.into_inner(), 4);
    }
}

#[test]
fn a_lock_that_is_not_polled_does_nothing() {
    let mutex = Mutex::new(());
    let never_polled = mutex.lock();
    assert!(!mutex.is_locked());
    let held = hold(&mutex);
    let mut second = asleep(&mutex);
    drop(held);
    assert_eq!(second.wakes(), 1, "the one that was polled is the first");
    drop(never_polled);
    assert!(second.poll().is_some());
}

#[test]
fn a_waiter_is_woken_once_by_the_release_and_not_before() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness(0, fairness);
        let held = hold(&mutex);
        let mut waiter = asleep(&mutex);
        for _ in 0..100 {
            assert!(waiter.is_pending());
        }
        assert_eq!(
            waiter.wakes(),
            0,
            "who waits for a lock that is held does not spin"
        );
        drop(held);
        assert_eq!(waiter.wakes(), 1);
        let guard = waiter.poll().expect("it is its turn");
        assert!(mutex.is_locked());
        drop(guard);
        assert_eq!(waiter.wakes(), 1);
        assert!(!mutex.is_locked());
    }
}

#[test]
fn try_lock_fails_exactly_while_it_is_held() {
    let mutex = Mutex::new(5);
    let held = mutex.try_lock().expect("free");
    assert_eq!(
        mutex.try_lock().expect_err("held").to_string(),
        "operation would block"
    );
    drop(held);
    assert_eq!(*mutex.try_lock().expect("free again"), 5);
}

#[test]
fn owned_guards_keep_the_mutex_alive() {
    let mutex = Arc::new(Mutex::new(String::from("value")));
    let weak = Arc::downgrade(&mutex);
    let held = Arc::clone(&mutex).try_lock_owned().expect("free");
    assert!(Arc::clone(&mutex).try_lock_owned().is_err());
    let mut waiter = Waiting::new(Arc::clone(&mutex).lock_owned());
    assert!(waiter.is_pending());
    drop(mutex);
    drop(held);
    assert_eq!(waiter.wakes(), 1);
    let guard = waiter.poll().expect("its turn");
    drop(waiter);
    assert_eq!(*guard, "value");
    assert_eq!(weak.strong_count(), 1, "the guard alone keeps it");
    drop(guard);
    assert_eq!(weak.strong_count(), 0);
}

#[test]
fn a_dropped_lock_owned_gives_its_reference_back() {
    let mutex = Arc::new(Mutex::new(()));
    let held = hold(&mutex);
    let mut waiter = Waiting::new(Arc::clone(&mutex).lock_owned());
    assert!(waiter.is_pending());
    assert_eq!(Arc::strong_count(&mutex), 2);
    drop(waiter);
    assert_eq!(Arc::strong_count(&mutex), 1);
    drop(held);
    assert!(!mutex.is_locked());
}

#[test]
fn is_locked_tells() {
    let mutex = Mutex::new(());
    assert!(!mutex.is_locked());
    let held = hold(&mutex);
    assert!(mutex.is_locked());
    let waiter = asleep(&mutex);
    drop(held);
    assert!(!mutex.is_locked(), "called, but nobody has it");
    drop(waiter);
}

#[test]
fn what_is_kept_for_a_called_waiter_is_refused_to_try_lock() {
    let mutex = Mutex::with_fairness((), wakeful::Fairness::FIFO);
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    drop(held);
    assert!(!mutex.is_locked());
    assert!(mutex.try_lock().is_err());
    drop(waiter.poll().expect("kept for it"));
    assert!(mutex.try_lock().is_ok());
}

#[test]
fn the_debug_of_a_future_tells_where_it_was_made() {
    let mutex = Mutex::new(());
    let line = line!() + 1;
    let lock = mutex.lock();
    let place = format!("{}:{line}:", file!());
    let shown = format!("{lock:?}");
    assert!(
        shown.starts_with("Lock {") && shown.contains(&place),
        "{shown}"
    );
    let owned = Arc::new(Mutex::new(())).lock_owned();
    assert!(format!("{owned:?}").starts_with("LockOwned {"));
}
