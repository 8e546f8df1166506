//! What the rules promise where permits are many, in examples small enough to follow by hand.

use wakeful_rules::rules::Rules;
use wakeful_rules::waiter::{Got, Id, NEVER, Polled, State};

/// Sleeping waiters, one for each of the tasks 0, 1, 2, ..., that need this many permits each.
fn sleepers<const N: usize>(rules: &mut Rules, needs: [usize; N]) -> [Id; N] {
    let mut task = 0;
    needs.map(|need| {
        let id = rules.newcomer(task, need);
        assert_eq!(rules.poll(id, task).got, Got::NotYet);
        task += 1;
        id
    })
}

fn poll(rules: &mut Rules, id: Id) -> Polled {
    let polled = rules.poll(id, rules.waiter(id).task);
    rules.assert_invariants();
    polled
}

#[test]
fn a_debt_is_paid_before_anybody_gets_permits() {
    let mut rules = Rules::new(2, 0, NEVER);
    assert_eq!(rules.try_take(2), Got::It(()));
    let [_] = sleepers(&mut rules, [1]);
    rules.reduce_permits(3);
    assert_eq!((rules.free(), rules.balance), (0, -3));
    assert_eq!(rules.release(2), []);
    assert_eq!(rules.release(1), []);
    assert_eq!(rules.release(1), [0]);
}

#[test]
fn nothing_is_had_at_once_whatever_is_owed_until_it_is_closed() {
    let mut rules = Rules::new(0, 0, NEVER);
    rules.reduce_permits(1);
    assert_eq!(rules.try_take(0), Got::It(()));
    let none = rules.newcomer(0, 0);
    assert_eq!(poll(&mut rules, none).got, Got::It(()));
    assert_eq!(rules.close(), []);
    assert_eq!(rules.try_take(0), Got::Closed);
}

#[test]
fn closing_wakes_whoever_no_call_woke() {
    let mut rules = Rules::new(0, 0, NEVER);
    let [called, asleep] = sleepers(&mut rules, [1, 1]);
    assert_eq!(rules.release(1), [0]);
    assert_eq!(rules.close(), [1]);
    rules.assert_invariants();
    assert_eq!(rules.free(), 1);
    assert_eq!(poll(&mut rules, asleep).got, Got::Closed);
    assert_eq!(rules.drop(called), []);
}

#[test]
fn who_sleeps_again_ahead_of_called_ones_is_called_before_others() {
    let mut rules = Rules::new(0, 0, NEVER);
    let [big, small, last] = sleepers(&mut rules, [2, 1, 1]);
    assert_eq!(rules.release(3), [0, 1]);
    assert_eq!(rules.forget_permits(2), 2);
    assert_eq!(poll(&mut rules, big).got, Got::NotYet);
    assert_eq!(rules.waiter(small).state, State::Called);
    assert_eq!(
        poll(&mut rules, small).got,
        Got::NotYet,
        "kept for the big one"
    );
    assert_eq!(rules.release(1), [0]);
    assert_eq!(rules.release(2), [1, 2]);
    assert_eq!(poll(&mut rules, last).got, Got::It(()));
}

#[test]
fn what_is_free_beyond_the_needs_of_all_called_costs_nothing() {
    let mut rules = Rules::new(0, 0, NEVER);
    let [first, second] = sleepers(&mut rules, [2, 1]);
    assert_eq!(rules.release(4), [0, 1]);
    assert_eq!(rules.try_take(2), Got::NotYet);
    assert_eq!(rules.try_take(1), Got::It(()));
    assert_eq!(poll(&mut rules, second).got, Got::It(()));
    assert_eq!(poll(&mut rules, first).got, Got::It(()));
    assert_eq!(rules.free(), 0);
}

/// Sixteen slots and many who push: who answers calls the next.
#[test]
fn slots_call_one_and_log2_at_a_time() {
    let mut rules = Rules::new(0, 0, NEVER).of_slots();
    let [first, second, ..] = sleepers(&mut rules, [1; 20]);
    assert_eq!(rules.release(16), [0, 1, 2, 3, 4]);
    let polled = poll(&mut rules, second);
    assert_eq!(
        (polled.got, polled.woken),
        (Got::It(()), vec![]),
        "15 call 4"
    );
    let polled = poll(&mut rules, first);
    assert_eq!((polled.got, polled.woken), (Got::It(()), vec![5]));
}

/// It is not worth a call for each, but each is called in time: two that never answer hold nobody up while
/// four slots are free.
#[test]
fn two_dead_calls_hold_up_no_push_while_four_slots_are_free() {
    let mut rules = Rules::new(0, 0, NEVER).of_slots();
    let [_, _, alive @ ..] = sleepers(&mut rules, [1; 6]);
    assert_eq!(rules.release(7), [0, 1, 2]);
    for id in alive {
        assert_eq!(poll(&mut rules, id).got, Got::It(()));
    }
    assert_eq!(rules.free(), 3);
}

/// The call reaches nobody while the waker is spent; it is called all the same.
#[test]
fn closing_wakes_nobody_whose_waker_is_spent() {
    let mut rules = Rules::new(0, 1, 9);
    let [_big, prober] = [rules.newcomer(0, 2), rules.newcomer(1, 1)];
    assert_eq!(poll(&mut rules, 0).got, Got::NotYet);
    assert_eq!(rules.release(2), [0]);
    assert_eq!(rules.try_take(1), Got::It(()));
    let _ = (poll(&mut rules, prober), poll(&mut rules, prober));
    assert_eq!(poll(&mut rules, 0).got, Got::NotYet);
    assert_eq!(rules.drop(prober), [0]);
    assert_eq!(rules.close(), []);
}
