//! Capacity 0: a push is ready when a pop has its item, and not before; the waiting push is the item. How
//! fair that is, and that threads meet there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::TrySendError::{Closed, Full};
use wakeful::queue::{self, RecvTimeoutError, SendError, SendTimeoutError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{asleep, assert_terminated, pop_asleep, push_asleep, ready, rendezvous, wakes};
use crate::fairness::futurelock::second_poll;
use crate::support::loud::asleep_with;
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, panics, sleeping};

for_each_fairness!(
    a_push_is_ready_when_its_item_was_taken_and_not_before,
    items_go_in_the_order_of_the_line_whoever_takes_them,
    a_called_pop_that_is_dropped_passes_its_call_on,
    a_pop_that_was_called_for_a_push_that_is_gone_waits_on,
    a_dropped_push_is_never_received,
    closing_gives_the_items_back_and_ends_the_pops,
);

#[test]
fn there_are_no_slots() {
    let (sender, receiver) = queue::bounded(0);
    let check = || {
        assert_eq!((sender.len(), receiver.len()), (0, 0));
        assert_eq!((sender.capacity(), receiver.capacity()), (0, 0));
        assert_eq!((sender.max_capacity(), receiver.max_capacity()), (0, 0));
        assert!(sender.is_empty() && sender.is_full());
        assert!(receiver.is_empty() && receiver.is_full());
        assert_eq!(sender.try_send(9), Err(Full(9)));
        assert_eq!(receiver.drain(), []);
    };
    check();
    let send = asleep(sender.send(1));
    check();
    drop(send);
    let recv = asleep(receiver.recv());
    check();
    assert_eq!(recv.wakes(), 0);
    drop(recv);
    assert_eq!(receiver.try_recv(), Err(Empty));
}

/// Each panics at the call, and says why.
#[test]
fn what_needs_a_slot_panics() {
    let (sender, _receiver) = queue::bounded(0);
    let said = [
        panics(|| drop(sender.reserve())),
        panics(|| drop(sender.clone().reserve_owned())),
        panics(|| drop(sender.try_reserve())),
        panics(|| drop(sender.clone().try_reserve_owned())),
        panics(|| sender.force_send(1)),
    ];
    for text in said {
        assert!(text.contains("capacity 0"), "{text}");
    }
    assert_eq!(sender.sender_count(), 1, "no clone is left");
    assert!(!sender.is_closed());
}

/// flume#140: a push returned before the item was received.
fn a_push_is_ready_when_its_item_was_taken_and_not_before(fairness: Fairness) {
    for pop_waits in [false, true] {
        let queue = rendezvous(fairness);
        let mut pop = Waiting::new(queue.pop());
        assert!(!pop_waits || pop.is_pending());
        let mut push = push_asleep(&queue, 7);
        assert_eq!(pop.wakes(), usize::from(pop_waits), "it is called");
        assert!((0..10).all(|_| push.is_pending()), "nobody has it");
        assert_eq!(pop.poll(), Some(Some(7)));
        assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    }
}

fn items_go_in_the_order_of_the_line_whoever_takes_them(fairness: Fairness) {
    let queue = rendezvous(fairness);
    let mut pushes: Vec<_> = (0..6).map(|item| push_asleep(&queue, item)).collect();
    drop(pushes.remove(1));
    assert_eq!(queue.try_pop(), Ok(0));
    assert_eq!(ready(queue.pop()), Some(2));
    let mut many = Vec::new();
    assert_eq!(queue.try_pop_many(&mut many, 2), Ok(2));
    assert_eq!(many, [3, 4]);
    assert_eq!(queue.blocking_pop(), Some(5));
    assert_eq!(wakes(&pushes), [1; 5]);
    assert!(pushes.iter_mut().all(|push| push.poll() == Some(Ok(()))));
    assert_eq!(queue.try_pop(), Err(Empty));
}

