//! The algorithm of the mutex, without the value: a pool of one permit.
//!
//! ```text
//!   RawMutex (40 bytes)
//!   +------+---------------------------------------------------------------+
//!   | word | line: first waiter, front, numbers, prober, limit, patience   |
//!   +------+---------------------------------------------------------------+
//! ```
//!
//! While nobody waits, locking and unlocking take one compare-and-swap each. While somebody waits:
//!
//! - A release *calls* the first waiter, under the latch, and wakes it. It hands nothing over. Until that
//!   waiter answers, further releases are again one compare-and-swap.
//! - An arrival overtakes by one compare-and-swap that takes a unit of credit out of the word. That is why the
//!   word holds the first waiter's credit: `Turn::latched` copies it to the waiter when the latch is
//!   taken, and every operation that may change which waiter is first, or its credit, copies it back. A call
//!   leaves it in the word, so an unlock copies nothing.
//! - A called waiter answers under the latch.
//!
//! The races, as stories:
//!
//! 1. *Nobody waits?* A finds the lock taken and is about to queue; B unlocks. Both change the same word:
//!    either B's unlock comes before A's latch, and A sees the lock free; or B finds the word latched, waits
//!    for the latch, and then calls A.
//! 2. *Two releases, one call.* The called A has not answered; B overtakes and unlocks without a call. No
//!    wake-up is lost: A was woken, and is yet to be polled. If it is polled while B has the lock, it clears
//!    `CALLED` under the latch, so B's next unlock calls it again.
//! 3. *Called, then dropped.* A is called and dropped. Its drop latches the word. If the lock is free, the drop
//!    calls the next waiter; if not, the release finds `CALLED` cleared and calls.

use std::task::Waker;

use super::word::Word;
use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use crate::wait::{Due, Guarded, Inside, Latched, Line, NodeRef, One, Pool};

pub(crate) struct RawMutex(Guarded<Line<One>>);

impl Inside for Line<One> {
    type Load = ();

    // About as long as the latch is held. Wakers and executors run between two holds, so it is most likely free then.
    const FIRST_SPINS: u32 = 12;

    #[inline(always)]
    fn glance(&self, word: usize) -> Option<Due> {
        self.glance(free(Word(word)), Due::First)
    }

    fn look(&self, word: usize) -> Option<Due> {
        self.look(free(Word(word)), Due::First)
    }

    /// Only the first waiter is ever called, and its credit stays in the word.
    #[inline]
    fn call_due(&mut self, word: &mut usize, due: Due) -> Option<Waker> {
        match due {
            Due::First(node) => {
                *word = Word(*word).called().0;
                self.call(node)
            }
            Due::Second(_) | Due::Rare => {
                self.tidy_up();
                None
            }
        }
    }
}

#[inline]
fn free(word: Word) -> usize {
    usize::from(!word.is_held())
}

impl RawMutex {
    const_fn! {
        pub(crate) const fn new(fairness: Fairness) -> Self {
            Self(Guarded::new(0, Line::new(fairness)))
        }
    }

    #[inline]
    fn peek(&self) -> Word {
        Word(self.0.word.peek())
    }

    #[inline]
    pub(crate) fn is_locked(&self) -> bool {
        Word(self.0.word.look()).is_held()
    }

    /// Locks without waiting, if the mutex is free and not kept.
    #[inline]
    pub(crate) fn try_lock(&self) -> bool {
        self.lock_idle() || self.try_overtake()
    }

    /// Locks if nobody holds the lock and nobody waits. Loads first, because a failed compare-and-swap is
    /// expensive.
    #[inline]
    fn lock_idle(&self) -> bool {
        self.peek() == Word::IDLE && self.0.word.acquire(Word::IDLE.0, Word::HELD.0)
    }

