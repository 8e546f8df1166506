//! P2: no futurelock inside a task (RFD 609, tokio#6450, tokio#7892), polled by hand and in FIFO too. A
//! task polled `f1` to `Pending`, keeps it without polling it, and awaits `f2` on the same primitive.
//!
//! Without rule 4 every test here fails but those that say what is beyond its limits. Were a called one
//! passed over at the first meeting, branches of a `join!` would starve: see `joined`.

use std::task::Waker;
use std::time::Duration;

use wakeful::Fairness;

use crate::support::lines::{Line, Side, cases};
use crate::support::loud::asleep_with;
use crate::support::{Hooks, LONG, SHORT, Task, Waiting, past, poll_with, without_credit};

cases!(VERBS:
    a_new_one_gets_through_while_the_same_task_keeps_a_called_one,
    a_new_one_gets_through_when_the_next_is_dead,
    a_sleeper_gets_through_while_the_same_task_keeps_a_called_one,
    one_that_is_polled_in_its_turn_is_not_passed_over,
    each_call_is_met_for_the_first_time,
    others_in_between_come_first_and_the_task_is_not_left_asleep,
    one_behind_a_barger_is_woken_by_its_release,
    several_kept_futures_of_the_task_are_all_passed_over,
    a_kept_one_of_another_task_is_not_passed_over,
    the_task_is_that_of_the_last_poll,
    futures_polled_with_the_noop_waker_are_one_task,
    a_task_whose_wakers_have_another_vtable_than_their_clones_is_one_task,
);
cases!(COUNTED:
    sixteen_called_of_the_task_are_all_passed_over,
    one_beyond_sixteen_is_found_when_those_ahead_have_answered,
);

/// Without credit, so that only rule 4 helps at once.
pub(crate) const KEPT: [Fairness; 3] =
    [Fairness::FIFO, Fairness::overtakes(0), without_credit(LONG)];

/// Where someone can barge in before `f2` is polled.
const BARGED: [Fairness; 4] = [
    Fairness::DEFAULT,
    Fairness::overtakes(1),
    Fairness::overtakes(1).with_patience(Duration::MAX),
    Fairness::overtakes(1000),
];

/// Polls it only when its task was woken since, and says how often, with what it got.
pub(crate) fn drive<F: Future + ?Sized>(f2: &mut Waiting<F>, at_most: usize) -> (usize, F::Output) {
    let mut polls = 0;
    loop {
        polls += 1;
        if let Some(got) = f2.poll() {
            return (polls, got);
        }
        assert!(f2.is_woken(), "futurelock: asleep after {polls} polls");
        assert!(polls < at_most, "it wakes itself forever");
    }
}

/// At its second poll, after waking itself once.
#[track_caller]
pub(crate) fn second_poll<F: Future + ?Sized>(f2: &mut Waiting<F>) -> F::Output {
    let before = f2.wakes();
    let (polls, got) = drive(f2, 99);
    assert_eq!((polls, f2.wakes()), (2, before + 1));
    got
}

fn a_new_one_gets_through_while_the_same_task_keeps_a_called_one(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let task = Task::new();
        let [mut f1] = line.called_in([&task]);
        assert_eq!(f1.wakes(), 1, "f1 is called, and not polled");
        let got = second_poll(&mut line.waiting_in(&task));
        let behind = line.asleep();
        assert!(f1.is_pending(), "polled again after all");
        let before = task.wakes();
        drop(got);
        assert_eq!(
            task.wakes(),
            before + 1,
            "it is not lost: it is called again"
        );
        assert_eq!(behind.wakes(), 0, "before one that arrived in between");
        drop(f1.poll().expect("called"));
        drop(behind);
        line.assert_idle(1);
    }
}

