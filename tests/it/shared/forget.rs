//! A forgotten future is never undefined behaviour: forgetting a boxed one ends its borrow, so that
//! what it waits for may be moved and dropped with the waiter still in line.
//!
//! Run it under the address sanitizer as well: it sees what no assertion can.

use std::time::Duration;

use wakeful::Fairness;

use crate::fairness::futurelock::drive;
use crate::support::lines::{Line, Side, Waiter, cases};
use crate::support::{SHORT, Task, Waiting, in_time, without_credit};

cases!(VERBS:
    forgotten_before_its_first_poll,
    forgotten_asleep_or_called_then_it_is_moved_and_used,
    forgotten_between_the_living_whose_neighbours_come_and_go,
    forgotten_when_passed_over_or_when_back_again,
    forgotten_as_the_prober,
    forgotten_after_completion,
    it_is_dropped_with_the_dead_in_line,
    a_forgotten_unit_is_leaked_and_nothing_worse,
);
cases!(COUNTED: forgotten_in_the_middle_of_the_called);
cases!(UNEQUAL:
    forgotten_between_unequal_ones_whose_neighbours_come_and_go,
    forgotten_when_passed_over_or_when_back_again_with_unequal_needs,
);

/// Keeps everything, and passes over at the second meeting.
const IMPATIENT: Fairness = without_credit(Duration::ZERO);

/// Moves it to another address, with the waiters in line.
fn moved(line: Line) -> Box<Line> {
    Box::new(line)
}

/// So many wait, and then one for as many, until each has what it needs; they pass over the dead.
fn get_through(line: &Line, count: usize) {
    let got: Vec<_> = (0..count).map(|_| in_time(&mut line.waiting())).collect();
    drop(got);
    drop(in_time(&mut line.waiting_for(count)));
}

fn forgotten_before_its_first_poll(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let _dead = line.waiting().forget();
    moved(line).assert_idle(1);
}

/// async-channel#45, tachyonix#1, tachyonix#2.
fn forgotten_asleep_or_called_then_it_is_moved_and_used(side: Side) {
    let one = Fairness::overtakes(1).with_patience(Duration::ZERO);
    for fairness in [one, IMPATIENT, Fairness::overtakes(10)] {
        for units in 1..=side.units(3) {
            let line = Line::new(side, side.units(3), fairness);
            let mut held = line.hold(side.units(3));
            let dead = [(); 3].map(|()| line.asleep().forget());
            drop(line.asleep());
            let _last = line.asleep().forget();
            held.drain(units..).for_each(std::mem::forget);
            drop(held);
            let woken = dead.iter().filter(|task| task.wakes() == 1).count();
            assert_eq!(woken, side.called_at_once(units, 3));
            let line = moved(line);
            (0..20).for_each(|_| get_through(&line, units));
            assert!(dead.iter().all(|task| task.wakes() == 1), "all were called");
            assert_eq!(line.free(), units);
        }
    }
}

fn forgotten_between_the_living_whose_neighbours_come_and_go(side: Side) {
    forgotten_between_the_living(side, 1);
}

fn forgotten_between_unequal_ones_whose_neighbours_come_and_go(side: Side) {
    forgotten_between_the_living(side, 2);
}

/// Each asks for 1 to `units` units.
fn forgotten_between_the_living(side: Side, units: usize) {
    let line = Line::new(side, units, IMPATIENT);
    let held = line.hold_at_once(units);
    let (mut living, mut dead) = (Vec::new(), Vec::new());
    for nth in 0..60 {
        let waiter = line.asleep_for(1 + nth % units);
        match nth % 4 {
            0 => dead.push(waiter.forget()),
            1 => drop(waiter),
            _ => living.push(waiter),
        }
    }
    let mut nth = 0;
    living.retain(|_| {
        nth += 1;
        nth % 3 > 0
    });
    drop(held);
    for _ in 0..100 {
        get_through_beside(&line, units, &mut living);
    }
    assert!(living.is_empty());
    assert!(dead.iter().all(|task| task.wakes() == 1), "all were called");
    drop(living);
    drop(moved(line));
}

/// It passes over the dead; the living are polled, as long as it waits.
fn get_through_beside(line: &Line, units: usize, living: &mut Vec<Waiter<'_>>) {
    let mut arrival = line.waiting_for(units);
    while arrival.is_pending() {
        living.retain_mut(Waiting::is_pending);
    }
}

fn forgotten_when_passed_over_or_when_back_again(side: Side) {
    forgotten_while_out_of_line(side, 1, [1, 1, 1]);
}

fn forgotten_when_passed_over_or_when_back_again_with_unequal_needs(side: Side) {
    forgotten_while_out_of_line(side, 2, [2, 1, 2]);
}

fn forgotten_while_out_of_line(side: Side, units: usize, needs: [usize; 3]) {
    let line = Line::new(side, units, IMPATIENT);
    let task = Task::new();
    let held = line.hold_at_once(units);
    let [passed, mut back, mut last] = needs.map(|n| line.asleep_in_for(&task, n));
    drop(held);
    let (polls, got) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    assert!(back.is_pending());
    let _dead = (passed.forget(), back.forget());
    drop(got);
    drop(last);
    let line = moved(line);
    (0..10).for_each(|_| get_through(&line, units));
}

fn forgotten_as_the_prober(side: Side) {
    let line = Line::new(side, 1, without_credit(SHORT));
    let _dead = line.called::<1>().map(Waiting::forget);
    let mut prober = line.waiting();
    assert!((0..10).all(|_| prober.is_pending()));
    let _dead_too = prober.forget();
    let line = moved(line);
    (0..2).for_each(|_| get_through(&line, 1));
}

fn forgotten_in_the_middle_of_the_called(side: Side) {
    let line = Line::new(side, 3, without_credit(SHORT));
    let [mut first, second, third] = line.called();
    let mut prober = line.waiting();
    assert!(prober.is_pending() && prober.is_pending());
    let _dead = (second.forget(), prober.forget());
    drop(first.poll().expect("called"));
    drop((first, third));
    let line = moved(line);
    (0..2).for_each(|_| get_through(&line, 3));
    line.assert_idle(3);
}

fn forgotten_after_completion(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let [mut waiter] = line.called();
    drop(waiter.poll().expect("its turn"));
    let _dead = waiter.forget();
    moved(line).assert_idle(1);
}

fn it_is_dropped_with_the_dead_in_line(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let dead = line.called::<10>().map(Waiting::forget);
    let line = moved(line);
    assert_eq!(dead.iter().map(|task| task.wakes()).sum::<usize>(), 1);
    drop(line);
    // The end of a channel wakes all.
    assert!(dead.iter().all(|task| task.wakes() <= 1));
}

fn a_forgotten_unit_is_leaked_and_nothing_worse(side: Side) {
    let units = side.units(3);
    let line = Line::new(side, units, Fairness::DEFAULT);
    line.hold(1).drain(..).for_each(std::mem::forget);
    let held = line.hold(units - 1);
    drop(line.asleep());
    drop(held);
    let line = moved(line);
    assert_eq!(line.free(), units - 1);
    let held = line.hold(units - 1);
    assert!(line.try_take().is_none());
    drop(held);
}
