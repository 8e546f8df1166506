//! Letting other tasks run.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use crate::sync::yield_model;
use crate::wait::polled_after_completion;

/// Yields to the executor once, so that other tasks can run.
///
/// Futures of this crate have no hidden budget: a future whose resource is free is ready at its first poll. So
/// a loop that never has to wait never gives its thread back, and other tasks starve. A `yield_now().await` in
/// every iteration, or in every hundredth, lets them run.
///
/// # What it promises
///
/// The first poll wakes the task and is pending; the second is ready. So the task returns to its executor,
/// which polls it again when it chooses. Nobody else has to wake it.
///
/// # What it does not promise
///
/// - *That another task runs.* The executor decides. An executor with a single task, such as `block_on`, polls
///   it again at once, so a loop of `yield_now` keeps a core busy. To wait *for* something, await a future that
///   is woken when it happens.
/// - *That the executor gets to decide.* If another branch of a `select!` is ready in the same poll, nothing
///   is yielded. `FuturesUnordered` and the like may poll a future again before they return.
/// - *That another thread runs.* That is [`std::thread::yield_now`].
///
/// # Compared with tokio's
///
/// In a tokio task, this puts the task at the back of the run queue (not into the LIFO slot), behind every
/// task that is ready on its worker. `tokio::task::yield_now` goes further: the task waits until the runtime
/// has also polled its timers and sockets. With this one, tokio polls those once in `event_interval` polls
/// (61 by default), as it does under any load. On other executors, the two do the same.
///
/// # Cancel safety
///
/// This function is cancel safe.
///
/// # Panics
///
/// Polling it after completion panics.
///
/// # Model checking
///
/// In a loom model it also calls loom's `yield_now`, so a loop that yields in each iteration can be explored.
///
/// # Examples
///
/// On one thread, beside a loop that never waits, the other future still runs:
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

/// The future of [`yield_now`].
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
            State::Done => polled_after_completion("the future of yield_now", self.from),
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
