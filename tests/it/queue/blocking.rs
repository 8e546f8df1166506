//! Waiting on a thread, with and without a deadline, in the lines of the async waiters.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::queue::{RecvTimeoutError, SendError, SendTimeoutError};
use wakeful::{Fairness, Queue};

use super::{assert_idle, filled, full, pop_asleep, pop_called, push_asleep, push_called};
use crate::support::{KINDS, Watchdog};

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(3600);

#[test]
fn what_is_free_is_taken_at_once_by_every_blocking_verb() {
    let (sender, receiver) = Queue::bounded(1)
        .with_fairness(Fairness::FIFO)
        .into_channel();
    for timeout in [Duration::ZERO, SHORT, LONG, Duration::MAX] {
        assert_eq!(sender.blocking_send_timeout(1, timeout), Ok(()));
        assert_eq!(receiver.blocking_recv_timeout(timeout), Ok(1));
        assert_eq!(sender.blocking_send(2), Ok(()));
        assert_eq!(receiver.blocking_recv(), Some(2));
    }
    assert_eq!((sender.len(), sender.capacity()), (0, 1));
}

#[test]
fn zero_tries_once() {
    for fairness in KINDS {
        let queue = filled(Queue::bounded(1).with_fairness(fairness));
        let late = queue.blocking_push_timeout(7, Duration::ZERO);
        assert_eq!(late, Err(SendTimeoutError::Timeout(7)));
        assert_eq!(queue.blocking_pop_timeout(Duration::ZERO), Ok(0));
        let late = queue.blocking_pop_timeout(Duration::ZERO);
        assert_eq!(late, Err(RecvTimeoutError::Timeout));
        assert_idle(&queue);
    }
}

/// As `try_*`, which pass nobody over.
#[test]
fn zero_does_not_take_what_is_kept() {
    let impatient =
        || Queue::bounded(1).with_fairness(Fairness::overtakes(0).with_patience(Duration::ZERO));
    let queue = impatient();
    let mut pop = pop_called(&queue, 1);
    for _ in 0..10 {
        let late = queue.blocking_pop_timeout(Duration::ZERO);
        assert_eq!(late, Err(RecvTimeoutError::Timeout));
    }
    assert_eq!(pop.poll(), Some(Some(1)));
    let queue = filled(impatient());
    let mut push = push_called(&queue, 2);
    for _ in 0..10 {
        let late = queue.blocking_push_timeout(3, Duration::ZERO);
        assert_eq!(late, Err(SendTimeoutError::Timeout(3)));
    }
    assert_eq!(push.poll(), Some(Ok(())));
}

#[test]
fn expiry_gives_the_item_back_and_leaves_no_waiter() {
    for fairness in KINDS {
        let queue = filled(Queue::bounded(1).with_fairness(fairness));
        let start = Instant::now();
        let late = queue.blocking_push_timeout(7, SHORT);
        assert_eq!(late, Err(SendTimeoutError::Timeout(7)));
        assert!(start.elapsed() >= SHORT, "not before its time");
        assert_eq!(queue.drain(), [0], "it was never sent");
        let start = Instant::now();
        assert_eq!(
            queue.blocking_pop_timeout(SHORT),
            Err(RecvTimeoutError::Timeout)
        );
        assert!(start.elapsed() >= SHORT, "not before its time");
        assert_idle(&queue);
    }
}

/// flume 0.12: `Duration::MAX` panics. Here it waits, and is woken.
#[test]
fn the_longest_duration_waits_for_ever_and_does_not_panic() {
    let _watchdog = Watchdog::new("the longest duration");
    for timeout in [Duration::MAX, Duration::from_secs(u64::MAX)] {
        let queue = Queue::bounded(1);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let pop = scope.spawn(|| {
                let item = queue.blocking_pop_timeout(timeout);
                done.store(true, SeqCst);
                item
            });
            thread::sleep(SHORT);
            assert!(!done.load(SeqCst), "it waits");
            queue.try_push(1).unwrap();
            assert_eq!(pop.join().unwrap(), Ok(1));
            queue.try_push(2).unwrap();
            let push = scope.spawn(|| queue.blocking_push_timeout(3, timeout));
            thread::sleep(SHORT);
            assert_eq!(queue.try_pop(), Ok(2));
            assert_eq!(push.join().unwrap(), Ok(()));
        });
        assert_eq!(queue.drain(), [3]);
    }
}

#[test]
fn items_wake_every_kind_of_blocked_pop() {
    let _watchdog = Watchdog::new("blocked pops");
    for fairness in KINDS {
        let queue = Queue::unbounded().with_fairness(fairness);
        let mut items = thread::scope(|scope| {
            let pops: Vec<_> = (0..9)
                .map(|nth| {
                    let queue = &queue;
                    scope.spawn(move || match nth % 3 {
                        0 => queue.blocking_pop().unwrap(),
                        1 => queue.blocking_pop_timeout(LONG).unwrap(),
                        _ => queue.blocking_pop_timeout(Duration::MAX).unwrap(),
                    })
                })
                .collect();
            thread::sleep(SHORT); // so that most of them sleep; none has to
            (0..9).for_each(|item| queue.try_push(item).unwrap());
            pops.into_iter()
                .map(|pop| pop.join().unwrap())
                .collect::<Vec<_>>()
        });
        items.sort_unstable();
        assert!(items.into_iter().eq(0..9), "{fairness:?}");
        assert_idle(&queue);
    }
}

