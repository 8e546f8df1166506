//! Futures are fused: after completion they say so, and do not answer a poll. They tell where they were made.

use std::fmt::Debug;
use std::panic::Location;
use std::sync::Arc;

use futures::future::FusedFuture;
use wakeful::{Mutex, Semaphore};

use crate::support::{Waiting, hold, panics};

/// Ready when something `comes`: after its first poll, if it waits. Made on the line of this call, or on one
/// of the next; it tells so if it is shown as one that does.
#[track_caller]
pub(crate) fn check<F: FusedFuture + Debug>(
    name: &str,
    future: F,
    waits: bool,
    comes: impl FnOnce(),
) {
    let place = Location::caller();
    let tells_place = |text: &str| {
        let mut lines = place.line()..place.line() + 4;
        lines.any(|line| text.contains(&format!("{}:{line}:", place.file())))
    };
    let mut waiting = Waiting::new(future);
    let shown = format!("{:?}", waiting.future());
    let tells = shown.starts_with(name) && shown.contains("done: false");
    let has_place = name.ends_with("{ from:");
    assert!(tells && (!has_place || tells_place(&shown)), "{shown}");
    assert!(!waiting.future().is_terminated(), "{name}: not polled");
    assert!(!waits || waiting.is_pending());
    assert!(!waiting.future().is_terminated(), "{name}: asleep");
    comes();
    assert!(!waiting.future().is_terminated(), "{name}: not told yet");
    assert!(waiting.poll().is_some(), "{name}: it is ready");
    assert!(waiting.future().is_terminated(), "{name}: done");
    assert!(format!("{:?}", waiting.future()).contains("done: true"));
    let said = panics(|| waiting.poll().is_some());
    let tells = said.contains("polled after completion");
    assert!(tells && (!has_place || tells_place(&said)), "{said}");
}

#[test]
fn locks_are_fused_and_tell_where_they_were_made() {
    for waits in [false, true] {
        let mutex = Arc::new(Mutex::new(()));
        let held = hold(&mutex);
        check("Lock { from:", mutex.lock(), waits, || drop(held));
        let held = hold(&mutex);
        let own = Arc::clone(&mutex);
        check("LockOwned { from:", own.lock_owned(), waits, || drop(held));
        assert!(!mutex.is_locked(), "and take nothing");
        assert_eq!(Arc::strong_count(&mutex), 1);
    }
}

#[test]
fn acquires_are_fused_and_tell_where_they_were_made() {
    for (waits, closes) in [(false, false), (false, true), (true, false), (true, true)] {
        for verb in 0..4 {
            let semaphore = Arc::new(Semaphore::new(2));
            let held = semaphore.try_acquire_many(2);
            let own = Arc::clone(&semaphore);
            let comes = || {
                if closes {
                    semaphore.close();
                }
                drop(held);
            };
            match verb {
                0 => check("Acquire { from:", semaphore.acquire(), waits, comes),
                1 => check("Acquire { from:", semaphore.acquire_many(2), waits, comes),
                2 => check("AcquireOwned { from:", own.acquire_owned(), waits, comes),
                _ => check(
                    "AcquireOwned { from:",
                    own.acquire_many_owned(2),
                    waits,
                    comes,
                ),
            }
            assert_eq!(semaphore.available_permits(), 2, "and take nothing");
        }
    }
}

#[test]
fn a_select_loop_skips_what_is_done() {
    futures::executor::block_on(async {
        let (a, b) = (Mutex::new(1), Mutex::new(2));
        let mut first = std::pin::pin!(a.lock());
        let mut second = std::pin::pin!(b.lock());
        let mut sum = 0;
        loop {
            futures::select! {
                one = first => sum += *one,
                two = second => sum += *two,
                complete => break,
            }
        }
        assert_eq!(sum, 3);
    });
}
