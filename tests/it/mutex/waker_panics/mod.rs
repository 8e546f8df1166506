//! Wakers that panic: others are woken first, the first panic propagates, the lock is not leaked, and
//! nothing propagates while the thread unwinds already, where a second panic would abort.

mod in_clone_and_drop;
mod in_wake;

use std::pin::Pin;
use std::task::Waker;

use wakeful::{Lock, Mutex};

use crate::support::{Waiting, asleep, called, hold, poll_with};

fn asleep_with<'a>(waker: &Waker, mutex: &'a Mutex<()>) -> Pin<Box<Lock<'a, ()>>> {
    let mut lock = Box::pin(mutex.lock());
    assert!(poll_with(waker, lock.as_mut()).is_pending());
    lock
}

/// One that is called, and behind it one whose waker panics.
fn called_before<'a>(
    waker: &Waker,
    mutex: &'a Mutex<()>,
) -> (Waiting<Lock<'a, ()>>, Pin<Box<Lock<'a, ()>>>) {
    let held = hold(mutex);
    let first = asleep(mutex);
    let second = asleep_with(waker, mutex);
    drop(held);
    assert_eq!(first.wakes(), 1);
    (first, second)
}

/// Nobody has it, waits for it, or is waited for.
fn assert_idle(mutex: &Mutex<()>) {
    drop(called(mutex));
    drop(hold(mutex));
}
