//! The algorithm of the semaphore.
//!
//! ```text
//!   RawSemaphore (48 bytes)
//!   +------------+---------+------------------------------------------------------+
//!   | short lock |  word   |  crowd: first waiter, prober, calls, fairness, front |
//!   +------------+---------+------------------------------------------------------+
//! ```
//!
//! With nobody waiting, taking permits and giving them back is one compare-and-swap each. From the
//! moment somebody queues until nobody waits any more, all goes by the short lock, and the word is the
//! line's (invariant S of the word): what the rules say is then said one step at a time.
//!
//! After each critical section, everybody was called who is to be (rule 1; invariant D of the crowd).
//!
//! The races, as stories:
//!
//! 1. *Nobody waits?* A finds too few permits and wants to queue; B gives some back. A sets `QUEUED` by
//!    a compare-and-swap of the word that A saw, and B changes that same word: either A's fails and A
//!    looks again, or B finds `QUEUED`, takes the short lock, which A has, and then calls A.
//! 2. *Two releases, one wake.* The first calls A, the second counts what A needs and calls B.
//! 3. *Closed and given back.* `CLOSED` is set in the word that a release changes, and whoever changes
//!    one part keeps the others.

use super::word::{AtomicWord, Word};
use crate::fairness::Fairness;
use crate::sync::{WOKEN_AT_ONCE, const_fn, for_models, leave_alone};
use crate::wait::crowd::{Crowd, Need, Price, Stand};
use crate::wait::wake::{FirstPanic, WakeBatch, wake};
use crate::wait::{Guarded, Inside, Locked, Node};

pub(crate) struct RawSemaphore(pub(super) Guarded<AtomicWord, Waiting>);

pub(super) type Permits = u32;
pub(super) type Waiting = Crowd<Need>;
pub(super) type LockedCrowd<'a> = Locked<'a, Waiting>;

/// What the short lock carries: nobody overtakes anybody who would have to pay for it.
const STRICT: u8 = 1;

/// What closing leaves to whoever asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Closed;

impl Inside for Waiting {
    // About as long as it is held: in between, wakers and executors run.
    const FIRST_SPINS: u32 = 12;
}

impl RawSemaphore {
    const_fn! {
        /// `permits` is at most [`MAX_PERMITS`](super::Semaphore::MAX_PERMITS).
        pub(super) const fn new(permits: usize, fairness: Fairness) -> Self {
            let bits = if fairness.limit() == 0 { STRICT } else { 0 };
            let crowd = Crowd::new(fairness);
            Self(Guarded::carrying(bits, AtomicWord::new(permits), crowd))
        }
    }

    #[inline]
    pub(super) fn word(&self) -> &AtomicWord {
        &self.0.word
    }

