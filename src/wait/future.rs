//! Waiting: the one future behind all others, and blocking a thread.

use std::cell::UnsafeCell;
use std::fmt;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::guarded::Inside;
use super::node::{Node, NodeRef, Stage};
use super::poll::{poll_again, poll_first};
use super::pool::{Pool, cancel};
use super::slow::{Polled, poll_by_all_rules};
use crate::sync::{Deadline, Parker, Since, spin};

/// A pointer to the core of a pool: a reference, an `Arc` or a handle.
pub(crate) trait Holder<C> {
    fn core(&self) -> &C;
}

impl<C> Holder<C> for &C {
    #[inline]
    fn core(&self) -> &C {
        self
    }
}

/// A node and its load.
#[repr(C)]
struct Entry<L> {
    node: Node,
    load: L,
}

/// A wait for units of a pool. It does nothing until it is first polled.
///
/// Invariants:
///
/// - **F1.** While its node `waits`, the line of the holder's core may point to the entry, which is pinned.
///   Only `cancel` and a poll that returns `Ready` end that, and `Drop` cancels.
/// - **F2.** Every node that waits in a line of `P` is the first field of an `Entry<P::Load>`. [`load_of`] is
///   called only for nodes of a pool whose `Load` is its `Inside::Load`.
pub(crate) struct WaitFuture<P: Pool, H: Holder<P::Core>> {
    /// `None` once it was given back.
    holder: Option<H>,
    entry: UnsafeCell<Entry<P::Load>>,
}

// SAFETY: it holds the parts of a waker, which is `Send` and `Sync`, links that are followed only with the
// latch of the core held, and the load.
unsafe impl<P: Pool<Load: Send>, H: Holder<P::Core> + Send> Send for WaitFuture<P, H> {}
// SAFETY: `&WaitFuture` offers only where the future was created, and whether it is done.
unsafe impl<P: Pool, H: Holder<P::Core> + Sync> Sync for WaitFuture<P, H> {}

/// The load of `node`, which waits in a line of `inside`. The latch is held.
#[inline]
pub(crate) fn load_of<X: Inside>(_inside: &mut X, node: NodeRef) -> &mut X::Load {
    let entry = node.as_ptr().cast::<Entry<X::Load>>();
    // SAFETY: F2, and the latch gives the load to one at a time.
    unsafe { &mut (*entry).load }
}

impl<P: Pool, H: Holder<P::Core>> WaitFuture<P, H> {
    #[inline]
    #[track_caller]
    pub(crate) fn new(holder: H, need: u32, load: P::Load) -> Self {
        Self::made_at(Location::caller(), holder, need, load)
    }

    #[inline]
    pub(crate) fn made_at(
        from: &'static Location<'static>,
        holder: H,
        need: u32,
        load: P::Load,
    ) -> Self {
        let node = Node::new(need, from);
        Self {
            holder: Some(holder),
            entry: UnsafeCell::new(Entry { node, load }),
        }
    }

    #[inline]
    fn node(&self) -> &Node {
        let entry = self.entry.get();
        // SAFETY: a node is reached through shared references only.
        unsafe { &(*entry).node }
    }

    #[inline]
    fn node_ref(&self) -> NodeRef {
        // SAFETY: a pointer to a field is not null.
        let entry = unsafe { NonNull::new_unchecked(self.entry.get()) };
        // SAFETY: F1.
        unsafe { NodeRef::new(entry.cast()) }
    }

    #[inline]
    pub(crate) fn need(&self) -> u32 {
        self.node().need()
    }

    #[inline]
    pub(crate) fn from(&self) -> &'static Location<'static> {
        self.node().from()
    }

