//! Closing: every waiter is woken once and gets nothing, in whatever state it is.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use wakeful::Fairness;

use crate::fairness::futurelock::drive;
use crate::support::lines::{Line, Side, cases};
use crate::support::{LONG, Task, Watchdog, wakes, without_credit};

cases!(COUNTED:
    every_waiter_is_woken_once_and_gets_nothing,
    called_ones_are_not_woken_again,
    those_passed_over_and_those_that_came_back_get_nothing,
    futures_dropped_after_the_closing_wake_nobody,
);
cases!(CLOSABLE_BLOCKING: blocked_threads_learn_of_it);

/// For a waiter of a line that was closed when nothing was free.
macro_rules! gets_nothing {
    ($waiter:expr) => {
        $waiter.poll().is_some_and(|got| got.is_none())
    };
}

fn every_waiter_is_woken_once_and_gets_nothing(side: Side) {
    for count in [1, 2, 15, 16, 17, 40, 200] {
        for line in Line::of_all_kinds(side, 3) {
            let held = line.hold(3);
            let mut waiters: Vec<_> = (0..count).map(|_| line.closable()).collect();
            assert!(line.close());
            assert!(waiters.iter().all(|waiter| waiter.wakes() == 1), "{count}");
            assert!(!line.close());
            drop(held);
            drain(&line);
            assert!(waiters.iter_mut().all(|waiter| gets_nothing!(waiter)));
            assert!(waiters.iter().all(|waiter| waiter.wakes() == 1), "{count}");
            assert!(line.is_closed());
        }
    }
}

/// What is queued would be received.
fn drain(line: &Line) {
    if matches!(line.side, Side::Items | Side::Pops) {
        while line.try_take().is_some() {}
    }
}

fn called_ones_are_not_woken_again(side: Side) {
    for needs in [[1, 1, 1, 1], [2, 1, 1, 1]] {
        for line in Line::of_all_kinds(side, 3) {
            let held = line.hold_at_once(3);
            let mut waiters = needs.map(|n| line.closable_for(n));
            drop(held);
            line.close();
            assert_eq!(wakes(&waiters), [1; 4], "none twice");
            drain(&line);
            let free = line.free();
            assert!(waiters.iter_mut().all(|waiter| gets_nothing!(waiter)));
            assert_eq!(line.free(), free);
        }
    }
}

fn those_passed_over_and_those_that_came_back_get_nothing(side: Side) {
    let line = Line::new(side, 1, Fairness::FIFO);
    let task = Task::new();
    let held = line.hold(1);
    let [mut passed, mut back, mut last] = [(); 3].map(|()| line.closable_in(&task));
    drop(held);
    let (polls, got) = drive(&mut last, 9);
    assert_eq!(polls, 3, "both are passed over");
    assert!(back.is_pending());
    line.close();
    assert!(gets_nothing!(passed) && gets_nothing!(back));
    drop(got);
    // So do one that is called, and a prober.
    let line = Line::new(side, 1, without_credit(LONG));
    let held = line.hold(1);
    let mut snoozing = line.closable();
    drop(held);
    let mut prober = line.closable_unpolled();
    assert!(prober.is_pending() && prober.is_pending());
    line.close();
    drain(&line);
    assert!(gets_nothing!(prober) && gets_nothing!(snoozing));
}

/// It has no place in line to give up.
fn futures_dropped_after_the_closing_wake_nobody(side: Side) {
    // Nobody reserves more slots than there are.
    let many = if side.is_semaphore() { 9 } else { 3 };
    for (units, needs) in [(2, [1, 1, 1, 1]), (3, [2, 1, 1, many])] {
        let line = Line::new(side, units, Fairness::FIFO);
        let held = line.hold_at_once(units);
        let waiters = needs.map(|n| line.closable_for(n));
        drop(held);
        line.close();
        let tasks = waiters.each_ref().map(|waiter| Arc::clone(waiter.task()));
        drop(waiters);
        assert_eq!(tasks.map(|task| task.wakes()), [1; 4]);
        assert!(line.is_closed());
    }
}

fn blocked_threads_learn_of_it(side: Side) {
    let _watchdog = Watchdog::new("blocked threads, closed");
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let held = line.hold(1);
    let nothing = |timeout| line.blocking_wait_for(timeout).is_none();
    thread::scope(|scope| {
        let ends = [
            scope.spawn(|| line.blocking_wait_or_closed().is_none()),
            scope.spawn(|| nothing(LONG)),
            scope.spawn(|| nothing(Duration::MAX)),
        ];
        thread::sleep(Duration::from_millis(10)); // so that most of them sleep; none has to
        line.close();
        assert!(ends.into_iter().all(|end| end.join().unwrap()));
    });
    drop(held);
    drain(&line);
    for timeout in [Duration::ZERO, Duration::from_millis(1), Duration::MAX] {
        assert!(nothing(timeout));
    }
    assert!(line.blocking_wait_or_closed().is_none() && line.try_take().is_none());
    assert!(gets_nothing!(line.closable_unpolled()));
}
