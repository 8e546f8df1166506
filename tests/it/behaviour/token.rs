//! A blocking verb leaves the token of `std::thread::park` alone, as std's mutex and parking_lot do: a
//! thread that was unparked before it blocks finds its token afterwards.
//!
//! Tried besides: verbs that need not wait, timeouts that expire, wakers that block in another primitive on
//! the same thread, thread locals whose destructors block, a foreign `block_on` around it.

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::{Fairness, Mutex, Queue, Semaphore};

use crate::support::lines::{BLOCKING, Line};
use crate::support::{Hooks, Watchdog, poll_with};

/// Long enough for a thread to be asleep in line.
const HEAD_START: Duration = Duration::from_millis(20);
const TOO_LONG: Duration = Duration::from_secs(20);

/// Whether this thread has its token, which is taken.
fn has_token() -> bool {
    let start = Instant::now();
    thread::park_timeout(TOO_LONG);
    start.elapsed() < TOO_LONG / 2
}

#[test]
fn every_blocking_verb_leaves_it() {
    let _watchdog = Watchdog::new("tokens");
    for side in BLOCKING {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        for timeout in [None, Some(TOO_LONG)] {
            for waits in [false, true] {
                let held = waits.then(|| line.hold(1));
                thread::scope(|scope| {
                    let thread = scope.spawn(|| {
                        thread::current().unpark();
                        let got = match timeout {
                            None => line.blocking_wait(),
                            Some(timeout) => line.blocking_wait_for(timeout).expect("in time"),
                        };
                        drop(got);
                        has_token()
                    });
                    if waits {
                        thread::sleep(HEAD_START);
                    }
                    drop(held);
                    let has_token = thread.join().expect("it does not panic");
                    assert!(has_token, "{side:?}, {timeout:?}, waits: {waits}");
                });
            }
        }
        let held = line.hold(1);
        thread::current().unpark();
        assert!(line.blocking_wait_for(HEAD_START).is_none());
        assert!(has_token(), "{side:?} timed out");
        drop(held);
    }
}

/// And a token that comes while it blocks is not a wake-up: the verb waits on.
#[test]
fn a_token_that_comes_meanwhile_is_kept_too() {
    let _watchdog = Watchdog::new("tokens that come");
    let mutex = Mutex::new(());
    let held = mutex.blocking_lock();
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            drop(mutex.blocking_lock());
            has_token()
        });
        thread::sleep(HEAD_START);
        for _ in 0..3 {
            thread.thread().unpark();
            thread::sleep(HEAD_START);
        }
        drop(held);
        assert!(thread.join().expect("it does not panic"));
    });
}

/// The waker of a task that waits for the semaphore blocks on a queue, on the thread that releases, which
/// holds up nobody but itself; afterwards that thread blocks on the queue again.
#[test]
fn a_waker_may_block_in_another_primitive() {
    let _watchdog = Watchdog::new("nested waits");
    let semaphore = Semaphore::new(1);
    let queue = Arc::new(Queue::bounded(1));
    let held = semaphore.try_acquire().unwrap();
    let inner = Arc::clone(&queue);
    let waker = Hooks::default()
        .on_wake(move || assert_eq!(inner.blocking_pop(), Some(1)))
        .waker();
    let mut acquire = pin!(semaphore.acquire());
    assert!(poll_with(&waker, acquire.as_mut()).is_pending());
    thread::scope(|scope| {
        scope.spawn(|| {
            for item in [1, 2] {
                thread::sleep(HEAD_START);
                queue.blocking_push(item).unwrap();
            }
        });
        thread::current().unpark();
        drop(held);
        assert_eq!(queue.blocking_pop(), Some(2));
        assert!(has_token());
    });
    assert!(poll_with(Waker::noop(), acquire.as_mut()).is_ready());
}

/// The future of an executor that blocks this thread blocks it once more.
#[test]
fn a_wait_within_the_poll_of_a_wait_swallows_no_wake_up() {
    let _watchdog = Watchdog::new("a wait within a wait");
    let (outer, inner) = (Mutex::new(()), Queue::bounded(1));
    let held = outer.blocking_lock();
    thread::scope(|scope| {
        let inner = &inner;
        let outer = &outer;
        let waiting = scope.spawn(move || {
            pollster::block_on(async {
                let lock = outer.lock();
                assert_eq!(inner.blocking_pop(), Some(7));
                drop(lock.await);
            });
            thread::current().unpark();
            has_token()
        });
        thread::sleep(HEAD_START);
        inner.blocking_push(7).unwrap();
        thread::sleep(HEAD_START);
        drop(held);
        assert!(waiting.join().expect("it does not panic"));
    });
}

/// Woken when it is dropped with its thread, it locks, waits for an item and locks again.
struct Last {
    mutex: Arc<Mutex<u32>>,
    queue: Arc<Queue<u32>>,
}

impl Drop for Last {
    fn drop(&mut self) {
        *self.mutex.blocking_lock() += 1;
        *self.mutex.blocking_lock() += self.queue.blocking_pop().expect("open");
    }
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// Whether the thread local of the crate is gone by then or not.
#[test]
fn destructors_of_thread_locals_may_block() {
    let _watchdog = Watchdog::new("blocking in destructors");
    for blocks_before in [false, true] {
        let (mutex, queue) = (Arc::new(Mutex::new(0)), Arc::new(Queue::bounded(1)));
        let last = Last {
            mutex: Arc::clone(&mutex),
            queue: Arc::clone(&queue),
        };
        let held = mutex.blocking_lock();
        let thread = thread::spawn(move || {
            if blocks_before {
                let queue = Queue::<u32>::bounded(1);
                let late = queue.blocking_pop_timeout(Duration::from_millis(1));
                assert!(late.is_err());
            }
            LAST.with(|slot| *slot.borrow_mut() = Some(last));
        });
        thread::sleep(HEAD_START);
        drop(held);
        thread::sleep(HEAD_START);
        queue.blocking_push(7).unwrap();
        thread.join().expect("it ends");
        assert_eq!(*mutex.blocking_lock(), 8);
    }
}

/// What some executors' `block_on` is: it parks the thread, and trusts its token.
struct Unparks(thread::Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[test]
fn a_foreign_block_on_is_not_disturbed() {
    let _watchdog = Watchdog::new("a foreign block_on");
    let (queue, mutex) = (Queue::bounded(1), Mutex::new(()));
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(HEAD_START);
            queue.blocking_push(1).unwrap();
        });
        let waker = Waker::from(Arc::new(Unparks(thread::current())));
        let mut cx = Context::from_waker(&waker);
        let mut pop = pin!(queue.pop());
        let mut polls = 0;
        let item = loop {
            polls += 1;
            if let Poll::Ready(item) = pop.as_mut().poll(&mut cx) {
                break item;
            }
            // Between its poll and its parking it blocks, and is woken for the pop meanwhile.
            let held = mutex.blocking_lock();
            assert!(mutex.blocking_lock_timeout(3 * HEAD_START).is_none());
            drop(held);
            assert!(has_token(), "the wake-up was swallowed");
        };
        assert_eq!((item, polls), (Some(1), 2));
    });
    futures::executor::block_on(async {
        let held = mutex.lock().await;
        assert!(
            mutex
                .blocking_lock_timeout(Duration::from_millis(1))
                .is_none()
        );
        drop(held);
        drop(mutex.lock().await);
    });
}
