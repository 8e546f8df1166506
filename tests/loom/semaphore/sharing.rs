//! There are never more permits out than there are.

use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;

use super::cast::*;

/// Tasks that ask for these numbers of permits: the first on this thread, each other on a thread of its own.
/// `count` is what they all do with each permit.
fn contend(seats: usize, fairness: Fairness, asks: &[u32], rounds: usize, count: Count) {
    let room = room(seats, fairness);
    let out = Arc::new(AtomicUsize::new(0));
    let mut come = asks.iter().map(|&n| {
        let (room, out) = (room.clone(), out.clone());
        move || {
            for _ in 0..rounds {
                let permit = block_on(room.acquire(n)).unwrap();
                count(&out, permit.num_permits(), seats);
                room.sit(permit, 't');
            }
        }
    });
    let mine = come.next().unwrap();
    for theirs in come {
        spawn(theirs);
    }
    mine();
    assert_eq!(room.idle(seats).len(), asks.len() * rounds);
}

type Count = fn(&AtomicUsize, usize, usize);

/// Others may come between, and to the way out.
fn counted(out: &AtomicUsize, n: usize, seats: usize) {
    let now = out.fetch_add(n, Relaxed) + n;
    assert!(now <= seats, "more than there are");
    out.fetch_sub(n, Relaxed);
}

/// Loom watches the only seat; or there are too many schedules otherwise.
fn not_counted(_: &AtomicUsize, _: usize, _: usize) {}

models! {
    two_tasks_one_permit: UNBOUNDED, contend(1, Fairness::DEFAULT, &[1, 1], 1, counted);
    two_tasks_one_permit_in_fifo: UNBOUNDED, contend(1, Fairness::FIFO, &[1, 1], 1, counted);
    two_tasks_one_and_two: UNBOUNDED, contend(2, Fairness::DEFAULT, &[1, 2], 1, counted);
    two_tasks_two_of_three: UNBOUNDED, contend(3, Fairness::DEFAULT, &[2, 2], 1, counted);
    /// Bounded: twice as long is far more than twice as many schedules.
    two_tasks_twice: 4, contend(1, Fairness::DEFAULT, &[1, 1], 2, not_counted);
    /// With a low bound, since two of three wait; see `exclusion::try_lock_against_unlock_and_a_waiter`.
    three_tasks_one_permit: 2, contend(1, Fairness::DEFAULT, &[1, 1, 1], 1, not_counted);
    /// Bounded, as with all of three threads.
    three_tasks_two_permits: 3, contend(2, Fairness::DEFAULT, &[1, 1, 1], 1, not_counted);
    /// With a low bound, since counting makes for many more schedules.
    three_tasks_two_permits_counted: 2, contend(2, Fairness::DEFAULT, &[1, 1, 1], 1, counted);
    /// With a low bound, since there is more than one to call.
    three_tasks_one_and_two: 2, contend(2, Fairness::DEFAULT, &[2, 1, 1], 1, counted);
    /// Bounded, as above.
    three_tasks_one_and_two_in_fifo: 2, contend(2, Fairness::FIFO, &[2, 1, 1], 1, counted);
}

/// Two that try for all but one, where one is always free: never both, but never neither.
#[test]
fn two_that_try() {
    model(UNBOUNDED, || {
        let room = room(3, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.try_acquire(2).ok());
        let mine = room.try_acquire(2).ok();
        let one = room.take(1);
        let theirs = thread.join();
        assert!(mine.is_some() != theirs.is_some());
        drop((mine, theirs, one));
        room.idle(3);
    });
}
