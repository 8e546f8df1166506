//! Futures that push many items, one after another.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::FusedFuture;

use super::push::Push;
use crate::queue::Queue;
use crate::queue::core::load::Load;
use crate::queue::error::{PushManyError, SendError};
use crate::wait::{WaitFuture, pinned, polled_after_completion};

/// The pushes of many items, each of which is a `P`.
pub(in crate::queue) struct Each<P, I> {
    /// The push of the item in hand.
    push: Option<P>,
    /// `None` once it is done.
    rest: Option<I>,
    sent: usize,
    from: &'static Location<'static>,
}

impl<P, I> Each<P, I> {
    #[track_caller]
    pub(in crate::queue) fn new(items: I) -> Self {
        Self {
            push: None,
            rest: Some(items),
            sent: 0,
            from: Location::caller(),
        }
    }

    pub(in crate::queue) fn is_done(&self) -> bool {
        self.rest.is_none()
    }

    pub(in crate::queue) fn fmt_future(
        &self,
        name: &str,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        f.debug_struct(name)
            .field("sent", &self.sent)
            .field("done", &self.is_done())
            .field("from", &format_args!("{}", self.from))
            .finish_non_exhaustive()
    }
}

impl<P, I, E> Each<P, I>
where
    P: Future<Output = Result<(), E>>,
    I: Iterator,
{
    /// Polls; `new` makes the push of an item. Returns how many items were pushed.
    pub(in crate::queue) fn poll<F>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        new: impl Fn(I::Item, &'static Location<'static>) -> P,
        failed: impl FnOnce(usize, E, I) -> F,
    ) -> Poll<Result<usize, F>> {
        // SAFETY: `push` stays pinned until it is dropped in place, and nothing else is.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let mut push = unsafe { Pin::new_unchecked(&mut this.push) };
        loop {
            if let Some(in_hand) = push.as_mut().as_pin_mut() {
                let pushed = ready!(in_hand.poll(cx));
                push.set(None);
                if let Err(error) = pushed {
                    let rest = this.rest.take();
                    let rest = rest.expect("with an item in hand it is not done");
                    return Poll::Ready(Err(failed(this.sent, error, rest)));
                }
                this.sent += 1;
            }
            // If the iterator or `new` panics, this is done.
            let Some(mut rest) = this.rest.take() else {
                polled_after_completion("the future of a queue's push_many", this.from);
            };
            let Some(item) = rest.next() else {
                return Poll::Ready(Ok(this.sent));
            };
            push.set(Some(new(item, this.from)));
            this.rest = Some(rest);
        }
    }
}

/// The future of [`Queue::push_many`] and [`Sender::send_many`](crate::queue::Sender::send_many).
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time. Items that were pushed stay in the queue. Dropping it drops the item that it
/// was about to push, if there is one; pass `&mut iterator` to continue with the rest.
///
/// # Errors
///
/// Fails if the queue is closed: see [`PushManyError`].
///
/// # Panics
///
/// Panics as [`Push`] does. If the iterator panics, the future is terminated.
#[must_use = "futures do nothing unless polled"]
pub struct PushMany<'a, T, I> {
    queue: &'a Queue<T>,
    each: Each<Push<'a, T>, I>,
}

impl<'a, T, I> PushMany<'a, T, I> {
    #[track_caller]
    pub(in crate::queue) fn new(queue: &'a Queue<T>, items: I) -> Self {
        Self {
            queue,
            each: Each::new(items),
        }
    }
}

impl<T, I: Iterator<Item = T>> Future for PushMany<'_, T, I> {
    type Output = Result<usize, PushManyError<T, I>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let queue = self.queue;
        let each = pinned!(self.each);
        let new = |item, from| Push {
            wait: WaitFuture::made_at(from, queue, 1, Load::Item(item)),
        };
        let failed = |sent, SendError(item), rest| PushManyError { sent, item, rest };
        each.poll(cx, new, failed)
    }
}

impl<T, I: Iterator<Item = T>> FusedFuture for PushMany<'_, T, I> {
    fn is_terminated(&self) -> bool {
        self.each.is_done()
    }
}

impl<T, I> fmt::Debug for PushMany<'_, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.each.fmt_future("PushMany", f)
    }
}
