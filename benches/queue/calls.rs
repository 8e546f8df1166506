//! How each crate opens a channel, sends and receives.
//!
//! Nothing stands between the loop and a crate's own futures. Sending to an unbounded queue never waits, so
//! there every crate is measured by its plain call: no future is needed.
//!
//! Each rival has its default features. crossfire has a separate channel for a single receiver; both take part,
//! because sometimes one and sometimes the other is faster.

use super::channel::{Another, Channel, Received, Sent};
use super::payload::Payload;
use std::future::ready;
use wakeful::{Fairness, Queue, queue};

macro_rules! channels {
    ($(
        $channel:ident, $another:expr, $sender:ty, $receiver:ty:
            |$capacity:pat_param| $open:expr,
            |$sending:ident, $item:ident| $send:expr,
            |$receiving:ident| $receive:expr;
    )*) => {$(
        pub(crate) struct $channel;

        impl<T: Payload> Channel<T> for $channel {
            type Sender = $sender;
            type Receiver = $receiver;
            const ANOTHER: Another<Self::Receiver> = $another;

            fn open($capacity: usize) -> (Self::Sender, Self::Receiver) {
                $open
            }

            fn send(
                $sending: &Self::Sender,
                $item: T,
            ) -> impl Future<Output = impl Sent> + Send {
                $send
            }

            fn receive(
                $receiving: &mut Self::Receiver,
            ) -> impl Future<Output = impl Received<T>> + Send {
                $receive
            }
        }
    )*};
}

use crossfire::{AsyncRx, MAsyncRx, MAsyncTx, MTx, mpmc, mpsc};
use tokio::sync::mpsc as tokio_mpsc;

channels! {
    Bounded, Some(Clone::clone), queue::Sender<T>, queue::Receiver<T>:
        |capacity| queue::bounded(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    Unbounded, Some(Clone::clone), queue::UnboundedSender<T>, queue::Receiver<T>:
        |_| queue::unbounded(),
        |sender, item| ready(sender.send(item).is_ok()),
        |receiver| receiver.recv();
    FifoBounded, Some(Clone::clone), queue::Sender<T>, queue::Receiver<T>:
        |capacity| Queue::bounded(capacity).with_fairness(Fairness::FIFO).into_channel(),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    FifoUnbounded, Some(Clone::clone), queue::Sender<T>, queue::Receiver<T>:
        |_| Queue::unbounded().with_fairness(Fairness::FIFO).into_channel(),
        |sender, item| ready(sender.try_send(item).is_ok()),
        |receiver| receiver.recv();

    TokioBounded, None, tokio_mpsc::Sender<T>, tokio_mpsc::Receiver<T>:
        |capacity| tokio_mpsc::channel(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    TokioUnbounded, None, tokio_mpsc::UnboundedSender<T>, tokio_mpsc::UnboundedReceiver<T>:
        |_| tokio_mpsc::unbounded_channel(),
        |sender, item| ready(sender.send(item).is_ok()),
        |receiver| receiver.recv();

    AsyncChannelBounded, Some(Clone::clone), async_channel::Sender<T>, async_channel::Receiver<T>:
        |capacity| async_channel::bounded(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    AsyncChannelUnbounded, Some(Clone::clone), async_channel::Sender<T>, async_channel::Receiver<T>:
        |_| async_channel::unbounded(),
        |sender, item| ready(sender.try_send(item).is_ok()),
        |receiver| receiver.recv();

    KanalBounded, Some(Clone::clone), kanal::AsyncSender<T>, kanal::AsyncReceiver<T>:
        |capacity| kanal::bounded_async(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    KanalUnbounded, Some(Clone::clone), kanal::AsyncSender<T>, kanal::AsyncReceiver<T>:
        |_| kanal::unbounded_async(),
        |sender, item| ready(sender.try_send(item) == Ok(true)),
        |receiver| receiver.recv();

    FlumeBounded, Some(Clone::clone), flume::Sender<T>, flume::Receiver<T>:
        |capacity| flume::bounded(capacity),
        |sender, item| sender.send_async(item),
        |receiver| receiver.recv_async();
    FlumeUnbounded, Some(Clone::clone), flume::Sender<T>, flume::Receiver<T>:
        |_| flume::unbounded(),
        |sender, item| ready(sender.send(item).is_ok()),
        |receiver| receiver.recv_async();

    CrossfireOneBounded, None, MAsyncTx<mpsc::Array<T>>, AsyncRx<mpsc::Array<T>>:
        |capacity| mpsc::bounded_async(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    CrossfireOneUnbounded, None, MTx<mpsc::List<T>>, AsyncRx<mpsc::List<T>>:
        |_| mpsc::unbounded_async(),
        |sender, item| ready(sender.send(item).is_ok()),
        |receiver| receiver.recv();
    CrossfireManyBounded, Some(Clone::clone), MAsyncTx<mpmc::Array<T>>, MAsyncRx<mpmc::Array<T>>:
        |capacity| mpmc::bounded_async(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
    CrossfireManyUnbounded, Some(Clone::clone), MTx<mpmc::List<T>>, MAsyncRx<mpmc::List<T>>:
        |_| mpmc::unbounded_async(),
        |sender, item| ready(sender.send(item).is_ok()),
        |receiver| receiver.recv();

    Tachyonix, None, tachyonix::Sender<T>, tachyonix::Receiver<T>:
        |capacity| tachyonix::channel(capacity),
        |sender, item| sender.send(item),
        |receiver| receiver.recv();
}
