//! Waiting: what every future of the crate is made of, and a thread that blocks.

use std::cell::UnsafeCell;
use std::fmt;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::node::{Node, NodeRef};
use super::poll::{Polled, poll_again, poll_first};
use super::pool::{Pool, cancel};
use super::slow::poll_by_all_rules;
use crate::sync::{Deadline, Parker, Since, spin};

/// What leads to the core of a pool: a reference or an `Arc`.
pub(crate) trait Holder<C> {
    fn core(&self) -> &C;
}

impl<C> Holder<C> for &C {
    #[inline]
    fn core(&self) -> &C {
        self
    }
}

/// A node, and what its waiter has with it.
#[repr(C)]
struct Entry<L> {
    node: Node,
    load: L,
}

/// A wait for some of a pool: nothing at all until it is first polled, a place in line from then on.
///
/// Invariants:
///
/// - **F1.** While its node `was_polled`, the line of the holder's core may lead to the entry, which is
///   pinned. Only a poll that ends in `Ready` and `cancel` lead out of that, and `Drop` cancels.
/// - **F2.** Every node that waits in a line of `P` is the first field of an `Entry<P::Load>`.
pub(crate) struct WaitFuture<P: Pool, H: Holder<P::Core>> {
    /// `None` once it is done.
    holder: Option<H>,
    entry: UnsafeCell<Entry<P::Load>>,
}

// SAFETY: the parts of a waker, which is `Send` and `Sync`, links that are followed with the latch of
// the core held only, and what the waiter has with it.
unsafe impl<P: Pool<Load: Send>, H: Holder<P::Core> + Send> Send for WaitFuture<P, H> {}
// SAFETY: `&WaitFuture` offers the place where it was made, and whether it is done.
unsafe impl<P: Pool, H: Holder<P::Core> + Sync> Sync for WaitFuture<P, H> {}

/// What the waiter of `node`, which waits in a line of `P`, has with it. The latch is held.
#[inline]
pub(crate) fn load_of<P: Pool>(_: &mut P::Inside, node: NodeRef) -> &mut P::Load {
    let entry = node.as_ptr().cast::<Entry<P::Load>>();
    // SAFETY: F2, and the latch gives the load to one at a time.
    unsafe { &mut (*entry).load }
}

impl<P: Pool, H: Holder<P::Core>> WaitFuture<P, H> {
    #[inline]
    pub(crate) fn new(
        holder: H,
        need: u32,
        load: P::Load,
        from: &'static Location<'static>,
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
    pub(crate) fn holder(&self) -> Option<&H> {
        self.holder.as_ref()
    }

    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.holder.is_none()
    }

    /// What it has with it, unless it waits.
    #[inline]
    pub(crate) fn load(self: Pin<&mut Self>) -> Option<&mut P::Load> {
        // SAFETY: nothing is moved out of it but the load, which is not pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: nobody else leads to one that does not wait.
        (!this.node().was_polled()).then(|| unsafe { &mut (*this.entry.get()).load })
    }

    /// The fast path of a poll, inlined where it is polled. (What follows it is not, so that a future can
    /// call it last.)
    #[inline(always)]
    pub(crate) fn poll_fast(self: Pin<&mut Self>) -> Option<(H, P::Output)> {
        self.take_by(P::take_now)
    }

    /// Polls, when there was no fast path; the holder stays where it is.
    #[inline(always)]
    pub(crate) fn poll_slow(&mut self, cx: &mut Context<'_>) -> Poll<P::Output> {
        match self.poll_for(cx.waker(), false) {
            Polled::Ready(output) => Poll::Ready(output),
            Polled::Asleep => Poll::Pending,
            Polled::Again => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    #[inline]
    pub(crate) fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(H, P::Output)> {
        match self.as_mut().poll_fast() {
            Some(ready) => Poll::Ready(ready),
            None => self.poll_outlined(cx),
        }
    }

    #[inline(never)]
    fn poll_outlined(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(H, P::Output)> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let output = ready!(this.poll_slow(cx));
        match this.holder.take() {
            Some(holder) => Poll::Ready((holder, output)),
            None => unreachable!("it was there a moment ago"),
        }
    }

    /// The same for a future that needs its holder no more.
    #[inline(always)]
    pub(crate) fn poll_output(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<P::Output> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let output = this.poll_slow(cx);
        if output.is_ready() {
            this.holder = None;
        }
        output
    }

    /// Polls once, when there was no taking at once; `blocked` is a blocked thread. It stays pinned.
    #[inline(always)]
    fn poll_for(&mut self, waker: &Waker, blocked: bool) -> Polled<P::Output> {
        let Some(holder) = &self.holder else {
            polled_after_completion(P::FUTURE, self.from());
        };
        let (core, node) = (holder.core(), self.node_ref());
        let polled = if self.node().was_polled() {
            poll_again::<P>(core, node, waker, blocked)
        } else {
            poll_first::<P>(core, node, waker, blocked)
        };
        if matches!(polled, Polled::Ready(_)) {
            self.node().end();
        }
        polled
    }

    /// Ends the wait, wherever it stands; the holder, unless it was done.
    #[inline]
    pub(crate) fn cancel(self: Pin<&mut Self>) -> Option<H> {
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.get_unchecked_mut() };
        let holder = this.holder.take()?;
        if this.node().was_polled() {
            // Nothing leads to it afterwards, even if a waker panics.
            this.node().end();
            cancel::<P>(holder.core(), this.node_ref());
        }
        Some(holder)
    }

    /// Polls for the last time before it gives up, or one of the last: it may begin to probe, as an
    /// arrival may, and calls that are older than its wait have gone unanswered `since` it began.
    #[cold]
    pub(crate) fn look_again(
        self: Pin<&mut Self>,
        waker: &Waker,
        blocked: bool,
        since: Since,
    ) -> Option<P::Output> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let core = this.holder.as_ref()?.core();
        let polled =
            poll_by_all_rules::<P>(core, this.node_ref(), waker, blocked, None, Some(since));
        let Polled::Ready(output) = polled else {
            return None;
        };
        this.node().end();
        this.holder = None;
        Some(output)
    }