    #[inline]
    pub(super) fn lock(&self) -> LockedCrowd<'_> {
        self.0.lock()
    }

    /// Takes permits if nobody waits; `None` if there are too few or the line has to be looked at.
    #[inline]
    pub(super) fn take_unqueued(&self, permits: Permits) -> Option<Result<(), Closed>> {
        let n = permits as usize;
        loop {
            let word = self.word().load();
            if !word.is_open_to(n) {
                return self.take_nothing(word, permits);
            }
            if self.word().take(word, word.taken(n)) {
                return Some(Ok(()));
            }
            leave_alone();
        }
    }

    #[cold]
    fn take_nothing(&self, word: Word, permits: Permits) -> Option<Result<(), Closed>> {
        let closed = word.is_closed();
        if closed || permits == 0 {
            // To see what was done before it was closed, or before permits came back.
            self.word().load_acquire();
            return Some(if closed { Err(Closed) } else { Ok(()) });
        }
        None
    }

    /// The same for one who can wait as well, and had better do so where nobody overtakes: if somebody
    /// waits, what is free is kept most of the time.
    #[inline]
    pub(super) fn take_idle(&self, permits: Permits) -> Option<Result<(), Closed>> {
        self.take_unqueued(permits).or_else(|| {
            let strict = self.0.peek() & STRICT != 0;
            if strict { None } else { self.overtake(permits) }
        })
    }

    /// Takes permits without waiting, if they are free and not kept.
    #[inline]
    pub(super) fn take_now(&self, permits: Permits) -> Option<Result<(), Closed>> {
        self.take_unqueued(permits)
            .or_else(|| self.overtake(permits))
    }

    /// The same by way of the line, if enough are free.
    #[inline(never)]
    fn overtake(&self, permits: Permits) -> Option<Result<(), Closed>> {
        if self.word().load().free() < permits as usize {
            return None;
        }
        let mut waiting = self.lock();
        loop {
            let word = self.word().load_acquire();
            if word.is_closed() {
                return Some(Err(Closed));
            }
            let price = waiting.price(Stand::Behind, permits, word.free())?;
            if self.pay(&mut waiting, word, price, permits) {
                return Some(Ok(()));
            }
        }
    }

    /// Takes permits out of `word` at that price; `false` if it was not the line's and has changed.
    #[inline]
    pub(super) fn pay(
        &self,
        waiting: &mut Waiting,
        word: Word,
        price: Price,
        permits: Permits,
    ) -> bool {
        let rest = word.taken(permits as usize);
        if word.is_queued() {
            waiting.pay(price);
            self.word().set_still(rest);
            true
        } else {
            self.word().take(word, rest)
        }
    }

    /// Gives permits back, or as many as there may be.
    #[inline]
    pub(crate) fn release(&self, permits: usize) {
        if permits > 0 {
            self.add(|word| Some(word.returned(permits)));
        }
    }

    /// Adds permits; `false`, and nothing is changed, if that were too many.
    pub(super) fn try_add(&self, permits: usize) -> bool {
        self.add(|word| word.added(permits))
    }

    #[inline]
    fn add(&self, sum: impl Fn(Word) -> Option<Word>) -> bool {
        match self.change(sum, AtomicWord::give) {
            Some((_, None)) => true,
            Some((word, Some(waiting))) => {
                self.call(waiting, word);
                true
            }
            None => false,
        }
    }

    /// Takes `permits` out for good; `false`, and nothing is changed, if too many would be owed.
    pub(super) fn try_reduce(&self, permits: usize) -> bool {
        self.change(|word| word.reduced(permits), AtomicWord::take)
            .is_some()
    }

    /// Takes what is free out for good, up to `permits`, and says how many.
    pub(super) fn forget(&self, permits: usize) -> usize {
        let mut taken = 0;
        let rest = |word: Word| {
            taken = word.free().min(permits);
            Some(word.taken(taken))
        };
        self.change(rest, AtomicWord::take);
        taken
    }

    /// Changes the balance to what `next` makes of it, unless that is `None`; by `swap`, with nobody
    /// waiting. Returns it, and the line if somebody waits.
    #[inline]
    fn change(
        &self,
        mut next: impl FnMut(Word) -> Option<Word>,
        swap: impl Fn(&AtomicWord, Word, Word) -> bool,
    ) -> Option<(Word, Option<LockedCrowd<'_>>)> {
        loop {
            let word = self.word().load();
            if word.is_queued() {
                let waiting = self.lock();
                let word = self.word().load_acquire();
                if word.is_queued() {
                    let next = next(word)?;
                    self.word().set_still(next);
                    return Some((next, Some(waiting)));
                }
            } else {
                let next = next(word)?;
                if swap(self.word(), word, next) {
                    return Some((next, None));
                }
                leave_alone();
            }
        }
    }

    /// Calls whoever is to be, and wakes them.
    #[inline]
    fn call(&self, mut waiting: LockedCrowd<'_>, word: Word) {
        let Some(next) = to_call(&waiting, word) else {
            return;
        };
        let waker = waiting.call(next);
        if to_call(&waiting, word).is_none() {
            drop(waiting);
            return waker.map_or((), wake);
        }
        let mut batch = WakeBatch::new();
        if let Some(waker) = waker {
            batch.push(waker);
        }
        let mut panic = FirstPanic::default();
        self.call_many(waiting, batch, &mut panic);
        panic.go_on();
    }

    #[cold]
    pub(super) fn call_many<'a>(
        &'a self,
        mut waiting: LockedCrowd<'a>,
        mut batch: WakeBatch<WOKEN_AT_ONCE>,
        panic: &mut FirstPanic,
    ) {
        loop {
            let mut next = self.to_call(&waiting);
            while let Some(node) = next.filter(|_| batch.has_room()) {
                if let Some(waker) = waiting.call(node) {
                    batch.push(waker);
                }
                next = self.to_call(&waiting);
            }
            drop(waiting);
            panic.catch(|| batch.wake_all());
            if next.is_none() {
                return;
            }
            (waiting, batch) = (self.lock(), WakeBatch::new());
        }
    }

    /// Who is to be called next.
    fn to_call(&self, waiting: &Waiting) -> Option<Node<Need>> {
        to_call(waiting, self.word().load_acquire())
    }

    /// The word no longer says that somebody waits, if nobody does.
    #[inline]
    pub(super) fn after_leaving(&self, waiting: &Waiting) {
        if waiting.line.first().is_none() {
            let word = self.word().load_acquire();
            if word.is_queued() {
                self.word().set_still(word.with_queue(false));
            }
        }
    }

    pub(super) fn free(&self) -> usize {
        self.word().load().free()
    }

    for_models! {
        /// Panics unless nobody waits or probes, and so many permits are free.
        pub(super) fn assert_idle(&self, permits: usize) {
            assert!(self.lock().line.is_idle(), "somebody waits still");
            let word = self.word().load();
            assert!(!word.is_queued(), "the word says that somebody waits");
            assert_eq!(word.free(), permits, "permits that are free");
        }
    }
}

/// Who is to be called next; nobody, once it is closed.
#[inline]
pub(super) fn to_call(waiting: &Waiting, word: Word) -> Option<Node<Need>> {
    waiting
        .next_to_call(word.free())
        .filter(|_| !word.is_closed())
}
