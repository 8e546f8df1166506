//! Polling a waiter of a semaphore: how it takes its permits, goes to sleep, and what it does for
//! others meanwhile.

use std::task::Waker;

use super::front::{Need, Price, Stand, Waiting};
use super::raw::{Closed, Permits, RawSemaphore};
use crate::wait::{
    Node, Polled, Polling, Resource, State, Step, Unanswered, drop_or_undo, start_again,
};

impl Resource for RawSemaphore {
    type Want = Permits;
    type Ask = Need;
    type Got = Result<(), Closed>;
    const FUTURE: &'static str = "the future of a semaphore's acquire";

    #[inline]
    fn take_idle(&self, permits: Permits) -> Option<Self::Got> {
        self.take_unqueued(permits)
    }

    fn try_take(&self, permits: Permits) -> Option<Self::Got> {
        self.take_now(permits)
    }

    fn poll_new(
        &self,
        node: Node<Need>,
        permits: Permits,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Self::Got> {
        // What is likely to sleep needs a clone of the waker, better made before the short lock is taken.
        let word = self.word().load();
        let sleeps = word.is_queued() || word.free() < permits as usize;
        let clone = sleeps.then(|| waker.clone());
        let mut waiting = self.lock();
        let word = self.word().load_acquire();
        // Most often others wait, and it overtakes them or has but to sleep: nobody called is of its
        // task, to be passed over (rule 4).
        if word.is_queued() && !word.is_closed() {
            if let Some(price) = waiting.price(Stand::Behind, permits, word.free()) {
                self.pay(&mut waiting, word, price, permits);
                drop(waiting);
                drop_or_undo(clone, || self.undo(node, permits));
                return Polled::Ready(Ok(()));
            }
            let line = &mut waiting.line;
            if let Some(clone) = clone {
                if line.called_of_task(node, waker).is_none() {
                    line.enqueue(node, always_answers);
                    line.get_mut(node).arm_new(clone, waker);
                    let kept = word.free() >= permits as usize;
                    let probes = kept && matches!(line.probe(node, true), Unanswered::Probe);
                    line.settle(node, true, probes);
                    return Polled::asleep(probes);
                }
                drop(waiting);
                return self.poll_by_all_rules(node, permits, waker, always_answers, Some(clone));
            }
        }
        drop(waiting);
        self.poll_by_all_rules(node, permits, waker, always_answers, clone)
    }

    fn poll_again(
        &self,
        node: Node<Need>,
        permits: Permits,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Self::Got> {
        let sleeps = self.free() < permits as usize;
        let clone = sleeps.then(|| waker.clone());
        let mut waiting = self.lock();
        let word = self.word().load_acquire();
        // Most often it is the first and was called: it takes its permits, or sleeps again.
        if waiting.line.is_first_and_called(node) && !word.is_closed() {
            if word.free() >= permits as usize {
                self.pay(&mut waiting, word, Price::Nothing, permits);
                waiting.leave(node);
                self.after_leaving(&waiting);
                let others = self.to_call(&waiting).is_some();
                drop(waiting);
                if others {
                    let poll = Polling::new(node, waker, always_answers, clone);
                    return self.run(poll, permits, Unfinished::CallsOnly);
                }
                drop_or_undo(clone, || self.undo(node, permits));
                return Polled::Ready(Ok(()));
            }
            if let Some(clone) = clone {
                waiting.answered_in_vain(node);
                waiting.line.settle(node, false, false);
                waiting.line.get_mut(node).arm_new(clone, waker);
                return Polled::Asleep;
            }
        }
        drop(waiting);
        self.poll_by_all_rules(node, permits, waker, always_answers, clone)
    }

    fn cancel(&self, node: Node<Need>) {
        self.cancel_wait(node);
    }
}

/// What one poll has still to do when it must release the short lock on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfinished {
    Nothing,
    /// To call those who are to be.
    Calls,
    /// The same, when it has its permits already.
    CallsOnly,
}

impl RawSemaphore {
    #[cold]
    fn poll_by_all_rules(
        &self,
        node: Node<Need>,
        permits: Permits,
        waker: &Waker,
        always_answers: bool,
        clone: Option<Waker>,
    ) -> Polled<Result<(), Closed>> {
        let poll = Polling::new(node, waker, always_answers, clone);
        self.run(poll, permits, Unfinished::Nothing)
    }

