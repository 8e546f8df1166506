//! Wakers that panic: others are woken first, the first panic propagates, no unit is lost, and nothing
//! propagates while the thread unwinds already, where a second panic would abort.

use std::task::Waker;

use wakeful::{Fairness, Semaphore};

use crate::support::lines::{Line, Side, Wait, cases};
use crate::support::loud::{
    Crowd, asleep_with, panics_in_clone, panics_in_drop, panics_in_wake, panics_or_is_swallowed,
};
use crate::support::{Hooks, SHORT, Task, panics, past, poll_with, without_credit};

cases!(VERBS:
    a_panic_in_wake_leaves_a_cancelled_waiter_cancelled,
    a_prober_that_is_dropped_hands_its_role_on_even_if_the_heir_panics,
    a_panic_in_clone_at_the_first_poll_leaves_nobody_in_line,
    a_panic_in_clone_at_a_later_poll_leaves_the_earlier_waker_in_place,
    a_panic_in_the_drop_of_a_replaced_waker_leaves_the_new_one_in_place,
    a_panic_in_the_drop_of_a_waker_leaves_nothing_taken,
    a_panic_in_the_drop_of_a_cancelled_waker_leaves_nobody_in_line,
);
cases!(RELEASED:
    a_panic_in_wake_leaves_a_release_done,
    all_others_are_woken_before_a_panic_propagates_from_a_poll_of_the_same_task,
    a_poll_that_panicked_has_taken_nothing_and_may_be_repeated,
);
cases!(COUNTED:
    all_others_are_woken_before_a_panic_propagates_from_closing,
    a_panic_in_wake_leaves_the_line_whole,
);
cases!(UNEQUAL:
    all_others_are_woken_before_a_panic_propagates_from_a_release,
    all_others_are_woken_before_a_panic_propagates_from_cancelling,
    all_others_are_woken_before_a_panic_propagates_from_a_poll,
    what_a_poll_that_panicked_took_is_free_again,
);

/// Lines of all kinds, for a panic by itself, and for one while the thread unwinds already.
fn lines(side: Side, units: usize) -> impl Iterator<Item = (Line, bool)> {
    let with = move |unwinding| Line::of_all_kinds(side, units).map(move |line| (line, unwinding));
    [false, true].into_iter().flat_map(with)
}

fn a_panic_in_wake_leaves_a_release_done(side: Side) {
    for (line, unwinding) in lines(side, 1) {
        let waker = panics_in_wake("in wake");
        let held = line.hold(1);
        let mut first = asleep_with(&waker, line.wait());
        let mut second = line.asleep();
        panics_or_is_swallowed(unwinding, "in wake", || drop(held));
        assert_eq!(line.free(), 1, "it is leaked");
        let called = poll_with(&waker, first.as_mut());
        assert!(called.is_ready(), "it was called");
        drop(called);
        assert_eq!(second.wakes(), 1);
        drop(second.poll().expect("called"));
        line.assert_idle(1);
    }
}

fn a_panic_in_wake_leaves_a_cancelled_waiter_cancelled(side: Side) {
    for (line, unwinding) in lines(side, 1) {
        let waker = panics_in_wake("in wake");
        let held = line.hold(1);
        let first = line.asleep();
        let mut second = asleep_with(&waker, line.wait());
        drop(held);
        panics_or_is_swallowed(unwinding, "in wake", || drop(first));
        let called = poll_with(&waker, second.as_mut());
        assert!(called.is_ready(), "it was called");
        drop(called);
        line.assert_idle(1);
    }
}

/// A poll that meets a future of its own task wakes itself, and one that passes it over wakes the next: see
/// `fairness::futurelock`.
fn all_others_are_woken_before_a_panic_propagates_from_a_poll_of_the_same_task(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let waker = panics_in_wake("in wake");
    let held = line.hold(1);
    let kept = [(); 2].map(|()| asleep_with(&waker, line.wait()));
    let mut other = line.asleep();
    let mut last = asleep_with(&waker, line.wait());
    assert_eq!(panics(|| drop(held)), "in wake", "the first is called");
    for _ in 0..2 {
        let said = panics(|| poll_with(&waker, last.as_mut()).is_ready());
        assert_eq!(said, "in wake");
    }
    assert_eq!(other.wakes(), 0, "the second is called, and met");
    assert!(poll_with(&waker, last.as_mut()).is_pending());
    assert_eq!(other.wakes(), 1, "the second is passed over");
    let got = other.poll().expect("called");
    assert_eq!(panics(|| drop(got)), "in wake", "the last is called");
    drop((kept, last));
    line.assert_idle(1);
}

