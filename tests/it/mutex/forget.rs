//! Forgotten waiters and guards beside the value.

use std::sync::Arc;

use wakeful::Mutex;

use crate::support::{asleep, hold};

#[test]
fn the_value_is_reached_and_dropped_with_the_dead_in_line() {
    let value = Arc::new(());
    let mutex = Mutex::new((Arc::clone(&value), 0));
    let held = hold(&mutex);
    let _dead = [(); 10].map(|()| asleep(&mutex).forget());
    drop(held);
    let mut mutex = Box::new(mutex);
    mutex.get_mut().1 += 1;
    hold(&mutex).1 += 1;
    assert_eq!(mutex.into_inner().1, 2);
    assert_eq!(Arc::strong_count(&value), 1, "the value is dropped");
}

#[test]
fn a_forgotten_guard_leaves_it_locked_and_the_value_is_reached() {
    let mutex = Mutex::new(5);
    std::mem::forget(hold(&mutex));
    drop(asleep(&mutex));
    let mutex = Box::new(mutex);
    assert!(mutex.try_lock().is_err());
    assert_eq!(mutex.into_inner(), 5);
}
