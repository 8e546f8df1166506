//! Executors that poll in `wake`: the called ones take theirs before the call that woke them has
//! returned, and call others.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::Poll;

use wakeful::Queue;

use crate::support::lines::{COUNTED, Got, Line};
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, poll_with};

type Future = Pin<Box<dyn std::future::Future<Output = Option<Got<'static>>> + Send>>;

/// An executor may poll in `wake`: the called ones take theirs before the call that woke them has
/// returned, and call others.
#[test]
fn wakers_that_poll_their_futures_when_they_are_woken() {
    let _watchdog = Watchdog::new("poll in wake");
    for side in COUNTED {
        for fairness in KINDS {
            let line: &'static Line = Box::leak(Box::new(Line::new(side, 40, fairness)));
            let held = line.hold(40);
            let crowd: Arc<StdMutex<Vec<Option<Future>>>> = Arc::default();
            let got = Task::new();
            for nth in 0..90 {
                let (crowd_too, got) = (Arc::clone(&crowd), Arc::clone(&got));
                let poll = move || {
                    let future = crowd_too.lock().unwrap()[nth].take();
                    let Some(mut future) = future else { return };
                    match Task::new().poll(Pin::new(&mut future)) {
                        Poll::Ready(unit) => {
                            got.count();
                            drop(unit);
                        }
                        Poll::Pending => panic!("it was called"),
                    }
                };
                let waker = Hooks::default().on_wake(poll).waker();
                let mut future: Future = Box::pin(line.wait_or_closed());
                assert!(poll_with(&waker, future.as_mut()).is_pending());
                crowd.lock().unwrap().push(Some(future));
            }
            drop(held);
            assert_eq!(got.wakes(), 90, "each let the next in");
            line.assert_idle(40);
        }
    }
}

/// A pop and a push of one capacity-0 queue that poll each other in `wake`.
#[test]
fn a_rendezvous_within_wake() {
    let _watchdog = Watchdog::new("a rendezvous within wake");
    let queue: &'static Queue<usize> = Box::leak(Box::new(Queue::bounded(0)));
    let popped = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&popped);
    let pop_now = move || {
        if queue.try_pop().is_ok() {
            count.fetch_add(1, SeqCst);
        }
    };
    let waker = Hooks::default().on_wake(pop_now).waker();
    let mut pop = Box::pin(queue.pop());
    assert!(poll_with(&waker, pop.as_mut()).is_pending());
    drop(pop);
    for nth in 0..10 {
        let mut pop = Box::pin(queue.pop());
        assert!(poll_with(&waker, pop.as_mut()).is_pending());
        let mut push = Waiting::new(queue.push(nth));
        // Woken, the pop's task takes it by `try_pop`: on credit, ahead of itself.
        assert!(push.is_pending());
        assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    }
    assert_eq!(popped.load(SeqCst), 10);
}
