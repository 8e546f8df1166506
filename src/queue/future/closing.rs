//! Waiting for the closing.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use crate::queue::Queue;
use crate::queue::core::word::CLOSED;
use crate::wait::wake::Spent;
use crate::wait::{Node, NodeRef, polled_after_completion};

/// The future of [`Queue::closed`], [`Sender::closed`](crate::queue::Sender::closed) and
/// [`Receiver::closed`](crate::queue::Receiver::closed): ready once the queue is closed, drained or not.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// Drop it at any time.
///
/// # Panics
///
/// Polling it after completion panics.
#[must_use = "futures do nothing unless polled"]
pub struct Closed<'a, T> {
    /// `None` once it is done.
    queue: Option<&'a Queue<T>>,
    node: Node,
}

// SAFETY: its node is reached with the latch of the queue held only; what it holds, links and the parts
// of a waker, may be used on any thread.
unsafe impl<T: Send> Send for Closed<'_, T> {}
// SAFETY: `&Closed` offers the place where it was made, and whether it is done.
unsafe impl<T: Send> Sync for Closed<'_, T> {}

impl<'a, T> Closed<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>) -> Self {
        Self {
            queue: Some(queue),
            node: Node::new(1, Location::caller()),
        }
    }

    fn node_ref(&self) -> NodeRef {
        // SAFETY: it was polled, so it is pinned, and `Drop` takes it out of the list.
        unsafe { NodeRef::new(NonNull::from(&self.node)) }
    }
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let Some(queue) = this.queue else {
            polled_after_completion("the future of a queue's closed", this.node.from());
        };
        if !this.node.waits() {
            this.node.initialise();
        }
        let node = this.node_ref();
        let clone = cx.waker().clone();
        let mut latched = queue.core.latch();
        let (ready, spent) = if latched.word & CLOSED != 0 {
            this.queue = None;
            let old = latched.closings.cancel(node);
            (Poll::Ready(()), Spent::both(old, Some(clone)))
        } else {
            let old = latched.closings.enqueue(node, clone, cx.waker());
            (Poll::Pending, Spent::both(old, None))
        };
        drop(latched);
        drop(spent);
        ready
    }
}

impl<T> Drop for Closed<'_, T> {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.filter(|_| self.node.waits()) {
            let old = queue.core.latch().closings.cancel(self.node_ref());
            drop(old);
        }
    }
}

impl<T> FusedFuture for Closed<'_, T> {
    fn is_terminated(&self) -> bool {
        self.queue.is_none()
    }
}

impl<T> fmt::Debug for Closed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed")
            .field("from", &format_args!("{}", self.node.from()))
            .field("done", &self.queue.is_none())
            .finish_non_exhaustive()
    }
}
