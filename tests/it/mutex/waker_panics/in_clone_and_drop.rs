//! A panic where a waker is cloned or dropped.

use std::sync::Arc;
use std::task::Waker;

use wakeful::{Fairness, Mutex};

use super::{asleep_with, assert_idle, called_before};
use crate::support::{Hooks, KINDS, Task, asleep, hold, panics, poll_with};

fn panics_in_clone() -> Waker {
    Hooks::default().on_clone(|| panic!("in clone")).waker()
}

/// Only while it is armed: a waker has to be dropped at last.
fn panics_in_drop() -> (Waker, Arc<Task>) {
    let disarm = Task::new();
    let disarmed = Arc::clone(&disarm);
    let on_drop = move || assert!(disarmed.wakes() > 0, "in drop");
    (Hooks::default().on_drop(on_drop).waker(), disarm)
}

#[test]
fn a_panic_in_clone_at_the_first_poll_leaves_nobody_in_line() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut lock = Box::pin(mutex.lock());
        assert_eq!(
            panics(|| poll_with(&panics_in_clone(), lock.as_mut())),
            "in clone"
        );
        let mut waiter = asleep(&mutex);
        drop(held);
        assert_eq!(waiter.wakes(), 1, "it is first");
        drop(waiter.poll().expect("called"));
        assert!(
            poll_with(Waker::noop(), lock.as_mut()).is_ready(),
            "a new try"
        );
        assert_idle(&mutex);
    }
}

#[test]
fn a_panic_in_clone_at_a_later_poll_leaves_the_earlier_waker_in_place() {
    let mutex = Mutex::new(());
    let held = hold(&mutex);
    let mut waiter = asleep(&mutex);
    let loud = panics_in_clone();
    assert_eq!(panics(|| poll_with(&loud, waiter.future())), "in clone");
    drop(held);
    assert_eq!(waiter.wakes(), 1);
    assert!(waiter.poll().is_some());
    assert_idle(&mutex);
}

#[test]
fn a_panic_in_the_drop_of_a_replaced_waker_leaves_the_new_one_in_place() {
    let mutex = Mutex::new(());
    let (loud, disarm) = panics_in_drop();
    let held = hold(&mutex);
    let mut lock = asleep_with(&loud, &mutex);
    let task = Task::new();
    let said = panics(|| task.poll(lock.as_mut()));
    disarm.count();
    assert_eq!(said, "in drop");
    drop(held);
    assert_eq!(task.wakes(), 1);
    assert!(task.poll(lock.as_mut()).is_ready());
    assert_idle(&mutex);
}

/// It overtook from within the line, so its waker was not taken by a call.
#[test]
fn a_panic_in_the_drop_of_a_waker_leaves_the_lock_that_a_poll_took_free() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(1));
    let (loud, disarm) = panics_in_drop();
    let (mut first, mut second) = called_before(&loud, &mutex);
    let said = panics(|| poll_with(&loud, second.as_mut()));
    disarm.count();
    assert_eq!(said, "in drop");
    assert!(!mutex.is_locked(), "the lock is leaked");
    assert!(first.poll().is_some());
    drop(second);
    assert_idle(&mutex);
}

#[test]
fn a_panic_in_the_drop_of_a_cancelled_waker_leaves_nobody_in_line() {
    for unwinding in [false, true] {
        let mutex = Mutex::new(());
        let (loud, disarm) = panics_in_drop();
        let held = hold(&mutex);
        let lock = asleep_with(&loud, &mutex);
        let next = asleep(&mutex);
        let said = panics(|| {
            let _lock = lock;
            assert!(!unwinding, "the outer one");
        });
        assert_eq!(
            said,
            if unwinding {
                "the outer one"
            } else {
                "in drop"
            }
        );
        drop(held);
        assert_eq!(next.wakes(), 1);
        disarm.count();
        drop(next);
        assert_idle(&mutex);
    }
}
