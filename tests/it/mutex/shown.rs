//! What `Debug` and `Display` show, without waiting.

use std::fmt;
use std::sync::Arc;

use wakeful::{Fairness, MappedMutexGuard, Mutex, MutexGuard, OwnedMutexGuard};

use crate::support::{called, hold};

#[test]
fn the_mutex_shows_its_value_or_that_it_is_locked() {
    let mutex = Mutex::new(5);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: 5 }");
    let held = hold(&mutex);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: <locked> }");
    drop(held);
    // It lets go again.
    assert_eq!(format!("{mutex:?}"), "Mutex { data: 5 }");
}

#[test]
fn what_is_kept_is_shown_as_locked_and_not_waited_for() {
    let mutex = Mutex::with_fairness(5, Fairness::FIFO);
    let mut first = called(&mutex);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: <locked> }");
    assert!(first.poll().is_some(), "looking took nothing");
}

#[test]
fn looking_at_a_free_lock_wakes_who_waits_behind() {
    let mutex = Mutex::with_fairness(5, Fairness::overtakes(1));
    let mut first = called(&mutex);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: 5 }");
    assert!(first.poll().is_some(), "free again, and still called");
}

#[test]
fn every_guard_shows_the_value() {
    let mutex = Arc::new(Mutex::new((String::from("a\"b"), 7)));
    let guard = hold(&mutex);
    assert_eq!(format!("{guard:?}"), r#"("a\"b", 7)"#);
    let part = MutexGuard::map(guard, |pair| &mut pair.0);
    assert_eq!(format!("{part:?} {part}"), r#""a\"b" a"b"#);
    let same = MappedMutexGuard::map(part, |text| text);
    assert_eq!(format!("{same:>5}"), "  a\"b");
    drop(same);
    let guard = Arc::clone(&mutex).try_lock_owned().expect("free");
    assert_eq!(format!("{guard:?}"), r#"("a\"b", 7)"#);
    let part = OwnedMutexGuard::map(guard, |pair| &mut pair.1);
    assert_eq!(format!("{part:?} {part:03}"), "7 007");
    drop(part);
    let whole = Arc::new(Mutex::new(7));
    assert_eq!(format!("{}", hold(&whole)), "7");
    let guard = Arc::clone(&whole).try_lock_owned().expect("free");
    assert_eq!(format!("{guard}"), "7");
}

/// A value whose `Debug` looks at the mutex that it is in.
struct Curious;

static LOOKED_AT: Mutex<Curious> = Mutex::new(Curious);

impl fmt::Debug for Curious {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", LOOKED_AT.is_locked())
    }
}

#[test]
fn showing_a_value_that_looks_back_does_not_deadlock() {
    assert_eq!(format!("{LOOKED_AT:?}"), "Mutex { data: true }");
    assert!(!LOOKED_AT.is_locked());
}

#[test]
fn try_lock_fails_exactly_while_it_is_held() {
    let mutex = Mutex::new(5);
    let held = mutex.try_lock().expect("free");
    let error = mutex.try_lock().expect_err("held");
    assert_eq!(error.to_string(), "operation would block");
    drop(held);
    assert_eq!(*mutex.try_lock().expect("free again"), 5);
}
