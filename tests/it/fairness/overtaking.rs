//! P1: exactly `k` later arrivals overtake the first waiter; vain answers halve what is left; what
//! leaves enough for everybody ahead costs nothing.

use std::collections::VecDeque;

use wakeful::Fairness;

use crate::support::lines::{Line, Side, Waiter, cases};
use crate::support::{LONG, Rng, Waiting, wakes};

cases!(VERBS:
    exactly_k_newcomers_overtake_a_called_one,
    those_in_line_overtake_at_the_same_cost,
    an_answer_in_vain_halves_what_is_left,
    a_waiter_is_woken_in_vain_no_more_than_log2_k_times,
    spurious_polls_are_no_answers_and_cost_nothing,
    credit_is_one_sum_for_all_ways_to_overtake,
    who_becomes_first_has_the_whole_credit,
    on_a_run_queue_at_most_k_later_arrivals_overtake_the_first,
);
cases!(COUNTED:
    a_newcomer_that_leaves_enough_for_all_the_called_costs_nothing,
    called_ones_answer_in_any_order_and_that_costs_nothing,
    in_fifo_nobody_overtakes_anybody,
);
cases!(UNEQUAL: exactly_k_newcomers_for_all_overtake_a_called_one_whatever_it_needs);

const LIMITS: [u16; 6] = [0, 1, 2, 3, 7, 1024];

/// Guards rule 3, and with it that the credit is spent.
fn exactly_k_newcomers_overtake_a_called_one(side: Side) {
    exactly_k_overtake(side, 1, 1);
}

fn exactly_k_newcomers_for_all_overtake_a_called_one_whatever_it_needs(side: Side) {
    for need in [1, 3] {
        exactly_k_overtake(side, 3, need);
    }
}

/// Newcomers ask for all `units`; the first waiter needs `need`.
fn exactly_k_overtake(side: Side, units: usize, need: usize) {
    for k in LIMITS {
        for waits in [false, true] {
            let line = Line::new(side, units, Fairness::overtakes(k));
            let [mut first] = line.called_for([need]);
            for nth in 0..k {
                let got = if waits {
                    line.waiting_for(units).poll()
                } else {
                    line.try_take_many(units)
                };
                assert!(got.is_some(), "{k}: {nth}");
            }
            let mut tries = (0..3).map(|_| line.try_take_many(units));
            assert!(tries.all(|got| got.is_none()), "{k}");
            let mut next = line.waiting_for(units);
            assert!(!waits || next.is_pending(), "{k}: the next fails");
            assert_eq!((first.wakes(), line.free()), (1, units));
            drop(first.poll().expect("it was kept"));
            drop(next.poll().expect("its turn"));
            line.assert_idle(units);
        }
    }
}

/// Who overtakes from within the line pays as a newcomer does.
fn those_in_line_overtake_at_the_same_cost(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(2));
    let [mut first, mut second, mut third, mut fourth] = line.called();
    drop(third.poll().expect("the first unit of credit"));
    drop(second.poll().expect("the second"));
    assert!(fourth.is_pending() && line.try_take().is_none());
    drop(first.poll().expect("it was kept"));
    drop(fourth.poll().expect("its turn"));
    line.assert_idle(1);
}

/// Guards the other half of rule 3.
fn an_answer_in_vain_halves_what_is_left(side: Side) {
    for (limit, barged) in [
        (8, 1),
        (8, 2),
        (9, 4),
        (1000, 500),
        (1024, 24),
        (3, 3),
        (1, 1),
        (u16::MAX, 1),
        (u16::MAX, u16::MAX),
    ] {
        let line = Line::new(side, 1, Fairness::overtakes(limit));
        let [mut first] = line.called();
        (1..barged).for_each(|_| drop(line.hold(1)));
        let barger = line.hold(1);
        assert!(first.is_pending(), "in vain");
        drop(barger);
        assert_eq!(first.wakes(), 2, "it is called again");
        let left = (limit - barged) / 2;
        (0..left).for_each(|_| drop(line.hold(1)));
        assert!(line.try_take().is_none(), "{limit}, {barged}");
        drop(first.poll().expect("it was kept"));
    }
}

fn a_waiter_is_woken_in_vain_no_more_than_log2_k_times(side: Side) {
    for (limit, times) in [(0, 0), (1, 1), (3, 2), (7, 3), (255, 8), (1023, 10)] {
        let line = Line::new(side, 1, Fairness::overtakes(limit));
        let [mut first] = line.called();
        let mut vain = 0;
        while let Some(barger) = line.try_take() {
            assert!(first.is_pending());
            drop(barger);
            vain += 1;
        }
        assert_eq!((vain, first.wakes()), (times, times + 1));
        drop(first.poll().expect("then it was kept"));
    }
}

fn spurious_polls_are_no_answers_and_cost_nothing(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(8));
    let [mut first] = line.called();
    let barger = line.hold(1);
    assert!((0..100).all(|_| first.is_pending()));
    drop(barger);
    let overtakers = (0..8).take_while(|_| line.try_take().is_some());
    assert_eq!(overtakers.count(), 3, "(8 - 1) / 2: one poll answered");
}

