//! What the models share: one way to run them, and the cast; what is of the semaphore or of the queue
//! alone has a file of its own. The value under the mutex is a [`Log`]:
//! whoever enters writes a letter, so that the order of entering is there to be judged at the end.
//! The log is plain memory; besides, every guard holds loom's tracker of the value, so that two who
//! are inside at once, or one who enters without seeing what the last one wrote, end the model.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use loom::cell::UnsafeCell;
use loom::sync::Notify;
use wakeful::{Fairness, LockOwned, Mutex, OwnedMutexGuard};

pub(crate) use loom::future::block_on;
pub(crate) use loom::thread::spawn;
pub(crate) use std::time::Duration;

/// Every schedule, however often a thread is preempted.
pub(crate) const UNBOUNDED: usize = usize::MAX;

/// Runs `f` through every schedule in which no more than `bound` times a thread that could go on is
/// preempted. `LOOM_MAX_PREEMPTIONS` overrides the bound (255 is as good as none), and the other
/// variables of loom hold as well.
pub(crate) fn model(bound: usize, f: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    if builder.preemption_bound.is_none() && bound != UNBOUNDED {
        builder.preemption_bound = Some(bound);
    }
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let start = Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        f();
    });
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let bound = builder
        .preemption_bound
        .map_or("none".to_owned(), |n| n.to_string());
    let (executions, time) = (executions.load(Relaxed), start.elapsed().as_secs_f64());
    println!("{name}: {executions} executions, bound {bound}, {time:.1} s");
}

/// A patience: in a model time is counted in looks, a nanosecond each.
pub(crate) const fn looks(count: u64) -> Duration {
    Duration::from_nanos(count)
}

/// Something that some schedule must show, lest a model hold because nothing happens in it.
#[derive(Clone, Default)]
pub(crate) struct Witness(Arc<AtomicUsize>);

impl Witness {
    pub(crate) fn saw(&self, it: bool) {
        self.0.fetch_add(it.into(), Relaxed);
    }

    #[track_caller]
    pub(crate) fn expect(&self, what: &str) {
        assert!(self.0.load(Relaxed) > 0, "in no schedule: {what}");
    }
}

/// Memory that loom watches: an access that does not happen after the last write ends the model.
#[derive(Default)]
pub(crate) struct Watched(UnsafeCell<usize>);

// SAFETY: an access that races with another one ends the model before it is made.
unsafe impl Send for Watched {}
// SAFETY: as for `Send`.
unsafe impl Sync for Watched {}

impl Watched {
    /// One more was written.
    pub(crate) fn write(&self) {
        // SAFETY: loom has looked.
        self.0.with_mut(|value| unsafe { *value += 1 });
    }

    pub(crate) fn read(&self) -> usize {
        // SAFETY: loom has looked.
        self.0.with(|value| unsafe { *value })
    }
}

/// Who entered, in order.
pub(crate) type Log = Vec<char>;
/// std's, as the owned guards ask for.
pub(crate) type Shared = Arc<Mutex<Log>>;
/// A future that any thread can go on polling.
pub(crate) type Waiting = Pin<Box<LockOwned<Log>>>;

pub(crate) fn shared(fairness: Fairness) -> Shared {
    Arc::new(Mutex::with_fairness(Log::new(), fairness))
}

/// Waits like any task, spurious polls included; enters and leaves.
pub(crate) fn enter(mutex: &Shared, who: char) {
    block_on(mutex.lock()).push(who);
}

/// Tries to enter, and leaves.
pub(crate) fn barge(mutex: &Shared, who: char) -> bool {
    mutex.try_lock().map(|mut log| log.push(who)).is_ok()
}

/// Enters and leaves with a guard that was waited for.
pub(crate) fn sign(mut guard: OwnedMutexGuard<Log>, who: char) {
    guard.push(who);
}

/// Everybody has finished: nothing may be left of them. Returns who entered.
pub(crate) fn idle(mutex: &Shared) -> Log {
    mutex.assert_idle();
    mutex.try_lock().expect("it is idle").clone()
}

/// Whether `first` entered before `second`, who both did once.
pub(crate) fn before(log: &Log, first: char, second: char) -> bool {
    let at = |who| log.iter().position(|&w| w == who).expect("entered");
    at(first) < at(second)
}

/// A task whose futures are polled by hand: what rule 4 calls one task is one of these.
#[derive(Clone)]
pub(crate) struct Task {
    waker: Waker,
    signal: Arc<Signal>,
}

struct Signal {
    /// Returns early once, which is a spurious poll.
    notify: Notify,
    wakes: AtomicUsize,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Relaxed);
        self.notify.notify();
    }
}

impl Task {
    pub(crate) fn new() -> Self {
        let signal = Arc::new(Signal {
            notify: Notify::new(),
            wakes: AtomicUsize::new(0),
        });
        Self {
            waker: signal.clone().into(),
            signal,
        }
    }

    pub(crate) fn poll<F: Future + ?Sized>(&self, future: &mut Pin<Box<F>>) -> Option<F::Output> {
        let mut cx = Context::from_waker(&self.waker);
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    pub(crate) fn wake(&self) {
        self.waker.wake_by_ref();
    }

    /// Waits to be woken, on one thread at a time.
    pub(crate) fn sleep(&self) {
        self.signal.notify.wait();
    }

    /// How often it was woken: not an access that loom sees, so to be asked where no other thread
    /// could be waking it.
    pub(crate) fn wakes(&self) -> usize {
        self.signal.wakes.load(Relaxed)
    }

    /// Polls until ready.
    pub(crate) fn finish<F: Future + ?Sized>(&self, future: &mut Pin<Box<F>>) -> F::Output {
        loop {
            if let Some(output) = self.poll(future) {
                return output;
            }
            self.sleep();
        }
    }

    /// Polls once, in vain.
    #[track_caller]
    pub(crate) fn queues<F: Future>(&self, future: F) -> Pin<Box<F>> {
        let mut waiting = Box::pin(future);
        assert!(self.poll(&mut waiting).is_none(), "it can not be had");
        waiting
    }

    /// A waiter for the mutex that was polled once, in vain.
    #[track_caller]
    pub(crate) fn waits(&self, mutex: &Shared) -> Waiting {
        self.queues(mutex.clone().lock_owned())
    }
}
