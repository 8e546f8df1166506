//! A panic where a waker is woken.

use std::task::Waker;

use wakeful::{Fairness, Mutex};

use super::{asleep_with, assert_idle, called_before};
use crate::support::{Hooks, KINDS, SHORT, Waiting, asleep, hold, panics, past, poll_with};

fn panics_in_wake() -> Waker {
    Hooks::default().on_wake(|| panic!("in wake")).waker()
}

#[test]
fn a_panic_in_wake_leaves_a_release_done() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let waker = panics_in_wake();
        let held = hold(&mutex);
        let mut first = asleep_with(&waker, &mutex);
        let mut second = asleep(&mutex);
        assert_eq!(panics(|| drop(held)), "in wake");
        assert!(!mutex.is_locked(), "the lock is leaked");
        assert!(
            poll_with(&waker, first.as_mut()).is_ready(),
            "it was called"
        );
        assert_eq!(second.wakes(), 1);
        assert!(second.poll().is_some());
        assert_idle(&mutex);
    }
}

#[test]
fn a_release_while_unwinding_swallows_a_panic_in_wake() {
    let mutex = Mutex::new(());
    let waker = panics_in_wake();
    let held = hold(&mutex);
    let first = asleep_with(&waker, &mutex);
    let said = panics(|| {
        let _held = held;
        panic!("the outer one");
    });
    assert_eq!(said, "the outer one");
    drop(first);
    assert_idle(&mutex);
}

#[test]
fn a_panic_in_wake_leaves_a_cancelled_waiter_cancelled() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let waker = panics_in_wake();
        let (first, mut second) = called_before(&waker, &mutex);
        assert_eq!(panics(|| drop(first)), "in wake");
        assert!(
            poll_with(&waker, second.as_mut()).is_ready(),
            "it was called"
        );
        assert_idle(&mutex);
    }
}

#[test]
fn cancelling_while_unwinding_swallows_a_panic_in_wake() {
    let mutex = Mutex::new(());
    let waker = panics_in_wake();
    let (first, second) = called_before(&waker, &mutex);
    let said = panics(|| {
        let _first = first;
        panic!("the outer one");
    });
    assert_eq!(said, "the outer one");
    drop(second);
    assert_idle(&mutex);
}

/// A poll that meets a future of its own task wakes itself, and one that passes it over wakes the next: see
/// `fairness::futurelock`.
#[test]
fn all_others_are_woken_before_a_panic_in_wake_propagates_from_a_poll() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let waker = panics_in_wake();
    let held = hold(&mutex);
    let kept = [(); 2].map(|()| asleep_with(&waker, &mutex));
    let mut other = asleep(&mutex);
    let mut last = asleep_with(&waker, &mutex);
    assert_eq!(panics(|| drop(held)), "in wake", "the first is called");
    assert_eq!(panics(|| poll_with(&waker, last.as_mut())), "in wake");
    assert_eq!(panics(|| poll_with(&waker, last.as_mut())), "in wake");
    assert_eq!(other.wakes(), 0, "the second is called, and met");
    assert!(poll_with(&waker, last.as_mut()).is_pending());
    assert_eq!(other.wakes(), 1, "the second is passed over");
    let guard = other.poll().expect("called");
    assert_eq!(panics(|| drop(guard)), "in wake", "the last is called");
    drop((kept, last));
    assert_idle(&mutex);
}

#[test]
fn a_panic_in_wake_leaves_the_lock_free_and_the_future_fit_to_be_polled() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let waker = panics_in_wake();
    let held = hold(&mutex);
    let kept = [(); 2].map(|()| asleep_with(&waker, &mutex));
    let mut last = asleep_with(&waker, &mutex);
    assert_eq!(panics(|| drop(held)), "in wake", "the first is called");
    // It meets the first, and then the second.
    for _ in 0..2 {
        assert_eq!(panics(|| poll_with(&waker, last.as_mut())), "in wake");
        assert!(!mutex.is_locked(), "the lock is leaked");
    }
    assert!(
        poll_with(&waker, last.as_mut()).is_ready(),
        "both are passed over"
    );
    drop((kept, last));
    assert_idle(&mutex);
}

#[test]
fn a_prober_that_is_dropped_hands_its_role_on_even_if_the_heir_panics() {
    for unwinding in [false, true] {
        let fairness = Fairness::overtakes(0).with_patience(SHORT);
        let mutex = Mutex::with_fairness((), fairness);
        let waker = panics_in_wake();
        let (snoozing, mut heir) = called_before(&waker, &mutex);
        let mut prober = Waiting::new(mutex.lock());
        assert!(prober.is_pending() && prober.is_pending());
        let said = panics(|| {
            let _prober = prober;
            assert!(!unwinding, "the outer one");
        });
        assert_eq!(
            said,
            if unwinding {
                "the outer one"
            } else {
                "in wake"
            }
        );
        let quiet = Hooks::default().waker();
        past(SHORT);
        let mut polls = (0..5).map(|_| poll_with(&quiet, heir.as_mut()));
        assert!(polls.any(|polled| polled.is_ready()), "the heir probes");
        drop(snoozing);
        assert_idle(&mutex);
    }
}
