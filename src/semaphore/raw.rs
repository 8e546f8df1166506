//! The algorithm of the semaphore: a pool of permits.
//!
//! ```text
//!   RawSemaphore (48 bytes)
//!   +------+---------------------------------------------------------------+
//!   | word | line: first waiter, front, numbers, prober, limit, patience   |
//!   +------+---------------------------------------------------------------+
//! ```
//!
//! While nobody waits, taking permits and returning them take one compare-and-swap each. From the moment
//! somebody queues until nobody waits any more, every operation takes the latch, and applies the rules under
//! it.
//!
//! The races, as stories:
//!
//! 1. *Nobody waits?* A finds too few permits and is about to queue; B returns some. Both change the same word:
//!    either B's return comes before A's latch, and A sees the permits; or B finds the word latched or
//!    `QUEUED`, takes the latch after A, and calls A.
//! 2. *Two releases, one wake.* The first release calls A; the second accounts for what A needs, and calls B.
//! 3. *Closed and returned.* Closing marks the line as ended, and `QUEUED` stays set from then on, so every
//!    operation checks the line.

use std::task::Waker;

use super::error::AcquireError;
use super::word::Word;
use crate::fairness::Fairness;
use crate::sync::{StateWord, WOKEN_AT_ONCE, const_fn, for_models, leave_alone};
use crate::wait::{Due, Guarded, Inside, Latched, Line, Needs, NodeRef, Pool};

pub(crate) struct RawSemaphore(Guarded<Line<Needs>>);

type LatchedLine<'a> = Latched<'a, Line<Needs>>;

impl Inside for Line<Needs> {
    type Load = ();

    // About as long as the latch is held. Wakers and executors run between two holds, so it is most likely free then.
    const FIRST_SPINS: u32 = 12;

    #[inline(always)]
    fn glance(&self, word: usize) -> Option<Due> {
        if self.is_ended() {
            return Some(Due::Rare);
        }
        self.glance(Word(word).free(), Due::First)
    }

    /// Once closed, all waiters are due.
    fn look(&self, word: usize) -> Option<Due> {
        if self.is_ended() {
            return self.first().map(|_| Due::Rare);
        }
        self.look(Word(word).free(), Due::First)
    }

    #[inline(always)]
    fn call_due(&mut self, _: &mut usize, due: Due) -> Option<Waker> {
        if let Due::First(node) = due {
            return self.call(node);
        }
        if !self.is_ended() {
            self.tidy_up();
            return None;
        }
        // Those that are called have no waker any more.
        for _ in 0..WOKEN_AT_ONCE {
            let first = self.first()?;
            let waker = first.disarm();
            self.leave(first);
            if waker.is_some() {
                return waker;
            }
        }
        None
    }
}

impl RawSemaphore {
    const_fn! {
        pub(super) const fn new(permits: usize, fairness: Fairness) -> Self {
            Self(Guarded::new(Word::idle(permits).0, Line::new(fairness)))
        }
    }

    #[inline(always)]
    fn peek(&self) -> Word {
        Word(self.0.word.peek())
    }

    #[inline]
    pub(super) fn free(&self) -> usize {
        Word(self.0.word.look()).free()
    }

    pub(super) fn is_closed(&self) -> bool {
        let word = Word(self.0.word.load());
        word.is_queued() && self.0.latch().is_ended()
    }

    /// Takes permits if nobody waits. A request for 0 permits is answered in any case.
    #[inline]
    fn take_unqueued(&self, n: u32) -> Option<Result<(), AcquireError>> {
        loop {
            let word = self.peek();
            if !word.is_open_to(n as usize) {
                return if n == 0 { Some(self.take_none()) } else { None };
            }
            if self.0.word.acquire(word.0, word.taken(n as usize).0) {
                return Some(Ok(()));
            }
            leave_alone();
        }
    }

    #[cold]
    fn take_none(&self) -> Result<(), AcquireError> {
        if self.is_closed() {
            Err(AcquireError(()))
        } else {
            Ok(())
        }
    }

    /// Takes permits as a newcomer that does not wait.
    #[inline]
    pub(super) fn take_now(&self, n: u32) -> Option<Result<(), AcquireError>> {
        self.take_unqueued(n).or_else(|| self.overtake(n))
    }

    #[inline(never)]
    fn overtake(&self, n: u32) -> Option<Result<(), AcquireError>> {
        let word = Word(self.0.word.look());
        if word.free() < n as usize && !word.is_queued() {
            return None;
        }
        let mut latched = self.0.latch();
        let word = Word(latched.word);
        if latched.is_ended() {
            return Some(Err(AcquireError(())));
        }
        if !latched.admit_newcomer(n, word.free()) {
            return None;
        }
        latched.word = word.taken(n as usize).0;
        Some(Ok(()))
    }

    /// Returns permits.
    #[inline]
    pub(crate) fn release(&self, permits: usize) {
        if permits == 0 {
            return;
        }
        let word = self.peek();
        let is_done = word.is_unqueued() && self.0.word.release(word.0, word.returned(permits).0);
        if !is_done {
            self.release_slow(permits);
        }
    }

    /// The same if somebody waits, has the latch, or has changed the word meanwhile.
    #[inline(never)]
    fn release_slow(&self, permits: usize) {
        let latched = match self.peek().is_queued() {
            true => self.0.latch_if_free(),
            false => None,
        };
        let Some(mut latched) = latched else {
            return self.release_contended(permits);
        };
        latched.word = Word(latched.word).returned(permits).0;
        latched.settle();
    }