fn a_newcomer_that_leaves_enough_for_all_the_called_costs_nothing(side: Side) {
    for (needs, spare) in [([1, 1, 1], 2), ([2, 1, 3], 4)] {
        let units = spare + needs.map(|n| side.asked(n)).iter().sum::<usize>();
        for fairness in [Fairness::FIFO, Fairness::overtakes(1)] {
            let line = Line::new(side, units, fairness);
            let mut waiters = line.called_for(needs);
            for _ in 0..100 {
                drop(line.hold_at_once(spare));
                drop(line.waiting_for(spare).poll().expect("enough is left"));
            }
            let taken = line.hold(spare);
            (0..fairness.limit()).for_each(|_| drop(line.hold(1)));
            assert!(line.try_take().is_none(), "the rest is kept");
            for waiter in &mut waiters {
                drop(waiter.poll().expect("kept"));
            }
            drop(taken);
            line.assert_idle(units);
        }
    }
}

fn called_ones_answer_in_any_order_and_that_costs_nothing(side: Side) {
    for (units, needs) in [(4, [1, 1, 1]), (6, [2, 1, 3])] {
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
            let line = Line::new(side, units, Fairness::FIFO);
            let mut waiters = line.called_for(needs);
            assert_eq!(wakes(&waiters), [1; 3]);
            let got = order.map(|at| waiters[at].poll().expect("kept"));
            drop(got);
            line.assert_idle(units);
        }
    }
}

fn credit_is_one_sum_for_all_ways_to_overtake(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(4));
    let [mut first, mut queued] = line.called();
    drop(line.try_take().expect("by trying"));
    drop(line.waiting().poll().expect("as a newcomer"));
    drop(queued.poll().expect("from within the line"));
    if side.blocks() {
        drop(line.blocking_wait());
    } else {
        drop(line.try_take().expect("as before"));
    }
    assert!(line.try_take().is_none());
    assert!(line.waiting().is_pending());
    drop(first.poll().expect("it was kept"));
}

fn who_becomes_first_has_the_whole_credit(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(2));
    for mut waiter in line.called::<4>() {
        (0..2).for_each(|_| drop(line.hold(1)));
        assert!(line.try_take().is_none());
        drop(waiter.poll().expect("its turn"));
    }
}

/// tokio's order, exactly.
fn in_fifo_nobody_overtakes_anybody(side: Side) {
    let line = Line::new(side, 2, Fairness::FIFO);
    let held = line.hold(2);
    let mut waiters: Vec<_> = (0..6).map(|_| line.asleep()).collect();
    drop(held);
    let mut got = Vec::new();
    for turn in 0..6 {
        assert!(line.try_take().is_none());
        let woken = waiters.iter().filter(|w| w.wakes() > 0).count();
        assert_eq!(woken, (turn + 2).min(6));
        let mut later = waiters.iter_mut().skip(turn + 2);
        assert!(later.all(Waiting::is_pending));
        got.push(waiters[turn].poll().expect("in order"));
        if turn < 4 {
            got.clear();
        }
    }
    drop(got);
    line.assert_idle(2);
}

/// A few tasks that take, hold for a turn and give back, polled in the order in which they were woken:
/// everyone answers in time, so that at most `k` later arrivals take while one is first.
fn on_a_run_queue_at_most_k_later_arrivals_overtake_the_first(side: Side) {
    for k in [0, 1, 2, 5] {
        let fairness = Fairness::overtakes(k).with_patience(LONG);
        let most = most_overtakes_of_a_first(side, fairness);
        assert!(most <= usize::from(k), "{most} overtook, of {k}");
        assert!(k == 0 || most > 0, "nobody overtook");
    }
}

fn most_overtakes_of_a_first(side: Side, fairness: Fairness) -> usize {
    let line = Line::new(side, 1, fairness);
    let mut random = Rng::with_seed(7);
    let mut run_queue: VecDeque<usize> = (0..6).collect();
    let mut waiters: Vec<_> = (0..6).map(|_| None).collect();
    let mut held: Vec<_> = (0..6).map(|_| None).collect();
    // Who waits, in the order of arrival, and by how many each was overtaken while it was first.
    let mut arrived: Vec<(usize, usize)> = Vec::new();
    let mut most = 0;
    for _ in 0..20_000 {
        let at = run_queue.pop_front().expect("somebody always runs");
        let before: Vec<_> = seen(&waiters);
        if held[at].take().is_some() {
            // Others that it woke run first, or not.
            let place = random.usize(..=run_queue.len());
            run_queue.insert(place, at);
        } else {
            let waiter: &mut Waiting<_> = waiters[at].get_or_insert_with(|| line.waiting());
            if !arrived.iter().any(|&(who, _)| who == at) {
                arrived.push((at, 0));
            }
            if let Some(unit) = waiter.poll() {
                waiters[at] = None;
                held[at] = Some(unit);
                run_queue.push_back(at);
                if arrived[0].0 != at {
                    arrived[0].1 += 1;
                    most = most.max(arrived[0].1);
                }
                arrived.retain(|&(who, _)| who != at);
            }
        }
        for (who, (before, now)) in before.into_iter().zip(seen(&waiters)).enumerate() {
            if now > before && !run_queue.contains(&who) {
                run_queue.push_back(who);
            }
        }
    }
    most
}

/// How often each that waits was woken.
fn seen(waiters: &[Option<Waiter<'_>>]) -> Vec<usize> {
    let wakes = |waiter: &Option<Waiting<_>>| waiter.as_ref().map_or(0, Waiting::wakes);
    waiters.iter().map(wakes).collect()
}
