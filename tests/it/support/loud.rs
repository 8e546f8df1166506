//! Wakers that panic, and those who wait with them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};

use super::{Hooks, Task, Waiting, panics, poll_with, sleeping};

pub(crate) fn panics_in_wake(said: &'static str) -> Waker {
    Hooks::default().on_wake(move || panic!("{said}")).waker()
}

pub(crate) fn panics_in_clone() -> Waker {
    Hooks::default().on_clone(|| panic!("in clone")).waker()
}

/// Only while it is armed: a waker has to be dropped at last.
pub(crate) fn panics_in_drop() -> (Waker, Arc<Task>) {
    let disarm = Task::new();
    let disarmed = Arc::clone(&disarm);
    let on_drop = move || assert!(disarmed.wakes() > 0, "in drop");
    (Hooks::default().on_drop(on_drop).waker(), disarm)
}

/// Runs what has to panic with what this says; or that is swallowed, because the thread unwinds from something else.
pub(crate) fn panics_or_is_swallowed(unwinding: bool, said: &str, run: impl FnOnce()) {
    struct WhenDropped<F: FnOnce()>(Option<F>);
    impl<F: FnOnce()> Drop for WhenDropped<F> {
        fn drop(&mut self) {
            if let Some(run) = self.0.take() {
                run();
            }
        }
    }
    if unwinding {
        let outer = panics(|| {
            let _run = WhenDropped(Some(run));
            panic!("the outer one");
        });
        assert_eq!(outer, "the outer one");
    } else {
        assert_eq!(panics(run), said);
    }
}

/// Polled once with this waker, and asleep.
pub(crate) fn asleep_with<F: Future>(waker: &Waker, future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(poll_with(waker, future.as_mut()).is_pending());
    future
}

/// A crowd in line, of whom some panic when they are woken, in different batches.
#[derive(Debug)]
pub(crate) struct Crowd<F> {
    quiet: Vec<Waiting<F>>,
    loud: Vec<Pin<Box<F>>>,
}

impl<F: Future> Crowd<F> {
    pub(crate) fn new(count: usize, mut future: impl FnMut() -> F) -> Self {
        let (mut quiet, mut loud) = (Vec::new(), Vec::new());
        for nth in 0..count {
            match nth {
                3 => loud.push(asleep_with(&panics_in_wake("the first"), future())),
                4 | 20 | 49 => loud.push(asleep_with(&panics_in_wake("a later one"), future())),
                _ => quiet.push(sleeping(&Task::new(), future())),
            }
        }
        Self { quiet, loud }
    }

    pub(crate) fn assert_all_woken(&self) {
        assert!(self.quiet.iter().all(|waiter| waiter.wakes() == 1));
    }

    /// What each comes to.
    pub(crate) fn outcomes(&mut self) -> Vec<F::Output> {
        let quiet = self.quiet.iter_mut().map(Waiting::poll);
        let mut outcomes: Vec<_> = quiet.map(|outcome| outcome.expect("called")).collect();
        for loud in &mut self.loud {
            match poll_with(Waker::noop(), loud.as_mut()) {
                Poll::Ready(outcome) => outcomes.push(outcome),
                Poll::Pending => panic!("called"),
            }
        }
        outcomes
    }
}
