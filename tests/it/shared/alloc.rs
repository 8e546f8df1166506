//! Waiting allocates nothing. Futures are boxed here before anything is counted.

use std::hint::black_box;
use std::sync::mpsc::channel;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use wakeful::Fairness;

use crate::support::lines::{Line, Side, cases};
use crate::support::{
    KINDS, SHORT, Task, allocations, bytes_held, past, poll_with, without_credit,
};

cases!(VERBS:
    an_async_wait_allocates_nothing,
    being_passed_over_probing_and_closing_allocate_nothing,
);
cases!(COUNTED: hundreds_called_at_once_or_closed_allocate_nothing);
cases!(BLOCKING: a_blocking_wait_allocates_nothing_after_the_first_of_its_thread);

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1)))), 1);
    assert_eq!(allocations(|| drop(black_box(vec![0; 10]))), 1);
    assert_eq!(allocations(|| ()), 0);
    let mut kept = Vec::with_capacity(10);
    assert_eq!(bytes_held(|| kept.extend(black_box([0_u8; 30]))), 20);
    assert_eq!(bytes_held(|| drop(kept)), -30);
}

/// One that was used before, so that a queue has its storage.
fn used(side: Side, units: usize, fairness: Fairness) -> Line {
    let line = Line::new(side, units, fairness);
    drop(line.hold(units));
    line
}

fn an_async_wait_allocates_nothing(side: Side) {
    for fairness in KINDS {
        let tasks = [(); 4].map(|()| Waker::from(Task::new()));
        let [one, two, three, four] = &tasks;
        let line = used(side, 1, fairness);
        let waits: Vec<_> = (0..10).map(|_| [(); 3].map(|()| line.wait())).collect();
        let count = allocations(|| {
            for [mut called, mut asleep, mut acquires] in waits {
                let held = line.try_take().expect("it is free");
                assert!(poll_with(one, called.as_mut()).is_pending());
                assert!(poll_with(two, asleep.as_mut()).is_pending());
                assert!(poll_with(three, acquires.as_mut()).is_pending());
                assert!(poll_with(four, asleep.as_mut()).is_pending());
                drop(held);
                if side.is_semaphore() {
                    line.semaphore().reduce_permits(1);
                    line.semaphore().add_permits(1);
                }
                drop((called, asleep));
                assert!(poll_with(three, acquires.as_mut()).is_ready());
            }
        });
        assert_eq!(count, 0, "{fairness:?}");
    }
}

fn being_passed_over_probing_and_closing_allocate_nothing(side: Side) {
    let tasks = [(); 2].map(|()| Waker::from(Task::new()));
    let [ours, theirs] = &tasks;
    let line = used(side, 1, without_credit(SHORT));
    let [mut kept, mut same_task, mut arrival] = [(); 3].map(|()| line.wait_or_closed());
    let count = allocations(|| {
        let held = line.try_take();
        assert!(poll_with(ours, kept.as_mut()).is_pending());
        drop(held);
        assert!(poll_with(ours, same_task.as_mut()).is_pending());
        let got = poll_with(ours, same_task.as_mut());
        assert!(got.is_ready());
        assert!(poll_with(ours, kept.as_mut()).is_pending(), "it comes back");
        drop(got);
        for _ in 0..2 {
            assert!(poll_with(theirs, arrival.as_mut()).is_pending());
        }
        past(SHORT);
        let got = poll_with(theirs, arrival.as_mut());
        assert!(got.is_ready());
        assert!(poll_with(ours, kept.as_mut()).is_pending());
        if side.is_mutex() {
            drop(got);
        } else {
            line.close();
        }
        assert!(poll_with(ours, kept.as_mut()).is_ready());
    });
    assert_eq!(count, 0);
}

fn hundreds_called_at_once_or_closed_allocate_nothing(side: Side) {
    let line = used(side, 300, Fairness::DEFAULT);
    let held = line.hold_at_once(300);
    let mut waiters: Vec<_> = (0..300).map(|_| line.asleep()).collect();
    assert_eq!(allocations(|| drop(held)), 0);
    let got: Vec<_> = waiters.iter_mut().map(|waiter| waiter.poll()).collect();
    assert!(got.iter().all(Option::is_some));
    let _closed: Vec<_> = (0..300).map(|_| line.closable()).collect();
    let closing = allocations(|| {
        line.close();
    });
    assert_eq!(closing, 0);
}

/// The first wait of a thread makes its waker.
fn a_blocking_wait_allocates_nothing_after_the_first_of_its_thread(side: Side) {
    let line = &used(side, 1, Fairness::FIFO);
    let (expired, is_expired) = channel();
    let counts = thread::scope(|scope| {
        let held = line.hold(1);
        let thread = scope.spawn(move || {
            let timeout = Duration::from_millis(1);
            let expires = || assert!(line.blocking_wait_for(timeout).is_none());
            expires();
            let expiry = allocations(|| (0..5).for_each(|_| expires()));
            expired.send(()).expect("awaited");
            let acquisition = allocations(|| drop(line.blocking_wait()));
            (expiry, acquisition)
        });
        is_expired.recv().expect("it expires");
        thread::sleep(Duration::from_millis(20)); // it sleeps now
        drop(held);
        thread.join().expect("no panic")
    });
    assert_eq!(counts, (0, 0));
}