/// A called pop that is dropped loses nothing: the item is still in its push.
fn a_called_pop_that_is_dropped_passes_its_call_on(fairness: Fairness) {
    let queue = rendezvous(fairness);
    let (first, mut second) = (pop_asleep(&queue), pop_asleep(&queue));
    let mut push = push_asleep(&queue, 7);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    assert_eq!((second.wakes(), push.wakes()), (1, 0));
    assert_eq!(second.poll(), Some(Some(7)));
    assert_eq!(push.poll(), Some(Ok(())));
}

/// A called pop whose push was cancelled meanwhile waits on, for the next.
fn a_pop_that_was_called_for_a_push_that_is_gone_waits_on(fairness: Fairness) {
    let queue = rendezvous(fairness);
    let mut pop = pop_asleep(&queue);
    drop(push_asleep(&queue, 7));
    assert_eq!(pop.wakes(), 1);
    assert!(pop.is_pending(), "in vain");
    let mut push = push_asleep(&queue, 8);
    assert_eq!((pop.wakes(), pop.poll()), (2, Some(Some(8))));
    assert_eq!(push.poll(), Some(Ok(())));
}

/// The one exception to the rule on cancelled pushes: the hand-over is the completion.
#[test]
fn into_item_tells_whether_it_was_handed_over() {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(0);
    let mut never = Waiting::new(queue.push(ledger.item()));
    assert!(never.future().into_item().is_some_and(|item| item == 0));
    let mut waits = push_asleep(&queue, ledger.item());
    assert!(waits.future().into_item().is_some_and(|item| item == 1));
    let mut taken = push_asleep(&queue, ledger.item());
    let received = queue.try_pop().unwrap();
    assert!(taken.future().into_item().is_none(), "somebody has it");
    assert_eq!(received.number, 2);
    drop(received);
    assert_terminated(&mut taken);
    let dropped = push_asleep(&queue, ledger.item());
    let received = queue.try_pop().unwrap();
    drop(dropped);
    assert!(!ledger.is_dropped(3), "not with its push");
    drop(received);
    let mut closed = push_asleep(&queue, ledger.item());
    queue.close();
    assert!(closed.future().into_item().is_some_and(|item| item == 4));
    drop((never, waits, taken, closed));
    ledger.assert_all_dropped();
}

fn a_dropped_push_is_never_received(fairness: Fairness) {
    let mut ledger = Ledger::new();
    let queue = Queue::bounded(0).with_fairness(fairness);
    let pushes = [(); 3].map(|()| push_asleep(&queue, ledger.item()));
    let [first, mut second, third] = pushes;
    drop((third, first));
    assert_eq!(ledger.dropped(), 2);
    assert!(queue.try_pop().is_ok_and(|item| item == 1));
    assert!(queue.try_pop().is_err());
    assert_eq!(second.poll(), Some(Ok(())));
    ledger.assert_all_dropped();
}

fn closing_gives_the_items_back_and_ends_the_pops(fairness: Fairness) {
    let queue = rendezvous(fairness);
    let mut pops: Vec<_> = (0..20).map(|_| pop_asleep(&queue)).collect();
    queue.close();
    assert_eq!(wakes(&pops), [1; 20]);
    assert!(pops.iter_mut().all(|pop| pop.poll() == Some(None)));
    let queue = rendezvous(fairness);
    let mut pushes: Vec<_> = (0..40).map(|item| push_asleep(&queue, item)).collect();
    assert_eq!(queue.try_pop(), Ok(0));
    assert_eq!(queue.close_and_drain(), [], "a waiting push is not queued");
    assert_eq!(queue.try_pop(), Err(Disconnected));
    assert_eq!(pushes[0].poll(), Some(Ok(())), "taken before it was closed");
    for (item, push) in pushes.iter_mut().enumerate().skip(1) {
        assert_eq!((push.wakes(), push.poll()), (1, Some(Err(SendError(item)))));
    }
    assert_eq!(ready(queue.push(7)), Err(SendError(7)));
    assert_eq!(queue.try_push(7), Err(Closed(7)));
}

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
