//! Wakers that panic: others are woken first, the first panic propagates, no permit is lost, and
//! nothing propagates while the thread unwinds already, where a second panic would abort.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Waker;

use wakeful::{Acquire, Fairness, Semaphore};

use super::{asleep, assert_idle, called, hold, hold_all};
use crate::support::{Hooks, KINDS, SHORT, Task, Waiting, panics, past, poll_with};

fn panics_in_wake(said: &'static str) -> Waker {
    Hooks::default().on_wake(move || panic!("{said}")).waker()
}

/// Only while it is armed: a waker has to be dropped at last.
fn panics_in_drop() -> (Waker, Arc<Task>) {
    let disarm = Task::new();
    let disarmed = Arc::clone(&disarm);
    let on_drop = move || assert!(disarmed.wakes() > 0, "in drop");
    (Hooks::default().on_drop(on_drop).waker(), disarm)
}

fn asleep_with<'a>(waker: &Waker, semaphore: &'a Semaphore, n: u32) -> Pin<Box<Acquire<'a>>> {
    let mut acquire = Box::pin(semaphore.acquire_many(n));
    assert!(poll_with(waker, acquire.as_mut()).is_pending());
    acquire
}

/// A crowd in line, of whom two panic when they are woken, in different batches.
struct Crowd<'a> {
    quiet: Vec<Waiting<Acquire<'a>>>,
    loud: Vec<Pin<Box<Acquire<'a>>>>,
}

fn crowd(semaphore: &Semaphore) -> Crowd<'_> {
    let mut crowd = Crowd {
        quiet: Vec::new(),
        loud: Vec::new(),
    };
    for nth in 0..50 {
        match nth {
            3 => crowd
                .loud
                .push(asleep_with(&panics_in_wake("the first"), semaphore, 1)),
            4 | 20 | 49 => {
                crowd
                    .loud
                    .push(asleep_with(&panics_in_wake("a later one"), semaphore, 1))
            }
            _ => crowd.quiet.push(asleep(semaphore, 1)),
        }
    }
    crowd
}

impl Crowd<'_> {
    fn assert_all_woken(&self) {
        assert!(self.quiet.iter().all(|waiter| waiter.wakes() == 1));
    }

    /// Each gets a permit, and all give theirs back at the end.
    fn get_through(mut self) {
        let permits: Vec<_> = self.quiet.iter_mut().map(|w| w.poll().unwrap()).collect();
        assert!(permits.iter().all(Result::is_ok));
        for loud in &mut self.loud {
            assert!(poll_with(Waker::noop(), loud.as_mut()).is_ready());
        }
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_a_release() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(50, fairness);
        let held = hold_all(&semaphore);
        let crowd = crowd(&semaphore);
        assert_eq!(panics(|| drop(held)), "the first");
        crowd.assert_all_woken();
        assert_eq!(semaphore.available_permits(), 50);
        crowd.get_through();
        assert_idle(&semaphore, 50);
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_adding() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(0, fairness);
        let crowd = crowd(&semaphore);
        assert_eq!(panics(|| semaphore.add_permits(50)), "the first");
        crowd.assert_all_woken();
        crowd.get_through();
        assert_idle(&semaphore, 50);
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_closing() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(0, fairness);
        let mut crowd = crowd(&semaphore);
        assert_eq!(panics(|| semaphore.close()), "the first");
        crowd.assert_all_woken();
        assert!(semaphore.is_closed());
        semaphore.close();
        assert!(crowd.quiet.iter_mut().all(|w| w.poll().unwrap().is_err()));
        for loud in &mut crowd.loud {
            assert!(poll_with(Waker::noop(), loud.as_mut()).is_ready());
        }
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_cancelling() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(50, fairness);
        let held = hold_all(&semaphore);
        let large = asleep(&semaphore, 51);
        let crowd = crowd(&semaphore);
        drop(held);
        assert_eq!(panics(|| drop(large)), "the first");
        crowd.assert_all_woken();
        crowd.get_through();
        assert_idle(&semaphore, 50);
    }
}

/// A poll that passes a future of its own task over calls those behind it.
#[test]
fn all_others_are_woken_before_a_panic_propagates_from_a_poll() {
    let semaphore = Semaphore::with_fairness(50, Fairness::FIFO);
    let held = hold_all(&semaphore);
    let task = Task::new();
    let kept = super::asleep_in(&task, &semaphore, 50);
    let crowd = crowd(&semaphore);
    let mut last = super::asleep_in(&task, &semaphore, 1);
    drop(held);
    assert!(last.is_pending(), "it meets the kept one");
    assert_eq!(panics(|| last.poll().is_some()), "the first");
    crowd.assert_all_woken();
    crowd.get_through();
    assert!(task.wakes() >= 2, "the last one is called when its turn is");
    drop(last.poll().expect("its turn").unwrap());
    drop((kept, last));
    assert_idle(&semaphore, 50);
}

#[test]
fn what_a_poll_that_panicked_took_is_free_again() {
    let semaphore = Semaphore::with_fairness(3, Fairness::FIFO);
    let held = hold_all(&semaphore);
    let task = Task::new();
    let kept = super::asleep_in(&task, &semaphore, 3);
    let loud = asleep_with(&panics_in_wake("in wake"), &semaphore, 1);
    let mut last = super::asleep_in(&task, &semaphore, 2);
    drop(held);
    assert!(last.is_pending(), "it meets the kept one");
    let said = panics(|| last.poll().is_some());
    assert_eq!(said, "in wake", "it passes the kept one over, and takes");
    assert_eq!(semaphore.available_permits(), 3, "permits are leaked");
    drop(loud);
    drop((kept, last));
    assert_idle(&semaphore, 3);
}