    #[inline]
    fn try_overtake(&self) -> bool {
        loop {
            let word = Word(self.0.word.look());
            if word.is_held() {
                return false;
            }
            if word.is_latched() {
                return self.try_lock_latched();
            }
            if word.is_queued() && word.credit() == 0 {
                return false;
            }
            if self.0.word.acquire(word.0, word.overtaken().0) {
                return true;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn try_lock_latched(&self) -> bool {
        let mut latched = Turn::latch(self);
        let word = Word(latched.word);
        let admitted = latched.admit_newcomer(1, free(word));
        if admitted {
            latched.word = word.held().with_line(&latched).0;
        }
        admitted
    }

    /// The caller holds the lock.
    #[inline]
    pub(crate) fn unlock(&self) {
        let idle = self.peek() == Word::HELD;
        if !(idle && self.0.word.release(Word::HELD.0, Word::IDLE.0)) {
            self.unlock_slow();
        }
    }

    #[inline(never)]
    fn unlock_slow(&self) {
        loop {
            let word = self.peek();
            if !word.calls_nobody() {
                return match self.0.latch_if_free() {
                    Some(latched) => Self::unlock_and_call(latched),
                    None => self.unlock_contended(),
                };
            }
            if self.0.word.release(word.0, word.released().0) {
                return;
            }
        }
    }

    /// Unlocks, and calls the first waiter.
    #[inline(always)]
    fn unlock_and_call(mut latched: Latched<'_, Line<One>>) {
        let word = Word(latched.word).released();
        latched.word = word.0;
        latched.settle();
    }

    #[cold]
    #[inline(never)]
    fn unlock_contended(&self) {
        Self::unlock_and_call(self.0.latch());
    }

    for_models! {
        /// Panics unless nobody has the lock, waits for it or probes.
        pub(crate) fn assert_idle(&self) {
            Turn::latch(self).assert_idle();
            assert!(self.peek() == Word::IDLE, "the word is not idle");
        }
    }
}

/// The one permit of a mutex.
pub(crate) enum Turn {}

impl Pool for Turn {
    type Core = RawMutex;
    type Inside = Line<One>;
    type Front = One;
    type Load = ();
    type Output = ();

    const TAKING_CALLS: bool = false;
    const FUTURE: &'static str = "the future of a mutex's lock";

    #[inline]
    fn need(_: NodeRef) -> u32 {
        1
    }

    #[inline(always)]
    fn take_now(mutex: &RawMutex, _: u32, (): &mut ()) -> Option<()> {
        mutex.try_lock().then_some(())
    }

    #[inline]
    fn seems_free(mutex: &RawMutex, _: u32) -> bool {
        !mutex.peek().is_held()
    }

    fn is_idle(mutex: &RawMutex) -> bool {
        !mutex.peek().is_queued()
    }

    #[inline(always)]
    fn guarded(mutex: &RawMutex) -> &Guarded<Line<One>> {
        &mutex.0
    }

    /// Copies the credit from the word to the first waiter.
    #[inline(always)]
    fn latched(latched: Latched<'_, Line<One>>) -> Latched<'_, Line<One>> {
        let word = Word(latched.word);
        if let Some(first) = latched.first() {
            first.credit.set(word.credit());
        }
        latched
    }

    fn undo(mutex: &RawMutex, _: NodeRef, (): &mut ()) {
        mutex.unlock();
    }

    #[inline]
    fn line(line: &mut Line<One>) -> &mut Line<One> {
        line
    }

    #[inline]
    fn free(latched: &Latched<'_, Line<One>>) -> usize {
        free(Word(latched.word))
    }

    #[inline]
    fn is_plain(_: &Latched<'_, Line<One>>) -> bool {
        true
    }

    fn resolved(_: &Self::Core, _: &mut Latched<'_, Line<One>>, _: NodeRef) -> Option<()> {
        None
    }

    #[inline(always)]
    fn take<const STRAIGHT: bool>(latched: &mut Latched<'_, Line<One>>, _: NodeRef) {
        latched.word = Word(latched.word).held().0;
    }

    #[inline]
    fn sync(latched: &mut Latched<'_, Line<One>>) {
        latched.word = Word(latched.word).with_line(latched).0;
    }

    #[inline]
    fn overtaken(latched: &mut Latched<'_, Line<One>>) {
        Self::sync(latched);
    }
}
