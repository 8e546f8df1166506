//! Polling a waiter of a mutex: how it takes the lock, goes to sleep, and what it does for others
//! meanwhile. One [`Poll::step`] is one critical section; it is one `poll` of the rules.

use std::mem;
use std::task::Waker;

use super::raw::{LockedLine, RawMutex, without_first};
use super::word::Word;
use crate::wait::{Node, Probe, Spent, State, Waiter, WakeBatch};

/// What polling a waiter came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Polled {
    Locked,
    Asleep,
    /// Free, but kept for one who has not answered: poll again soon, without being woken (rule 5).
    Probing,
}

impl Polled {
    #[inline]
    fn asleep(probes: bool) -> Self {
        if probes { Self::Probing } else { Self::Asleep }
    }
}

/// Why the short lock has to be released.
enum Step {
    Done(Polled),
    /// It is going to sleep and needs a clone of the waker, which is foreign code.
    Clone,
    /// No more room for those to be woken.
    Wake,
}

/// A waiter that is being polled.
struct Poll<'a> {
    raw: &'a RawMutex,
    node: Node,
    waker: &'a Waker,
    /// A blocked thread (rule 5).
    always_answers: bool,
    /// Whether it took its place in line in this very poll.
    is_new: bool,
    /// A clone of `waker`, until it is needed.
    clone: Spent,
    /// The waker it slept with, when it is not needed any more.
    old: Spent,
    woken: WakeBatch<2>,
}

/// Undoes a poll that locked, if foreign code panics before the caller knows of it: unlocks, and the
/// waiter may be polled again as if for the first time.
struct UndoOnUnwind<'a> {
    raw: &'a RawMutex,
    node: Node,
}

impl Drop for UndoOnUnwind<'_> {
    fn drop(&mut self) {
        *self.raw.lock_line().get_mut(self.node) = Waiter::new();
        self.raw.unlock();
    }
}

impl RawMutex {
    /// Polls a waiter for the first time.
    #[inline]
    pub(crate) fn poll_new(&self, node: Node, waker: &Waker, always_answers: bool) -> Polled {
        let clone = waker.clone();
        let mut line = self.lock_line();
        let word = self.word.load();
        // Most often it has but to sleep: nobody called is of its task, to be passed over (rule 4).
        if !word.may_overtake() && line.called_of_task(node, waker).is_none() {
            let alone = line.first().is_none();
            if !alone || self.word.adjust(word, word.with_first(line.limit(), false)) {
                line.enqueue(node, always_answers);
                line.get_mut(node).arm_new(clone, waker);
                let probes = !word.is_locked() && matches!(line.probe(node, true), Probe::On);
                line.settle(node, true, probes);
                return Polled::asleep(probes);
            }
        }
        drop(line);
        self.poll_by_all_rules(node, waker, always_answers, Some(clone))
    }

    /// Polls a waiter that was polled before and is not done.
    #[inline]
    pub(crate) fn poll_again(&self, node: Node, waker: &Waker, always_answers: bool) -> Polled {
        // Most often it is the first and was called: it locks, or sleeps again.
        if self.word.load().is_locked() {
            let clone = waker.clone();
            let mut line = self.lock_line();
            let word = self.word.load();
            if line.is_first_and_called(node)
                && word.is_locked()
                && self.word.adjust(word, word.answered_in_vain())
            {
                line.sleep_again(node);
                line.settle(node, false, false);
                line.get_mut(node).arm_new(clone, waker);
                return Polled::Asleep;
            }
            // Or it probed, and somebody has the lock by now.
            if word.is_locked()
                && line.get(node).would_wake(waker)
                && line.called_of_task(node, waker).is_none()
            {
                line.settle(node, false, false);
                drop(line);
                drop(clone);
                return Polled::Asleep;
            }
            drop(line);
            self.poll_by_all_rules(node, waker, always_answers, Some(clone))
        } else {
            let mut line = self.lock_line();
            let word = self.word.load();
            if line.is_first_and_called(node) && !word.is_locked() {
                let (next, _) = without_first(&line, word.locked(), node);
                if self.word.lock(word, next) {
                    line.leave_queued(node);
                    return Polled::Locked;
                }
            }
            drop(line);
            self.poll_by_all_rules(node, waker, always_answers, None)
        }
    }

    #[cold]
    fn poll_by_all_rules(
        &self,
        node: Node,
        waker: &Waker,
        always_answers: bool,
        clone: Option<Waker>,
    ) -> Polled {
        let mut poll = Poll {
            raw: self,
            node,
            waker,
            always_answers,
            is_new: false,
            clone: Spent(clone),
            old: Spent(None),
            woken: WakeBatch::new(),
        };
        if poll.clone.0.is_none() && self.word.load().is_locked() {
            poll.clone.0 = Some(waker.clone());
        }
        let polled = loop {
            let step = poll.step(&mut self.lock_line());
            match step {
                Step::Done(polled) => break polled,
                Step::Clone => poll.clone.0 = Some(waker.clone()),
                Step::Wake => mem::replace(&mut poll.woken, WakeBatch::new()).wake_all(),
            }
        };
        let undo = (polled == Polled::Locked).then(|| UndoOnUnwind { raw: self, node });
        let Poll {
            woken, clone, old, ..
        } = poll;
        let wakes_nobody = woken.is_empty();
        woken.wake_all();
        drop(clone);
        drop(old);
        mem::forget(undo);
        if polled == Polled::Asleep && always_answers && !wakes_nobody {
            // What was woken may have parked this thread, and eaten the wake-up that it waits for.
            return Polled::Probing;
        }
        polled
    }
}