#[test]
fn while_unwinding_every_panic_of_a_waker_is_swallowed() {
    for way in 0..3 {
        let semaphore = Semaphore::new(50);
        let held = hold_all(&semaphore);
        let large = (way == 1).then(|| asleep(&semaphore, 51));
        let crowd = crowd(&semaphore);
        let held = (way != 1).then_some(held);
        struct Close<'a>(&'a Semaphore);
        impl Drop for Close<'_> {
            fn drop(&mut self) {
                self.0.close();
            }
        }
        let said = panics(|| {
            let _close = (way == 2).then(|| Close(&semaphore));
            let _held_or_large = (held, large);
            panic!("the outer one");
        });
        assert_eq!(said, "the outer one");
        crowd.assert_all_woken();
    }
}

#[test]
fn a_panic_in_clone_leaves_nobody_in_line() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(2, fairness);
        let loud = Hooks::default().on_clone(|| panic!("in clone")).waker();
        let held = hold_all(&semaphore);
        let mut acquire = Box::pin(semaphore.acquire());
        let said = panics(|| poll_with(&loud, acquire.as_mut()).is_ready());
        assert_eq!(said, "in clone");
        let mut waiter = asleep(&semaphore, 2);
        let said = panics(|| poll_with(&loud, waiter.future()).is_ready());
        assert_eq!(said, "in clone");
        drop(held);
        assert_eq!(waiter.wakes(), 1, "it is first, and its waker the old one");
        drop(waiter.poll().unwrap().unwrap());
        assert!(poll_with(Waker::noop(), acquire.as_mut()).is_ready());
        assert_idle(&semaphore, 2);
    }
}

/// It overtook from within the line, so its waker was not taken by a call.
#[test]
fn a_panic_in_the_drop_of_a_waker_leaves_the_permits_that_a_poll_took_free() {
    let semaphore = Semaphore::with_fairness(3, Fairness::overtakes(1));
    let (loud, disarm) = panics_in_drop();
    let held = hold_all(&semaphore);
    let mut first = asleep(&semaphore, 3);
    let mut second = asleep_with(&loud, &semaphore, 2);
    drop(held);
    let said = panics(|| poll_with(&loud, second.as_mut()).is_ready());
    disarm.count();
    assert_eq!(said, "in drop");
    assert_eq!(semaphore.available_permits(), 3, "permits are leaked");
    assert_eq!(first.poll().unwrap().unwrap().num_permits(), 3);
    drop(second);
    assert_idle(&semaphore, 3);
}

#[test]
fn a_panic_in_the_drop_of_a_cancelled_waker_leaves_nobody_in_line() {
    for unwinding in [false, true] {
        let semaphore = Semaphore::new(2);
        let (loud, disarm) = panics_in_drop();
        let held = hold(&semaphore, 1);
        let large = asleep_with(&loud, &semaphore, 2);
        let kept = semaphore.try_acquire();
        let mut next = asleep(&semaphore, 1);
        drop(kept);
        let said = panics(|| {
            let _large = large;
            assert!(!unwinding, "the outer one");
        });
        let expected = if unwinding {
            "the outer one"
        } else {
            "in drop"
        };
        assert_eq!(said, expected);
        assert_eq!(next.wakes(), 1, "it is looked at all the same");
        drop(next.poll().unwrap().unwrap());
        disarm.count();
        drop((held, next));
        assert_idle(&semaphore, 2);
    }
}

#[test]
fn a_prober_that_is_dropped_hands_its_role_on_even_if_the_heir_panics() {
    for unwinding in [false, true] {
        let fairness = Fairness::overtakes(0).with_patience(SHORT);
        let semaphore = Semaphore::with_fairness(2, fairness);
        let waker = panics_in_wake("in wake");
        let held = hold_all(&semaphore);
        let snoozing = asleep(&semaphore, 2);
        let mut heir = asleep_with(&waker, &semaphore, 1);
        drop(held);
        let mut prober = Waiting::new(semaphore.acquire());
        assert!(prober.is_pending() && prober.is_pending());
        let said = panics(|| {
            let _prober = prober;
            assert!(!unwinding, "the outer one");
        });
        let expected = if unwinding {
            "the outer one"
        } else {
            "in wake"
        };
        assert_eq!(said, expected);
        let quiet = Hooks::default().waker();
        past(SHORT);
        let mut polls = (0..5).map(|_| poll_with(&quiet, heir.as_mut()).is_ready());
        assert!(polls.any(|is_ready| is_ready), "the heir probes");
        drop(snoozing);
        drop(heir);
        assert_idle(&semaphore, 2);
    }
}

/// Called in vain meanwhile: what happens to a future whose poll panicked is told at the next poll.
#[test]
fn a_panic_in_wake_while_others_are_called_leaves_the_line_whole() {
    let semaphore = Semaphore::with_fairness(4, Fairness::FIFO);
    let [mut first, second] = called(&semaphore, [2, 2]);
    let loud = asleep_with(&panics_in_wake("in wake"), &semaphore, 2);
    let mut last = asleep(&semaphore, 2);
    assert_eq!(panics(|| drop(second)), "in wake");
    drop(first.poll().unwrap().unwrap());
    assert_eq!(last.wakes(), 1);
    drop(last.poll().unwrap().unwrap());
    drop(loud);
    assert_idle(&semaphore, 4);
}
