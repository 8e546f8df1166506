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
    /// What is wanted, and all that a waiter remembers of it.
    type Want: Copy;
    type Ask: From<Self::Want>;
    type Got;
    /// What the future is called in a message.
    const FUTURE: &'static str;

    /// Takes it if that needs no look at the line.
    fn take_idle(&self, want: Self::Want) -> Option<Self::Got>;

    /// Takes it, or learns that it will never be there, without waiting.
    fn try_take(&self, want: Self::Want) -> Option<Self::Got>;

    /// Polls a waiter for the first time; `always_answers` is a blocked thread.
    fn poll_new(
        &self,
        node: Node<Self::Ask>,
        want: Self::Want,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Self::Got>;

    /// Polls one that was polled before and is not done.
    fn poll_again(
        &self,
        node: Node<Self::Ask>,
        want: Self::Want,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Self::Got>;

    /// A waiter is dropped, in whatever state: nothing points at it afterwards.
    fn cancel(&self, node: Node<Self::Ask>);
}

/// A place for a waiter. Making one writes a byte: the waiter is written when it is needed.
///
/// Invariants:
///
/// 1. While `waits`, the waiter is initialised, the place is pinned, and the line of one and the same
///    resource may point at it. Only `cancel` or a poll that ends in `Ready` leads out of it.
/// 2. Whoever owns a place that `waits` cancels it before it is dropped. `PhantomPinned` makes the
///    owner `!Unpin`, so that neither a move nor a `&mut` of its own comes between.
pub(crate) struct Place<R: Resource> {
    waits: bool,
    want: R::Want,
    waiter: UnsafeCell<MaybeUninit<Waiter<R::Ask>>>,
    _pinned: PhantomPinned,
}

// SAFETY: the raw parts of a waker, which is `Send` and `Sync`, what is asked for, and links that are
// followed under the short lock of the resource only.
unsafe impl<R: Resource<Want: Send, Ask: Send>> Send for Place<R> {}
// SAFETY: `&Place` offers nothing.
unsafe impl<R: Resource<Want: Sync>> Sync for Place<R> {}

impl<R: Resource> Place<R> {
    #[inline]
    pub(super) const fn new(want: R::Want) -> Self {
        Self {
            waits: false,
            want,
            waiter: UnsafeCell::new(MaybeUninit::uninit()),
            _pinned: PhantomPinned,
        }
    }

    #[inline]
    pub(super) fn want(&self) -> R::Want {
        self.want
    }

    /// Polls once; `always_answers` is a blocked thread.
    ///
    /// # Safety
    ///
    /// `resource` is the same at every call, and outlives the wait: see invariant 2.
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
            if let Some(got) = resource.take_idle(this.want) {
                return Polled::Ready(got);
            }
        }
        this.poll_slow(resource, waker, always_answers)
    }

    #[inline(never)]
    fn poll_slow(&mut self, resource: &R, waker: &Waker, always_answers: bool) -> Polled<R::Got> {
        let polled = if self.waits {
            resource.poll_again(self.node(), self.want, waker, always_answers)
        } else {
            self.waiter.get_mut().write(Waiter::new(self.want.into()));
            self.waits = true;
            resource.poll_new(self.node(), self.want, waker, always_answers)
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
        // SAFETY: invariants 1 and 2.
        unsafe { Node::new(waiter.cast()) }
    }
}
