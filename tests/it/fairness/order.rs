//! First come, first served: who is called, and in what order.

use wakeful::{Fairness, Mutex};

use crate::support::{KINDS, Waiting, asleep, hold};

/// Guards rule 1.
#[test]
fn waiters_are_called_in_the_order_in_which_they_came_one_at_a_time() {
    for fairness in KINDS {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut waiters: Vec<_> = (0..50).map(|_| asleep(&mutex)).collect();
        drop(held);
        for turn in 0..waiters.len() {
            let woken: Vec<_> = waiters.iter().map(Waiting::wakes).collect();
            let expected: Vec<_> = (0..waiters.len())
                .map(|at| usize::from(at <= turn))
                .collect();
            assert_eq!(woken, expected, "{fairness:?}: turn {turn}");
            drop(waiters[turn].poll().expect("it is its turn"));
        }
        drop(hold(&mutex));
    }
}

#[test]
fn in_fifo_nobody_gets_in_out_of_turn_however_often_polled() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let held = hold(&mutex);
    let mut waiters: Vec<_> = (0..5).map(|_| asleep(&mutex)).collect();
    drop(held);
    for turn in 0..waiters.len() {
        for late in (turn + 1..waiters.len()).rev() {
            for _ in 0..100 {
                assert!(waiters[late].is_pending(), "{late} in the turn of {turn}");
            }
        }
        assert!(mutex.try_lock().is_err());
        assert!(Waiting::new(mutex.lock()).is_pending());
        drop(waiters[turn].poll().expect("it is its turn"));
    }
}

#[test]
fn a_spurious_poll_keeps_the_place() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let second = asleep(&mutex);
    assert!(first.is_pending());
    drop(held);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert!(first.poll().is_some());
}

/// Guards rule 1, *each once until it answers*.
#[test]
fn a_called_waiter_is_not_called_again_before_it_answers() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(100));
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let second = asleep(&mutex);
    drop(held);
    for _ in 0..10 {
        drop(hold(&mutex));
    }
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert!(first.poll().is_some());
}

/// Guards rule 2: an answer ends the call, so that the next release calls again.
#[test]
fn one_that_answered_in_vain_is_called_again_in_its_old_place() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(100));
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let second = asleep(&mutex);
    drop(held);
    let barger = hold(&mutex);
    assert!(first.is_pending(), "in vain");
    drop(barger);
    assert_eq!((first.wakes(), second.wakes()), (2, 0));
    assert!(first.poll().is_some());
}

#[test]
fn who_overtook_from_within_the_line_leaves_its_place() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(1));
    let held = hold(&mutex);
    let mut waiters: Vec<_> = (0..3).map(|_| asleep(&mutex)).collect();
    drop(held);
    drop(waiters[1].poll().expect("there is credit for one"));
    assert!(waiters[2].is_pending(), "and no more");
    drop(waiters[0].poll().expect("called"));
    assert_eq!(waiters[2].wakes(), 1, "the next in line is called");
    assert_eq!(waiters[1].wakes(), 0);
}
