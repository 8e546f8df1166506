//! `yield_now`: pending once, and others run.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use futures::future::FusedFuture;
use wakeful::{YieldNow, yield_now};

use crate::support::{
    Hooks, Stormy, Waiting, Watchdog, implements, panics, poll_with, run_on_all_executors,
    tokio_here, tokio_threads,
};

#[test]
fn it_yields_once() {
    let mut yielding = Waiting::new(yield_now());
    assert_eq!(yielding.wakes(), 0, "it does nothing until it is polled");
    assert!(!yielding.future().is_terminated());
    assert!(yielding.is_pending());
    assert_eq!(yielding.wakes(), 1);
    assert!(!yielding.future().is_terminated());
    assert_eq!(yielding.poll(), Some(()));
    assert_eq!(yielding.wakes(), 1);
    assert!(yielding.future().is_terminated());
}

#[test]
fn polling_it_after_completion_names_the_place_where_it_was_made() {
    let line = line!() + 1;
    let mut yielding = Waiting::new(yield_now());
    while yielding.is_pending() {}
    let said = panics(|| yielding.poll());
    let place = format!("{}:{line}:", file!());
    assert!(said.contains(&place), "{said}");
    assert!(said.contains("polled after completion"), "{said}");
}

#[test]
fn a_waker_that_panics_has_been_woken() {
    let mut yielding = Box::pin(yield_now());
    let waker = Hooks::default().on_wake(|| panic!("in wake")).waker();
    let said = panics(|| poll_with(&waker, yielding.as_mut()));
    assert_eq!(said, "in wake");
    assert_eq!(poll_with(&waker, yielding.as_mut()), Poll::Ready(()));
}

#[test]
fn it_goes_anywhere_and_says_where_it_is_from() {
    assert!(implements!(YieldNow: Send) && implements!(YieldNow: Sync));
    assert!(implements!(YieldNow: Unpin));
    assert!(implements!(YieldNow: UnwindSafe) && implements!(YieldNow: RefUnwindSafe));
    let line = line!() + 1;
    let shown = format!("{:?}", yield_now());
    assert!(shown.contains(&format!("{}:{line}:", file!())), "{shown}");
}

/// Each waits, without sleeping, until all have come.
#[derive(Default)]
struct Meeting {
    come: AtomicUsize,
}

/// Four tasks on each of four executors, and twice one on each of two.
const ALL_COME: usize = 4 * 4 + 2 * 2;

impl Stormy for Meeting {
    async fn task(self: Arc<Self>, _: u64) {
        self.come.fetch_add(1, SeqCst);
        while self.come.load(SeqCst) < ALL_COME {
            yield_now().await;
        }
    }

    fn thread(&self, _: u64) {
        self.come.fetch_add(1, SeqCst);
    }
}

#[test]
fn a_loop_that_never_sleeps_lets_others_run_on_every_executor() {
    let _watchdog = Watchdog::new("a meeting of all executors");
    run_on_all_executors(&Arc::<Meeting>::default(), 0);
}

/// A task that has just been spawned is in the slot from which tokio takes the next: what yields is not
/// put there, or it would run again at once.
#[test]
fn tokio_runs_every_ready_task_first() {
    for runtime in [tokio_here(), tokio_threads(1)] {
        let before = runtime.spawn(async {
            let ran = Arc::new(AtomicUsize::new(0));
            for _ in 0..10 {
                let ran = Arc::clone(&ran);
                tokio::spawn(async move { ran.fetch_add(1, SeqCst) });
            }
            yield_now().await;
            ran.load(SeqCst)
        });
        assert_eq!(runtime.block_on(before).unwrap(), 10);
    }
}

#[test]
fn tokio_looks_at_its_timers_beside_a_loop_that_never_sleeps() {
    let _watchdog = Watchdog::new("a timer beside a busy loop");
    for runtime in [tokio_here(), tokio_threads(1)] {
        let fired = Arc::new(AtomicBool::new(false));
        let fires = Arc::clone(&fired);
        let timer = runtime.spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            fires.store(true, SeqCst);
        });
        let busy = runtime.spawn(async move {
            while !fired.load(SeqCst) {
                yield_now().await;
            }
        });
        runtime.block_on(async {
            busy.await.unwrap();
            timer.await.unwrap();
        });
    }
}
