//! The algorithm of the semaphore: a pool of permits.
//!
//! ```text
//!   Semaphore (48 bytes)
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

use super::Semaphore;
use super::error::AcquireError;
use super::word::Word;
use crate::sync::{WOKEN_AT_ONCE, leave_alone};
use crate::wait::{Due, Guarded, Inside, Latched, Line, Needs, NodeRef, Pool};

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

impl Semaphore {
    #[inline(always)]
    fn peek(&self) -> Word {
        Word(self.guarded.word.peek())
    }

    /// Takes permits if nobody waits. A request for 0 permits is answered in any case.
    #[inline]
    fn take_unqueued(&self, n: u32) -> Option<Result<(), AcquireError>> {
        loop {
            let word = self.peek();
            if !word.is_open_to(n as usize) {
                return if n == 0 { Some(self.take_none()) } else { None };
            }
            if self.guarded.word.acquire(word.0, word.taken(n as usize).0) {
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
        let word = Word(self.guarded.word.look());
        if word.free() < n as usize && !word.is_queued() {
            return None;
        }
        let mut latched = self.guarded.latch();
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
        let is_done =
            word.is_unqueued() && self.guarded.word.release(word.0, word.returned(permits).0);
        if !is_done {
            self.release_slow(permits);
        }
    }

    /// The same if somebody waits, has the latch, or has changed the word meanwhile.
    #[inline(never)]
    fn release_slow(&self, permits: usize) {
        let latched = match self.peek().is_queued() {
            true => self.guarded.latch_if_free(),
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

    /// Adds permits, and calls the waiters that are due; `false` if `next` gives nothing.
    #[inline]
    pub(super) fn give(&self, next: impl Fn(Word) -> Option<Word>) -> bool {
        loop {
            let word = self.peek();
            if !word.is_unqueued() {
                return self.change(next, Latched::settle);
            }
            let Some(next) = next(word) else {
                return false;
            };
            if self.guarded.word.release(word.0, next.0) {
                return true;
            }
            leave_alone();
        }
    }

    /// Changes the balance under the latch, which `end` releases; `false` if `next` gives nothing.
    #[inline(never)]
    pub(super) fn change<'a>(
        &'a self,
        next: impl FnOnce(Word) -> Option<Word>,
        end: impl FnOnce(LatchedLine<'a>),
    ) -> bool {
        let mut latched = self.guarded.latch();
        let Some(next) = next(Word(latched.word)) else {
            return false;
        };
        latched.word = next.0;
        end(latched);
        true
    }
}

/// The permits of a semaphore.
pub(crate) enum Permits {}

impl Pool for Permits {
    type Core = Semaphore;
    type Inside = Line<Needs>;
    type Front = Needs;
    type Load = ();
    type Output = Result<(), AcquireError>;

    const TAKING_CALLS: bool = false;
    const FUTURE: &'static str = "the future of a semaphore's acquire";

    #[inline(always)]
    fn take_now(semaphore: &Semaphore, need: u32, (): &mut ()) -> Option<Self::Output> {
        semaphore.take_unqueued(need)
    }

    fn try_take(semaphore: &Semaphore, need: u32, (): &mut ()) -> Option<Self::Output> {
        semaphore.take_now(need)
    }

    #[inline]
    fn seems_free(semaphore: &Semaphore, need: u32) -> bool {
        semaphore.peek().free() >= need as usize
    }

    fn is_idle(semaphore: &Semaphore) -> bool {
        !semaphore.peek().is_queued()
    }

    #[inline(always)]
    fn guarded(semaphore: &Semaphore) -> &Guarded<Line<Needs>> {
        &semaphore.guarded
    }

    fn undo(semaphore: &Semaphore, node: NodeRef, output: &mut Self::Output) {
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
