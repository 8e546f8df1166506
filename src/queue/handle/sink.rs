//! `Sink` for senders.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_sink::Sink;

use super::sender::Sender;
use super::unbounded::UnboundedSender;
use crate::queue::core::load::Load;
use crate::queue::error::{SendError, TrySendError};
use crate::queue::future::push::pushed;
use crate::queue::{WeightedSendError, WeightedSender};
use crate::wait::WaitFuture;

/// All that a sink is polled for: that nothing is stored any more.
macro_rules! polls {
    ($error:ty, $sender:ident, $cx:ident => $poll:expr) => {
        type Error = $error;

        polls!(poll_ready, $error, $sender, $cx => $poll);
        polls!(poll_flush, $error, $sender, $cx => $poll);
        polls!(poll_close, $error, $sender, $cx => $poll);
    };
    ($name:ident, $error:ty, $sender:ident, $cx:ident => $poll:expr) => {
        fn $name(self: Pin<&mut Self>, $cx: &mut Context<'_>) -> Poll<Result<(), $error>> {
            let $sender = self.get_mut();
            $poll
        }
    };
}

impl<T> Sender<T> {
    /// Panics if an item is still stored.
    fn assert_ready(&self) {
        let is_pending = self.stored.as_ref().is_some_and(|push| !push.is_done());
        assert!(!is_pending, "start_send before poll_ready was ready");
    }

    /// Pushes at once if there is room: then the item takes its place among all pushes now. Otherwise, stores it.
    fn start(&mut self, need: u32, mut load: Load<T>) -> Result<(), SendError<T>> {
        let queue = self.shared();
        match queue.core.try_push(need as usize, &mut load) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Closed(())) => return Err(SendError(load.unsent())),
            Err(TrySendError::Full(())) => {}
        }
        let push = WaitFuture::new(Arc::clone(queue), need, load);
        match &mut self.stored {
            Some(stored) => stored.set(push),
            none => *none = Some(Box::pin(push)),
        }
        Ok(())
    }

    fn poll_stored(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SendError<T>>> {
        match &mut self.stored {
            Some(push) if !push.is_done() => {
                let got = ready!(push.as_mut().poll(cx));
                Poll::Ready(pushed(got, push.as_mut().load()))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// [`start_send`](Sink::start_send) pushes the item at once if [`try_send`](Sender::try_send) would succeed.
/// Otherwise it stores the item in the handle (in an allocation that is reused), and `poll_ready`, `poll_flush`
/// and `poll_close` push it from there. `poll_close` only flushes: the channel closes when the last sender is
/// dropped.
///
/// A stored item has not been sent yet: anything that is sent meanwhile overtakes it, even by this handle's own
/// [`send`](Sender::send), and dropping the sender drops it. Flush first.
///
/// With `SinkExt` in scope, `send` and `close` on a `&mut Sender` are those of `SinkExt`. To call the sender's
/// own, write `Sender::send(&sender, item)`, or use a shared reference.
///
/// A sink reports that the channel is closed by the error of the next item. To find out before creating that
/// item, also await [`closed`](Sender::closed).
///
/// The handle may never be polled again, so nothing is kept for its stored push, and the bound of
/// [`Fairness`](crate::Fairness) does not cover it. When a slot becomes free, it is woken in addition to the
/// [`send`](Sender::send) whose turn it is.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use futures::{SinkExt, StreamExt, stream};
/// use wakeful::queue;
///
/// let (mut sender, receiver) = queue::bounded(2);
/// let mut readings = stream::iter(1..=5).map(Ok);
/// let sending = async move { sender.send_all(&mut readings).await };
/// let (sent, received) = futures::join!(sending, receiver.collect::<Vec<_>>());
/// assert_eq!((sent, received), (Ok(()), vec![1, 2, 3, 4, 5]));
/// # });
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "futures-sink")))]
impl<T> Sink<T> for Sender<T> {
    polls!(SendError<T>, sender, cx => sender.poll_stored(cx));

    /// # Panics
    ///
    /// Panics if an item is still stored, because `poll_ready` was not ready.
    fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), SendError<T>> {
        self.assert_ready();
        self.start(1, Load::Item(item))
    }
}

/// It works as for a [`Sender`]. [`start_send`](Sink::start_send) weighs the item, and fails at once if it is
/// too heavy. A stored item waits until there is room for all of it (for one unit, if it weighs nothing).
/// Lighter ones can keep getting ahead of it without bound: use [`send`](WeightedSender::send) where that
/// matters.
#[cfg_attr(docsrs, doc(cfg(feature = "futures-sink")))]
impl<T> Sink<T> for WeightedSender<T> {
    polls!(WeightedSendError<T>, this, cx => this.sender.poll_stored(cx).map_err(Into::into));

    /// # Panics
    ///
    /// Panics if an item is still stored, because `poll_ready` was not ready, or if `weigh` does.
    fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), WeightedSendError<T>> {
        self.sender.assert_ready();
        let (need, load) = self.scale.admit(item)?;
        Ok(self.sender.start(need, load)?)
    }
}

/// An item is always sent at once, and never stored. `poll_close` does not close the channel. To find out that
/// the channel is closed before creating the next item, await [`closed`](UnboundedSender::closed).
#[cfg_attr(docsrs, doc(cfg(feature = "futures-sink")))]
impl<T> Sink<T> for UnboundedSender<T> {
    polls!(SendError<T>, _sender, _cx => Poll::Ready(Ok(())));

    fn start_send(self: Pin<&mut Self>, item: T) -> Result<(), SendError<T>> {
        self.send(item)
    }
}
