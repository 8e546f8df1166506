//! Rule 6: who was passed over comes back to its old place by order of arrival, with its credit, and,
//! if it was an arrival that passed it over, with more patience.

use std::time::Duration;

use wakeful::Fairness;

use super::patience::{each, time_until_taken};
use crate::support::lines::{Line, Side, cases};
use crate::support::{SHORT, Task, past, wakes, without_credit};

cases!(VERBS:
    who_was_first_comes_back_to_the_front,
    several_come_back_in_the_order_in_which_they_had_come,
    it_takes_what_it_finds_free,
    after_its_own_task_passed_it_over_it_has_the_old_patience,
    it_comes_back_with_the_credit_that_was_left,
    one_passed_over_behind_one_that_came_back_keeps_its_place,
);
cases!(COUNTED: who_was_not_first_comes_back_ahead_of_whoever_came_later);
cases!(UNEQUAL: who_was_first_comes_back_to_the_front_whatever_it_needs);

fn who_was_first_comes_back_to_the_front(side: Side) {
    comes_back_to_the_front(side, 1, 1);
}

fn who_was_first_comes_back_to_the_front_whatever_it_needs(side: Side) {
    (1..=3).for_each(|need| comes_back_to_the_front(side, 3, need));
}

fn comes_back_to_the_front(side: Side, units: usize, need: usize) {
    let line = Line::new(side, units, without_credit(Duration::ZERO));
    let [mut slow] = line.called_for([need]);
    let mut arrival = line.waiting_for(units);
    assert!(arrival.is_pending());
    let got = arrival.poll().expect("the slow one is passed over");
    let behind = [1, units, 1].map(|n| line.asleep_for(n));
    assert!(slow.is_pending(), "it comes back");
    drop(got);
    assert_eq!(slow.wakes(), 2, "it is the first to be called");
    assert_eq!(wakes(&behind), [usize::from(need < units), 0, 0]);
    drop(slow.poll().expect("called"));
    drop(behind);
    line.assert_idle(units);
}

/// By order of arrival, in whatever order they come back.
fn several_come_back_in_the_order_in_which_they_had_come(side: Side) {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        let line = Line::new(side, 1, without_credit(Duration::ZERO));
        let mut waiters = line.called::<3>();
        let mut arrival = line.waiting();
        let got = (0..4)
            .find_map(|_| arrival.poll())
            .expect("all are passed over");
        let behind = line.asleep();
        for at in order {
            assert!(waiters[at].is_pending(), "it comes back");
        }
        drop(got);
        for at in 0..3 {
            let expected = [0, 1, 2].map(|nth| 1 + usize::from(nth <= at));
            assert_eq!(wakes(&waiters), expected, "{order:?}");
            drop(waiters[at].poll().expect("its turn"));
        }
        assert_eq!(behind.wakes(), 1, "then the later arrival");
    }
}

/// One that was not first when its task passed it over, and came before others that are first now.
fn who_was_not_first_comes_back_ahead_of_whoever_came_later(side: Side) {
    let line = Line::new(side, 2, Fairness::FIFO);
    let task = Task::new();
    let held = line.hold(2);
    let mut first = line.asleep();
    let mut kept = line.asleep_in(&task);
    drop(held);
    assert_eq!((first.wakes(), kept.wakes()), (1, 1));
    let mut again = line.waiting_in(&task);
    assert!(again.is_pending(), "it meets the kept one");
    let got = again.poll().expect("the kept one is passed over");
    let firsts = first.poll().expect("it was kept for it");
    let mut later = line.asleep();
    let mut last = line.asleep();
    assert!(kept.is_pending(), "it comes back");
    let before = kept.wakes();
    drop(got);
    assert_eq!((kept.wakes(), later.wakes()), (before + 1, 0));
    drop(firsts);
    assert_eq!((later.wakes(), last.wakes()), (1, 0));
    drop(later.poll().expect("called, too"));
    assert_eq!(last.wakes(), 1);
    drop((kept.poll().expect("called"), last.poll().expect("called")));
    line.assert_idle(2);
}

fn it_takes_what_it_finds_free(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let [mut slow] = line.called();
    let mut arrival = line.waiting();
    assert!(arrival.is_pending());
    drop(arrival.poll().expect("passed over, and given back"));
    let [waiter] = line.called();
    assert_eq!(waiter.wakes(), 1);
    drop(slow.poll().expect("it comes back ahead of the called one"));
    drop(waiter);
    line.assert_idle(1);
}

