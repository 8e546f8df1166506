//! A wait with a deadline looks once more before it gives up (rule 5): it does not time out beside what
//! is free, though one who was called is never polled again and nobody arrives.
//!
//! Tried besides: the call before and after the thread queues, with and without credit, two that are
//! never polled again, endless patience, a call that is fresh (P1: it is left alone), `send_until`.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use wakeful::queue::SendUntilError;
use wakeful::{Fairness, Queue};

use crate::support::lines::{BLOCKING, Line};
use crate::support::{LONG, SHORT, Task, Watchdog, past, sleeping, wakes, without_credit};

/// Long enough for a thread to be asleep in line, and to spare.
const HEAD_START: Duration = Duration::from_millis(20);
/// Long enough for `meanwhile` on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Whether a thread that waits until the timeout gets something. `meanwhile` runs while it sleeps.
fn gets(line: &Line, timeout: Duration, meanwhile: impl FnOnce()) -> bool {
    thread::scope(|scope| {
        let thread = scope.spawn(move || {
            let start = Instant::now();
            let got = line.blocking_wait_for(timeout).is_some();
            assert!(got || start.elapsed() >= timeout, "not before its time");
            got
        });
        thread::sleep(HEAD_START);
        meanwhile();
        thread.join().expect("it does not panic")
    })
}

/// Runs the test for everything that a thread may wait for, all at once: they mostly sleep.
fn each(fairness: Fairness, test: impl Fn(&Line) + Sync) {
    let _watchdog = Watchdog::new("timed waits");
    thread::scope(|scope| {
        for side in BLOCKING {
            let test = &test;
            scope.spawn(move || test(&Line::new(side, 1, fairness)));
        }
    });
}

/// A barger comes ahead of one that is called, and leaves while the thread waits.
fn takes_what_a_barger_gives_back(fairness: Fairness) {
    each(fairness, |line| {
        let snoozing = line.called::<1>();
        let barged = line.try_take().expect("there is credit, at least for one");
        assert!(gets(line, TIMEOUT, || drop(barged)), "{:?}", line.side);
        drop(snoozing);
        line.assert_idle(1);
    });
}

#[test]
fn a_thread_takes_what_is_free_when_its_time_is_over() {
    takes_what_a_barger_gives_back(Fairness::DEFAULT);
}

#[test]
fn without_credit_it_passes_over_a_call_that_came_before_it() {
    takes_what_a_barger_gives_back(Fairness::overtakes(1).with_patience(SHORT));
}

#[test]
fn without_credit_it_passes_over_a_call_that_came_after_it() {
    each(without_credit(SHORT), |line| {
        let held = line.hold(1);
        let snoozing = line.asleep();
        assert!(gets(line, TIMEOUT, || drop(held)), "{:?}", line.side);
        assert_eq!(snoozing.wakes(), 1, "it was called");
        drop(snoozing);
        line.assert_idle(1);
    });
}

#[test]
fn one_is_passed_over_after_the_other() {
    each(without_credit(SHORT), |line| {
        let held = line.hold(1);
        let snoozing = [line.asleep(), line.asleep()];
        let _ = gets(line, TIMEOUT, || drop(held));
        assert_eq!(wakes(&snoozing), [1, 1], "{:?}: past the first", line.side);
        drop(snoozing);
        line.assert_idle(1);
    });
}

/// P1: who may still answer within its patience is not passed over, however many deadlines pass.
#[test]
fn a_call_within_its_patience_is_left_alone() {
    for patience in [LONG, Duration::MAX] {
        each(without_credit(patience), |line| {
            let [mut snoozing] = line.called();
            for _ in 0..3 {
                assert!(!gets(line, HEAD_START + SHORT, || {}), "{:?}", line.side);
            }
            drop(snoozing.poll().expect("it was kept"));
            line.assert_idle(1);
        });
    }
}

/// The same where the thread queued before the call, and slept.
#[test]
fn a_fresh_call_is_left_alone() {
    each(without_credit(LONG), |line| {
        let held = line.hold(1);
        let mut snoozing = line.asleep();
        assert!(!gets(line, TIMEOUT, || drop(held)), "{:?}", line.side);
        drop(snoozing.poll().expect("it was kept"));
        line.assert_idle(1);
    });
}

/// A push that waits until told to stop, behind one that is called and not polled.
fn send_until(wait: impl FnOnce(), fairness: Fairness, called_first: bool) -> Result<(), i32> {
    let (sender, receiver) = Queue::bounded(1).with_fairness(fairness).into_channel();
    sender.try_send(0).unwrap();
    let snoozing = sleeping(&Task::new(), sender.send(1));
    if called_first {
        assert_eq!(receiver.try_recv(), Ok(0));
        sender.try_send(2).expect("there is credit, for once");
    }
    let stop = Cell::new(false);
    let until = poll_fn(|_| match stop.get() {
        true => Poll::Ready(()),
        false => Poll::Pending,
    });
    let mut sending = sleeping(&Task::new(), sender.send_until(3, until));
    receiver.try_recv().expect("there is an item");
    assert_eq!((snoozing.wakes(), sending.wakes()), (1, 0));
    stop.set(true);
    wait();
    let sent = sending.poll().expect("it ends");
    assert_eq!(receiver.try_recv().is_ok(), sent.is_ok());
    sent.map_err(|error| match error {
        SendUntilError::Interrupted(item) => item,
        SendUntilError::Closed(_) => panic!("it is open"),
    })
}

#[test]
fn send_until_takes_what_is_free_when_its_future_wins() {
    let once = Fairness::overtakes(1);
    for (fairness, called_first, sent) in [
        (Fairness::DEFAULT, true, Ok(())),
        (Fairness::DEFAULT, false, Ok(())),
        (once.with_patience(SHORT), true, Ok(())),
        // Nobody can tell when the call was made.
        (without_credit(SHORT), false, Err(3)),
        (once.with_patience(LONG), true, Err(3)),
        (once.with_patience(Duration::MAX), true, Err(3)),
    ] {
        let got = send_until(|| past(SHORT), fairness, called_first);
        assert_eq!(got, sent, "{fairness:?}, {called_first}");
    }
}
