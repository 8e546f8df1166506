//! P3: a called waiter that is never polled again delays no arrival forever.
//!
//! Without rule 5 every test here fails but those on FIFO. Patience is real time: "not yet" is asserted
//! only where the time that was measured is shorter, and "now" after a sleep that is longer.

use std::thread;
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{ALL, Line, Side, cases};
use crate::support::{LONG, SHORT, Waiting, past, without_credit};

cases!(VERBS:
    without_patience_an_arrival_gets_through_at_its_second_poll,
    an_arrival_gets_through_when_the_patience_has_passed_and_not_before,
    while_the_patience_lasts_nobody_is_passed_over,
    several_forgotten_waiters_are_passed_over_one_by_one,
    by_default_a_forgotten_waiter_delays_nobody_for_long,
    in_fifo_what_is_kept_for_a_called_one_is_kept_for_ever,
    trying_never_uses_patience_up,
    every_arrival_gets_through_under_traffic,
);
cases!(UNEQUAL:
    an_arrival_with_another_need_gets_through_at_its_second_poll,
    arrivals_that_ask_for_unequal_numbers_get_through_under_traffic,
);
cases!(COUNTED:
    an_arrival_that_finds_enough_beside_what_is_kept_does_not_wait,
    several_forgotten_waiters_that_were_called_together_are_passed_over_one_by_one,
    one_forgotten_among_several_called_holds_up_nobody_for_ever,
);

/// Polls an arrival as its task would, only when it was woken; says how many polls it took.
pub(crate) fn polls_until_taken<F: Future + ?Sized>(
    mut arrival: Waiting<F>,
    at_most: usize,
) -> Option<usize> {
    (1..=at_most).find(|&nth| {
        let may_run = nth == 1 || arrival.wakes() == nth - 1;
        may_run && arrival.poll().is_some()
    })
}

/// The same, for as long as it takes; says how long that was.
pub(super) fn time_until_taken(line: &Line) -> Duration {
    let mut arrival = line.waiting();
    let start = Instant::now();
    let mut polls = 0;
    while arrival.poll().is_none() {
        polls += 1;
        assert_eq!(arrival.wakes(), polls, "it sleeps beside a free unit");
        assert!(start.elapsed() < Duration::from_secs(30), "it is held up");
        thread::yield_now();
    }
    start.elapsed()
}

/// Runs it for all of them at once: they mostly wait.
pub(super) fn each(test: impl Fn(Side) + Sync) {
    thread::scope(|scope| {
        for side in ALL {
            let test = &test;
            scope.spawn(move || test(side));
        }
    });
}

fn without_patience_an_arrival_gets_through_at_its_second_poll(side: Side) {
    gets_through_at_its_second_poll(side, 1, 1, 1);
}

fn an_arrival_with_another_need_gets_through_at_its_second_poll(side: Side) {
    for (need, wanted) in [(1, 3), (3, 1), (3, 3), (2, 2)] {
        gets_through_at_its_second_poll(side, 3, need, wanted);
    }
}

fn gets_through_at_its_second_poll(side: Side, units: usize, need: usize, wanted: usize) {
    let line = Line::new(side, units, without_credit(Duration::ZERO));
    let [snoozing] = line.called_for([need]);
    // The first meeting with a call starts its clock, the second finds that it is over.
    let polls = polls_until_taken(line.waiting_for(wanted), 9);
    assert_eq!(polls, Some(2), "{need}, {wanted}");
    let polls = polls_until_taken(line.waiting_for(wanted), 1);
    assert_eq!(polls, Some(1), "the way is free");
    drop(snoozing);
    line.assert_idle(units);
}

fn an_arrival_gets_through_when_the_patience_has_passed_and_not_before(side: Side) {
    let line = Line::new(side, 1, without_credit(SHORT));
    let [snoozing] = line.called();
    past(SHORT); // nobody met the call yet
    let mut arrival = line.waiting();
    let start = Instant::now();
    let early = (1..=10).find_map(|polls| {
        let got = arrival.poll();
        assert!(got.is_some() || arrival.wakes() == polls, "it wakes itself");
        got
    });
    assert!(early.is_none() || start.elapsed() >= SHORT);
    past(SHORT);
    let got = early.or_else(|| arrival.poll());
    drop(got.unwrap_or_else(|| panic!("it is held up")));
    drop((snoozing, arrival));
    line.assert_idle(1);
}

fn while_the_patience_lasts_nobody_is_passed_over(side: Side) {
    for patience in [LONG, LONG * 1_000_000, Duration::MAX] {
        let line = Line::new(side, 1, without_credit(patience));
        let [mut snoozing] = line.called();
        let mut arrival = line.waiting();
        for polls in 1..=10_000 {
            assert!(arrival.is_pending(), "{patience:?}: {polls}");
            assert!(patience > LONG || arrival.wakes() == polls, "it sleeps");
        }
        drop(snoozing.poll().expect("it was kept"));
        drop(arrival.poll().expect("its turn"));
        line.assert_idle(1);
    }
}

fn an_arrival_that_finds_enough_beside_what_is_kept_does_not_wait(side: Side) {
    let line = Line::new(side, 2, without_credit(Duration::ZERO));
    let [mut snoozing] = line.called();
    (0..10).for_each(|_| assert_eq!(polls_until_taken(line.waiting(), 1), Some(1)));
    drop(snoozing.poll().expect("it was kept"));
}

