//! What permits cost in memory: no allocation, and few bytes.

use std::pin::pin;
use std::sync::Arc;
use std::task::Waker;

use wakeful::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::support::{Task, allocations, poll_with};

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

#[test]
fn what_it_costs_in_bytes() {
    assert!(size_of::<Semaphore>() <= 48, "{}", size_of::<Semaphore>());
    const POINTER: usize = size_of::<usize>();
    assert_eq!(size_of::<SemaphorePermit<'_>>(), 2 * POINTER);
    assert_eq!(size_of::<Option<OwnedSemaphorePermit>>(), 2 * POINTER);
    let semaphore = Arc::new(Semaphore::new(1));
    let acquire = size_of_val(&semaphore.acquire());
    let owned = size_of_val(&Arc::clone(&semaphore).acquire_owned());
    assert_eq!(owned, acquire);
    assert!(acquire <= 128, "{acquire}");
}