    /// Waits by blocking this thread, until the deadline; zero (`None`) tries once.
    fn block(mut self: Pin<&mut Self>, deadline: Option<Deadline>) -> Option<P::Output> {
        if let Some((_, output)) = self.as_mut().take_by(P::try_take) {
            return Some(output);
        }
        let deadline = deadline?;
        // As long as nobody waits, it looks a moment longer: a thread that is woken for each item or
        // permit is slower than one that finds several.
        let got = spin(|| {
            let core = self.holder.as_ref()?.core();
            if !P::is_idle(core) {
                return Some(None);
            }
            self.as_mut().take_by(P::take_now).map(Some)
        });
        if let Some(Some((_, output))) = got {
            return Some(output);
        }
        // Behind others it has to wait for longer than it could spin.
        let spins = got.is_none();
        let parker = Parker::of_this_thread();
        let since = Since::now();
        let patience = || P::patience(self.holder.as_ref()?.core());
        let mut early = deadline.early(patience);
        loop {
            // SAFETY: nothing is moved out of it.
            let this = unsafe { self.as_mut().get_unchecked_mut() };
            match this.poll_for(&parker.waker, true) {
                Polled::Ready(output) => {
                    this.holder = None;
                    return Some(output);
                }
                Polled::Asleep if parker.park(early.unwrap_or(deadline), spins) => {}
                Polled::Again if !early.unwrap_or(deadline).has_passed() => parker.pause(),
                Polled::Asleep | Polled::Again => {
                    let got = self.as_mut().look_again(&parker.waker, true, since);
                    if got.is_some() || early.take().is_none() {
                        return got;
                    }
                }
            }
        }
    }

    /// Acquires without waiting, unless it waits or is done.
    #[inline(always)]
    fn take_by(
        self: Pin<&mut Self>,
        take: impl FnOnce(&P::Core, u32, &mut P::Load) -> Option<P::Output>,
    ) -> Option<(H, P::Output)> {
        // SAFETY: nothing is moved out of a pinned place.
        let this = unsafe { self.get_unchecked_mut() };
        if this.node().was_polled() {
            return None;
        }
        let need = this.need();
        // SAFETY: nobody else leads to one that does not wait.
        let load = unsafe { &mut (*this.entry.get()).load };
        let holder = this.holder.take()?;
        let Some(output) = take(holder.core(), need, load) else {
            this.holder = Some(holder);
            return None;
        };
        Some((holder, output))
    }

    pub(crate) fn fmt_future(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("from", &format_args!("{}", self.from()))
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }

    /// Waits by blocking this thread.
    pub(crate) fn block_forever(self: Pin<&mut Self>) -> P::Output {
        match self.block(Some(Deadline::NEVER)) {
            Some(output) => output,
            None => unreachable!("there was no deadline"),
        }
    }

    /// The same for so long; `None` if it was too late, and zero tries once.
    pub(crate) fn block_for(self: Pin<&mut Self>, timeout: Duration) -> Option<P::Output> {
        let deadline = (!timeout.is_zero()).then(|| Deadline::after(timeout));
        self.block(deadline)
    }
}

impl<P: Pool, H: Holder<P::Core>> Drop for WaitFuture<P, H> {
    #[inline]
    fn drop(&mut self) {
        if let Some(holder) = &self.holder {
            if self.node().was_polled() {
                cancel::<P>(holder.core(), self.node_ref());
            }
        }
    }
}

#[cold]
fn polled_after_completion(future: &str, from: &Location<'_>) -> ! {
    panic!("{future}, made at {from}, was polled after completion")
}

/// Waits on this thread, the node on its stack.
pub(crate) fn block_on<P: Pool<Load = ()>>(core: &P::Core, need: u32) -> P::Output {
    pin!(WaitFuture::<P, _>::new(core, need, (), Location::caller())).block_forever()
}

/// The same for so long; `None` if it was too late, and zero tries once.
pub(crate) fn block_on_for<P: Pool<Load = ()>>(
    core: &P::Core,
    need: u32,
    timeout: Duration,
) -> Option<P::Output> {
    pin!(WaitFuture::<P, _>::new(core, need, (), Location::caller())).block_for(timeout)
}
