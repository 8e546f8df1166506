//! How fair a rendezvous is, and that threads meet at it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use wakeful::queue::TryRecvError::Empty;
use wakeful::queue::{RecvTimeoutError, SendTimeoutError};
use wakeful::{Fairness, Queue};

use super::{pop_asleep, push_asleep, rendezvous};
use crate::fairness::futurelock::second_poll;
use crate::support::loud::asleep_with;
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, sleeping};

#[test]
fn a_blocking_push_of_no_time_times_out() {
    let _watchdog = Watchdog::new("a rendezvous without time");
    let queue = rendezvous(Fairness::DEFAULT);
    for timeout in [Duration::ZERO, Duration::from_millis(2)] {
        let pushed = queue.blocking_push_timeout(7, timeout);
        assert_eq!(pushed, Err(SendTimeoutError::Timeout(7)));
        let popped = queue.blocking_pop_timeout(timeout);
        assert_eq!(popped, Err(RecvTimeoutError::Timeout));
    }
    let pop = pop_asleep(&queue);
    // Though a pop waits.
    let pushed = queue.blocking_push_timeout(7, Duration::ZERO);
    assert_eq!(pushed, Err(SendTimeoutError::Timeout(7)));
    let mut push = push_asleep(&queue, 8);
    drop(pop);
    let popped = queue.blocking_pop_timeout(Duration::ZERO);
    assert_eq!(popped, Ok(8), "a pop takes what is there");
    assert_eq!(push.poll(), Some(Ok(())));
}

#[test]
fn threads_meet() {
    let _watchdog = Watchdog::new("threads at a rendezvous");
    for fairness in KINDS {
        let queue = rendezvous(fairness);
        let received = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                queue.blocking_push(0).unwrap();
                assert!(received.load(SeqCst), "before it was received");
                for nth in 1..300 {
                    let pushed = queue.blocking_push_timeout(nth, Duration::MAX);
                    assert_eq!(pushed, Ok(()));
                }
            });
            thread::yield_now();
            received.store(true, SeqCst);
            for nth in 0..300 {
                assert_eq!(queue.blocking_pop(), Some(nth), "{fairness:?}");
            }
        });
    }
}

/// P1 for items: exactly `k` later pops overtake a called one.
#[test]
fn exactly_k_newcomers_overtake_a_called_pop() {
    for k in [0, 1, 3] {
        let queue = rendezvous(Fairness::overtakes(k));
        let mut pop = pop_asleep(&queue);
        for nth in 0..usize::from(k) {
            let mut push = push_asleep(&queue, nth);
            assert_eq!(queue.try_pop(), Ok(nth), "{k}");
            assert_eq!(push.poll(), Some(Ok(())));
        }
        let mut push = push_asleep(&queue, 9);
        assert_eq!(queue.try_pop(), Err(Empty), "{k}: the next fails");
        assert_eq!(pop.poll(), Some(Some(9)));
        assert_eq!(push.poll(), Some(Ok(())));
    }
}

/// P2 and P3: kept or forgotten, a called pop stands in nobody's way forever.
#[test]
fn a_called_pop_that_is_not_polled_is_passed_over() {
    let queue = rendezvous(Fairness::FIFO);
    let task = Task::new();
    let kept = sleeping(&task, queue.pop());
    let _push = push_asleep(&queue, 1);
    assert_eq!(second_poll(&mut Waiting::of(&task, queue.pop())), Some(1));
    drop(kept);
    let queue = rendezvous(Fairness::overtakes(0).with_patience(Duration::ZERO));
    let _dead = pop_asleep(&queue).forget();
    let _push = push_asleep(&queue, 2);
    let mut pop = Waiting::new(queue.pop());
    assert_eq!((0..2).find_map(|_| pop.poll()), Some(Some(2)));
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
    drop(asleep_with(&waker, queue.pop()));
    for nth in 0..10 {
        let _pop = asleep_with(&waker, queue.pop());
        let mut push = Waiting::new(queue.push(nth));
        // Woken, the pop's task takes it by `try_pop`: on credit, ahead of itself.
        assert!(push.is_pending());
        assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    }
    assert_eq!(popped.load(SeqCst), 10);
}
