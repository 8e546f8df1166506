//! The semaphore as its waiters see it: how permits are taken while the line is looked at.

use std::task::Waker;

use super::raw::{Closed, LockedCrowd, RawSemaphore, to_call};
use super::word::Word;
use crate::wait::crowd::{Crowd, Need, Price};
use crate::wait::stock::quick::{poll_again, poll_new};
use crate::wait::stock::{Called, Stock};
use crate::wait::{Asks, Node, Polled, Resource, start_again};

impl Resource for RawSemaphore {
    type Ask = Need;
    type Got = Result<(), Closed>;
    const FUTURE: &'static str = "the future of a semaphore's acquire";

    #[inline]
    fn take_idle(&self, ask: &mut Need) -> Option<Self::Got> {
        RawSemaphore::take_idle(self, ask.number())
    }

    fn has_line(&self) -> bool {
        self.word().load().is_queued()
    }

    fn try_take(&self, ask: &mut Need) -> Option<Self::Got> {
        self.take_now(ask.number())
    }

    fn poll_new(&self, node: Node<Need>, waker: &Waker, always_answers: bool) -> Polled<Self::Got> {
        let undo = |got| self.undo(node, got);
        poll_new(|| Side::lock(self), node, waker, always_answers, undo)
    }

    #[inline]
    fn is_short_of(&self, permits: u32) -> bool {
        self.free() < permits as usize
    }

    fn poll_again(
        &self,
        node: Node<Need>,
        waker: &Waker,
        always_answers: bool,
        sleeps: bool,
    ) -> Polled<Self::Got> {
        let undo = |got| self.undo(node, got);
        poll_again(
            || Side::lock(self),
            node,
            waker,
            always_answers,
            sleeps,
            undo,
        )
    }

    fn cancel(&self, node: Node<Need>) {
        self.cancel_wait(node);
    }
}

impl RawSemaphore {
    /// A poll that took permits has panicked: they come back, and it may be polled again.
    fn undo(&self, node: Node<Need>, got: Result<(), Closed>) {
        let mut crowd = self.lock();
        let permits = crowd.number(node);
        start_again(&mut crowd.line, node);
        drop(crowd);
        if got.is_ok() {
            self.release(permits as usize);
        }
    }
}

/// The semaphore with its short lock held.
struct Side<'a> {
    raw: &'a RawSemaphore,
    crowd: LockedCrowd<'a>,
}

impl<'a> Side<'a> {
    #[inline]
    fn lock(raw: &'a RawSemaphore) -> Self {
        Self {
            raw,
            crowd: raw.lock(),
        }
    }

    #[inline]
    fn to_call(&self) -> Option<Node<Need>> {
        to_call(&self.crowd, self.raw.word().load_acquire())
    }
}

impl Stock for Side<'_> {
    type Ask = Need;
    type Got = Result<(), Closed>;
    type Seen = Word;

    #[inline]
    fn crowd(&mut self) -> &mut Crowd<Need> {
        &mut self.crowd
    }

    #[inline]
    fn look(&mut self) -> Word {
        self.raw.word().load_acquire()
    }

    #[inline]
    fn free(&self, word: Word) -> usize {
        word.free()
    }

    #[inline]
    fn over(&mut self, _: Node<Need>, word: Word) -> Option<Self::Got> {
        word.is_closed().then_some(Err(Closed))
    }

    #[inline]
    fn take(&mut self, node: Node<Need>, word: Word, price: Price) -> Option<Self::Got> {
        let permits = self.crowd.number(node);
        let paid = self.raw.pay(&mut self.crowd, word, price, permits);
        paid.then_some(Ok(()))
    }

    #[inline]
    fn await_more(&mut self, word: Word) -> bool {
        word.is_queued() || self.raw.word().adjust(word, word.with_queue(true))
    }

    #[inline]
    fn after_leaving(&mut self) {
        self.raw.after_leaving(&self.crowd);
    }

    #[inline]
    fn call_next(&mut self) -> Option<Called<Need>> {
        let next = self.to_call()?;
        Some(Called {
            node: Some(next),
            waker: self.crowd.call(next),
        })
    }

    #[inline]
    fn has_to_call(&mut self) -> bool {
        self.to_call().is_some()
    }
}
