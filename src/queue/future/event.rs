//! Waiting for an event of the queue as a whole: that it is closed, or that every item is done.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use crate::queue::Queue;
use crate::queue::core::LatchedState;
use crate::queue::core::word::CLOSED;
use crate::wait::wake::Spent;
use crate::wait::{Event, Node, NodeRef, pinned, polled_after_completion, waits};

/// What a future waits for.
#[derive(Clone, Copy)]
enum On {
    Closing,
    Join,
}

impl On {
    /// Whether there is nothing to wait for.
    fn is_now<T>(self, latched: &LatchedState<'_, T>) -> bool {
        match self {
            On::Closing => latched.word & CLOSED != 0,
            On::Join => latched.unfinished == 0,
        }
    }

    fn event<'a, T>(self, latched: &'a mut LatchedState<'_, T>) -> &'a mut Event {
        match self {
            On::Closing => &mut latched.closings,
            On::Join => &mut latched.joins,
        }
    }

    fn future(self) -> &'static str {
        match self {
            On::Closing => "the future of a queue's closed",
            On::Join => "the future of a queue's join",
        }
    }
}

/// A wait for an event.
struct Wait<'a, T> {
    /// `None` once it is done.
    queue: Option<&'a Queue<T>>,
    node: Node,
    on: On,
}

// SAFETY: its node is accessed only with the latch of the queue held; what it holds, links and the parts of a
// waker, may be used on any thread.
unsafe impl<T: Send> Send for Wait<'_, T> {}
// SAFETY: `&Wait` offers only where the future was created, and whether it is done.
unsafe impl<T: Send> Sync for Wait<'_, T> {}

impl<'a, T> Wait<'a, T> {
    #[track_caller]
    fn new(queue: &'a Queue<T>, on: On) -> Self {
        Self {
            queue: Some(queue),
            node: Node::new(1, Location::caller()),
            on,
        }
    }

    fn node_ref(&self) -> NodeRef {
        // SAFETY: it was polled, so it is pinned, and `Drop` takes it out of the list.
        unsafe { NodeRef::new(NonNull::from(&self.node)) }
    }

    fn is_done(&self) -> bool {
        self.queue.is_none()
    }

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let on = this.on;
        let Some(queue) = this.queue else {
            polled_after_completion(on.future(), this.node.from());
        };
        if !this.node.waits() {
            this.node.initialise();
        }
        let node = this.node_ref();
        let clone = cx.waker().clone();
        let mut latched = queue.core.latch();
        let ready = on.is_now(&latched) || on.event(&mut latched).has_happened(node);
        let (polled, spent) = if ready {
            let old = on.event(&mut latched).cancel(node);
            (Poll::Ready(()), Spent::both(old, Some(clone)))
        } else {
            let old = on.event(&mut latched).enqueue(node, clone, cx.waker());
            (Poll::Pending, Spent::both(old, None))
        };
        drop(latched);
        // If this panics, the next poll is ready again.
        drop(spent);
        if ready {
            this.queue = None;
        }
        polled
    }

    fn fmt_future(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("from", &format_args!("{}", self.node.from()))
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Wait<'_, T> {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.filter(|_| self.node.waits()) {
            let mut latched = queue.core.latch();
            let old = self.on.event(&mut latched).cancel(self.node_ref());
            drop(latched);
            drop(Spent::both(old, None));
        }
    }
}

/// The future of [`Queue::closed`], [`Sender::closed`](crate::queue::Sender::closed) and
/// [`Receiver::closed`](crate::queue::Receiver::closed): ready once the queue is closed, drained or not.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time.
///
/// # Panics
///
/// Polling it after completion panics. Polling or dropping it also panics if cloning or dropping a waker does.
#[must_use = "futures do nothing unless polled"]
pub struct Closed<'a, T> {
    wait: Wait<'a, T>,
}

waits!([T] Closed<'_, T>, "Closed");

impl<'a, T> Closed<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>) -> Self {
        Self {
            wait: Wait::new(queue, On::Closing),
        }
    }
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        pinned!(self.wait).poll(cx)
    }
}

/// The future of [`Queue::join`]: ready once every item that was pushed is done; otherwise the same as
/// [`Closed`].
#[must_use = "futures do nothing unless polled"]
pub struct Join<'a, T> {
    wait: Wait<'a, T>,
}

waits!([T] Join<'_, T>, "Join");

impl<'a, T> Join<'a, T> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>) -> Self {
        Self {
            wait: Wait::new(queue, On::Join),
        }
    }
}

impl<T> Future for Join<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        pinned!(self.wait).poll(cx)
    }
}