/// P3: once `f1` is passed over, the next is called, and is not polled either.
fn a_new_one_gets_through_when_the_next_is_dead(side: Side) {
    for patience in [Duration::ZERO, SHORT] {
        let line = Line::new(side, 1, without_credit(patience));
        let task = Task::new();
        let [f1, dead] = line.called_in([&task, &Task::new()]);
        let mut f2 = line.waiting_in(&task);
        if !patience.is_zero() {
            for wakes in 1..=3 {
                assert!(f2.is_pending());
                assert_eq!(f2.wakes(), 1 + wakes, "it wakes itself");
            }
            past(patience);
        }
        drop(drive(&mut f2, 9));
        drop((f1, dead, f2));
        line.assert_idle(1);
    }
}

/// The shape of tokio#6450: both wait, the second is awaited.
fn a_sleeper_gets_through_while_the_same_task_keeps_a_called_one(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let task = Task::new();
        let [mut f1, mut f2] = line.called_in([&task, &task]);
        assert_eq!(task.wakes(), 1, "the call of f1 wakes the task");
        drop(second_poll(&mut f2));
        drop(f1.poll().expect("it comes back to what is free"));
        line.assert_idle(1);
    }
}

/// The first meeting is not the end of it: `f1` may be polled in its turn, as by a `join!`.
fn one_that_is_polled_in_its_turn_is_not_passed_over(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let task = Task::new();
        let [mut f1, mut f2] = line.called_in([&task, &task]);
        assert!(f2.is_pending(), "polled first");
        let got = f1.poll().expect("it was kept");
        assert!(f2.is_pending(), "it is taken");
        drop(got);
        drop(f2.poll().expect("its turn"));
        line.assert_idle(1);
    }
}

/// What is met twice has to be one and the same call.
fn each_call_is_met_for_the_first_time(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(100));
    let task = Task::new();
    let [mut f1, mut f2] = line.called_in([&task, &task]);
    for round in 0..4 {
        let barger = line.hold(1);
        assert!(f2.is_pending());
        assert!(f1.is_pending(), "in vain");
        let before = task.wakes();
        drop(barger);
        assert_eq!(task.wakes(), before + 1, "{round}: a new call");
    }
    drop(f1.poll().expect("it was never passed over"));
    drop(f2.poll().expect("its turn"));
}

fn others_in_between_come_first_and_the_task_is_not_left_asleep(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let task = Task::new();
        let [f1, mut other, mut f2] = line.called_in([&task, &Task::new(), &task]);
        assert!(f2.is_pending(), "it meets f1");
        assert_eq!((task.wakes(), other.wakes()), (2, 0), "and wakes itself");
        assert!(f2.is_pending(), "another came earlier");
        assert_eq!((task.wakes(), other.wakes()), (2, 1), "instead of f1");
        drop(other.poll().expect("called"));
        assert_eq!(task.wakes(), 3, "then the task");
        drop(f2.poll().expect("its turn"));
        drop(f1);
        line.assert_idle(1);
    }
}

/// With somebody inside who came by credit, before `f2` is polled once, or twice.
fn one_behind_a_barger_is_woken_by_its_release(side: Side) {
    for (new, polls) in [(true, 1), (true, 2), (false, 1), (false, 2)] {
        for line in Line::with_each(side, 1, BARGED) {
            let task = Task::new();
            let held = line.hold(1);
            let f1 = line.asleep_in(&task);
            let mut f2 = if new {
                line.waiting_in(&task)
            } else {
                line.asleep_in(&task)
            };
            drop(held);
            let barger = line.hold(1);
            let before = task.wakes();
            (0..polls).for_each(|_| assert!(f2.is_pending()));
            assert_eq!(task.wakes(), before + 1, "it wakes itself, once");
            drop(barger);
            let woken = task.wakes() - before;
            assert_eq!(woken, polls, "asleep forever");
            drop(f2.poll().expect("f1 is passed over"));
            drop(f1);
        }
    }
}

/// One by one: each of them is called in its turn, and met twice.
fn several_kept_futures_of_the_task_are_all_passed_over(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let task = Task::new();
        let mut kept = line.called_in([&task; 41]);
        let (polls, got) = drive(&mut kept[40], 99);
        assert_eq!(polls, 41);
        drop(got);
        drop(kept);
        line.assert_idle(1);
    }
}

