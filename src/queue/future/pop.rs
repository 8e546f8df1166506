//! Futures that pop.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use crate::queue::Queue;
use crate::queue::core::items::Items;
use crate::wait::{WaitFuture, waits};

/// The future of [`Queue::pop`] and [`Receiver::recv`](crate::queue::Receiver::recv). It joins the wait queue
/// at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// Drop it at any time; it takes no item with it: see [`Queue`](Queue#cancel-safety). Forgetting it is memory
/// safe; it keeps its place until it is passed over.
///
/// # Panics
///
/// Polling it after completion panics. So does polling or dropping it if a waker panics: see
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
        // SAFETY: the field is pinned as the whole is.
        let wait = unsafe { self.map_unchecked_mut(|this| &mut this.wait) };
        wait.poll(cx)
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
}

impl<'a, T> PopMany<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>, to: &'a mut Vec<T>, limit: usize) -> Self {
        Self {
            wait: WaitFuture::new(queue, 1, ()),
            queue,
            to,
            limit,
        }
    }
}

impl<T> Future for PopMany<'_, T> {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        // SAFETY: `wait` stays pinned, and nothing else is.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let mut wait = unsafe { Pin::new_unchecked(&mut this.wait) };
        let core = &this.queue.core;
        if wait.is_new() {
            let popped = match this.limit {
                0 => None,
                limit => core.try_pop_many(this.to, limit, true),
            };
            if popped != Some(0) {
                wait.cancel();
                return Poll::Ready(popped.unwrap_or(0));
            }
        }
        let Some(item) = ready!(wait.as_mut().poll(cx)) else {
            return Poll::Ready(0);
        };
        this.to.push(item);
        let more = core.try_pop_many(this.to, this.limit - 1, false);
        Poll::Ready(1 + more.unwrap_or(0))
    }
}

impl<T> FusedFuture for PopMany<'_, T> {
    fn is_terminated(&self) -> bool {
        self.wait.is_done()
    }
}

impl<T> fmt::Debug for PopMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PopMany")
            .field("limit", &self.limit)
            .field("done", &self.wait.is_done())
            .finish_non_exhaustive()
    }
}