    fn run(
        &self,
        poll: Polling<'_, Need>,
        permits: Permits,
        mut unfinished: Unfinished,
    ) -> Polled<Result<(), Closed>> {
        let node = poll.node;
        poll.run(
            |poll| self.step(poll, permits, &mut self.lock(), &mut unfinished),
            |got| {
                if got.is_ok() {
                    self.undo(node, permits);
                }
            },
        )
    }

    /// A poll that took permits has panicked: they come back, and it may be polled again.
    fn undo(&self, node: Node<Need>, permits: Permits) {
        start_again(&mut self.lock().line, node, permits.into());
        self.release(permits as usize);
    }

    /// One critical section, which is one `poll` of the rules.
    fn step(
        &self,
        poll: &mut Polling<'_, Need>,
        permits: Permits,
        waiting: &mut Waiting,
        unfinished: &mut Unfinished,
    ) -> Step<Result<(), Closed>> {
        let node = poll.node;
        loop {
            if *unfinished != Unfinished::Nothing {
                if !self.call_others(poll, waiting) {
                    return Step::Wake;
                }
                if *unfinished == Unfinished::CallsOnly {
                    return Step::Done(Polled::Ready(Ok(())));
                }
                *unfinished = Unfinished::Nothing;
            }

            let word = self.word().load_acquire();
            if word.is_closed() {
                self.leave(poll, waiting);
                return Step::Done(Polled::Ready(Err(Closed)));
            }
            let state = waiting.line.get(node).state();
            let stand = match state {
                State::New => Stand::Behind,
                State::Passed if waiting.line.would_be_first(node) => Stand::First,
                State::Passed => Stand::Second,
                State::Asleep | State::Called => Stand::InLine(node),
                State::Done => unreachable!("what is done is not polled"),
            };

            if let Some(price) = waiting.price(stand, permits, word.free()) {
                if !self.pay(waiting, word, price, permits) {
                    continue;
                }
                self.leave(poll, waiting);
                if self.to_call(waiting).is_some() {
                    *unfinished = Unfinished::CallsOnly;
                    continue;
                }
                return Step::Done(Polled::Ready(Ok(())));
            }

            if poll.needs_clone(&waiting.line) {
                return Step::Clone;
            }
            if !word.is_queued() && !self.word().adjust(word, word.with_queue(true)) {
                continue;
            }
            self.fall_asleep(poll, waiting, state);
            if state == State::Called && self.to_call(waiting).is_some() {
                *unfinished = Unfinished::Calls;
                continue;
            }
            let kept = word.free() >= permits as usize;
            let unanswered = waiting.line.unanswered(node, poll.waker, poll.is_new, kept);
            match unanswered {
                Unanswered::Nothing => return poll.settle(&mut waiting.line, false),
                Unanswered::Probe => return poll.settle(&mut waiting.line, true),
                Unanswered::SameTask(called) => waiting.pass_over(called),
                Unanswered::Late(called) => {
                    waiting.pass_over(called);
                    waiting.line.grow_patience(called);
                }
            }
            *unfinished = Unfinished::Calls;
        }
    }

    fn leave(&self, poll: &mut Polling<'_, Need>, waiting: &mut Waiting) {
        waiting.leave(poll.node);
        let own = waiting.line.get_mut(poll.node).disarm();
        poll.keep_old(own);
        self.after_leaving(waiting);
    }

    /// Calls whoever is to be, but wakes not the one being polled; `false` if the batch is full before
    /// that is everybody.
    fn call_others(&self, poll: &mut Polling<'_, Need>, waiting: &mut Waiting) -> bool {
        while let Some(next) = self.to_call(waiting) {
            if next == poll.node {
                let own = waiting.call(next);
                poll.keep_old(own);
            } else if !poll.woken.has_room() {
                return false;
            } else if let Some(waker) = waiting.call(next) {
                poll.woken.push(waker);
            }
        }
        true
    }

    /// Takes its place in line, its old one if it had one.
    fn fall_asleep(&self, poll: &mut Polling<'_, Need>, waiting: &mut Waiting, state: State) {
        let node = poll.node;
        match state {
            State::New => {
                waiting.line.enqueue(node, poll.always_answers);
                poll.is_new = true;
            }
            State::Passed => waiting.come_back(node),
            State::Called => waiting.answered_in_vain(node),
            State::Asleep | State::Done => {}
        }
    }
}
