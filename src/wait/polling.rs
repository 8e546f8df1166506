//! One poll of a waiter: what it carries from one critical section to the next, and the foreign code
//! that runs between and after them.

use std::mem;
use std::task::Waker;

use super::line::Line;
use super::waiter::{Node, Waiter};
use super::wake::{FirstPanic, Spent, WakeBatch};

/// What polling a waiter came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Polled<T> {
    Ready(T),
    Asleep,
    /// Free, but kept for one who has not answered: poll again soon, without being woken (rule 5).
    Probing,
}

impl<T> Polled<T> {
    #[inline]
    pub(crate) fn asleep(probes: bool) -> Self {
        if probes { Self::Probing } else { Self::Asleep }
    }
}

/// Why a critical section ends.
pub(crate) enum Step<T> {
    Done(Polled<T>),
    /// It is going to sleep and needs a clone of the waker, which is foreign code.
    Clone,
    /// No more room for those to be woken.
    Wake,
}

/// A waiter that is being polled.
pub(crate) struct Polling<'a, A> {
    pub(crate) node: Node<A>,
    pub(crate) waker: &'a Waker,
    /// A blocked thread (rule 5).
    pub(crate) always_answers: bool,
    /// Whether it took its place in line in this very poll.
    pub(crate) is_new: bool,
    /// A clone of `waker`, until it is needed.
    clone: Spent,
    /// The waker it slept with, when it is not needed any more.
    old: Spent,
    pub(crate) woken: WakeBatch<2>,
}

impl<'a, A> Polling<'a, A> {
    #[inline]
    pub(crate) fn new(
        node: Node<A>,
        waker: &'a Waker,
        always_answers: bool,
        clone: Option<Waker>,
    ) -> Self {
        Self {
            node,
            waker,
            always_answers,
            is_new: false,
            clone: Spent(clone),
            old: Spent(None),
            woken: WakeBatch::new(),
        }
    }

    /// Whether it can not go to sleep without a clone of the waker, which it has not yet.
    #[inline]
    pub(crate) fn needs_clone(&self, line: &Line<A>) -> bool {
        self.clone.0.is_none() && !line.get(self.node).would_wake(self.waker)
    }

    /// It goes to sleep, or goes on probing.
    #[inline]
    pub(crate) fn settle<T>(&mut self, line: &mut Line<A>, probes: bool) -> Step<T> {
        let node = self.node;
        line.settle(node, self.is_new, probes);
        if !line.get(node).would_wake(self.waker) {
            if let Some(clone) = self.clone.0.take() {
                let old = line.get_mut(node).arm(clone, self.waker);
                self.keep_old(old);
            }
        }
        Step::Done(Polled::asleep(probes))
    }

    /// It is out of the line for good.
    #[inline]
    pub(crate) fn leave(&mut self, line: &mut Line<A>) {
        line.leave(self.node);
        let old = line.get_mut(self.node).disarm();
        self.keep_old(old);
    }

    /// Keeps the waker that it slept with until the short lock was released.
    #[inline]
    pub(crate) fn keep_old(&mut self, old: Option<Waker>) {
        if old.is_some() {
            debug_assert!(self.old.0.is_none(), "a waiter has one waker");
            self.old.0 = old;
        }
    }

    /// Runs critical sections until one is the last, then wakes whom they called. If that panics,
    /// `undo` takes back what was got.
    #[inline]
    pub(crate) fn run<T: Copy>(
        mut self,
        mut step: impl FnMut(&mut Self) -> Step<T>,
        undo: impl FnOnce(T),
    ) -> Polled<T> {
        let mut panic = FirstPanic::default();
        let polled = loop {
            match step(&mut self) {
                Step::Done(polled) => break polled,
                Step::Clone => self.clone.0 = Some(self.waker.clone()),
                Step::Wake => {
                    let woken = mem::replace(&mut self.woken, WakeBatch::new());
                    panic.catch(|| woken.wake_all());
                }
            }
        };
        let Self {
            always_answers,
            clone,
            old,
            woken,
            ..
        } = self;
        let undo = OnUnwind(match polled {
            Polled::Ready(got) => Some(move || undo(got)),
            _ => None,
        });
        let wakes_nobody = woken.is_empty();
        if panic.is_none() {
            woken.wake_all();
            drop(clone);
            drop(old);
        } else {
            panic.catch(|| woken.wake_all());
            panic.catch(|| drop(clone));
            panic.catch(|| drop(old));
            panic.go_on();
        }
        mem::forget(undo);
        match polled {
            // What was woken may have parked this thread, and eaten the wake-up that it waits for.
            Polled::Asleep if always_answers && !wakes_nobody => Polled::Probing,
            polled => polled,
        }
    }
}

/// After a poll that panicked when it was done: the waiter may be polled again as if for the first
/// time.
pub(crate) fn start_again<A>(line: &mut Line<A>, node: Node<A>, ask: A) {
    *line.get_mut(node) = Waiter::new(ask);
}

/// Drops a waker that was not needed; if that panics, `undo` takes back what was got.
#[inline]
pub(crate) fn drop_or_undo(waker: Option<Waker>, undo: impl FnOnce()) {
    let undo = OnUnwind(Some(undo));
    drop(waker);
    mem::forget(undo);
}

struct OnUnwind<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnUnwind<F> {
    fn drop(&mut self) {
        if let Some(undo) = self.0.take() {
            undo();
        }
    }
}
