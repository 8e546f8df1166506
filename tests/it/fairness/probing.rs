//! Rule 5 in detail: who probes, what it costs, and who takes the role over.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use wakeful::Mutex;

use crate::support::lines::{Line, Side, cases};
use crate::support::{LONG, SHORT, Waiting, Watchdog, hold, in_time, past, without_credit};

cases!(VERBS:
    a_release_that_finds_a_call_unanswered_starts_no_patience_afresh,
    who_slept_before_the_call_does_not_probe,
    probing_ends_when_the_call_is_answered,
    the_latest_arrival_is_the_prober,
    a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it,
    the_role_is_handed_on_again_and_again,
    one_that_is_no_prober_wakes_nobody_when_dropped,
);
cases!(UNEQUAL: a_prober_among_unequal_ones_hands_its_role_to_the_sleeper_ahead_of_it);

/// Guards rule 1, *each once until it answers*.
fn a_release_that_finds_a_call_unanswered_starts_no_patience_afresh(side: Side) {
    let line = Line::new(side, 1, without_credit(SHORT));
    let [mut slow, snoozing] = line.called();
    let mut arrival = line.waiting();
    assert!(arrival.is_pending(), "it meets the first call");
    past(SHORT);
    assert!(arrival.is_pending(), "it meets the second call");
    assert_eq!(snoozing.wakes(), 1, "the slow one is passed over");
    past(SHORT);
    drop(slow.poll().expect("it comes back to the front"));
    assert!(arrival.poll().is_some(), "its time was up");
}

fn who_slept_before_the_call_does_not_probe(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let [mut first, mut sleeper] = line.called();
    for _ in 0..100 {
        assert!(sleeper.is_pending());
    }
    assert_eq!(sleeper.wakes(), 0);
    drop(first.poll().expect("it was not passed over"));
}

fn probing_ends_when_the_call_is_answered(side: Side) {
    let line = Line::new(side, 1, without_credit(LONG));
    let [mut first] = line.called();
    let mut arrival = line.waiting();
    assert!(arrival.is_pending());
    assert!(arrival.is_pending());
    let got = first.poll().expect("it answers");
    assert!(arrival.is_pending());
    let wakes = arrival.wakes();
    for _ in 0..10 {
        assert!(arrival.is_pending());
    }
    assert_eq!(arrival.wakes(), wakes, "it sleeps now");
    drop(got);
    assert_eq!(arrival.wakes(), wakes + 1);
    drop(arrival.poll().expect("called"));
}

/// One prober at most: the latest that probed twice. The earlier one goes to sleep.
fn the_latest_arrival_is_the_prober(side: Side) {
    let line = Line::new(side, 1, without_credit(LONG));
    let [snoozing] = line.called();
    let (mut earlier, mut later) = (line.waiting(), line.waiting());
    for waiting in [&mut earlier, &mut later] {
        assert!(waiting.is_pending());
        assert!(waiting.is_pending());
    }
    let (before, wakes) = (earlier.wakes(), later.wakes());
    assert!(earlier.is_pending());
    assert!(later.is_pending());
    assert_eq!(earlier.wakes(), before, "it sleeps");
    assert_eq!(later.wakes(), wakes + 1, "it goes on");
    drop(snoozing);
}

fn a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it(side: Side) {
    hands_its_role_on(side, 1, [1, 1, 1, 1]);
}

fn a_prober_among_unequal_ones_hands_its_role_to_the_sleeper_ahead_of_it(side: Side) {
    hands_its_role_on(side, 2, [1, 2, 2, 1]);
}

/// The prober asks for all units. Otherwise the sleeper would sleep beside a free unit forever.
fn hands_its_role_on(side: Side, units: usize, needs: [usize; 4]) {
    let line = Line::new(side, units, without_credit(Duration::ZERO));
    let [dead, snoozing, mut far, mut near] = line.called_for(needs);
    assert_eq!((dead.wakes(), snoozing.wakes()), (1, 0));
    let mut prober = line.waiting_for(units);
    assert!(prober.is_pending());
    assert!(prober.is_pending(), "past one, and it meets the next");
    assert_eq!((dead.wakes(), snoozing.wakes()), (1, 1));
    drop(prober);
    assert_eq!((far.wakes(), near.wakes()), (0, 1), "the nearest is woken");
    assert!(near.is_pending(), "it meets the call");
    assert_eq!((far.wakes(), near.wakes()), (0, 2), "it probes");
    assert!(near.is_pending(), "it passes it over");
    assert_eq!(far.wakes(), 1);
    drop(far.poll().expect("called instead"));
    drop(near.poll().expect("its turn"));
    drop((dead, snoozing));
    line.assert_idle(units);
}

fn the_role_is_handed_on_again_and_again(side: Side) {
    let line = Line::new(side, 1, without_credit(Duration::ZERO));
    let [first, second, sleepers @ ..] = line.called::<7>();
    let mut sleepers = Vec::from(sleepers);
    let mut prober = line.waiting();
    assert!(prober.is_pending() && prober.is_pending());
    drop(prober);
    while sleepers.len() > 1 {
        let heir = sleepers.pop().expect("one is left");
        assert_eq!(heir.wakes(), 1, "{} ahead", sleepers.len());
        drop(heir);
    }
    let mut last = sleepers.pop().expect("the last");
    assert_eq!(last.wakes(), 1);
    assert!((0..10).any(|_| last.poll().is_some()), "it gets through");
    drop((first, second));
}

fn one_that_is_no_prober_wakes_nobody_when_dropped(side: Side) {
    let line = Line::new(side, 1, without_credit(LONG));
    let [mut first, sleeper] = line.called();
    let mut arrival = line.waiting();
    assert!(arrival.is_pending(), "polled once: not the prober yet");
    drop(arrival);
    assert_eq!((first.wakes(), sleeper.wakes()), (1, 0));
    drop(first.poll().expect("called"));
}

/// A blocked thread always answers: without patience the second poll of an arrival would pass it over.
#[test]
fn a_blocked_thread_is_never_passed_over() {
    let _watchdog = Watchdog::new("a blocked thread and an impatient arrival");
    for _ in 0..50 {
        let mutex = Mutex::with_fairness((), without_credit(Duration::ZERO));
        let order = AtomicUsize::new(0);
        let held = hold(&mutex);
        thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let _guard = mutex.blocking_lock();
                order.fetch_add(1, SeqCst)
            });
            thread::sleep(Duration::from_millis(1));
            drop(held);
            let queued = mutex.try_lock().is_err();
            let guard = in_time(&mut Waiting::new(mutex.lock()));
            let nth = order.fetch_add(1, SeqCst);
            drop(guard);
            let thread = thread.join().expect("it got the lock");
            assert!(!queued || thread < nth, "the thread was passed over");
        });
    }
}
