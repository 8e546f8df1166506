//! The algorithm of the mutex, which knows nothing of the value.
//!
//! ```text
//!   RawMutex (32 bytes)
//!   +------------+---------+---------------------------------------------+
//!   | short lock |  word   |  line: first waiter, prober, calls, fairness |
//!   +------------+---------+---------------------------------------------+
//! ```
//!
//! Locking and unlocking with nobody waiting is one compare-and-swap each. With somebody waiting:
//!
//! - A release *calls* the first in line: sets `CALLED`, clears `LOCKED`, wakes it. It hands nothing
//!   over. While `CALLED` stands, further releases call nobody.
//! - Arrivals overtake by one compare-and-swap that takes a unit of credit out of the word.
//! - The called waiter answers under the short lock: it locks, or sleeps again at half the credit.
//!
//! One permit is all there is, so what the rules call a budget is a bit here: whenever the word is not
//! `LOCKED` and somebody waits, the first in line is called, and nobody else needs to be (invariant F).
//! A waiter behind the first is called only if somebody came back to a place ahead of it.
//!
//! The races, as stories:
//!
//! 1. *Nobody waits?* A finds the lock taken and wants to queue; B unlocks. A's `QUEUED` and B's
//!    unlocking are changes of one word: either A's compare-and-swap fails and A looks again, or B's
//!    does and B takes the way that calls A.
//! 2. *Two releases, one call.* The called A sleeps; B overtakes and unlocks without a call. No wake-up
//!    is lost: A was woken and has not answered, so it will still look; and if it looks while B has the
//!    lock, it clears `CALLED` by a compare-and-swap, so that B's unlocking calls it again.
//! 3. *Called, then dropped.* A is called and dropped. Under the short lock, A's drop changes the word
//!    to what the next in line needs: called, if the word is not `LOCKED`; to be called by the
//!    release, if it is. B's unlocking in between makes the compare-and-swap fail.

use super::word::{AtomicWord, Word};
use crate::fairness::Fairness;
use crate::sync::{const_fn, for_models};
use crate::wait::wake::{FirstPanic, wake};
use crate::wait::{Guarded, Inside, Line, Locked, Node, State};

pub(crate) struct RawMutex(Guarded<AtomicWord, Line<()>>);

/// Of a waiter for a mutex, which asks for nothing but its turn.
pub(super) type MutexNode = Node<()>;

impl Inside for Line<()> {
    // About as long as it is held: in between, wakers and executors run.
    const FIRST_SPINS: u32 = 12;
}

impl RawMutex {
    const_fn! {
        pub(crate) const fn new(fairness: Fairness) -> Self {
            Self(Guarded::new(AtomicWord::new(), Line::new(fairness)))
        }
    }

    #[inline]
    pub(super) fn word(&self) -> &AtomicWord {
        &self.0.word
    }

    #[inline]
    pub(super) fn lock_line(&self) -> Locked<'_, Line<()>> {
        self.0.lock()
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.word().load().is_locked()
    }

    /// Locks without waiting, if it is free and not kept.
    #[inline]
    pub(crate) fn try_lock(&self) -> bool {
        self.word().lock_idle() || self.try_overtake()
    }

    fn try_overtake(&self) -> bool {
        let mut word = self.word().load();
        while word.may_overtake() {
            if self.word().lock(word, word.overtaken()) {
                return true;
            }
            word = self.word().load();
        }
        false
    }

    /// The caller has the lock.
    #[inline]
    pub(crate) fn unlock(&self) {
        if !self.word().unlock_idle() {
            self.unlock_slow();
        }
    }

    #[inline(never)]
    fn unlock_slow(&self) {
        loop {
            let word = self.word().load();
            if !word.must_call() {
                if self.word().unlock(word, word.unlocked()) {
                    return;
                }
                continue;
            }
            let mut line = self.lock_line();
            let word = self.word().load();
            if !word.must_call() {
                continue; // whoever waited was cancelled
            }
            if let Some(first) = line.first() {
                // The mutex outlives this call, since the guard or its `Arc` does, and so does the
                // first waiter, whose owner needs the short lock to leave the line.
                self.word().unlock_still(word.unlocked().called());
                let waker = line.call(first);
                drop(line);
                return waker.map_or((), wake);
            }
        }
    }

    /// A waiter is dropped, in whatever state: nothing points at it afterwards.
    #[cold]
    pub(super) fn cancel_wait(&self, node: MutexNode) {
        let mut panic = FirstPanic::default();
        let mut line = self.0.pass_role_on(self.lock_line(), node, &mut panic);
        let old = line.get_mut(node).disarm();
        let woken = loop {
            if !line.is_first(node) || !line.is_queued(node) {
                line.leave(node);
                break None;
            }
            let word = self.word().load();
            let (next, to_call) = without_first(&line, word, node);
            if self.word().adjust(word, next) {
                line.leave(node);
                break to_call.and_then(|node| line.call(node));
            }
        };
        drop(line);
        if let Some(waker) = woken {
            panic.catch(|| waker.wake());
        }
        panic.catch(|| drop(old));
        panic.go_on();
    }

    for_models! {
        /// Panics unless nobody has the lock, waits for it or probes.
        pub(crate) fn assert_idle(&self) {
            assert!(self.lock_line().is_idle(), "somebody waits still");
            assert!(self.word().load().is_idle(), "the word is not idle");
        }
    }
}

/// What the word says when `first` has left the line, and who has to be called then (invariant F).
#[inline]
pub(super) fn without_first(
    line: &Line<()>,
    word: Word,
    first: MutexNode,
) -> (Word, Option<MutexNode>) {
    let Some(second) = line.behind(first) else {
        return (word.without_line(), None);
    };
    let waiter = line.get(second);
    let called = waiter.state() == State::Called;
    if word.is_locked() {
        (word.with_first(waiter.credit, called), None)
    } else {
        (
            word.with_first(waiter.credit, true),
            (!called).then_some(second),
        )
    }
}
