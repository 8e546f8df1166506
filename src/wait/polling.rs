//! One poll of a waiter: what it carries from one critical section to the next, and the foreign code
//! that runs between and after them.

use std::mem;
use std::task::Waker;

use super::line::Line;
use super::waiter::Node;
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
    pub(crate) fn run<T>(
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
        let (got, sleeps) = match polled {
            Polled::Ready(got) => (Some(got), false),
            Polled::Asleep => (None, true),
            Polled::Probing => (None, false),
        };
        let got = UndoneByPanic::new(got, undo);
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
        match got.keep() {
            Some(got) => Polled::Ready(got),
            // What was woken may have parked this thread, and eaten the wake-up that it waits for.
            None if sleeps && (!always_answers || wakes_nobody) => Polled::Asleep,
            None => Polled::Probing,
        }
    }
}

/// After a poll that panicked when it was done: the waiter may be polled again as if for the first
/// time.
pub(crate) fn start_again<A>(line: &mut Line<A>, node: Node<A>) {
    line.get_mut(node).start_again();
}

/// What was got, while foreign code runs: if that panics, `undo` takes it back.
pub(crate) struct UndoneByPanic<T, F: FnOnce(T)>(Option<(T, F)>);

impl<T, F: FnOnce(T)> UndoneByPanic<T, F> {
    #[inline]
    pub(crate) fn new(got: Option<T>, undo: F) -> Self {
        Self(got.map(|got| (got, undo)))
    }

    /// Nothing panicked.
    #[inline]
    pub(crate) fn keep(mut self) -> Option<T> {
        self.0.take().map(|(got, _)| got)
    }
}

impl<T, F: FnOnce(T)> Drop for UndoneByPanic<T, F> {
    #[inline]
    fn drop(&mut self) {
        if let Some((got, undo)) = self.0.take() {
            undo(got);
        }
    }
}
