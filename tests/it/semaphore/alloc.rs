//! What waiting costs in memory: no allocation, and few bytes.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use wakeful::{Fairness, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::{hold, hold_all};
use crate::mutex::alloc::allocations;
use crate::support::{KINDS, SHORT, Task, past, poll_with};

#[test]
fn an_async_wait_allocates_nothing() {
    for fairness in KINDS {
        let tasks = [(); 4].map(|()| Waker::from(Task::new()));
        let [one, two, three, four] = &tasks;
        let semaphore = Semaphore::with_fairness(3, fairness);
        let count = allocations(|| {
            for _ in 0..10 {
                let held = hold_all(&semaphore);
                let mut acquires = pin!(semaphore.acquire_many(3));
                {
                    let mut asleep = pin!(semaphore.acquire_many(2));
                    let mut called = pin!(semaphore.acquire());
                    assert!(poll_with(one, called.as_mut()).is_pending());
                    assert!(poll_with(two, asleep.as_mut()).is_pending());
                    assert!(poll_with(three, acquires.as_mut()).is_pending());
                    assert!(poll_with(four, asleep.as_mut()).is_pending());
                    drop(held);
                    semaphore.reduce_permits(1);
                    semaphore.add_permits(1);
                    // Both are cancelled here.
                }
                assert!(poll_with(three, acquires.as_mut()).is_ready());
            }
        });
        assert_eq!(count, 0, "{fairness:?}");
    }
}

#[test]
fn being_passed_over_probing_and_closing_allocate_nothing() {
    let tasks = [(); 2].map(|()| Waker::from(Task::new()));
    let [ours, theirs] = &tasks;
    let fairness = Fairness::overtakes(0).with_patience(SHORT);
    let semaphore = Semaphore::with_fairness(2, fairness);
    let count = allocations(|| {
        let held = hold_all(&semaphore);
        let mut kept = pin!(semaphore.acquire_many(2));
        assert!(poll_with(ours, kept.as_mut()).is_pending());
        drop(held);
        let mut same_task = pin!(semaphore.acquire());
        assert!(poll_with(ours, same_task.as_mut()).is_pending());
        let permit = poll_with(ours, same_task.as_mut());
        assert!(permit.is_ready());
        assert!(poll_with(ours, kept.as_mut()).is_pending(), "it comes back");
        drop(permit);
        let mut arrival = pin!(semaphore.acquire());
        for _ in 0..2 {
            assert!(poll_with(theirs, arrival.as_mut()).is_pending());
        }
        past(SHORT);
        let permit = poll_with(theirs, arrival.as_mut());
        assert!(permit.is_ready());
        assert!(poll_with(ours, kept.as_mut()).is_pending());
        semaphore.close();
        assert!(poll_with(ours, kept.as_mut()).is_ready());
    });
    assert_eq!(count, 0);
}

#[test]
fn hundreds_called_at_once_allocate_nothing() {
    let semaphore = Semaphore::new(300);
    let held = hold_all(&semaphore);
    let mut waiters: Vec<_> = (0..300).map(|_| super::asleep(&semaphore, 1)).collect();
    assert_eq!(allocations(|| drop(held)), 0);
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_some()));
}

#[test]
fn an_owned_wait_and_its_permits_allocate_nothing() {
    let semaphore = Arc::new(Semaphore::new(3));
    let waker = Waker::from(Task::new());
    let count = allocations(|| {
        let held = Arc::clone(&semaphore).try_acquire_many_owned(3);
        let mut acquire = pin!(Arc::clone(&semaphore).acquire_many_owned(2));
        assert!(poll_with(&waker, acquire.as_mut()).is_pending());
        let mut held = held.unwrap();
        let one = held.split(1).unwrap();
        held.merge(one);
        drop(held);
        assert!(poll_with(&waker, acquire.as_mut()).is_ready());
    });
    assert_eq!(count, 0);
}

/// The first wait of a thread makes its waker.
#[test]
fn a_blocking_wait_allocates_nothing_after_the_first_of_its_thread() {
    let semaphore = &Semaphore::with_fairness(2, Fairness::FIFO);
    let (expired, is_expired) = channel();
    let counts = thread::scope(|scope| {
        let held = hold(semaphore, 2);
        let thread = scope.spawn(move || {
            let timeout = Duration::from_millis(1);
            let expires = || {
                let late = semaphore.blocking_acquire_many_timeout(2, timeout);
                assert!(late.is_err());
            };
            expires();
            let expiry = allocations(|| (0..5).for_each(|_| expires()));
            expired.send(()).expect("awaited");
            let acquisition = allocations(|| drop(semaphore.blocking_acquire().unwrap()));
            (expiry, acquisition)
        });
        is_expired.recv().expect("it expires");
        thread::sleep(Duration::from_millis(20)); // it sleeps now
        drop(held);
        thread.join().expect("no panic")
    });
    assert_eq!(counts, (0, 0));
}

#[test]
fn what_it_costs_in_bytes() {
    assert!(size_of::<Semaphore>() <= 48, "{}", size_of::<Semaphore>());
    const POINTER: usize = size_of::<usize>();
    assert_eq!(size_of::<SemaphorePermit<'_>>(), 2 * POINTER);
    assert_eq!(size_of::<Option<OwnedSemaphorePermit>>(), 2 * POINTER);
    let semaphore = Arc::new(Semaphore::new(1));
    let acquire = size_of_val(&semaphore.acquire());
    assert_eq!(
        size_of_val(&Arc::clone(&semaphore).acquire_owned()),
        acquire
    );
    assert!(acquire <= 128, "{acquire}");
}
