//! Futures that push.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::FusedFuture;

use crate::queue::Queue;
use crate::queue::core::load::Load;
use crate::queue::core::slots::Slots;
use crate::queue::error::{SendError, SendTimeoutError, SendUntilError};
use crate::sync::Since;
use crate::wait::{WaitFuture, pinned, waits};

/// The future of [`Queue::push`] and [`Sender::send`](crate::queue::Sender::send). It holds the item, and joins
/// the wait queue at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time. If it is dropped before it completes, its item is dropped, was never received
/// and never will be. (The one exception is a capacity of 0: see [`Queue::bounded`].)
/// [`into_item`](Self::into_item) cancels it and gives the item back. Forgetting it is memory safe, but it
/// keeps its place in the queue until it is [passed over](crate::Fairness#terms).
///
/// # Errors
///
/// Gives the item back if the queue is closed, before or during the wait.
///
/// # Panics
///
/// Polling it after completion panics. Polling or dropping it also panics if a waker panics: see
/// [`Queue`](Queue#panics). If a poll panics when the item is already in the queue, the next poll returns `Ok`.
#[must_use = "futures do nothing unless polled"]
pub struct Push<'a, T> {
    pub(in crate::queue) wait: WaitFuture<Slots<T>, &'a Queue<T>>,
}

waits!([T] Push<'_, T>, "Push");

impl<'a, T> Push<'a, T> {
    #[inline]
    pub(in crate::queue) fn wait(
        self: Pin<&mut Self>,
    ) -> Pin<&mut WaitFuture<Slots<T>, &'a Queue<T>>> {
        pinned!(self.wait)
    }

    /// Cancels the push and gives its item back. Returns `None` if the item was sent, or was already given
    /// back.
    ///
    /// It works in any state: before the first poll, while waiting, and after the queue was closed. Afterwards,
    /// the future is terminated, and any wake-up that it received has been passed on.
    ///
    /// # Panics
    ///
    /// Panics only if a waker does: see [`Queue`](Queue#panics).
    ///
    /// # Examples
    ///
    /// Pushing an item elsewhere if it takes too long:
    ///
    /// ```
    /// use std::pin::pin;
    /// use std::time::Duration;
    /// use wakeful::Queue;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (near, far) = (Queue::bounded(1), Queue::bounded(1));
    /// near.push("first").await.unwrap();
    /// let mut push = pin!(near.push("second"));
    /// let pushed = tokio::time::timeout(Duration::from_millis(1), push.as_mut()).await;
    /// assert!(pushed.is_err());
    /// if let Some(item) = push.into_item() {
    ///     far.push(item).await.unwrap();
    /// }
    /// assert_eq!(near.drain(), ["first"]);
    /// assert_eq!(far.drain(), ["second"]);
    /// # }
    /// ```
    pub fn into_item(self: Pin<&mut Self>) -> Option<T> {
        let mut wait = self.wait();
        wait.as_mut().cancel();
        wait.load()?.take()
    }
}

impl<T> Push<'_, T> {
    /// Pushes without waiting, in place of the first poll; `None` if it would wait.
    pub(in crate::queue) fn at_once(self: Pin<&mut Self>) -> Option<Result<(), SendError<T>>> {
        let mut wait = self.wait();
        let got = wait.as_mut().try_now()?;
        Some(pushed(got, wait.load()))
    }

    /// Pushes, blocking this thread.
    pub(in crate::queue) fn block(self: Pin<&mut Self>) -> Result<(), SendError<T>> {
        let mut wait = self.wait();
        let got = wait.as_mut().block();
        pushed(got, wait.load())
    }

    /// The same, with a timeout.
    pub(in crate::queue) fn block_for(
        mut self: Pin<&mut Self>,
        timeout: Duration,
    ) -> Result<(), SendTimeoutError<T>> {
        match self.as_mut().wait().block_for(timeout) {
            Some(got) => {
                let pushed = pushed(got, self.wait().load());
                pushed.map_err(|SendError(item)| SendTimeoutError::Closed(item))
            }
            None => match self.into_item() {
                Some(item) => Err(SendTimeoutError::Timeout(item)),
                None => Ok(()),
            },
        }
    }
}

impl<T> Future for Push<'_, T> {
    type Output = Result<(), SendError<T>>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut wait = self.wait();
        let got = ready!(wait.as_mut().poll(cx));
        Poll::Ready(pushed(got, wait.load()))
    }
}

/// The result of a push that is done.
#[inline]
pub(in crate::queue) fn pushed<T>(
    got: Result<(), SendError<()>>,
    load: Option<&mut Load<T>>,
) -> Result<(), SendError<T>> {
    got.map_err(|SendError(())| SendError(load.expect("it does not wait any more").unsent()))
}

/// The future of [`Queue::push_until`] and [`Sender::send_until`](crate::queue::Sender::send_until).
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time, like [`Push`]: dropping it drops the item, unless that was sent.
///
/// # Errors
///
/// Fails if the queue is closed, or if the other future completes first: see [`SendUntilError`].
///
/// # Panics
///
/// Panics as [`Push`] does, or if the other future does.
#[must_use = "futures do nothing unless polled"]
pub struct SendUntil<'a, T, F> {
    push: Push<'a, T>,
    until: F,
    waits_since: Option<Since>,
    /// The other future was ready, and this has not told yet: a waker may panic in between.
    interrupted: bool,
}

impl<'a, T, F> SendUntil<'a, T, F> {
    pub(in crate::queue) fn new(push: Push<'a, T>, until: F) -> Self {
        Self {
            push,
            until,
            waits_since: None,
            interrupted: false,
        }
    }

    pub(in crate::queue) fn push(self: Pin<&mut Self>) -> Pin<&mut Push<'a, T>> {
        pinned!(self.push)
    }
}

impl<T, F: Future> Future for SendUntil<'_, T, F> {
    type Output = Result<(), SendUntilError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: both fields are pinned as the whole is.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let mut push = unsafe { Pin::new_unchecked(&mut this.push) };
        // SAFETY: as above.
        let until = unsafe { Pin::new_unchecked(&mut this.until) };
        let closed = |SendError(item)| SendUntilError::Closed(item);
        if !this.interrupted {
            if let Poll::Ready(sent) = push.as_mut().poll(cx) {
                return Poll::Ready(sent.map_err(closed));
            }
            this.waits_since.get_or_insert_with(Since::now);
            ready!(until.poll(cx));
            this.interrupted = true;
        }
        if let (false, Some(since)) = (push.is_terminated(), this.waits_since) {
            let last = push.as_mut().wait().look_again(cx.waker(), false, since);
            if let Some(got) = last {
                this.interrupted = false;
                let sent = pushed(got, push.wait().load());
                return Poll::Ready(sent.map_err(closed));
            }
        }
        let item = push.into_item();
        this.interrupted = false;
        Poll::Ready(match item {
            Some(item) => Err(SendUntilError::Interrupted(item)),
            None => Ok(()),
        })
    }
}

impl<T, F: Future> FusedFuture for SendUntil<'_, T, F> {
    fn is_terminated(&self) -> bool {
        self.push.is_terminated() && !self.interrupted
    }
}

impl<T, F> fmt::Debug for SendUntil<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendUntil")
            .field("push", &self.push)
            .finish_non_exhaustive()
    }
}
