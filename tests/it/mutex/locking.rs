//! Locking, polled by hand.

use std::sync::Arc;

use wakeful::Mutex;

use crate::support::Waiting;

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
