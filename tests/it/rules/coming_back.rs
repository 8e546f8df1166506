//! Rule 6: who was passed over comes back to its place, with its credit, and more patience.

use wakeful::{Fairness, Mutex};

use crate::support::{Task, Waiting, asleep, asleep_in, called, hold};

/// Polls until it has the lock, and says how often.
fn polls(arrival: &mut Waiting<wakeful::Lock<'_, ()>>, at_most: usize) -> usize {
    (1..=at_most)
        .find(|_| arrival.poll().is_some())
        .expect("it gets through")
}

fn impatient(patience: u16) -> Mutex<()> {
    Mutex::with_fairness((), Fairness::overtakes(0).with_patience(patience))
}

/// Guards `Line::come_back`.
#[test]
fn who_was_first_comes_back_to_the_front() {
    let mutex = impatient(1);
    let mut slow = called(&mutex);
    let mut arrival = Waiting::new(mutex.lock());
    assert!(arrival.is_pending());
    let guard = arrival.poll().expect("the slow one is passed over");
    let behind: Vec<_> = (0..3).map(|_| asleep(&mutex)).collect();
    assert!(slow.is_pending(), "it comes back");
    drop(guard);
    assert_eq!(slow.wakes(), 2, "it is the first to be called");
    assert!(behind.iter().all(|waiter| waiter.wakes() == 0));
    assert!(slow.poll().is_some());
}

#[test]
fn it_takes_what_it_finds_free() {
    let mutex = impatient(1);
    let mut slow = called(&mutex);
    let mut arrival = Waiting::new(mutex.lock());
    assert_eq!(polls(&mut arrival, 2), 2, "passed over, and released again");
    let waiter = {
        let held = hold(&mutex);
        let waiter = asleep(&mutex);
        drop(held);
        waiter
    };
    assert_eq!(waiter.wakes(), 1);
    drop(slow.poll().expect("it comes back ahead of the called one"));
    drop(waiter);
    drop(hold(&mutex));
}

/// Guards `Waiter::grow_patience`.
#[test]
fn after_probing_it_has_eight_times_the_patience() {
    for patience in [1, 2, 16] {
        let mutex = impatient(patience);
        let mut slow = called(&mutex);
        let mut expected = usize::from(patience);
        while expected < 4096 {
            let mut arrival = Waiting::new(mutex.lock());
            assert_eq!(polls(&mut arrival, 1 + expected), 1 + expected);
            expected *= 8;
            let held = hold(&mutex);
            assert!(slow.is_pending(), "it comes back");
            drop(held);
        }
        let mut arrival = Waiting::new(mutex.lock());
        assert_eq!(polls(&mut arrival, 5000), 1 + 4096, "and that is the most");
    }
}

#[test]
fn a_patience_above_the_most_stays_what_it_was() {
    let mutex = impatient(5000);
    let mut slow = called(&mutex);
    for _ in 0..2 {
        let mut arrival = Waiting::new(mutex.lock());
        assert_eq!(polls(&mut arrival, 6000), 1 + 5000);
        let held = hold(&mutex);
        assert!(slow.is_pending());
        drop(held);
    }
}

/// Its own task did that (rule 4), not an arrival: nothing says that it is slow.
#[test]
fn after_its_own_task_passed_it_over_it_has_the_old_patience() {
    let mutex = impatient(2);
    let task = Task::new();
    let held = hold(&mutex);
    let mut kept = asleep_in(&task, &mutex);
    drop(held);
    let guard = Waiting::of(&task, mutex.lock()).poll();
    assert!(guard.is_some() && kept.is_pending(), "it comes back");
    drop(guard);
    let mut arrival = Waiting::new(mutex.lock());
    assert_eq!(polls(&mut arrival, 3), 3);
}

/// Guards the credit that `Poll::pass_over` keeps in the waiter.
#[test]
fn it_comes_back_with_the_credit_that_was_left() {
    let mutex = Mutex::with_fairness((), Fairness::overtakes(5));
    let task = Task::new();
    let held = hold(&mutex);
    let mut kept = asleep_in(&task, &mutex);
    let mut second = asleep(&mutex);
    drop(held);
    drop(hold(&mutex));
    drop(hold(&mutex)); // three of five are left
    let barger = hold(&mutex); // two
    let mut other = Waiting::of(&task, mutex.lock());
    assert!(other.is_pending(), "the kept one is passed over");
    assert!(kept.is_pending(), "and comes back");
    drop(barger);
    assert_eq!(second.wakes(), 0, "the kept one is first again");
    drop(hold(&mutex));
    drop(hold(&mutex));
    assert!(mutex.try_lock().is_err(), "all its credit is spent");
    drop(kept.poll().expect("kept for it"));
    (0..5).for_each(|_| drop(hold(&mutex)));
    assert!(mutex.try_lock().is_err(), "the second had all of its own");
    assert!(second.poll().is_some());
}

/// Guards `List::push_second`, and the called one behind the first in `without_first`.
#[test]
fn who_was_not_first_comes_back_behind_the_first() {
    let fairness = Fairness::overtakes(10).with_patience(Duration::MAX);
    let mutex = Mutex::with_fairness((), fairness);
    let (ours, theirs) = (Task::new(), Task::new());
    let held = hold(&mutex);
    let mut front = asleep_in(&ours, &mutex);
    let mut second = asleep_in(&theirs, &mutex);
    let mut ours_too = asleep_in(&ours, &mutex);
    drop(held);
    let barger = hold(&mutex);
    assert!(ours_too.is_pending(), "the front one is passed over");
    drop(barger);
    assert_eq!(theirs.wakes(), 1, "the second is called");
    let barger = hold(&mutex);
    assert!(front.is_pending(), "it comes back, ahead of a called one");
    drop(barger);
    assert_eq!(ours.wakes(), 2, "two are called now");
    let barger = hold(&mutex);
    let mut theirs_too = Waiting::of(&theirs, mutex.lock());
    assert!(theirs_too.is_pending(), "the second is passed over");
    assert!(second.is_pending(), "and comes back");
    drop(barger);
    drop(front.poll().expect("called long ago"));
    assert_eq!(
        (theirs.wakes(), ours.wakes()),
        (2, 2),
        "the next is the second, not ours"
    );
    drop(second.poll().expect("its turn"));
    drop(ours_too.poll().expect("then ours"));
    assert!(theirs_too.poll().is_some(), "then theirs");
}
