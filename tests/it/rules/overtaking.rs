//! P1: exactly so many later arrivals overtake the first waiter, and vain answers halve what is left.

use wakeful::{Fairness, Mutex};

use crate::support::{Waiting, asleep, called, hold};

/// Zero, one, a few, and what `new` gives.
fn limits() -> [Fairness; 5] {
    [
        Fairness::overtakes(0),
        Fairness::overtakes(1),
        Fairness::overtakes(5),
        Fairness::DEFAULT,
        Fairness::FIFO,
    ]
}

/// Guards rule 3: `Word::overtaken`, which spends credit, and `Word::may_overtake`, which asks for it.
#[test]
fn exactly_k_newcomers_overtake_by_try_lock() {
    for fairness in limits() {
        let mutex = Mutex::with_fairness((), fairness);
        let mut first = called(&mutex);
        for nth in 0..fairness.limit() {
            assert!(mutex.try_lock().is_ok(), "{fairness:?}: {nth}");
        }
        for _ in 0..3 {
            assert!(mutex.try_lock().is_err(), "{fairness:?}: the next fails");
        }
        assert_eq!(first.wakes(), 1);
        assert!(first.poll().is_some(), "it was kept for the first");
    }
}

/// Guards rule 3: the condition on `word.credit()` at the top of `Poll::step`.
#[test]
fn exactly_k_newcomers_overtake_by_new_futures() {
    for fairness in limits() {
        let mutex = Mutex::with_fairness((), fairness);
        let mut first = called(&mutex);
        for nth in 0..fairness.limit() {
            let mut newcomer = Waiting::new(mutex.lock());
            assert!(newcomer.poll().is_some(), "{fairness:?}: {nth}");
        }
        let mut next = Waiting::new(mutex.lock());
        assert!(next.is_pending(), "{fairness:?}: the next fails");
        drop(first.poll().expect("it was kept for the first"));
        assert!(next.poll().is_some());
    }
}

#[test]
fn credit_is_one_sum_for_all_ways_to_overtake() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(3));
    let held = hold(&mutex);
    let mut first = asleep(&mutex);
    let mut queued = asleep(&mutex);
    drop(held);
    assert!(mutex.try_lock().is_ok());
    assert!(Waiting::new(mutex.lock()).poll().is_some());
    assert!(queued.poll().is_some());
    assert!(mutex.try_lock().is_err());
    assert!(
        mutex
            .blocking_lock_timeout(std::time::Duration::ZERO)
            .is_none()
    );
    assert!(Waiting::new(mutex.lock()).is_pending());
    assert!(first.poll().is_some());
}

#[test]
fn nobody_overtakes_at_the_expense_of_who_waits_behind() {
    // Each who becomes first has the whole credit.
    let mutex = Mutex::with_fairness((), Fairness::overtakes(2));
    let held = hold(&mutex);
    let mut waiters: Vec<_> = (0..4).map(|_| asleep(&mutex)).collect();
    drop(held);
    for waiter in &mut waiters {
        for _ in 0..2 {
            assert!(mutex.try_lock().is_ok());
        }
        assert!(mutex.try_lock().is_err());
        drop(waiter.poll().expect("its turn"));
    }
}

/// Guards the other half of rule 3: `Word::answered_in_vain`.
#[test]
fn each_answer_in_vain_halves_what_is_left() {
    for limit in [1, 2, 3, 5, 64, 256, 1000, u16::MAX] {
        for barged in [1, limit / 2, limit] {
            let mutex = Mutex::with_fairness((), Fairness::overtakes(limit));
            let mut first = called(&mutex);
            (1..barged).for_each(|_| drop(hold(&mutex)));
            let barger = hold(&mutex);
            assert!(first.is_pending(), "in vain");
            drop(barger);
            assert_eq!(first.wakes(), 2, "it is called again");
            let left = (limit - barged.max(1)) / 2;
            (0..left).for_each(|_| drop(hold(&mutex)));
            assert!(mutex.try_lock().is_err(), "{limit}, {barged}");
            assert!(first.poll().is_some(), "it was kept for the first");
        }
    }
}

/// At most `1 + log2(limit)` times; it is halving, and nothing earlier, that ends it.
#[test]
fn a_waiter_is_woken_in_vain_no_more_than_log2_k_times() {
    for (limit, times) in [(0, 0), (1, 1), (3, 2), (7, 3), (255, 8), (1023, 10)] {
        let mutex = Mutex::with_fairness((), Fairness::overtakes(limit));
        let mut first = called(&mutex);
        let mut vain = 0;
        while let Ok(barger) = mutex.try_lock() {
            assert!(first.is_pending());
            drop(barger);
            vain += 1;
        }
        assert_eq!(vain, times, "{limit}");
        assert!(first.poll().is_some(), "then it was kept for the first");
    }
}

#[test]
fn spurious_polls_are_no_answers_and_cost_nothing() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(8));
    let mut first = called(&mutex);
    let barger = hold(&mutex);
    for _ in 0..100 {
        assert!(first.is_pending());
    }
    drop(barger);
    let overtakers = (0..8).take_while(|_| mutex.try_lock().is_ok()).count();
    assert_eq!(overtakers, 3, "(8 - 1) / 2: only the first poll answered");
}
