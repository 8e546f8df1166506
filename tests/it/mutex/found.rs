//! Bugs that were found once, each by a name that says what went wrong.

use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::Waker;
use std::time::Duration;
use std::{mem, pin::Pin};

use futures::future::FusedFuture;
use wakeful::{Fairness, LockOwned, Mutex};

use crate::support::loud::asleep_with;
use crate::support::{Hooks, LONG, Task, Waiting, panics, poll_with, without_credit};

type Future = Pin<Box<LockOwned<()>>>;

/// Polled once with this waker.
fn asleep(mutex: &Arc<Mutex<()>>, waker: &Waker) -> Future {
    asleep_with(waker, mutex.clone().lock_owned())
}

fn task() -> Waker {
    Waker::from(Task::new())
}

/// Two probers are dropped, the second while the first wakes its heir: the heir slept on, beside a
/// free lock, with nobody probing.
#[test]
fn the_role_of_prober_survives_two_drops_that_overlap() {
    let mutex = Arc::new(Mutex::with_fairness((), without_credit(Duration::ZERO)));
    let held = mutex.clone().try_lock_owned().unwrap();
    // Kept, so that no other task has their address.
    let tasks = [task(), task()];
    let _forgotten = tasks.each_ref().map(|task| asleep(&mutex, task));

    let second: Arc<StdMutex<Option<Future>>> = Arc::default();
    let second_task = task();
    let wakes = Arc::new(AtomicUsize::new(0));
    let heir_waker = {
        let (second, second_task, wakes) = (second.clone(), second_task.clone(), wakes.clone());
        let on_wake = move || {
            wakes.fetch_add(1, SeqCst);
            if let Some(mut future) = second.lock().unwrap().take() {
                let polled = poll_with(&second_task, future.as_mut());
                assert!(polled.is_pending(), "it probes");
            }
        };
        Hooks::default().on_wake(on_wake).waker()
    };
    let mut heir = asleep(&mutex, &heir_waker);
    drop(held);

    let first_task = task();
    let mut first = asleep(&mutex, &first_task);
    let latest = asleep(&mutex, &second_task);
    let polled = poll_with(&first_task, first.as_mut());
    assert!(polled.is_pending(), "it probes, past one");
    *second.lock().unwrap() = Some(latest);
    drop(first);

    let mut seen = 0;
    while wakes.load(SeqCst) > seen {
        seen = wakes.load(SeqCst);
        if poll_with(&heir_waker, heir.as_mut()).is_ready() {
            return;
        }
    }
    panic!("the heir sleeps beside a free lock");
}

/// Two exclusive references to the line lived at once, one of them an argument of a call that had
/// released the lock (seen by Miri).
#[test]
fn a_dropped_prober_wakes_its_heir_without_the_lock() {
    let mutex = Mutex::with_fairness((), without_credit(LONG));
    let held = mutex.try_lock().unwrap();
    let mut called = Waiting::new(mutex.lock());
    let mut heir = Waiting::new(mutex.lock());
    assert!(called.is_pending() && heir.is_pending());
    drop(held);
    let mut prober = Waiting::new(mutex.lock());
    assert!(prober.is_pending() && prober.is_pending());
    drop(prober);
    assert_eq!(heir.wakes(), 1);
}

/// The panic of a waker is dropped while the thread unwinds, and its payload's drop panics too: the
/// process was aborted.
#[test]
fn a_panic_that_is_not_resumed_is_not_dropped_either() {
    struct Payload;
    impl Drop for Payload {
        fn drop(&mut self) {
            panic!("a payload's drop");
        }
    }

    let mutex = Arc::new(Mutex::with_fairness((), Fairness::FIFO));
    let held = mutex.clone().try_lock_owned().unwrap();
    let bomb = Hooks::default().on_wake(|| panic_any(Payload)).waker();
    let called = asleep(&mutex, &task());
    let _next = asleep(&mutex, &bomb);
    drop(held);
    let said = panics(move || {
        let _called = called;
        panic!("the first panic");
    });
    assert_eq!(said, "the first panic");
}

/// A poll that had locked panicked in the drop of a waker: the future was neither terminated nor fit
/// to be polled.
#[test]
fn a_future_whose_poll_panicked_can_be_polled_again() {
    let mutex = Arc::new(Mutex::with_fairness((), Fairness::overtakes(0)));
    let held = mutex.clone().try_lock_owned().unwrap();
    let shared = task();
    let armed = AtomicBool::new(true);
    let on_drop = move || assert!(!armed.swap(false, SeqCst), "a waker's drop");
    let bomb = Hooks::default().on_drop(on_drop).waker();
    let _called = asleep(&mutex, &shared);
    let mut future = asleep(&mutex, &bomb);
    drop(held);

    // Passes the called one over, locks, and drops the waker that it slept with.
    let said = panics(|| poll_with(&shared, future.as_mut()).is_ready());
    assert_eq!(said, "a waker's drop");
    assert!(!mutex.is_locked() && !future.is_terminated());
    assert!(poll_with(&shared, future.as_mut()).is_ready());
    assert!(future.is_terminated());
    mem::forget(bomb);
}
