//! The semaphore, as a user has it: what it does, how fair it is, what cancelling and wakers may do to
//! it, and storms.

use std::sync::Arc;

use wakeful::{Acquire, Fairness, Semaphore, SemaphorePermit};

use crate::support::{KINDS, Task, Waiting, sleeping, wakes};

mod acquiring;
mod alloc;
mod auto_traits;
mod blocking;
mod cancel;
mod closing;
mod counting;
mod deep;
mod forget;
mod found;
mod futurelock;
mod limiting;
mod order;
mod overtaking;
mod patience;
mod permits;
mod shown;
mod waker_panics;

/// A semaphore of each kind of fairness, with this many permits.
fn of_all_kinds(permits: usize) -> impl Iterator<Item = Semaphore> {
    with_each(KINDS, permits)
}

/// A semaphore with each of these; a test that fails prints which was the last.
fn with_each(
    fairness: impl IntoIterator<Item = Fairness>,
    permits: usize,
) -> impl Iterator<Item = Semaphore> {
    fairness.into_iter().map(move |fairness| {
        println!("{fairness:?}");
        Semaphore::with_fairness(permits, fairness)
    })
}

/// A waiter for `n` permits in a task of its own, polled once and asleep.
fn asleep(semaphore: &Semaphore, n: u32) -> Waiting<Acquire<'_>> {
    asleep_in(&Task::new(), semaphore, n)
}

/// The same, in this task.
fn asleep_in<'a>(task: &Arc<Task>, semaphore: &'a Semaphore, n: u32) -> Waiting<Acquire<'a>> {
    sleeping(task, semaphore.acquire_many(n))
}

/// Takes what is free.
fn hold(semaphore: &Semaphore, n: u32) -> SemaphorePermit<'_> {
    semaphore.try_acquire_many(n).expect("enough are free")
}

/// Takes all that is free.
fn hold_all(semaphore: &Semaphore) -> SemaphorePermit<'_> {
    let free = semaphore.available_permits();
    hold(semaphore, u32::try_from(free).expect("not that many"))
}

/// Sleeping waiters with these needs, of which one release of all permits calls as many as it can.
fn called<'a, const N: usize>(
    semaphore: &'a Semaphore,
    needs: [u32; N],
) -> [Waiting<Acquire<'a>>; N] {
    let held = hold_all(semaphore);
    let waiters = needs.map(|n| asleep(semaphore, n));
    drop(held);
    waiters
}

/// The same in these tasks.
fn called_in<'a, const N: usize>(
    semaphore: &'a Semaphore,
    needs: [(&Arc<Task>, u32); N],
) -> [Waiting<Acquire<'a>>; N] {
    let held = hold_all(semaphore);
    let waiters = needs.map(|(task, n)| asleep_in(task, semaphore, n));
    drop(held);
    waiters
}

/// So many permits are there, free and kept for nobody, and no waiter was left behind.
fn assert_idle(semaphore: &Semaphore, permits: usize) {
    assert_eq!(semaphore.available_permits(), permits);
    let all = u32::try_from(permits).expect("not that many");
    let held = semaphore.try_acquire_many(all).expect("kept for nobody");
    let waiter = asleep(semaphore, all.max(1));
    drop(held);
    assert_eq!(waiter.wakes(), usize::from(all > 0), "it is the first");
    drop(waiter);
    drop(hold(semaphore, all));
}