fn a_poll_that_panicked_has_taken_nothing_and_may_be_repeated(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let waker = panics_in_wake("in wake");
    let held = line.hold(1);
    let kept = [(); 2].map(|()| asleep_with(&waker, line.wait()));
    let mut last = asleep_with(&waker, line.wait());
    assert_eq!(panics(|| drop(held)), "in wake", "the first is called");
    // It meets the first, and then the second.
    for _ in 0..2 {
        let said = panics(|| poll_with(&waker, last.as_mut()).is_ready());
        assert_eq!((said.as_str(), line.free()), ("in wake", 1), "it is leaked");
    }
    let got = poll_with(&waker, last.as_mut());
    assert!(got.is_ready(), "both are passed over");
    drop((got, kept, last));
    line.assert_idle(1);
}

fn a_prober_that_is_dropped_hands_its_role_on_even_if_the_heir_panics(side: Side) {
    for unwinding in [false, true] {
        let line = Line::new(side, 1, without_credit(SHORT));
        let held = line.hold(1);
        let snoozing = line.asleep();
        let mut heir = asleep_with(&panics_in_wake("in wake"), line.wait());
        drop(held);
        let mut prober = line.waiting();
        assert!(prober.is_pending() && prober.is_pending());
        panics_or_is_swallowed(unwinding, "in wake", || drop(prober));
        let quiet = Hooks::default().waker();
        past(SHORT);
        let mut polls = (0..5).map(|_| poll_with(&quiet, heir.as_mut()).is_ready());
        assert!(polls.any(|is_ready| is_ready), "the heir probes");
        drop((snoozing, heir));
        line.assert_idle(1);
    }
}

fn a_panic_in_clone_at_the_first_poll_leaves_nobody_in_line(side: Side) {
    for line in Line::of_all_kinds(side, 1) {
        let held = line.hold(1);
        let mut wait = line.wait();
        let said = panics(|| poll_with(&panics_in_clone(), wait.as_mut()).is_ready());
        assert_eq!(said, "in clone");
        let mut waiter = line.asleep();
        drop(held);
        assert_eq!(waiter.wakes(), 1, "it is first");
        drop(waiter.poll().expect("called"));
        let again = poll_with(Waker::noop(), wait.as_mut());
        assert!(again.is_ready(), "a new try");
        drop(again);
        line.assert_idle(1);
    }
}

fn a_panic_in_clone_at_a_later_poll_leaves_the_earlier_waker_in_place(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let held = line.hold(1);
    let mut waiter = line.asleep();
    let said = panics(|| poll_with(&panics_in_clone(), waiter.future()).is_ready());
    assert_eq!(said, "in clone");
    drop(held);
    assert_eq!(waiter.wakes(), 1);
    drop(waiter.poll().expect("called"));
    line.assert_idle(1);
}

fn a_panic_in_the_drop_of_a_replaced_waker_leaves_the_new_one_in_place(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let (loud, disarm) = panics_in_drop();
    let held = line.hold(1);
    let mut wait = asleep_with(&loud, line.wait());
    let task = Task::new();
    let said = panics(|| task.poll(wait.as_mut()).is_ready());
    disarm.count();
    assert_eq!(said, "in drop");
    drop(held);
    assert_eq!(task.wakes(), 1);
    assert!(task.poll(wait.as_mut()).is_ready());
    line.assert_idle(1);
}

/// It overtook from within the line, so its waker was not taken by a call: what it took comes back.
fn a_panic_in_the_drop_of_a_waker_leaves_nothing_taken(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(1));
    let (loud, disarm) = panics_in_drop();
    let held = line.hold(1);
    let mut first = line.asleep();
    let mut second = asleep_with(&loud, line.wait());
    drop(held);
    let said = panics(|| poll_with(&loud, second.as_mut()).is_ready());
    disarm.count();
    assert_eq!(said, "in drop");
    if matches!(side, Side::Pushes | Side::Slots) {
        assert_eq!(line.free(), 0, "a push has pushed");
        line.take_an_item();
    }
    assert_eq!(line.free(), 1, "it is leaked");
    drop(first.poll().expect("its turn"));
    drop((first, second));
    line.assert_idle(1);
}

