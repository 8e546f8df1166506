//! The waiter that a future or a blocked thread owns, from its first poll to its last.

use std::cell::UnsafeCell;
use std::marker::PhantomPinned;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::Waker;

use super::poll::Polled;
use super::raw::RawMutex;
use crate::wait::{Node, Waiter};

/// A place for a waiter. Making one writes a byte: the waiter is written when it is needed.
///
/// Invariants:
///
/// 1. In `Stage::Waiting` the waiter is initialised, the place is pinned, and the line of one and the
///    same mutex may point at it. Only `cancel` or a poll that ends in `Locked` leads out of it.
/// 2. Whoever owns a place in `Stage::Waiting` cancels it before it is dropped. `PhantomPinned` makes
///    the owner `!Unpin`, so that neither a move nor a `&mut` of its own comes between.
pub(crate) struct Wait {
    stage: Stage,
    waiter: UnsafeCell<MaybeUninit<Waiter>>,
    _pinned: PhantomPinned,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Fresh,
    Waiting,
    Done,
}

// SAFETY: the raw parts of a waker, which is `Send` and `Sync`, and links that are followed under the
// short lock of the mutex only.
unsafe impl Send for Wait {}
// SAFETY: `&Wait` tells the stage, which only `&mut Wait` changes, and nothing else.
unsafe impl Sync for Wait {}

impl Wait {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self {
            stage: Stage::Fresh,
            waiter: UnsafeCell::new(MaybeUninit::uninit()),
            _pinned: PhantomPinned,
        }
    }

    /// Whether it has locked or was cancelled.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Polls once; `always_answers` is a blocked thread.
    ///
    /// # Safety
    ///
    /// `raw` is the same at every call, and outlives the wait: see invariant 2.
    #[inline]
    pub(crate) unsafe fn poll(
        self: Pin<&mut Self>,
        raw: &RawMutex,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        if this.stage == Stage::Fresh && raw.try_lock() {
            this.stage = Stage::Done;
            return Polled::Locked;
        }
        this.poll_slow(raw, waker, always_answers)
    }

    #[inline(never)]
    fn poll_slow(&mut self, raw: &RawMutex, waker: &Waker, always_answers: bool) -> Polled {
        let polled = if self.stage == Stage::Fresh {
            self.waiter.get_mut().write(Waiter::new());
            self.stage = Stage::Waiting;
            raw.poll_new(self.node(), waker, always_answers)
        } else {
            raw.poll_again(self.node(), waker, always_answers)
        };
        if polled == Polled::Locked {
            self.stage = Stage::Done;
        }
        polled
    }

    /// Ends the wait, wherever it stands.
    ///
    /// # Safety
    ///
    /// `raw` is the one that it was polled with.
    #[inline]
    pub(crate) unsafe fn cancel(&mut self, raw: &RawMutex) {
        if self.stage == Stage::Waiting {
            self.stage = Stage::Done;
            raw.cancel(self.node());
        }
    }

    fn node(&self) -> Node {
        debug_assert!(self.stage != Stage::Fresh);
        // SAFETY: a pointer to a field of `self` is not null.
        let waiter = unsafe { NonNull::new_unchecked(self.waiter.get()) };
        // SAFETY: invariants 1 and 2.
        unsafe { Node::new(waiter.cast()) }
    }
}