    #[inline]
    pub(crate) fn is_new(&self) -> bool {
        self.node().stage() == Stage::New
    }

    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.node().stage() == Stage::Done
    }

    /// Its load, unless it waits.
    #[inline]
    pub(crate) fn load(self: Pin<&mut Self>) -> Option<&mut P::Load> {
        // SAFETY: nothing is moved out of it but the load, which is not pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: nobody else points to an entry that does not wait.
        (!this.node().waits()).then(|| unsafe { &mut (*this.entry.get()).load })
    }

    /// Polls. The fast path is inlined into the caller.
    #[inline(always)]
    pub(crate) fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<P::Output> {
        match self.as_mut().take_by(P::take_now) {
            Some(output) => Poll::Ready(output),
            None => self.poll_slow(cx.waker()),
        }
    }

    /// Polls, and gives the holder back when it is ready.
    #[inline(always)]
    pub(crate) fn poll_owned(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<(H, P::Output)> {
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.as_mut().get_unchecked_mut() };
        let is_new = this.is_new();
        if let Some(holder) = is_new.then(|| this.holder.take()).flatten() {
            if let Some(output) = Self::take_from(&mut this.entry, holder.core(), P::take_now) {
                return Poll::Ready((holder, output));
            }
            this.holder = Some(holder);
        }
        let output = ready!(self.as_mut().poll_slow(cx.waker()));
        // SAFETY: nothing is moved out of a pinned place.
        let holder = unsafe { self.get_unchecked_mut() }.holder.take();
        let holder = holder.expect("it is done, and so was not before");
        Poll::Ready((holder, output))
    }

    /// Polls, after the fast path has failed.
    #[inline(always)]
    fn poll_slow(self: Pin<&mut Self>, waker: &Waker) -> Poll<P::Output> {
        match self.node().stage() {
            Stage::New => self.poll_first(waker),
            Stage::Waits | Stage::Done => self.poll_again(waker),
        }
    }

    // Separate from later polls, so that each saves only the registers that it needs.
    #[inline(never)]
    fn poll_first(&self, waker: &Waker) -> Poll<P::Output> {
        let (core, node) = self.waiting();
        poll_first::<P>(core, node, waker, false).of_future()
    }

    #[inline(never)]
    fn poll_again(&self, waker: &Waker) -> Poll<P::Output> {
        if self.is_done() {
            polled_after_completion(P::FUTURE, self.from());
        }
        let (core, node) = self.waiting();
        poll_again::<P>(core, node, waker, false).of_future()
    }

    /// Polls for this thread, which blocks.
    fn poll_blocked(&self, waker: &Waker) -> Polled<P::Output> {
        let (core, node) = self.waiting();
        match self.node().stage() {
            Stage::New => poll_first::<P>(core, node, waker, true),
            Stage::Waits => poll_again::<P>(core, node, waker, true),
            Stage::Done => polled_after_completion(P::FUTURE, self.from()),
        }
    }

    /// What it waits for, and its node.
    #[inline(always)]
    fn waiting(&self) -> (&P::Core, NodeRef) {
        match &self.holder {
            Some(holder) => (holder.core(), self.node_ref()),
            None => polled_after_completion(P::FUTURE, self.from()),
        }
    }

    /// Ends the wait, in any state.
    #[inline]
    pub(crate) fn cancel(self: Pin<&mut Self>) {
        let stage = self.node().stage();
        // Nothing points to it afterwards, even if a waker panics.
        self.node().end();
        if let (Stage::Waits, Some(holder)) = (stage, &self.holder) {
            cancel::<P>(holder.core(), self.node_ref());
        }
    }

    /// One of the last polls before it gives up: it may begin to probe, as an arrival may, and calls that are
    /// older than its wait count as unanswered `since` it began.
    #[cold]
    pub(crate) fn look_again(
        self: Pin<&mut Self>,
        waker: &Waker,
        blocked: bool,
        since: Since,
    ) -> Option<P::Output> {
        let (core, node) = self.waiting();
        match poll_by_all_rules::<P>(core, node, waker, blocked, None, Some(since)) {
            Polled::Ready(output) => Some(output),
            Polled::Asleep | Polled::Again => None,
        }
    }

    /// Blocks this thread; `None` if the timeout expires. Zero tries once; `Duration::MAX` never expires.
    pub(crate) fn block_for(mut self: Pin<&mut Self>, timeout: Duration) -> Option<P::Output> {
        let got = self.as_mut().take_by(P::try_take);
        if got.is_some() || timeout.is_zero() {
            return got;
        }
        // Not before: some platforms have no clock, and a call that need not wait must not need one.
        let deadline = Deadline::after(timeout);
        // While nobody waits, it keeps checking for a moment: waking a thread for each item or permit is slower
        // than letting it find several.
        let got = spin(|| {
            let core = self.holder.as_ref()?.core();
            if !P::is_idle(core) {
                return Some(None);
            }
            self.as_mut().take_by(P::take_now).map(Some)
        });
        if let Some(Some(output)) = got {
            return Some(output);
        }
        let parker = Parker::of_this_thread();
        let mut queued_at = None;
        let patience = || P::patience(self.holder.as_ref()?.core());
        let mut early = deadline.early(patience);
        loop {
            let polled = self.poll_blocked(&parker.waker);
            if let Polled::Ready(output) = polled {
                return Some(output);
            }
            // Read the clock only when it is queued: an older call has been unanswered for longer.
            let since = *queued_at.get_or_insert_with(Since::now);
            match polled {
                Polled::Asleep if parker.park(early.unwrap_or(deadline)) => {}
                Polled::Again if !early.unwrap_or(deadline).has_passed() => parker.pause(),
                _ => {
                    let got = self.as_mut().look_again(&parker.waker, true, since);
                    if got.is_some() || early.take().is_none() {
                        return got;
                    }
                }
            }
        }
    }

    /// The same, without a timeout.
    pub(crate) fn block(self: Pin<&mut Self>) -> P::Output {
        let got = self.block_for(Duration::MAX);
        got.expect("there was no deadline")
    }

    /// Acquires by `take`, unless it waits or is done.
    #[inline(always)]
    fn take_by(
        self: Pin<&mut Self>,
        take: impl FnOnce(&P::Core, u32, &mut P::Load) -> Option<P::Output>,
    ) -> Option<P::Output> {
        if !self.is_new() {
            return None;
        }
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.get_unchecked_mut() };
        Self::take_from(&mut this.entry, this.holder.as_ref()?.core(), take)
    }

    /// The same for a wait that is new.
    #[inline(always)]
    fn take_from(
        entry: &mut UnsafeCell<Entry<P::Load>>,
        core: &P::Core,
        take: impl FnOnce(&P::Core, u32, &mut P::Load) -> Option<P::Output>,
    ) -> Option<P::Output> {
        // Nobody else points to an entry that does not wait.
        let entry = entry.get_mut();
        let output = take(core, entry.node.need(), &mut entry.load)?;
        entry.node.end();
        Some(output)
    }

    pub(crate) fn fmt_future(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("from", &format_args!("{}", self.from()))
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}