impl Poll<'_> {
    fn step(&mut self, line: &mut LockedLine<'_>) -> Step {
        let node = self.node;
        loop {
            let word = self.raw.word.load();
            let state = line.get(node).state();
            let leads = match state {
                State::New => line.first().is_none(),
                State::Passed => line.would_be_first(node),
                State::Asleep | State::Called => line.is_first(node),
                State::Done => unreachable!("what is done is not polled"),
            };

            if !word.is_locked() && (leads || word.credit() > 0) {
                let next = match (leads, line.is_first(node)) {
                    (true, true) => without_first(line, word.locked(), node).0,
                    (true, false) => word.locked(),
                    (false, _) => word.overtaken(),
                };
                if self.raw.word.lock(word, next) {
                    self.leave(line);
                    return Step::Done(Polled::Locked);
                }
                continue;
            }

            if !line.get(node).would_wake(self.waker) && self.clone.0.is_none() {
                return Step::Clone;
            }
            if state != State::Asleep && !self.fall_asleep(line, word, state, leads) {
                continue;
            }

            // Rule 4: who is of this task will not answer first. Rule 5: free, but kept.
            let mine = line.called_of_task(node, self.waker);
            let probe = if mine.is_none() && !word.is_locked() {
                line.probe(node, self.is_new)
            } else {
                Probe::No
            };
            let (called, late, probes) = match probe {
                Probe::No => (mine, false, false),
                Probe::On => (None, false, true),
                Probe::PassOver(called) => (Some(called), true, false),
            };
            if let Some(called) = called {
                if !self.woken.has_room() {
                    return Step::Wake;
                }
                let passed = self.pass_over(line, called, word);
                if late && passed != Passed::No {
                    line.grow_patience(called);
                }
                if passed == Passed::AndLocked {
                    return Step::Done(Polled::Locked);
                }
                continue;
            }

            line.settle(node, self.is_new, probes);
            if !line.get(node).would_wake(self.waker) {
                if let Some(clone) = self.clone.0.take() {
                    self.old.0 = line.get_mut(node).arm(clone, self.waker);
                }
            }
            return Step::Done(Polled::asleep(probes));
        }
    }

    /// It has the lock: out of the line.
    fn leave(&mut self, line: &mut LockedLine<'_>) {
        line.leave(self.node);
        self.old.0 = line.get_mut(self.node).disarm();
    }

    /// Takes its place in line, its old one if it had one; `false` if the word has changed.
    fn fall_asleep(
        &mut self,
        line: &mut LockedLine<'_>,
        word: Word,
        state: State,
        leads: bool,
    ) -> bool {
        let (raw, node) = (self.raw, self.node);
        match state {
            State::New => {
                if leads && !raw.word.adjust(word, word.with_first(line.limit(), false)) {
                    return false;
                }
                line.enqueue(node, self.always_answers);
                self.is_new = true;
            }
            State::Passed => {
                if leads {
                    let credit = line.get(node).credit;
                    if !raw.word.adjust(word, word.with_first(credit, false)) {
                        return false;
                    }
                    if let Some(first) = line.first() {
                        line.get_mut(first).credit = word.credit();
                    }
                }
                line.come_back(node);
            }
            State::Called => {
                if !leads {
                    line.get_mut(node).credit /= 2;
                } else if !raw.word.adjust(word, word.answered_in_vain()) {
                    return false;
                }
                line.sleep_again(node);
            }
            State::Asleep | State::Done => unreachable!("not to be put to sleep"),
        }
        true
    }

    /// Passes over `called`, who stands ahead of the waiter being polled; if that one is next and the
    /// lock is free, it takes it in the same step.
    fn pass_over(&mut self, line: &mut LockedLine<'_>, called: Node, word: Word) -> Passed {
        if !line.is_first(called) {
            line.pass_over(called);
            return Passed::Yes;
        }
        let (next, to_call) = without_first(line, word, called);
        if to_call == Some(self.node) {
            // As if it had come first: what the word says without both of them.
            let (next, _) = without_first(line, word.locked(), self.node);
            if !self.raw.word.lock(word, next) {
                return Passed::No;
            }
            line.get_mut(called).credit = word.credit();
            line.pass_over(called);
            self.leave(line);
            return Passed::AndLocked;
        }
        if !self.raw.word.adjust(word, next) {
            return Passed::No;
        }
        line.get_mut(called).credit = word.credit();
        line.pass_over(called);
        if let Some(waker) = to_call.and_then(|node| line.call(node)) {
            self.woken.push(waker);
        }
        Passed::Yes
    }
}

/// Whether somebody was passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    Yes,
    /// And the waiter being polled has the lock.
    AndLocked,
    /// The word has changed: look again.
    No,
}