#[test]
fn slots_wake_every_kind_of_blocked_push() {
    let _watchdog = Watchdog::new("blocked pushes");
    for fairness in KINDS {
        let queue = filled(Queue::bounded(2).with_fairness(fairness));
        thread::scope(|scope| {
            for nth in 2..11 {
                let queue = &queue;
                scope.spawn(move || match nth % 3 {
                    0 => queue.blocking_push(nth).unwrap(),
                    1 => queue.blocking_push_timeout(nth, LONG).unwrap(),
                    _ => queue.blocking_push_timeout(nth, Duration::MAX).unwrap(),
                });
            }
            thread::sleep(SHORT); // so that most of them sleep; none has to
            let mut items: Vec<_> = (0..11).map(|_| queue.blocking_pop().unwrap()).collect();
            assert_eq!(items[..2], [0, 1]);
            items.sort_unstable();
            assert!(items.into_iter().eq(0..11), "{fairness:?}");
        });
        assert_idle(&queue);
    }
}

#[test]
fn blocked_threads_of_every_kind_learn_of_the_closing() {
    let _watchdog = Watchdog::new("blocked threads, closed");
    let (pops, pushes) = (Queue::<usize>::bounded(1), full(1));
    thread::scope(|scope| {
        let ends = [
            scope.spawn(|| pops.blocking_pop().is_none()),
            scope.spawn(|| pops.blocking_pop_timeout(LONG) == Err(RecvTimeoutError::Disconnected)),
            scope.spawn(|| {
                pops.blocking_pop_timeout(Duration::MAX) == Err(RecvTimeoutError::Disconnected)
            }),
            scope.spawn(|| pushes.blocking_push(7) == Err(SendError(7))),
            scope.spawn(|| {
                pushes.blocking_push_timeout(8, LONG) == Err(SendTimeoutError::Closed(8))
            }),
            scope.spawn(|| {
                let late = pushes.blocking_push_timeout(9, Duration::MAX);
                late == Err(SendTimeoutError::Closed(9))
            }),
        ];
        thread::sleep(2 * SHORT); // so that most of them sleep; none has to
        pops.close();
        pushes.close();
        assert!(ends.into_iter().all(|end| end.join().unwrap()));
    });
    let late = pops.blocking_pop_timeout(Duration::ZERO);
    assert_eq!(late, Err(RecvTimeoutError::Disconnected));
    let late = pushes.blocking_push_timeout(5, Duration::ZERO);
    assert_eq!(late, Err(SendTimeoutError::Closed(5)));
    assert_eq!(
        pushes.blocking_pop_timeout(Duration::ZERO),
        Ok(0),
        "what is queued is drained"
    );
}

#[test]
fn a_thread_does_not_get_in_before_a_future_that_came_earlier() {
    let _watchdog = Watchdog::new("a thread behind a future");
    let queue = Queue::bounded(1).with_fairness(Fairness::FIFO);
    let mut first = pop_asleep(&queue);
    let got = AtomicBool::new(false);
    thread::scope(|scope| {
        queue.try_push(1).unwrap();
        let thread = scope.spawn(|| {
            let item = queue.blocking_pop();
            got.store(true, SeqCst);
            item
        });
        thread::sleep(4 * SHORT);
        assert!(!got.load(SeqCst), "it is kept for who came first");
        assert_eq!(first.poll(), Some(Some(1)));
        queue.try_push(2).unwrap();
        assert_eq!(thread.join().unwrap(), Some(2));
    });
}

/// Whether it sleeps already can not be seen, so it is given more and more time.
#[test]
fn a_future_does_not_get_in_before_a_thread_that_came_earlier() {
    let _watchdog = Watchdog::new("a future behind a thread");
    let was_first = |head_start: Duration| {
        let queue = filled(Queue::bounded(1).with_fairness(Fairness::FIFO));
        thread::scope(|scope| {
            let thread = scope.spawn(|| queue.blocking_push(1).unwrap());
            thread::sleep(head_start);
            let mut push = push_asleep(&queue, 2);
            assert_eq!(queue.try_pop(), Ok(0));
            let was_first = push.wakes() == 0;
            if !was_first {
                assert_eq!(push.poll(), Some(Ok(())));
                assert_eq!(queue.blocking_pop(), Some(2));
            }
            thread.join().unwrap();
            assert_eq!(queue.try_pop(), Ok(1));
            was_first
        })
    };
    assert!((0..8).any(|doublings| was_first(SHORT * (1 << doublings))));
}

#[test]
fn a_thread_behind_a_forgotten_waiter_gets_through() {
    let _watchdog = Watchdog::new("a thread behind a forgotten waiter");
    let fairness = Fairness::overtakes(0).with_patience(Duration::from_millis(5));
    let queue = Queue::bounded(1).with_fairness(fairness);
    let _dead = pop_called(&queue, 1).forget();
    assert_eq!(queue.blocking_pop(), Some(1));
    queue.try_push(2).unwrap();
    let _dead_too = push_called(&queue, 3).forget();
    assert_eq!(
        queue.blocking_push_timeout(4, Duration::from_secs(30)),
        Ok(())
    );
    assert_eq!(queue.drain(), [4]);
    assert_idle(&queue);
}

/// Two threads hand one item back and forth, by way of two queues of each kind.
#[test]
fn ping_and_pong() {
    let _watchdog = Watchdog::new("ping-pong");
    for capacity in [0, 1, usize::MAX] {
        let (there, back) = (Queue::bounded(capacity), Queue::bounded(capacity));
        thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(item) = there.blocking_pop() {
                    back.blocking_push(item + 1).unwrap();
                }
            });
            let mut item = 0;
            for _ in 0..300 {
                there.blocking_push(item).unwrap();
                item = back.blocking_pop_timeout(LONG).unwrap();
            }
            assert_eq!(item, 300);
            there.close();
        });
    }
}
