//! Polling a waiter of a mutex: how it takes the lock, goes to sleep, and what it does for others
//! meanwhile.

use std::task::Waker;

use super::raw::{MutexNode, RawMutex, without_first};
use super::word::Word;
use crate::wait::{Line, Polled, Polling, Resource, State, Step, Unanswered, start_again};

impl Resource for RawMutex {
    type Ask = ();
    type Got = ();
    const FUTURE: &'static str = "the future of a mutex's lock";

    #[inline]
    fn take_idle(&self, (): &mut ()) -> Option<()> {
        self.try_lock().then_some(())
    }

    fn has_line(&self) -> bool {
        self.word().load().is_queued()
    }

    #[inline]
    fn try_take(&self, (): &mut ()) -> Option<()> {
        self.try_lock().then_some(())
    }

    #[inline]
    fn poll_new(&self, node: MutexNode, waker: &Waker, always_answers: bool) -> Polled<()> {
        let clone = waker.clone();
        let mut line = self.lock_line();
        let word = self.word().load();
        // Most often it has but to sleep: nobody called is of its task, to be passed over (rule 4).
        if !word.may_overtake() && line.called_of_task(node, waker).is_none() {
            let alone = line.first().is_none();
            if !alone
                || self
                    .word()
                    .adjust(word, word.with_first(line.limit(), false))
            {
                line.enqueue(node, always_answers);
                line.get_mut(node).arm_new(clone, waker);
                let probes =
                    !word.is_locked() && matches!(line.probe(node, true), Unanswered::Probe);
                line.settle(node, true, probes);
                return Polled::asleep(probes);
            }
        }
        drop(line);
        self.poll_by_all_rules(node, waker, always_answers, Some(clone))
    }

    #[inline]
    fn is_short_of(&self, _: u32) -> bool {
        self.is_locked()
    }

    #[inline]
    fn poll_again(
        &self,
        node: MutexNode,
        waker: &Waker,
        always_answers: bool,
        sleeps: bool,
    ) -> Polled<()> {
        // Most often it is the first and was called: it locks, or sleeps again.
        if sleeps {
            let clone = waker.clone();
            let mut line = self.lock_line();
            let word = self.word().load();
            if line.is_first_and_called(node)
                && word.is_locked()
                && self.word().adjust(word, word.answered_in_vain())
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
            let word = self.word().load();
            if line.is_first_and_called(node) && !word.is_locked() {
                let (next, _) = without_first(&line, word.locked(), node);
                if self.word().lock(word, next) {
                    line.leave_queued(node);
                    return Polled::Ready(());
                }
            }
            drop(line);
            self.poll_by_all_rules(node, waker, always_answers, None)
        }
    }

    fn cancel(&self, node: MutexNode) {
        self.cancel_wait(node);
    }
}

impl RawMutex {
    #[cold]
    fn poll_by_all_rules(
        &self,
        node: MutexNode,
        waker: &Waker,
        always_answers: bool,
        mut clone: Option<Waker>,
    ) -> Polled<()> {
        if clone.is_none() && self.word().load().is_locked() {
            clone = Some(waker.clone());
        }
        Polling::new(node, waker, always_answers, clone).run(
            |poll| self.step(poll, &mut self.lock_line()),
            |()| {
                start_again(&mut self.lock_line(), node);
                self.unlock();
            },
        )
    }

    /// One critical section, which is one `poll` of the rules.
    fn step(&self, poll: &mut Polling<'_, ()>, line: &mut Line<()>) -> Step<()> {
        let node = poll.node;
        loop {
            let word = self.word().load();
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
                if self.word().lock(word, next) {
                    poll.leave(line);
                    return Step::Done(Polled::Ready(()));
                }
                continue;
            }

            if poll.needs_clone(line) {
                return Step::Clone;
            }
            if state != State::Asleep && !self.fall_asleep(poll, line, word, state, leads) {
                continue;
            }
            let kept = !word.is_locked();
            let (called, late) = match line.unanswered(node, poll.waker, poll.is_new, kept) {
                Unanswered::Nothing => return poll.settle(line, false),
                Unanswered::Probe => return poll.settle(line, true),
                Unanswered::SameTask(called) => (called, false),
                Unanswered::Late(called) => (called, true),
            };
            if !poll.woken.has_room() {
                return Step::Wake;
            }
            let passed = self.pass_over(poll, line, called, word);
            if late && passed != Passed::No {
                line.grow_patience(called);
            }
            if passed == Passed::AndLocked {
                return Step::Done(Polled::Ready(()));
            }
        }
    }

    /// Takes its place in line, its old one if it had one; `false` if the word has changed.
    fn fall_asleep(
        &self,
        poll: &mut Polling<'_, ()>,
        line: &mut Line<()>,
        word: Word,
        state: State,
        leads: bool,
    ) -> bool {
        let node = poll.node;
        match state {
            State::New => {
                if leads
                    && !self
                        .word()
                        .adjust(word, word.with_first(line.limit(), false))
                {
                    return false;
                }
                line.enqueue(node, poll.always_answers);
                poll.is_new = true;
            }
            State::Passed => {
                if leads {
                    let credit = line.get(node).credit;
                    if !self.word().adjust(word, word.with_first(credit, false)) {
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
                } else if !self.word().adjust(word, word.answered_in_vain()) {
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
    fn pass_over(
        &self,
        poll: &mut Polling<'_, ()>,
        line: &mut Line<()>,
        called: MutexNode,
        word: Word,
    ) -> Passed {
        if !line.is_first(called) {
            line.pass_over(called);
            return Passed::Yes;
        }
        let (next, to_call) = without_first(line, word, called);
        if to_call == Some(poll.node) {
            // As if it had come first: what the word says without both of them.
            let (next, _) = without_first(line, word.locked(), poll.node);
            if !self.word().lock(word, next) {
                return Passed::No;
            }
            line.get_mut(called).credit = word.credit();
            line.pass_over(called);
            poll.leave(line);
            return Passed::AndLocked;
        }
        if !self.word().adjust(word, next) {
            return Passed::No;
        }
        line.get_mut(called).credit = word.credit();
        line.pass_over(called);
        if let Some(waker) = to_call.and_then(|node| line.call(node)) {
            poll.woken.push(waker);
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
