//! What the rules promise where permits are many, in examples small enough to follow by hand.

use wakeful_rules::waiter::{Got, NEVER, State};

use crate::asserts::{Core, ready};

#[test]
fn a_debt_is_paid_before_anybody_gets_permits() {
    let mut c = Core::new(2, 0, NEVER);
    assert!(c.tries(2));
    let [_] = c.sleepers([1]);
    c.0.reduce_permits(3);
    assert_eq!((c.0.free(), c.0.balance), (0, -3));
    assert_eq!(c.release(2), []);
    assert_eq!(c.release(1), []);
    assert_eq!(c.release(1), [0]);
}

#[test]
fn nothing_is_had_at_once_whatever_is_owed_until_it_is_closed() {
    let mut c = Core::new(0, 0, NEVER);
    c.0.reduce_permits(1);
    assert!(c.tries(0));
    let none = c.0.newcomer(0, 0);
    assert!(c.gets_in(none));
    assert_eq!(c.0.close(), []);
    assert_eq!(c.0.try_take(0), Got::Closed);
}

#[test]
fn closing_wakes_whoever_no_call_woke() {
    let mut c = Core::new(0, 0, NEVER);
    let [called, asleep] = c.sleepers([1, 1]);
    assert_eq!(c.release(1), [0]);
    assert_eq!(c.0.close(), [1]);
    c.0.assert_invariants();
    assert_eq!(c.0.free(), 1);
    assert_eq!(c.poll(asleep).got, Got::Closed);
    assert_eq!(c.drop(called), []);
}

#[test]
fn who_sleeps_again_ahead_of_called_ones_is_called_before_others() {
    let mut c = Core::new(0, 0, NEVER);
    let [big, small, last] = c.sleepers([2, 1, 1]);
    assert_eq!(c.release(3), [0, 1]);
    assert_eq!(c.0.forget_permits(2), 2);
    assert!(c.waits(big));
    assert_eq!(c.0.waiter(small).state, State::Called);
    assert!(c.waits(small), "kept for the big one");
    assert_eq!(c.release(1), [0]);
    assert_eq!(c.release(2), [1, 2]);
    assert!(c.gets_in(last));
}

#[test]
fn what_is_free_beyond_the_needs_of_all_called_costs_nothing() {
    let mut c = Core::new(0, 0, NEVER);
    let [first, second] = c.sleepers([2, 1]);
    assert_eq!(c.release(4), [0, 1]);
    assert_eq!(c.0.try_take(2), Got::NotYet);
    assert!(c.tries(1));
    assert!(c.gets_in(second));
    assert!(c.gets_in(first));
    assert_eq!(c.0.free(), 0);
}

/// Sixteen slots and many who push: who answers calls the next.
#[test]
fn slots_call_one_and_log2_at_a_time() {
    let mut c = Core::of_slots();
    let [first, second, ..] = c.sleepers([1; 20]);
    assert_eq!(c.release(16), [0, 1, 2, 3, 4]);
    assert_eq!(c.poll(second), ready([]), "15 call 4");
    assert_eq!(c.poll(first), ready([5]));
}

/// It is not worth a call for each, but each is called in time: two that never answer hold nobody up while
/// four slots are free.
#[test]
fn two_dead_calls_hold_up_no_push_while_four_slots_are_free() {
    let mut c = Core::of_slots();
    let [_, _, alive @ ..] = c.sleepers([1; 6]);
    assert_eq!(c.release(7), [0, 1, 2]);
    for id in alive {
        assert!(c.gets_in(id));
    }
    assert_eq!(c.0.free(), 3);
}

/// The call reaches nobody while the waker is spent; it is called all the same.
#[test]
fn closing_wakes_nobody_whose_waker_is_spent() {
    let mut c = Core::new(0, 1, 9);
    let [_big, prober] = [c.0.newcomer(0, 2), c.0.newcomer(1, 1)];
    assert!(c.waits(0));
    assert_eq!(c.release(2), [0]);
    assert!(c.tries(1));
    let _ = (c.poll(prober), c.poll(prober));
    assert!(c.waits(0));
    assert_eq!(c.drop(prober), [0]);
    assert_eq!(c.0.close(), []);
}
