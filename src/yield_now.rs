//! Letting other tasks run.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use crate::sync::yield_model;

/// Lets other tasks run, once, on any executor.
///
/// Waits in this crate have no hidden budget: a future whose resource is free is ready in its first poll.
/// So a loop that never has to wait never gives its thread back, and the tasks behind it starve. A
/// `yield_now().await` in each round, or in every hundredth, lets them run.
///
/// # What it promises
///
/// The first poll wakes the task and is pending; the second is ready. So the task goes back to its
/// executor, which runs what it likes and then polls the task again. It is never stuck: nobody else has to
/// wake it.
///
/// # What it does not
///
/// - *That another task runs.* The executor decides. One that has a single task, as `block_on` does, polls
///   again at once, and a loop of `yield_now` then keeps a core busy. To wait *for* something, use what
///   wakes you when it is there.
/// - *That the executor gets to decide.* If another branch of a `select!` is ready in the same poll, nothing
///   is yielded. `FuturesUnordered` and its like may poll a future again before they return.
/// - *That another thread runs.* That is [`std::thread::yield_now`].
///
/// # Compared with tokio's
///
/// In a tokio task, the wake-up puts the task at the back of the run queue (not into the LIFO slot), behind
/// every task that is ready on this worker. `tokio::task::yield_now` goes further: the runtime holds the
/// wake-up back until it has run out of ready tasks and looked at its timers and sockets. With this one,
/// tokio looks at them once in `event_interval` polls (61 by default), as it does under any load. On any
/// other executor, the two do the same.
///
/// # Cancel safety
///
/// Dropping the future loses nothing.
///
/// # Panics
///
/// Polling it after completion panics.
///
/// # Model checking
///
/// In a loom model it is loom's `yield_now` too, so a loop that yields in each round can be explored.
///
/// # Examples
///
/// One thread, and a loop that never waits. The other task runs all the same:
///
/// ```
/// use std::cell::Cell;
/// use wakeful::yield_now;
///
/// # futures::executor::block_on(async {
/// let stop = Cell::new(false);
/// let busy = async {
///     let mut rounds = 0;
///     while !stop.get() {
///         rounds += 1;
///         yield_now().await;
///     }
///     rounds
/// };
/// let (rounds, ()) = futures::join!(busy, async { stop.set(true) });
/// assert_eq!(rounds, 1);
/// # });
/// ```
#[track_caller]
pub fn yield_now() -> YieldNow {
    YieldNow {
        state: State::New,
        from: Location::caller(),
    }
}

/// The future of [`yield_now`]. It does nothing until it is first polled.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
#[must_use = "futures do nothing unless polled"]
pub struct YieldNow {
    state: State,
    from: &'static Location<'static>,
}

#[derive(Debug)]
enum State {
    New,
    Yielded,
    Done,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.state {
            State::New => {
                self.state = State::Yielded;
                cx.waker().wake_by_ref();
                yield_model();
                Poll::Pending
            }
            State::Yielded => {
                self.state = State::Done;
                Poll::Ready(())
            }
            State::Done => {
                let from = self.from;
                panic!("the future of yield_now, made at {from}, was polled after completion");
            }
        }
    }
}

impl FusedFuture for YieldNow {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Done)
    }
}

impl fmt::Debug for YieldNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldNow")
            .field("state", &self.state)
            .field("from", &format_args!("{}", self.from))
            .finish()
    }
}
