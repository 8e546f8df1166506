//! Futures are fused: after completion they say so, and do not answer a poll.

use std::sync::Arc;

use futures::future::FusedFuture;
use wakeful::Mutex;

use crate::support::{Waiting, asleep, hold, panics};

#[test]
fn polling_a_lock_after_completion_names_the_place_where_it_was_made() {
    let mutex = Mutex::new(());
    let line = line!() + 1;
    let mut lock = Waiting::new(mutex.lock());
    drop(lock.poll().expect("free"));
    let said = panics(|| lock.poll());
    let place = format!("{}:{line}:", file!());
    assert!(
        said.contains(&place) && said.contains("polled after completion"),
        "{said}"
    );
    assert!(!mutex.is_locked(), "and takes nothing");
}

#[test]
fn polling_an_owned_lock_after_completion_names_the_place_where_it_was_made() {
    let mutex = Arc::new(Mutex::new(()));
    let line = line!() + 1;
    let mut lock = Waiting::new(Arc::clone(&mutex).lock_owned());
    drop(lock.poll().expect("free"));
    let said = panics(|| lock.poll());
    let place = format!("{}:{line}:", file!());
    assert!(
        said.contains(&place) && said.contains("polled after completion"),
        "{said}"
    );
    assert!(!mutex.is_locked(), "and takes nothing");
}

#[test]
fn one_that_waited_is_fused_as_well() {
    let mutex = Mutex::new(());
    let held = hold(&mutex);
    let mut lock = asleep(&mutex);
    drop(held);
    let guard = lock.poll().expect("its turn");
    assert!(panics(|| lock.poll()).contains("polled after completion"));
    assert!(mutex.is_locked());
    drop(guard);
    assert!(!mutex.is_locked());
}

#[test]
fn is_terminated_tells_in_every_state() {
    let mutex = Mutex::new(());
    let mut lock = Waiting::new(mutex.lock());
    assert!(!lock.future().is_terminated(), "not polled");
    let held = hold(&mutex);
    assert!(lock.is_pending());
    assert!(!lock.future().is_terminated(), "asleep");
    drop(held);
    assert!(!lock.future().is_terminated(), "called");
    let guard = lock.poll();
    assert!(guard.is_some() && lock.future().is_terminated(), "done");
    drop(guard);

    let mut owned = Waiting::new(Arc::new(Mutex::new(())).lock_owned());
    assert!(!owned.future().is_terminated());
    assert!(owned.poll().is_some());
    assert!(owned.future().is_terminated());
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