/// Each time that it has come back, it is passed over after the next of `times`; the last is the cap.
fn is_passed_over_after(times: &[Duration]) {
    each(|side| {
        let line = Line::new(side, 1, without_credit(times[0]));
        let [mut slow] = line.called();
        let most = times[times.len() - 1];
        for &expected in times {
            let time = time_until_taken(&line);
            assert!(time >= expected, "{side:?}: {time:?} < {expected:?}");
            assert!(expected < most || time < 6 * most, "{side:?}: {time:?}");
            let held = line.hold(1);
            assert!(slow.is_pending(), "it comes back");
            drop(held);
        }
    });
}

/// Each time, up to a second.
#[test]
fn after_probing_it_has_eight_times_the_patience() {
    is_passed_over_after(&[2, 16, 128, 1000, 1000].map(Duration::from_millis));
}

#[test]
fn a_patience_above_the_most_stays_what_it_was() {
    is_passed_over_after(&[Duration::from_millis(1200); 2]);
}

/// Its own task did that (rule 4), not an arrival: nothing says that it is slow.
fn after_its_own_task_passed_it_over_it_has_the_old_patience(side: Side) {
    let line = Line::new(side, 1, without_credit(SHORT));
    let task = Task::new();
    let [mut kept] = line.called_in([&task]);
    let mut again = line.waiting_in(&task);
    assert!(again.is_pending());
    let got = again.poll().expect("the kept one is passed over");
    assert!(kept.is_pending(), "it comes back");
    drop(got);
    let mut arrival = line.waiting();
    assert!(arrival.is_pending(), "it meets the call");
    past(SHORT);
    assert!(arrival.poll().is_some(), "not eight times that");
}

fn it_comes_back_with_the_credit_that_was_left(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(5));
    let task = Task::new();
    let [mut kept, mut second] = line.called_in([&task, &Task::new()]);
    drop(line.hold(1));
    drop(line.hold(1)); // three of five are left
    let barger = line.hold(1); // two
    let mut other = line.waiting_in(&task);
    assert!(other.is_pending(), "it meets the kept one");
    assert!(other.is_pending(), "the kept one is passed over");
    assert!(kept.is_pending(), "and comes back");
    drop(barger);
    assert_eq!(second.wakes(), 0, "the kept one is first again");
    drop(line.hold(1));
    drop(line.hold(1));
    assert!(line.try_take().is_none(), "its credit is spent");
    drop(kept.poll().expect("kept for it"));
    (0..5).for_each(|_| drop(line.hold(1)));
    assert!(line.try_take().is_none(), "the second had all of its own");
    drop(second.poll().expect("kept for it"));
}

/// With one unit, two are called at once when the first comes back ahead of a called one.
fn one_passed_over_behind_one_that_came_back_keeps_its_place(side: Side) {
    let fairness = Fairness::overtakes(10).with_patience(Duration::MAX);
    let line = Line::new(side, 1, fairness);
    let (ours, theirs) = (Task::new(), Task::new());
    let [mut front, mut second, mut ours_too] = line.called_in([&ours, &theirs, &ours]);
    let barger = line.hold(1);
    assert!(ours_too.is_pending(), "it meets the front one");
    assert!(ours_too.is_pending(), "the front one is passed over");
    drop(barger);
    assert_eq!(theirs.wakes(), 1, "the second is called");
    let barger = line.hold(1);
    assert!(front.is_pending(), "it comes back, ahead of a called one");
    let before = ours.wakes();
    drop(barger);
    if side.is_mutex() {
        assert_eq!(ours.wakes(), before + 1, "two are called now");
    }
    let barger = line.hold(1);
    let mut theirs_too = line.waiting_in(&theirs);
    assert!(theirs_too.is_pending(), "it meets the second");
    assert!(theirs_too.is_pending(), "the second is passed over");
    assert!(second.is_pending(), "and comes back");
    drop(barger);
    let before = (theirs.wakes(), ours.wakes());
    drop(front.poll().expect("called long ago"));
    let after = (theirs.wakes(), ours.wakes());
    assert_eq!(after, (before.0 + 1, before.1), "the second, not ours");
    drop(second.poll().expect("its turn"));
    drop(ours_too.poll().expect("then ours"));
    drop(theirs_too.poll().expect("then theirs"));
}

/// More than are looked through from the front.
#[test]
fn a_hundred_come_back_in_the_order_in_which_they_had_come() {
    each(|side| {
        let line = Line::new(side, 1, without_credit(Duration::ZERO));
        let mut waiters = line.called::<100>();
        let mut arrival = line.waiting();
        let got = (0..101)
            .find_map(|_| arrival.poll())
            .expect("all are passed over");
        assert!(
            waiters.iter_mut().all(|waiter| waiter.is_pending()),
            "they come back"
        );
        drop(got);
        for waiter in &mut waiters {
            assert_eq!(waiter.wakes(), 2, "in their turn");
            drop(waiter.poll().expect("its turn"));
        }
    });
}
