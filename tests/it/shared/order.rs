//! First come, first served: who is called, and in what order.

use wakeful::Fairness;

use crate::support::lines::{Line, Side, cases};
use crate::support::wakes;

cases!(VERBS:
    waiters_are_called_in_the_order_in_which_they_came_one_at_a_time,
    in_fifo_nobody_gets_in_out_of_turn_however_often_polled,
    waiters_are_woken_once_and_in_their_turn_however_often_polled,
    what_is_not_polled_is_not_in_line_and_leaves_no_trace,
    what_is_free_is_taken_in_the_first_poll,
    what_is_kept_for_a_called_one_is_refused_to_a_try_and_is_free,
    a_called_waiter_is_not_called_again_before_it_answers,
    one_that_answered_in_vain_is_called_again_in_its_old_place,
    who_overtook_from_within_the_line_leaves_its_place,
);
cases!(COUNTED: one_release_calls_hundreds);

/// Guards rule 1. async-lock#18, async-std#452: two releases were merged into one wake-up.
fn waiters_are_called_in_the_order_in_which_they_came_one_at_a_time(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let mut waiters = line.called::<50>();
        for turn in 0..waiters.len() {
            let expected: Vec<_> = (0..50).map(|at| usize::from(at <= turn)).collect();
            assert_eq!(wakes(&waiters), expected, "turn {turn}");
            drop(waiters[turn].poll().expect("it is its turn"));
        }
        line.assert_idle(1);
    }
}

fn in_fifo_nobody_gets_in_out_of_turn_however_often_polled(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let mut waiters = line.called::<5>();
    for turn in 0..waiters.len() {
        for late in (turn + 1..waiters.len()).rev() {
            for _ in 0..100 {
                assert!(waiters[late].is_pending(), "{late} in the turn of {turn}");
            }
        }
        assert!(line.try_take().is_none());
        assert!(line.waiting().is_pending());
        drop(waiters[turn].poll().expect("it is its turn"));
    }
    line.assert_idle(1);
}

/// embassy#1204: two waiters evict each other from one slot. thingbuf#83, async-channel#13: spinning.
fn waiters_are_woken_once_and_in_their_turn_however_often_polled(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let held = line.hold(1);
        let (mut first, mut second) = (line.asleep(), line.asleep());
        for _ in 0..1000 {
            assert!(first.is_pending() && second.is_pending());
        }
        assert_eq!((first.wakes(), second.wakes()), (0, 0), "they do not spin");
        drop(held);
        assert_eq!((first.wakes(), second.wakes()), (1, 0));
        let got = first.poll().expect("it is its turn");
        assert_eq!(line.free(), 0);
        drop(got);
        assert_eq!((first.wakes(), second.wakes()), (1, 1));
        let got = second.poll().expect("it is its turn");
        assert_eq!(line.free(), 0);
        drop(got);
        assert_eq!((second.wakes(), line.free()), (1, 1));
        line.assert_idle(1);
    }
}

fn what_is_not_polled_is_not_in_line_and_leaves_no_trace(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let never_polled = line.waiting();
    assert_eq!(line.free(), 1);
    let held = line.hold(1);
    drop(line.waiting());
    let mut second = line.asleep();
    drop(held);
    assert_eq!(second.wakes(), 1, "the one that was polled is the first");
    drop(never_polled);
    drop(second.poll().expect("called"));
    drop(second);
    line.assert_unshared();
    line.assert_idle(1);
}

fn what_is_free_is_taken_in_the_first_poll(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        for _ in 0..3 {
            let mut waiter = line.waiting();
            let got = waiter.poll().expect("it is free");
            assert_eq!((line.free(), waiter.wakes()), (0, 0));
            assert!(line.try_take().is_none());
            drop(got);
        }
        line.assert_idle(1);
    }
}

fn what_is_kept_for_a_called_one_is_refused_to_a_try_and_is_free(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let [mut waiter] = line.called();
    assert_eq!(line.free(), 1, "called, but nobody has it");
    assert!(line.try_take().is_none());
    drop(waiter.poll().expect("kept for it"));
    assert!(line.try_take().is_some());
}

/// Guards rule 1, *each once until it answers*.
fn a_called_waiter_is_not_called_again_before_it_answers(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(100));
    let [mut first, second] = line.called();
    for _ in 0..10 {
        drop(line.hold(1));
    }
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert!(first.poll().is_some());
}

/// Guards rule 2: an answer ends the call, so that the next release calls again.
fn one_that_answered_in_vain_is_called_again_in_its_old_place(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(100));
    let [mut first, second] = line.called();
    let barger = line.hold(1);
    assert!(first.is_pending(), "in vain");
    drop(barger);
    assert_eq!((first.wakes(), second.wakes()), (2, 0));
    assert!(first.poll().is_some());
}

/// crossfire#22: a retry succeeds, but its waker stays queued and eats a later wake-up.
fn who_overtook_from_within_the_line_leaves_its_place(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(1));
    let mut waiters = line.called::<3>();
    drop(waiters[1].poll().expect("there is credit for one"));
    assert!(waiters[2].is_pending(), "and no more");
    drop(waiters[0].poll().expect("called"));
    assert_eq!(waiters[2].wakes(), 1, "the next in line is called");
    assert_eq!(waiters[1].wakes(), 0);
}

/// More than are woken in one batch, whatever that is.
fn one_release_calls_hundreds(side: Side) {
    for count in [15, 16, 17, 31, 32, 33, 300] {
        for line in Line::of_all_kinds(side, count) {
            let held = line.hold_at_once(count);
            let mut waiters: Vec<_> = (0..count + 3).map(|_| line.asleep()).collect();
            drop(held);
            let called = waiters.iter().filter(|waiter| waiter.wakes() == 1).count();
            assert!(called == count || side.calls_few(), "{called}");
            assert!(waiters[count..].iter().all(|waiter| waiter.wakes() == 0));
            // Where few are called, each that answers calls others.
            let got: Vec<_> = waiters[..count].iter_mut().map(|w| w.poll()).collect();
            assert!(got.iter().all(Option::is_some));
            drop(got);
            assert_eq!(wakes(&waiters[count..]), [1, 1, 1]);
            drop(waiters);
            line.assert_idle(count);
        }
    }
}