fn a_panic_in_the_drop_of_a_cancelled_waker_leaves_nobody_in_line(side: Side) {
    for unwinding in [false, true] {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        let (loud, disarm) = panics_in_drop();
        let held = line.hold(1);
        let cancelled = asleep_with(&loud, line.wait());
        let mut next = line.asleep();
        panics_or_is_swallowed(unwinding, "in drop", || drop(cancelled));
        disarm.count();
        drop(held);
        assert_eq!(next.wakes(), 1);
        drop(next.poll().expect("called"));
        line.assert_idle(1);
    }
}

/// So many that crowds of 50 are called in several batches.
fn many(side: Side) -> usize {
    if side.calls_few() {
        Semaphore::MAX_PERMITS.min(1 << 31) / 2
    } else {
        50
    }
}

fn crowd(line: &Line) -> Crowd<Wait<'_>> {
    let count = line.side.called_at_once(many(line.side), 50);
    Crowd::new(count, || line.wait())
}

fn all_others_are_woken_before_a_panic_propagates_from_a_release(side: Side) {
    for (line, unwinding) in lines(side, many(side)) {
        let held = line.hold_at_once(many(side));
        let mut crowd = crowd(&line);
        panics_or_is_swallowed(unwinding, "the first", || drop(held));
        crowd.assert_all_woken();
        assert_eq!(line.free(), many(side));
        drop(crowd.outcomes());
        assert_eq!(line.free(), many(side));
    }
}

fn all_others_are_woken_before_a_panic_propagates_from_cancelling(side: Side) {
    for (line, unwinding) in lines(side, many(side) + 1) {
        let held = line.hold_at_once(many(side));
        let one = line.hold(1);
        let large = line.asleep_for(many(side) + 1);
        let mut crowd = crowd(&line);
        drop(held);
        panics_or_is_swallowed(unwinding, "the first", || drop(large));
        crowd.assert_all_woken();
        drop((crowd.outcomes(), one));
        assert_eq!(line.free(), many(side) + 1);
    }
}

/// A poll that passes a future of its own task over calls those behind it.
fn all_others_are_woken_before_a_panic_propagates_from_a_poll(side: Side) {
    let line = Line::new(side, many(side), Fairness::FIFO);
    let held = line.hold_at_once(many(side));
    let task = Task::new();
    let kept = line.asleep_in_for(&task, many(side));
    let mut crowd = crowd(&line);
    let mut last = line.asleep_in(&task);
    drop(held);
    assert!(last.is_pending(), "it meets the kept one");
    assert_eq!(panics(|| last.poll().is_some()), "the first");
    crowd.assert_all_woken();
    drop(crowd.outcomes());
    assert!(task.wakes() >= 2, "the last one is called when its turn is");
    drop(last.poll().expect("its turn"));
    drop((kept, last));
    assert_eq!(line.free(), many(side));
}

fn all_others_are_woken_before_a_panic_propagates_from_closing(side: Side) {
    for (line, unwinding) in lines(side, 1) {
        let _held = line.hold(1);
        let mut crowd = Crowd::new(50, || line.wait_or_closed());
        panics_or_is_swallowed(unwinding, "the first", || {
            line.close();
        });
        crowd.assert_all_woken();
        assert!(!line.close(), "it was closed");
        assert!(crowd.outcomes().iter().all(Option::is_none));
    }
}

fn what_a_poll_that_panicked_took_is_free_again(side: Side) {
    let line = Line::new(side, 3, Fairness::FIFO);
    let held = line.hold(3);
    let task = Task::new();
    let kept = line.asleep_in_for(&task, 3);
    let loud = asleep_with(&panics_in_wake("in wake"), line.wait());
    let mut last = line.asleep_in_for(&task, 2);
    drop(held);
    assert!(last.is_pending(), "it meets the kept one");
    let said = panics(|| last.poll().is_some());
    assert_eq!(said, "in wake", "it passes the kept one over, and takes");
    assert_eq!(line.free(), 3, "they are leaked");
    drop(loud);
    drop((kept, last));
    line.assert_idle(3);
}

fn a_panic_in_wake_leaves_the_line_whole(side: Side) {
    let line = Line::new(side, 2, Fairness::FIFO);
    let [mut first, second] = line.called();
    let loud = asleep_with(&panics_in_wake("in wake"), line.wait());
    let mut last = line.asleep();
    assert_eq!(panics(|| drop(second)), "in wake");
    drop(first.poll().expect("kept"));
    assert_eq!(last.wakes(), 1);
    drop(last.poll().expect("called"));
    drop(loud);
    line.assert_idle(2);
}
