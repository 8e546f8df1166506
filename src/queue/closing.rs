//! Waiting for the closing.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_core::FusedFuture;

use super::Queue;
use super::core::Face;
use super::faces::{Closing, To};
use crate::wait::polling::Polling;
use crate::wait::{InLine, Node, Polled, Resource, Step, start_again};

/// The future of [`Queue::closed`], [`Sender::closed`](super::Sender::closed) and
/// [`Receiver::closed`](super::Receiver::closed): ready once the queue is closed, drained or not.
///
/// It is fused: [`FusedFuture`] tells whether it may be polled.
///
/// # Cancel safety
///
/// It is cancelled by dropping it.
///
/// # Panics
///
/// As [`Pop`](super::Pop).
///
/// # Memory ordering
///
/// What was done before the closing happens before what follows.
#[must_use = "futures do nothing unless polled"]
pub struct Closed<'a, T> {
    in_line: InLine<To<Closing, &'a Queue<T>>>,
}

impl<'a, T> Closed<'a, T> {
    #[track_caller]
    pub(super) fn new(queue: &'a Queue<T>) -> Self {
        Self {
            in_line: InLine::new(To::new(queue), ()),
        }
    }
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: the field is pinned as the whole is.
        let in_line = unsafe { self.map_unchecked_mut(|this| &mut this.in_line) };
        in_line.poll(cx).map(|_| ())
    }
}

impl<T> FusedFuture for Closed<'_, T> {
    fn is_terminated(&self) -> bool {
        self.in_line.is_done()
    }
}

impl<T> fmt::Debug for Closed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_line.fmt_future("Closed", f)
    }
}

impl<T> Resource for Face<Closing, T> {
    type Ask = ();
    type Got = ();
    const FUTURE: &'static str = "the future of a queue's closed";

    fn take_idle(&self, (): &mut ()) -> Option<()> {
        self.core.lock().is_closed().then_some(())
    }

    // No thread waits for it: there is no blocking form.
    fn has_line(&self) -> bool {
        true
    }

    fn try_take(&self, ask: &mut ()) -> Option<()> {
        self.take_idle(ask)
    }

    fn poll_new(&self, node: Node<()>, waker: &Waker, always_answers: bool) -> Polled<()> {
        Polling::new(node, waker, always_answers, Some(waker.clone())).run(
            |poll| {
                let mut state = self.core.lock();
                let closed = state.is_closed();
                let line = &mut state.closings;
                if closed {
                    poll.leave(line);
                    return Step::Done(Polled::Ready(()));
                }
                if poll.needs_clone(line) {
                    return Step::Clone;
                }
                if !line.is_queued(node) {
                    line.enqueue(node, always_answers);
                }
                poll.settle(line, false)
            },
            |()| start_again(&mut self.core.lock().closings, node),
        )
    }

    fn is_short_of(&self, _: u32) -> bool {
        true
    }

    fn poll_again(
        &self,
        node: Node<()>,
        waker: &Waker,
        always_answers: bool,
        _: bool,
    ) -> Polled<()> {
        self.poll_new(node, waker, always_answers)
    }

    fn cancel(&self, node: Node<()>) {
        let mut state = self.core.lock();
        let old = state.closings.get_mut(node).disarm();
        state.closings.leave(node);
        self.core.finish_with(state, None, old);
    }
}