    #[cold]
    #[inline(never)]
    fn release_contended(&self, permits: usize) {
        leave_alone();
        self.give(|word| Some(word.returned(permits)));
    }

    /// Adds permits; `false` if more than `MAX_PERMITS` would be free.
    pub(super) fn try_add(&self, permits: usize) -> bool {
        self.give(|word| word.added(permits))
    }

    /// Removes permits for good; `false` if more than `MAX_PERMITS` would be owed.
    pub(super) fn try_reduce(&self, permits: usize) -> bool {
        self.take_out(|word| word.reduced(permits))
    }

    /// Removes up to `permits` free permits for good; returns how many.
    pub(super) fn forget(&self, permits: usize) -> usize {
        let mut taken = 0;
        let rest = |word: Word| {
            taken = word.free().min(permits);
            Some(word.taken(taken))
        };
        self.take_out(rest);
        taken
    }

    /// Adds permits, and calls the waiters that are due; `false` if `next` gives nothing.
    #[inline]
    fn give(&self, next: impl FnMut(Word) -> Option<Word>) -> bool {
        self.change(next, StateWord::release, Latched::settle)
    }

    /// Removes permits, which makes no waiter due. (One that is due already, because another thread is between
    /// two batches of wakers, is left to that thread.)
    #[inline]
    fn take_out(&self, next: impl FnMut(Word) -> Option<Word>) -> bool {
        self.change(next, StateWord::acquire, Latched::release)
    }

    /// Changes the balance: by `swap` while nobody waits, else under the latch, which `end` releases; `false`
    /// if `next` gives nothing.
    #[inline]
    fn change<'a>(
        &'a self,
        mut next: impl FnMut(Word) -> Option<Word>,
        swap: impl Fn(&StateWord, usize, usize) -> bool,
        end: impl FnOnce(LatchedLine<'a>),
    ) -> bool {
        loop {
            let word = self.peek();
            if !word.is_unqueued() {
                return self.change_latched(next, end);
            }
            let Some(next) = next(word) else {
                return false;
            };
            if swap(&self.0.word, word.0, next.0) {
                return true;
            }
            leave_alone();
        }
    }

    #[inline(never)]
    fn change_latched<'a>(
        &'a self,
        mut next: impl FnMut(Word) -> Option<Word>,
        end: impl FnOnce(LatchedLine<'a>),
    ) -> bool {
        let mut latched = self.0.latch();
        let Some(next) = next(Word(latched.word)) else {
            return false;
        };
        latched.word = next.0;
        end(latched);
        true
    }

    /// Every waiter fails.
    pub(super) fn close(&self) {
        let mut latched = self.0.latch();
        latched.end();
        Permits::sync(&mut latched);
        latched.settle();
    }

    for_models! {
        /// Panics unless nobody waits or probes, and this many permits are free.
        pub(super) fn assert_idle(&self, permits: usize) {
            let latched = self.0.latch();
            latched.assert_idle();
            let word = Word(latched.word);
            assert_eq!(word.is_queued(), latched.is_ended(), "the word says that somebody waits");
            assert_eq!(word.free(), permits, "permits that are free");
        }
    }
}

/// The permits of a semaphore.
pub(crate) enum Permits {}

impl Pool for Permits {
    type Core = RawSemaphore;
    type Inside = Line<Needs>;
    type Front = Needs;
    type Load = ();
    type Output = Result<(), AcquireError>;

    const TAKING_CALLS: bool = false;
    const FUTURE: &'static str = "the future of a semaphore's acquire";

    #[inline(always)]
    fn take_now(semaphore: &RawSemaphore, need: u32, (): &mut ()) -> Option<Self::Output> {
        semaphore.take_unqueued(need)
    }

    fn try_take(semaphore: &RawSemaphore, need: u32, (): &mut ()) -> Option<Self::Output> {
        semaphore.take_now(need)
    }

    #[inline]
    fn seems_free(semaphore: &RawSemaphore, need: u32) -> bool {
        semaphore.peek().free() >= need as usize
    }

    fn is_idle(semaphore: &RawSemaphore) -> bool {
        !semaphore.peek().is_queued()
    }

    #[inline(always)]
    fn guarded(semaphore: &RawSemaphore) -> &Guarded<Line<Needs>> {
        &semaphore.0
    }

    fn undo(semaphore: &RawSemaphore, node: NodeRef, output: &mut Self::Output) {
        if output.is_ok() {
            semaphore.release(node.need() as usize);
        }
    }

    #[inline]
    fn line(line: &mut Line<Needs>) -> &mut Line<Needs> {
        line
    }

    #[inline]
    fn free(latched: &LatchedLine<'_>) -> usize {
        Word(latched.word).free()
    }

    #[inline]
    fn is_plain(latched: &LatchedLine<'_>) -> bool {
        !latched.is_ended()
    }

    fn resolved(_: &Self::Core, latched: &mut LatchedLine<'_>, _: NodeRef) -> Option<Self::Output> {
        latched.is_ended().then_some(Err(AcquireError(())))
    }

    #[inline(always)]
    fn take<const STRAIGHT: bool>(latched: &mut LatchedLine<'_>, node: NodeRef) -> Self::Output {
        latched.word = Word(latched.word).taken(node.need() as usize).0;
        Ok(())
    }

    #[inline]
    fn sync(latched: &mut LatchedLine<'_>) {
        latched.word = Word(latched.word)
            .with_queue(!latched.is_empty() || latched.is_ended())
            .0;
    }
}