fn sixteen_called_of_the_task_are_all_passed_over(side: Side) {
    for line in Line::with_each(side, 16, KEPT) {
        let task = Task::new();
        let mut kept = line.called_in([&task; 16]);
        assert_eq!(task.wakes(), side.called_at_once(16, 16));
        let mut got = Vec::new();
        for _ in 0..16 {
            let (polls, unit) = drive(&mut line.waiting_in(&task), 99);
            assert!(side.calls_few() || polls == 2, "{polls}");
            got.push(unit);
        }
        drop(got);
        for waiter in &mut kept {
            drop(waiter.poll().expect("it comes back to what is free"));
        }
        line.assert_idle(16);
    }
}

/// The documented limit: one that is polled looks at no more than 16. It is not stranded: those ahead
/// answer, and then it is found.
fn one_beyond_sixteen_is_found_when_those_ahead_have_answered(side: Side) {
    let line = Line::new(side, 20, Fairness::FIFO);
    let task = Task::new();
    let held = line.hold(20);
    let mut strangers: Vec<_> = (0..19).map(|_| line.asleep()).collect();
    let f1 = line.asleep_in(&task);
    drop(held);
    let mut f2 = line.waiting_in(&task);
    assert!(f2.is_pending());
    let got: Vec<_> = strangers.iter_mut().map(Waiting::poll).collect();
    assert!(got.iter().all(Option::is_some));
    drop((0..2).find_map(|_| f2.poll()).expect("f1 is passed over"));
    drop((f1, got));
    line.assert_idle(20);
}

fn a_kept_one_of_another_task_is_not_passed_over(side: Side) {
    for line in Line::with_each(side, 1, KEPT) {
        let [mut f1, mut f2] = line.called();
        for _ in 0..10 {
            assert!(f2.is_pending(), "f1 may answer");
        }
        drop(f1.poll().expect("it was kept"));
        drop(f2.poll().expect("its turn"));
    }
}

fn the_task_is_that_of_the_last_poll(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let (old, new) = (Task::new(), Task::new());
    let held = line.hold(1);
    let mut f1 = line.asleep_in(&old);
    assert!(new.poll(f1.future()).is_pending(), "f1 moves to another");
    drop(held);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    let mut of_old = line.waiting_in(&old);
    assert!((0..2).all(|_| of_old.is_pending()), "f1 is of the new");
    assert_eq!(old.wakes(), 0);
    let mut of_new = line.waiting_in(&new);
    assert!(of_new.is_pending(), "it meets f1");
    assert_eq!((old.wakes(), new.wakes()), (0, 2));
    assert!(of_new.is_pending(), "the one of the old task came earlier");
    assert_eq!(old.wakes(), 1, "which is called, f1 being passed over");
    drop(of_old.poll().expect("called"));
    drop(of_new.poll().expect("its turn"));
}

/// One waker for all, as `Waker::noop()` is, counts as one task.
fn futures_polled_with_the_noop_waker_are_one_task(side: Side) {
    one_task(side, Waker::noop());
}

/// The task is told by the waker that the poll was given, whatever its clones look like: that of
/// `Waker::noop()`, for one, may have another vtable than its clones.
fn a_task_whose_wakers_have_another_vtable_than_their_clones_is_one_task(side: Side) {
    one_task(side, &Hooks::default().waker_unlike_its_clones());
}

fn one_task(side: Side, waker: &Waker) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let held = line.hold(1);
    let mut f1 = asleep_with(waker, line.wait());
    drop(held);
    let mut stranger = line.asleep();
    let mut f2 = asleep_with(waker, line.wait());
    assert_eq!(stranger.wakes(), 0, "f1 is met once");
    assert!(poll_with(waker, f2.as_mut()).is_pending());
    drop(stranger.poll().expect("f1 was passed over"));
    assert!(poll_with(waker, f2.as_mut()).is_ready());
    for _ in 0..2 {
        let mut f3 = line.wait();
        assert!(poll_with(waker, f3.as_mut()).is_ready(), "the way is free");
    }
    assert!(poll_with(waker, f1.as_mut()).is_ready());
    line.assert_idle(1);
}