fn several_forgotten_waiters_are_passed_over_one_by_one(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let dead = line.called::<10>().map(Waiting::forget);
    // Its first poll finds the first call; the next ten pass one over each.
    assert_eq!(polls_until_taken(line.waiting(), 100), Some(11));
    assert!(dead.iter().all(|task| task.wakes() == 1));
    line.assert_idle(1);
}

fn several_forgotten_waiters_that_were_called_together_are_passed_over_one_by_one(side: Side) {
    let line = Line::new(side, 10, without_credit(Duration::ZERO));
    let dead = line.called::<10>().map(Waiting::forget);
    let called = dead.iter().filter(|task| task.wakes() == 1).count();
    assert_eq!(called, side.called_at_once(10, 10));
    let mut got = Vec::new();
    let polls: Vec<usize> = (0..10)
        .map(|nth| {
            let mut arrival = line.waiting();
            let polls = (1..20).find(|_| {
                let unit = arrival.poll();
                let through = unit.is_some();
                got.extend(unit);
                through
            });
            polls.unwrap_or_else(|| panic!("{nth} is held up"))
        })
        .collect();
    let expected = if side.calls_few() {
        // Six leave until all of the rest are called; these hold nobody up while more is free.
        [7, 1, 1, 1, 1, 1, 2, 2, 2, 2]
    } else {
        [2; 10]
    };
    assert_eq!(polls, expected);
    got.clear();
    line.assert_idle(10);
}

fn one_forgotten_among_several_called_holds_up_nobody_for_ever(side: Side) {
    for dead_one in 0..3 {
        let line = Line::new(side, 3, without_credit(Duration::ZERO));
        let mut waiters: Vec<_> = line.called::<3>().into();
        let _dead = waiters.remove(dead_one).forget();
        let alive: Vec<_> = waiters.iter_mut().map(|w| w.poll().unwrap()).collect();
        assert_eq!(line.free(), 1);
        assert_eq!(polls_until_taken(line.waiting(), 100), Some(2));
        drop(alive);
        line.assert_idle(3);
    }
}

fn by_default_a_forgotten_waiter_delays_nobody_for_long(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let forgotten = line.called::<1>().map(Waiting::forget);
    for nth in 0..Fairness::DEFAULT.limit() {
        assert_eq!(polls_until_taken(line.waiting(), 1), Some(1), "{nth}");
    }
    let time = time_until_taken(&line);
    assert!(time >= Fairness::DEFAULT.patience(), "{time:?}");
    for nth in 0..100 {
        let polls = polls_until_taken(line.waiting(), 1);
        assert_eq!(polls, Some(1), "{nth} finds the way free");
    }
    assert_eq!(forgotten[0].wakes(), 1);
}

fn every_arrival_gets_through_under_traffic(side: Side) {
    traffic(side, 1);
}

fn arrivals_that_ask_for_unequal_numbers_get_through_under_traffic(side: Side) {
    traffic(side, 3);
}

/// One arrival every other turn, each holds for a turn, and is polled only when it was woken. A turn
/// lasts long enough for a patience of some turns.
fn traffic(side: Side, units: usize) {
    let turn = Duration::from_micros(10);
    let without = |limit| Fairness::overtakes(limit).with_patience(Duration::ZERO);
    for (fairness, turn) in [
        (without(1024), Duration::ZERO),
        (without(16), Duration::ZERO),
        (without(0), Duration::ZERO),
        (without_credit(2 * turn), turn),
        (Fairness::overtakes(1).with_patience(2 * turn), turn),
    ] {
        let line = Line::new(side, units, fairness);
        let mut got = line.hold(units);
        let needs = |nth| 1 + nth % units;
        let dead = |nth| line.asleep_for(needs(nth)).forget();
        let _dead: Vec<_> = (0..3).map(dead).collect();
        let mut arrivals = Vec::new();
        for nth in 0..1200 {
            let start = Instant::now();
            got.clear();
            if nth % 2 == 0 {
                arrivals.push(Some(line.waiting_for(needs(nth / 2))));
            }
            for arrival in &mut arrivals {
                let taken = arrival.as_mut().and_then(Waiting::poll_if_woken);
                if taken.is_some() {
                    *arrival = None;
                }
                got.extend(taken);
            }
            while start.elapsed() < turn {}
        }
        let held_up = arrivals.iter().take(450).flatten().count();
        assert_eq!(held_up, 0, "{fairness:?}");
    }
}

/// async-channel#45, tachyonix#1, tachyonix#2: a forgotten waiter eats wakes forever. With patience
/// never P3 does not hold, and this is what tokio does.
fn in_fifo_what_is_kept_for_a_called_one_is_kept_for_ever(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let [mut snoozing] = line.called();
    let mut arrival = line.waiting();
    assert!((0..100_000).all(|_| arrival.is_pending()));
    assert_eq!(arrival.wakes(), 0, "it does not spin either");
    assert!(line.try_take().is_none());
    drop(snoozing.poll().expect("kept, however long it takes"));
    drop(arrival.poll().expect("its turn"));
}

/// `try_*` is no arrival: it passes nobody over, and starts no clock.
fn trying_never_uses_patience_up(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let [mut snoozing] = line.called();
    assert!((0..1000).all(|_| line.try_take().is_none()));
    let mut arrival = line.waiting();
    assert!(arrival.is_pending(), "it is the first to meet the call");
    drop(snoozing.poll().expect("it was kept"));
}