impl<P: Pool, H: Holder<P::Core>> Drop for WaitFuture<P, H> {
    #[inline]
    fn drop(&mut self) {
        if self.node().waits() {
            if let Some(holder) = &self.holder {
                cancel::<P>(holder.core(), self.node_ref());
            }
        }
    }
}

/// Implements what all futures with a field `wait` share.
macro_rules! waits {
    ([$($generics:tt)*] $future:ty, $name:literal) => {
        impl<$($generics)*> FusedFuture for $future {
            fn is_terminated(&self) -> bool {
                self.wait.is_done()
            }
        }

        impl<$($generics)*> std::fmt::Debug for $future {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.wait.fmt_future($name, f)
            }
        }
    };
}
pub(crate) use waits;

#[cold]
pub(crate) fn polled_after_completion(future: &str, from: &Location<'_>) -> ! {
    panic!("{future}, made at {from}, was polled after completion")
}

/// Blocks this thread, with the node on its stack.
pub(crate) fn block_on<P: Pool<Load = ()>>(core: &P::Core, need: u32) -> P::Output {
    pin!(WaitFuture::<P, _>::new(core, need, ())).block()
}

/// The same, with a timeout; `None` if that expires.
pub(crate) fn block_on_for<P: Pool<Load = ()>>(
    core: &P::Core,
    need: u32,
    timeout: Duration,
) -> Option<P::Output> {
    pin!(WaitFuture::<P, _>::new(core, need, ())).block_for(timeout)
}
