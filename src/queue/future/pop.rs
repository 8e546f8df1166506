//! Futures that pop.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use crate::queue::Queue;
use crate::queue::core::items::Items;
use crate::wait::{WaitFuture, pinned, waits};

/// The future of [`Queue::pop`] and [`Receiver::recv`](crate::queue::Receiver::recv). It joins the wait queue
/// at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time, and loses no item: see [`Queue`](Queue#cancel-safety). Forgetting it is
/// memory safe, but it keeps its place in the queue until it is [passed over](crate::Fairness#terms).
///
/// # Panics
///
/// Polling it after completion panics. Polling or dropping it also panics if a waker panics: see
/// [`Queue`](Queue#panics).
///
/// # Examples
///
/// A pop keeps its place while the task does something else:
///
/// ```
/// use futures::FutureExt;
/// use std::pin::pin;
/// use wakeful::Queue;
///
/// let queue = Queue::bounded(1);
/// let mut pop = pin!(queue.pop());
/// assert!(pop.as_mut().now_or_never().is_none());
/// queue.try_push("here").unwrap();
/// assert_eq!(pop.now_or_never(), Some(Some("here")));
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct Pop<'a, T> {
    pub(in crate::queue) wait: WaitFuture<Items<T>, &'a Queue<T>>,
}

waits!([T] Pop<'_, T>, "Pop");

impl<T> Future for Pop<'_, T> {
    type Output = Option<T>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        pinned!(self.wait).poll(cx)
    }
}

/// The future of [`Queue::pop_many`] and [`Receiver::recv_many`](crate::queue::Receiver::recv_many);
/// otherwise the same as [`Pop`].
#[must_use = "futures do nothing unless polled"]
pub struct PopMany<'a, T> {
    wait: WaitFuture<Items<T>, &'a Queue<T>>,
    queue: &'a Queue<T>,
    to: &'a mut Vec<T>,
    limit: usize,
    /// How many items were in `to` before.
    before: usize,
    done: bool,
}

impl<'a, T> PopMany<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>, to: &'a mut Vec<T>, limit: usize) -> Self {
        Self {
            wait: WaitFuture::new(queue, 1, ()),
            queue,
            before: to.len(),
            to,
            limit,
            done: false,
        }
    }

    /// Takes what there is, or waits for it.
    fn take(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: `poll` keeps it pinned.
        let mut wait = unsafe { Pin::new_unchecked(&mut self.wait) };
        let core = &self.queue.core;
        if wait.is_new() {
            let popped = match self.limit {
                0 => None,
                limit => core.try_pop_many(self.to, limit, true),
            };
            if popped != Some(0) {
                return Poll::Ready(());
            }
        }
        if let Some(item) = ready!(wait.as_mut().poll(cx)) {
            self.to.push(item);
            core.try_pop_many(self.to, self.limit - 1, false);
        }
        Poll::Ready(())
    }
}

impl<T> Future for PopMany<'_, T> {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        // SAFETY: `wait` stays pinned, and nothing else is.
        let this = unsafe { self.get_unchecked_mut() };
        // An earlier poll that took items and then panicked left it to this one to return their number.
        if this.done || this.to.len() == this.before {
            ready!(this.take(cx));
        }
        // SAFETY: as above.
        unsafe { Pin::new_unchecked(&mut this.wait) }.cancel();
        this.done = true;
        Poll::Ready(this.to.len() - this.before)
    }
}

impl<T> FusedFuture for PopMany<'_, T> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<T> fmt::Debug for PopMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PopMany")
            .field("limit", &self.limit)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}
