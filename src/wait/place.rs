//! A place for a waiter, in a future or on the stack of a blocked thread.

use std::cell::UnsafeCell;
use std::marker::PhantomPinned;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::Waker;

use super::polling::Polled;
use super::waiter::{Node, Waiter};

/// Something that is waited for in line. A waiter is polled with one and the same resource.
pub(crate) trait Resource {
    /// What a waiter asks for, and all that the resource remembers of it.
    type Ask: Asks;
    type Got;
    /// What the future is called in a message.
    const FUTURE: &'static str;

    /// Takes it if that needs no look at the line.
    fn take_idle(&self, ask: &mut Self::Ask) -> Option<Self::Got>;

    /// Whether somebody waits, or there is another reason to queue soon, as far as that can be known
    /// without a look at the line.
    fn has_line(&self) -> bool;

    /// Takes it, or learns that it will never be there, without waiting.
    fn try_take(&self, ask: &mut Self::Ask) -> Option<Self::Got>;

    /// Polls a waiter for the first time; `always_answers` is a blocked thread.
    fn poll_new(
        &self,
        node: Node<Self::Ask>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Self::Got>;

    /// Whether somebody who is polled again and asks for so many will sleep again, as far as that can
    /// be known without a look at the line.
    fn is_short_of(&self, number: u32) -> bool;

    /// Polls one that was polled before and is not done; `sleeps` if it is likely to sleep again.
    fn poll_again(
        &self,
        node: Node<Self::Ask>,
        waker: &Waker,
        always_answers: bool,
        sleeps: bool,
    ) -> Polled<Self::Got>;

    /// A waiter is dropped, in whatever state: nothing points at it afterwards.
    fn cancel(&self, node: Node<Self::Ask>);
}

/// What is asked for.
pub(crate) trait Asks {
    /// How many; it does not change.
    fn number(&self) -> u32;
}

/// A turn, a message: there is nothing to be said of it.
impl Asks for () {
    #[inline]
    fn number(&self) -> u32 {
        1
    }
}

/// A place for a waiter. Making one writes what is asked for and a byte: the rest of the waiter is
/// written when it is needed.
///
/// Invariants:
///
/// 1. The waiter's `ask` is initialised, until `self` is dropped.
/// 2. While `waits`, the whole waiter is initialised, the place is pinned, and the line of one and the
///    same resource may point at it. Only `cancel` or a poll that ends in `Ready` leads out of it.
/// 3. Whoever owns a place that `waits` cancels it before it is dropped. `PhantomPinned` makes the
///    owner `!Unpin`, so that neither a move nor a `&mut` of its own comes between.
pub(crate) struct Place<R: Resource> {
    waits: bool,
    /// How many are asked for, to be known while the waiter is in line.
    number: u32,
    waiter: UnsafeCell<MaybeUninit<Waiter<R::Ask>>>,
    _pinned: PhantomPinned,
}

// SAFETY: the raw parts of a waker, which is `Send` and `Sync`, what is asked for, and links that are
// followed under the short lock of the resource only.
unsafe impl<R: Resource<Ask: Send>> Send for Place<R> {}
// SAFETY: `&Place` offers nothing.
unsafe impl<R: Resource> Sync for Place<R> {}

impl<R: Resource> Place<R> {
    #[inline]
    pub(super) fn new(ask: R::Ask) -> Self {
        let mut place = Self {
            waits: false,
            number: ask.number(),
            waiter: UnsafeCell::new(MaybeUninit::uninit()),
            _pinned: PhantomPinned,
        };
        let to = place.ask_ptr();
        // SAFETY: a field of `place`, to be written for the first time.
        unsafe { to.write(ask) };
        place
    }

    /// How many are asked for.
    #[inline]
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    #[inline]
    fn ask_ptr(&mut self) -> *mut R::Ask {
        let waiter = self.waiter.get_mut().as_mut_ptr();
        // SAFETY: a place in memory that `self` owns.
        unsafe { &raw mut (*waiter).ask }
    }

    /// What is asked for, unless it waits.
    #[inline]
    pub(super) fn ask(self: Pin<&mut Self>) -> Option<&mut R::Ask> {
        // SAFETY: nothing is moved out of it but what is asked for, which is not pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: invariant 1, and nothing else leads to a waiter that does not wait.
        (!this.waits).then(|| unsafe { &mut *this.ask_ptr() })
    }

    /// Polls once; `always_answers` is a blocked thread.
    ///
    /// # Safety
    ///
    /// `resource` is the same at every call, and outlives the wait: see invariant 3.
    #[inline]
    pub(super) unsafe fn poll(
        self: Pin<&mut Self>,
        resource: &R,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<R::Got> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        if !this.waits {
            // SAFETY: invariant 1, and nothing else leads to a waiter that does not wait.
            let ask = unsafe { &mut *this.ask_ptr() };
            if let Some(got) = resource.take_idle(ask) {
                return Polled::Ready(got);
            }
        }
        this.poll_slow(resource, waker, always_answers)
    }

    #[inline(never)]
    fn poll_slow(&mut self, resource: &R, waker: &Waker, always_answers: bool) -> Polled<R::Got> {
        let polled = if self.waits {
            let sleeps = resource.is_short_of(self.number);
            resource.poll_again(self.node(), waker, always_answers, sleeps)
        } else {
            // SAFETY: invariant 1; it is moved, and written where it was.
            let ask = unsafe { self.ask_ptr().read() };
            self.waiter.get_mut().write(Waiter::new(ask));
            self.waits = true;
            resource.poll_new(self.node(), waker, always_answers)
        };
        if matches!(polled, Polled::Ready(_)) {
            self.waits = false;
        }
        polled
    }

    /// Ends the wait, wherever it stands.
    ///
    /// # Safety
    ///
    /// `resource` is the one that it was polled with.
    #[inline]
    pub(super) unsafe fn cancel(&mut self, resource: &R) {
        if self.waits {
            let node = self.node();
            self.waits = false;
            resource.cancel(node);
        }
    }

    fn node(&self) -> Node<R::Ask> {
        debug_assert!(self.waits);
        // SAFETY: a pointer to a field of `self` is not null.
        let waiter = unsafe { NonNull::new_unchecked(self.waiter.get()) };
        // SAFETY: invariants 2 and 3.
        unsafe { Node::new(waiter.cast()) }
    }
}

impl<R: Resource> Drop for Place<R> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: invariant 1; nothing leads to the waiter any more (invariant 3).
        unsafe { self.ask_ptr().drop_in_place() }
    }
}
