//! Rule 5 in detail: who probes, what it costs, and who takes the role over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use wakeful::{Fairness, Mutex};

use crate::support::{Waiting, Watchdog, asleep, called, hold};

const PATIENT: Fairness = Fairness::overtakes(0).with_patience(looks(4));

#[test]
fn an_arrival_that_finds_it_kept_wakes_itself_at_every_poll() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let snoozing = called(&mutex);
    let mut arrival = Waiting::new(mutex.lock());
    for polls in 1..=4 {
        assert!(arrival.is_pending());
        assert_eq!(arrival.wakes(), polls);
    }
    assert!(arrival.poll().is_some());
    drop(snoozing);
}

/// Guards rule 1, *each once until it answers*: `Word::must_call`.
#[test]
fn a_release_that_finds_a_call_unanswered_starts_no_patience_afresh() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(0).with_patience(looks(3)));
    let held = hold(&mutex);
    let mut slow = asleep(&mutex);
    let snoozing = asleep(&mutex);
    drop(held);
    let mut arrival = Waiting::new(mutex.lock());
    assert!((0..4).all(|_| arrival.is_pending()));
    assert_eq!(snoozing.wakes(), 1, "the slow one is passed over");
    assert!(arrival.is_pending(), "one of three units");
    drop(slow.poll().expect("it comes back to the front"));
    assert!(arrival.is_pending(), "two of three units");
    assert!(arrival.poll().is_some());
}

#[test]
fn who_slept_before_the_call_does_not_probe() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let mut sleeper = asleep(&mutex);
    drop(held);
    for _ in 0..100 {
        assert!(sleeper.is_pending());
    }
    assert_eq!(sleeper.wakes(), 0);
    assert!(first.poll().is_some(), "it was not passed over");
}

#[test]
fn probing_ends_when_the_call_is_answered() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let mut first = called(&mutex);
    let mut arrival = Waiting::new(mutex.lock());
    assert!(arrival.is_pending());
    assert!(arrival.is_pending());
    let guard = first.poll().expect("it answers");
    assert!(arrival.is_pending());
    let wakes = arrival.wakes();
    for _ in 0..10 {
        assert!(arrival.is_pending());
    }
    assert_eq!(arrival.wakes(), wakes, "it sleeps now");
    drop(guard);
    assert_eq!(arrival.wakes(), wakes + 1);
    assert!(arrival.poll().is_some());
}

/// One prober at most: the latest that probed twice. The earlier one goes to sleep.
#[test]
fn the_latest_arrival_is_the_prober() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(0).with_patience(looks(100)));
    let snoozing = called(&mutex);
    let mut earlier = Waiting::new(mutex.lock());
    let mut later = Waiting::new(mutex.lock());
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

/// Guards `Line::heir`, without which the sleeper would sleep beside a free lock for ever.
#[test]
fn a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let held = hold(&mutex);
    let snoozing = asleep(&mutex);
    let mut far = asleep(&mutex);
    let mut near = asleep(&mutex);
    drop(held);
    assert_eq!(snoozing.wakes(), 1);
    let mut prober = Waiting::new(mutex.lock());
    assert!(prober.is_pending());
    assert!(prober.is_pending(), "it is the prober now");
    drop(prober);
    assert_eq!((far.wakes(), near.wakes()), (0, 1), "the nearest is woken");
    // It probes on until the snoozing one is passed over and the one ahead of it is called.
    let mut polls = 0;
    while far.wakes() == 0 {
        assert!(near.is_pending());
        polls += 1;
        assert!(polls <= 5, "within the patience");
    }
    drop(far.poll().expect("called"));
    assert!(near.poll().is_some());
    drop(snoozing);
}

#[test]
fn the_role_is_handed_on_again_and_again() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let held = hold(&mutex);
    let snoozing = asleep(&mutex);
    let mut sleepers: Vec<_> = (0..5).map(|_| asleep(&mutex)).collect();
    drop(held);
    let mut prober = Waiting::new(mutex.lock());
    assert!(prober.is_pending());
    assert!(prober.is_pending());
    drop(prober);
    while sleepers.len() > 1 {
        let heir = sleepers.pop().expect("one is left");
        assert_eq!(heir.wakes(), 1, "{} sleep ahead", sleepers.len());
        drop(heir);
    }
    let mut last = sleepers.pop().expect("the last");
    assert_eq!(last.wakes(), 1);
    assert!((0..10).any(|_| last.poll().is_some()), "it gets through");
    drop(snoozing);
}

#[test]
fn one_that_is_no_prober_wakes_nobody_when_dropped() {
    let mutex = Mutex::with_fairness((), PATIENT);
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let sleeper = asleep(&mutex);
    drop(held);
    let mut arrival = Waiting::new(mutex.lock());
    assert!(arrival.is_pending(), "polled once: not the prober yet");
    drop(arrival);
    assert_eq!((first.wakes(), sleeper.wakes()), (1, 0));
    assert!(first.poll().is_some());
}

/// Guards `always_answers`: with patience 1 the second poll of an arrival would pass the thread over.
#[test]
fn a_blocked_thread_is_never_passed_over() {
    let _watchdog = Watchdog::new("a blocked thread and an impatient arrival");
    for _ in 0..50 {
        let fairness = Fairness::overtakes(0).with_patience(looks(1));
        let mutex = Arc::new(Mutex::with_fairness((), fairness));
        let order = Arc::new(AtomicUsize::new(0));
        let held = Arc::clone(&mutex).try_lock_owned().expect("free");
        let thread = {
            let (mutex, order) = (Arc::clone(&mutex), Arc::clone(&order));
            thread::spawn(move || {
                let _guard = mutex.blocking_lock();
                order.fetch_add(1, SeqCst)
            })
        };
        thread::sleep(std::time::Duration::from_millis(1));
        drop(held);
        let queued = mutex.try_lock().is_err();
        let mut arrival = Waiting::new(mutex.lock());
        let guard = loop {
            if let Some(guard) = arrival.poll() {
                break guard;
            }
        };
        let nth = order.fetch_add(1, SeqCst);
        drop(guard);
        let thread = thread.join().expect("it got the lock");
        assert!(!queued || thread < nth, "the thread was passed over");
    }
}
