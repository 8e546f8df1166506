//! P2: no futurelock inside a task, polled by hand. A task polled `f1` to `Pending`, keeps it without
//! polling it, and awaits `f2` on the same mutex.
//!
//! Every test here fails without rule 4: `line.called_of_task` in `Poll::step`.

use std::task::Waker;

use wakeful::{Fairness, Mutex};

use crate::support::{Hooks, Task, Waiting, asleep, asleep_in, hold, poll_with};

/// Without credit, so that only rule 4 helps at once.
const KEPT: [Fairness; 3] = [
    Fairness::FIFO,
    Fairness::overtakes(0),
    Fairness::overtakes(0).with_patience(looks(u64::from(u16::MAX) - 1)),
];

/// Where someone can barge in before `f2` is polled.
const BARGED: [Fairness; 4] = [
    Fairness::DEFAULT,
    Fairness::overtakes(1),
    Fairness::overtakes(1).with_patience(Duration::MAX),
    Fairness::overtakes(1000),
];

#[test]
fn a_new_lock_gets_through_while_the_same_task_keeps_a_called_one() {
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let f1 = asleep_in(&task, &mutex);
        drop(held);
        assert_eq!(f1.wakes(), 1, "f1 is called, and not polled");
        let mut f2 = Waiting::of(&task, mutex.lock());
        assert!(f2.poll().is_some(), "{fairness:?}: futurelock");
        drop(f1);
    }
}

#[test]
fn a_lock_that_sleeps_gets_through_while_the_same_task_keeps_a_called_one() {
    // The shape of tokio#6450: both wait, the second is awaited.
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let f1 = asleep_in(&task, &mutex);
        let mut f2 = asleep_in(&task, &mutex);
        drop(held);
        assert_eq!(task.wakes(), 1, "the call of f1 wakes the task");
        assert!(f2.poll().is_some(), "{fairness:?}: futurelock");
        drop(f1);
    }
}

#[test]
fn others_in_between_come_first_and_the_task_is_not_left_asleep() {
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let f1 = asleep_in(&task, &mutex);
        let mut other = asleep(&mutex);
        let mut f2 = asleep_in(&task, &mutex);
        drop(held);
        assert!(f2.is_pending(), "the other came earlier");
        assert_eq!(other.wakes(), 1, "it is called instead of f1");
        let before = task.wakes();
        drop(other.poll().expect("called"));
        assert_eq!(task.wakes(), before + 1, "{fairness:?}: then the task");
        assert!(f2.poll().is_some());
        drop(f1);
    }
}

#[test]
fn a_new_lock_behind_a_barger_is_woken_by_its_release() {
    for fairness in BARGED {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let f1 = asleep_in(&task, &mutex);
        drop(held);
        let barger = hold(&mutex);
        let mut f2 = Waiting::of(&task, mutex.lock());
        assert!(f2.is_pending());
        let before = task.wakes();
        drop(barger);
        assert_eq!(task.wakes(), before + 1, "{fairness:?}: asleep for ever");
        assert!(f2.poll().is_some());
        drop(f1);
    }
}

#[test]
fn a_sleeping_lock_behind_a_barger_is_woken_by_its_release() {
    for fairness in BARGED {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let f1 = asleep_in(&task, &mutex);
        let mut f2 = asleep_in(&task, &mutex);
        drop(held);
        let barger = hold(&mutex);
        assert!(f2.is_pending());
        let before = task.wakes();
        drop(barger);
        assert_eq!(task.wakes(), before + 1, "{fairness:?}: asleep for ever");
        assert!(f2.poll().is_some());
        drop(f1);
    }
}

#[test]
fn several_kept_futures_of_the_task_are_all_passed_over() {
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let kept: Vec<_> = (0..40).map(|_| asleep_in(&task, &mutex)).collect();
        let mut last = asleep_in(&task, &mutex);
        drop(held);
        assert!(last.poll().is_some(), "{fairness:?}: futurelock");
        drop(kept);
        drop(hold(&mutex));
    }
}

#[test]
fn a_kept_future_of_another_task_is_not_passed_over() {
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let held = hold(&mutex);
        let mut f1 = asleep(&mutex);
        let mut f2 = asleep(&mutex);
        drop(held);
        assert!(f2.is_pending(), "{fairness:?}: f1 may still answer");
        assert!(f1.poll().is_some());
    }
}

#[test]
fn the_task_is_that_of_the_last_poll() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let (old, new) = (Task::new(), Task::new());
    let held = hold(&mutex);
    let mut f1 = asleep_in(&old, &mutex);
    assert!(
        new.poll(f1.future()).is_pending(),
        "f1 moves to another task"
    );
    drop(held);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    let mut of_old = Waiting::of(&old, mutex.lock());
    assert!(of_old.is_pending(), "f1 is not of the old task any more");
    let mut of_new = Waiting::of(&new, mutex.lock());
    assert!(of_new.is_pending(), "the one of the old task came earlier");
    assert_eq!(old.wakes(), 1, "which is called, f1 being passed over");
    drop(of_old.poll().expect("called"));
    assert!(of_new.poll().is_some());
}

#[test]
fn a_future_that_was_passed_over_is_not_lost() {
    for fairness in KEPT {
        let mutex = Mutex::with_fairness((), fairness);
        let task = Task::new();
        let held = hold(&mutex);
        let mut f1 = asleep_in(&task, &mutex);
        drop(held);
        let mut f2 = Waiting::of(&task, mutex.lock());
        let guard = f2.poll().expect("f1 is passed over");
        let behind = asleep(&mutex);
        assert!(f1.is_pending(), "polled again after all");
        drop(guard);
        assert_eq!(task.wakes(), 2, "it is called again");
        assert_eq!(behind.wakes(), 0, "before whoever came meanwhile");
        assert!(f1.poll().is_some());
    }
}

/// One waker for all, as `Waker::noop()` is, counts as one task.
#[test]
fn futures_polled_with_the_noop_waker_are_one_task() {
    one_task(Waker::noop());
}

/// The task is told by the waker that the poll was given, whatever its clones look like: that of
/// `Waker::noop()`, for one, may have another vtable than its clones.
#[test]
fn a_task_whose_wakers_have_another_vtable_than_their_clones_is_one_task() {
    one_task(&Hooks::default().waker_unlike_its_clones());
}

fn one_task(waker: &Waker) {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let held = hold(&mutex);
    let mut f1 = Box::pin(mutex.lock());
    assert!(poll_with(waker, f1.as_mut()).is_pending());
    drop(held);
    let mut stranger = Waiting::new(mutex.lock());
    assert!(stranger.is_pending());
    let mut f2 = Box::pin(mutex.lock());
    assert!(poll_with(waker, f2.as_mut()).is_pending());
    assert!(stranger.poll().is_some(), "f1 was passed over");
    assert!(poll_with(waker, f2.as_mut()).is_ready());
}
