//! Waiting: the one future behind all others, and blocking a thread.

use std::cell::UnsafeCell;
use std::fmt;
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::panic::Location;
use std::pin::{Pin, pin};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::guarded::Inside;
use super::node::{Node, NodeRef, Stage};
use super::poll::{poll_again, poll_first};
use super::pool::{Pool, cancel};
use super::slow::poll_by_all_rules;
use crate::sync::{Deadline, Parker, Since, give_way, spin};

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

impl<C> Holder<C> for Arc<C> {
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
/// - **F3.** The holder is there unless the node's stage is `Gone`.
pub(crate) struct WaitFuture<P: Pool, H: Holder<P::Core>> {
    holder: ManuallyDrop<H>,
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
            holder: ManuallyDrop::new(holder),
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
        matches!(self.node().stage(), Stage::Done | Stage::Gone)
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
        match self.as_mut().take_by(P::take_now, Stage::Done) {
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
        // SAFETY: the bytes of a field; they are used only if this ends the wait.
        let holder: MaybeUninit<H> = unsafe { ptr::read((&raw const self.holder).cast()) };
        let output = match self.as_mut().take_by(P::take_now, Stage::Gone) {
            Some(output) => output,
            None => {
                let output = ready!(self.poll_slow(cx.waker()));
                self.node().end(Stage::Gone);
                output
            }
        };
        // SAFETY: F3; it was there, because what is done is not polled, and it is gone now.
        Poll::Ready((unsafe { holder.assume_init() }, output))
    }

    /// Polls, after the fast path has failed.
    #[inline(always)]
    fn poll_slow(&self, waker: &Waker) -> Poll<P::Output> {
        match self.node().stage() {
            Stage::New => self.poll_first(waker),
            _ => self.poll_again(waker),
        }
    }

    // Separate from later polls, so that each saves only the registers that it needs.
    #[inline(never)]
    fn poll_first(&self, waker: &Waker) -> Poll<P::Output> {
        let (core, node) = self.waiting();
        poll_first::<P, false>(core, node, waker)
    }

    #[inline(never)]
    fn poll_again(&self, waker: &Waker) -> Poll<P::Output> {
        if self.is_done() {
            polled_after_completion(P::FUTURE, self.from());
        }
        let (core, node) = self.waiting();
        poll_again::<P, false>(core, node, waker)
    }

    /// Polls for this thread, which blocks.
    fn poll_blocked(&self, waker: &Waker) -> Poll<P::Output> {
        let (core, node) = self.waiting();
        match self.node().stage() {
            Stage::New => poll_first::<P, true>(core, node, waker),
            Stage::Waits => poll_again::<P, true>(core, node, waker),
            _ => polled_after_completion(P::FUTURE, self.from()),
        }
    }

    /// What it waits for, and its node. It is not done.
    #[inline(always)]
    fn waiting(&self) -> (&P::Core, NodeRef) {
        (self.core(), self.node_ref())
    }

    #[inline(always)]
    fn core(&self) -> &P::Core {
        debug_assert!(self.node().stage() != Stage::Gone, "F3");
        self.holder.core()
    }

    /// Ends the wait, in any state.
    #[inline]
    pub(crate) fn cancel(self: Pin<&mut Self>) {
        let stage = self.node().stage();
        if matches!(stage, Stage::New | Stage::Waits) {
            // Nothing points to it afterwards, even if a waker panics.
            self.node().end(Stage::Done);
        }
        if stage == Stage::Waits {
            cancel::<P>(self.core(), self.node_ref());
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
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    /// Acquires without waiting, in place of the first poll.
    pub(crate) fn try_now(self: Pin<&mut Self>) -> Option<P::Output> {
        self.take_by(P::try_take, Stage::Done)
    }

    /// Blocks this thread; `None` if the timeout expires. Zero tries once; `Duration::MAX` never expires.
    pub(crate) fn block_for(mut self: Pin<&mut Self>, timeout: Duration) -> Option<P::Output> {
        let got = self.as_mut().try_now();
        if got.is_some() || timeout.is_zero() {
            return got;
        }
        // Not before: some platforms have no clock, and a call that need not wait must not need one.
        let deadline = Deadline::after(timeout);
        // While nobody waits, it keeps checking for a moment: waking a thread for each item or permit is slower
        // than letting it find several.
        let got = spin(|| {
            if !P::is_idle(self.core()) {
                return Some(None);
            }
            self.as_mut().take_by(P::take_now, Stage::Done).map(Some)
        });
        let got = got.flatten();
        let got = got.or_else(|| give_way(|| self.as_mut().take_by(P::take_now, Stage::Done)));
        if got.is_some() {
            return got;
        }
        let parker = Parker::of_this_thread();
        let mut queued_at = None;
        let patience = || P::patience(self.core());
        let mut early = deadline.early(patience);
        loop {
            if let Poll::Ready(output) = self.poll_blocked(&parker.waker) {
                return Some(output);
            }
            // Read the clock only when it is queued: an older call has been unanswered for longer.
            let since = *queued_at.get_or_insert_with(Since::now);
            let until = early.unwrap_or(deadline);
            let in_time = if !self.node_ref().take_again() {
                parker.park(until)
            } else if until.has_passed() {
                false
            } else {
                parker.pause();
                true
            };
            if !in_time {
                let got = self.as_mut().look_again(&parker.waker, true, since);
                if got.is_some() || early.take().is_none() {
                    return got;
                }
            }
        }
    }

    /// The same, without a timeout.
    pub(crate) fn block(self: Pin<&mut Self>) -> P::Output {
        let got = self.block_for(Duration::MAX);
        got.expect("there was no deadline")
    }

    /// Acquires by `take`, unless it waits or is done; if that succeeds, `end` is its stage.
    #[inline(always)]
    fn take_by(
        self: Pin<&mut Self>,
        take: impl FnOnce(&P::Core, u32, &mut P::Load) -> Option<P::Output>,
        end: Stage,
    ) -> Option<P::Output> {
        if !self.is_new() {
            return None;
        }
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.get_unchecked_mut() };
        // Nobody else points to an entry that does not wait.
        let entry = this.entry.get_mut();
        let node = &entry.node;
        let start_again = P::TAKING_CALLS.then(|| StartAgain(node));
        let output = take(this.holder.core(), node.need(), &mut entry.load);
        mem::forget(start_again);
        let output = output?;
        node.end(end);
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
        let stage = self.node().stage();
        if stage != Stage::Gone {
            // SAFETY: F3, and this is its end.
            let holder = unsafe { ManuallyDrop::take(&mut self.holder) };
            if stage == Stage::Waits {
                cancel::<P>(holder.core(), self.node_ref());
            }
        }
    }
}

/// If a waker panics on the fast path, what was acquired has been put back, or the item of a push has left: the
/// next poll finds out by all rules.
struct StartAgain<'a>(&'a Node);

impl Drop for StartAgain<'_> {
    fn drop(&mut self) {
        self.0.initialise();
    }
}

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
