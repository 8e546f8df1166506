//! P3: a called waiter that is never polled again delays no arrival for ever.
//!
//! Without rule 5 (`line.probe` in `Poll::step`) every test here fails but the two on FIFO.

use std::time::Duration;

use wakeful::{Fairness, Lock, Mutex, MutexGuard};

use crate::support::{Waiting, asleep, called, hold};

/// Polls an arrival as its task would, only when it was woken; says how many polls it took.
fn polls_until_locked<T>(mutex: &Mutex<T>, at_most: usize) -> Option<usize> {
    let mut arrival = Waiting::new(mutex.lock());
    (1..=at_most).find(|&nth| {
        let may_run = nth == 1 || arrival.wakes() == nth - 1;
        may_run && arrival.poll().is_some()
    })
}

#[test]
fn an_arrival_gets_through_after_exactly_the_patience() {
    for patience in [1, 2, 3, 16, 64, 1000] {
        let fairness = Fairness::overtakes(0).with_patience(patience);
        let mutex = Mutex::with_fairness((), fairness);
        let snoozing = called(&mutex);
        let polls = polls_until_locked(&mutex, 10_000);
        // Its first poll finds the call; so many more find it still unanswered.
        assert_eq!(polls, Some(1 + usize::from(patience)));
        assert_eq!(polls_until_locked(&mutex, 1), Some(1), "the way is free");
        drop(snoozing);
    }
}

#[test]
fn by_default_a_forgotten_waiter_delays_nobody_for_long() {
    let mutex = Mutex::new(());
    let forgotten = called(&mutex).forget();
    let patience = usize::from(Fairness::DEFAULT.patience());
    let arrivals = usize::from(Fairness::DEFAULT.limit()) + 100;
    let mut slow = 0;
    for nth in 0..arrivals {
        let polls = polls_until_locked(&mutex, 1 + patience);
        let polls = polls.unwrap_or_else(|| panic!("arrival {nth} is held up"));
        slow += usize::from(polls > 1);
    }
    assert_eq!(slow, 1, "one passes it over, the others find the way free");
    assert_eq!(forgotten.wakes(), 1);
}

/// One arrival every other turn, each holds for a turn, and is polled only when it was woken.
#[test]
fn every_arrival_gets_through_under_traffic() {
    for fairness in [
        Fairness::DEFAULT,
        Fairness::overtakes(16),
        Fairness::overtakes(0),
        Fairness::overtakes(0).with_patience(looks(1)),
        Fairness::overtakes(1).with_patience(looks(2)),
    ] {
        let mutex = Mutex::with_fairness((), fairness);
        let first = hold(&mutex);
        let _dead: Vec<_> = (0..3).map(|_| asleep(&mutex).forget()).collect();
        let mut guard = Some(first);
        let mut arrivals = Vec::new();
        for turn in 0..1200 {
            drop(guard.take());
            if turn % 2 == 0 {
                arrivals.push(Arrival::new(&mutex));
            }
            for arrival in &mut arrivals {
                guard = arrival.turn().or(guard);
            }
        }
        let early = arrivals.iter().take(450);
        let held_up = early.filter(|arrival| !arrival.done).count();
        assert_eq!(held_up, 0, "{fairness:?}");
    }
}

struct Arrival<'a> {
    lock: Waiting<Lock<'a, ()>>,
    /// How often it had been woken when it was polled last.
    polled_at: Option<usize>,
    done: bool,
}

impl<'a> Arrival<'a> {
    fn new(mutex: &'a Mutex<()>) -> Self {
        Self {
            lock: Waiting::new(mutex.lock()),
            polled_at: None,
            done: false,
        }
    }

    /// Its turn on the run queue: it is polled if it was woken since.
    fn turn(&mut self) -> Option<MutexGuard<'a, ()>> {
        let wakes = self.lock.wakes();
        if self.done || self.polled_at == Some(wakes) {
            return None;
        }
        self.polled_at = Some(wakes);
        let guard = self.lock.poll();
        self.done = guard.is_some();
        guard
    }
}

#[test]
fn several_forgotten_waiters_are_passed_over_one_by_one() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(0).with_patience(looks(2)));
    let held = hold(&mutex);
    let dead: Vec<_> = (0..10).map(|_| asleep(&mutex).forget()).collect();
    drop(held);
    // Its first poll finds the first call; so many more find each still unanswered.
    assert_eq!(polls_until_locked(&mutex, 1000), Some(1 + 2 * dead.len()));
    assert!(dead.iter().all(|task| task.wakes() == 1));
}

/// With patience never P3 does not hold: this is what tokio does.
#[test]
fn in_fifo_a_forgotten_waiter_holds_everybody_up_for_ever() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let _dead = called(&mutex).forget();
    let mut arrival = Waiting::new(mutex.lock());
    for _ in 0..100_000 {
        assert!(arrival.is_pending());
    }
    assert_eq!(arrival.wakes(), 0, "it does not spin either");
    assert!(mutex.try_lock().is_err());
    assert!(
        mutex
            .blocking_lock_timeout(Duration::from_millis(5))
            .is_none()
    );
}

#[test]
fn in_fifo_a_snoozing_waiter_finds_the_lock_kept() {
    let mutex = Mutex::with_fairness((), Fairness::FIFO);
    let mut snoozing = called(&mutex);
    let mut arrival = Waiting::new(mutex.lock());
    for _ in 0..100_000 {
        assert!(arrival.is_pending());
    }
    drop(snoozing.poll().expect("kept, however long it takes"));
    assert!(arrival.poll().is_some());
}

#[test]
fn a_blocking_arrival_gets_through_as_well() {
    let _watchdog = crate::support::Watchdog::new("a thread behind a forgotten waiter");
    let mutex = Mutex::with_fairness((), Fairness::overtakes(0).with_patience(looks(64)));
    let _dead = called(&mutex).forget();
    drop(mutex.blocking_lock());
    let _dead_too = called(&mutex).forget();
    let timely = mutex.blocking_lock_timeout(Duration::from_secs(30));
    assert!(timely.is_some());
}

/// `try_*` is no arrival: it neither waits nor uses patience up.
#[test]
fn try_lock_never_uses_patience_up() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(0).with_patience(looks(1)));
    let mut snoozing = called(&mutex);
    for _ in 0..1000 {
        assert!(mutex.try_lock().is_err());
        assert!(mutex.blocking_lock_timeout(Duration::ZERO).is_none());
    }
    assert!(snoozing.poll().is_some());
}
