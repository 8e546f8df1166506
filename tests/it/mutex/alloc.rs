//! Waiting allocates nothing: counted by the allocator, thread by thread; so are the bytes that are held.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use wakeful::{Fairness, Mutex};

use crate::support::{KINDS, SHORT, Task, hold, past, poll_with};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(layout: Layout) {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    BYTES.set(BYTES.get() + layout.size() as isize);
}

fn uncount(layout: Layout) {
    BYTES.set(BYTES.get() - layout.size() as isize);
}

// SAFETY: the system's allocator does it all; a `Cell` that needs no destructor is counted up.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        uncount(layout);
        count(Layout::from_size_align(size, layout.align()).unwrap_or(layout));
        // SAFETY: the caller's.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        uncount(layout);
        // SAFETY: the caller's.
        unsafe { System.dealloc(at, layout) }
    }
}

/// How often this thread allocates meanwhile.
pub(crate) fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

/// How many bytes more than before this thread holds afterwards.
pub(crate) fn bytes_held(run: impl FnOnce()) -> isize {
    let before = BYTES.get();
    run();
    BYTES.get() - before
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| drop(Box::new(1))), 1);
    assert_eq!(allocations(|| drop(vec![0; 10])), 1);
    assert_eq!(allocations(|| ()), 0);
    let mut kept = Vec::with_capacity(10);
    assert_eq!(bytes_held(|| kept.extend([0_u8; 30])), 20);
    assert_eq!(bytes_held(|| drop(kept)), -30);
}

#[test]
fn an_async_wait_allocates_nothing() {
    for fairness in KINDS {
        let tasks = [(); 4].map(|()| Waker::from(Task::new()));
        let [one, two, three, four] = &tasks;
        let mutex = Mutex::with_fairness((), fairness);
        let count = allocations(|| {
            for _ in 0..10 {
                let held = hold(&mutex);
                let mut acquires = pin!(mutex.lock());
                {
                    let mut asleep = pin!(mutex.lock());
                    let mut called = pin!(mutex.lock());
                    assert!(poll_with(one, called.as_mut()).is_pending());
                    assert!(poll_with(two, asleep.as_mut()).is_pending());
                    assert!(poll_with(three, acquires.as_mut()).is_pending());
                    assert!(poll_with(four, asleep.as_mut()).is_pending());
                    drop(held);
                    // Both are cancelled here.
                }
                assert!(poll_with(three, acquires.as_mut()).is_ready());
            }
        });
        assert_eq!(count, 0, "{fairness:?}");
    }
}

#[test]
fn being_passed_over_and_probing_allocate_nothing() {
    let tasks = [(); 2].map(|()| Waker::from(Task::new()));
    let [ours, theirs] = &tasks;
    let fairness = Fairness::overtakes(0).with_patience(SHORT);
    let mutex = Mutex::with_fairness((), fairness);
    let count = allocations(|| {
        let held = hold(&mutex);
        let mut kept = pin!(mutex.lock());
        assert!(poll_with(ours, kept.as_mut()).is_pending());
        drop(held);
        let mut same_task = pin!(mutex.lock());
        assert!(poll_with(ours, same_task.as_mut()).is_pending());
        let guard = poll_with(ours, same_task.as_mut());
        assert!(guard.is_ready());
        assert!(poll_with(ours, kept.as_mut()).is_pending(), "it comes back");
        drop(guard);
        let mut arrival = pin!(mutex.lock());
        for _ in 0..2 {
            assert!(poll_with(theirs, arrival.as_mut()).is_pending());
        }
        past(SHORT);
        assert!(poll_with(theirs, arrival.as_mut()).is_ready());
    });
    assert_eq!(count, 0);
}

#[test]
fn an_owned_wait_allocates_nothing() {
    let mutex = Arc::new(Mutex::new(()));
    let waker = Waker::from(Task::new());
    let count = allocations(|| {
        let held = Arc::clone(&mutex).try_lock_owned();
        let mut lock = pin!(Arc::clone(&mutex).lock_owned());
        assert!(poll_with(&waker, lock.as_mut()).is_pending());
        drop(held);
        assert!(poll_with(&waker, lock.as_mut()).is_ready());
    });
    assert_eq!(count, 0);
}

/// The first wait of a thread makes its waker.
#[test]
fn a_blocking_wait_allocates_nothing_after_the_first_of_its_thread() {
    let mutex = &Mutex::with_fairness((), Fairness::FIFO);
    let (expired, is_expired) = channel();
    let counts = thread::scope(|scope| {
        let held = hold(mutex);
        let thread = scope.spawn(move || {
            let timeout = Duration::from_millis(1);
            let expires = || assert!(mutex.blocking_lock_timeout(timeout).is_none());
            expires();
            let expiry = allocations(|| (0..5).for_each(|_| expires()));
            expired.send(()).expect("awaited");
            let acquisition = allocations(|| drop(mutex.blocking_lock()));
            (expiry, acquisition)
        });
        is_expired.recv().expect("it expires");
        thread::sleep(Duration::from_millis(20)); // it sleeps now
        drop(held);
        thread.join().expect("no panic")
    });
    assert_eq!(counts, (0, 0));
}
