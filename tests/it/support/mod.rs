//! What the tests share: tasks that count how often they are woken, and futures polled by hand.

mod allocations;
pub(crate) mod auto_traits;
mod executors;
mod hooks;
pub(crate) mod lines;
pub(crate) mod loud;
mod watchdog;

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use wakeful::{Fairness, Lock, Mutex, MutexGuard};

pub(crate) use allocations::{allocations, bytes_held};
pub(crate) use auto_traits::implements;
pub(crate) use executors::{
    Stormy, give_up_after, run_on_all_executors, run_on_tokio, tokio_here, tokio_threads,
};
pub(crate) use fastrand::Rng;
pub(crate) use hooks::Hooks;
pub(crate) use watchdog::Watchdog;

/// A patience that does not end before the test does.
pub(crate) const LONG: Duration = Duration::from_secs(600);
/// A patience that ends while a test sleeps for [`past`] it, and seldom before.
pub(crate) const SHORT: Duration = Duration::from_millis(50);

/// No credit: everything is kept, until this patience ends.
pub(crate) const fn without_credit(patience: Duration) -> Fairness {
    Fairness::overtakes(0).with_patience(patience)
}

/// Sleeps until a call first met before this is older than the patience.
pub(crate) fn past(patience: Duration) {
    std::thread::sleep(patience + Duration::from_millis(1));
}

/// Polls until it is ready, for as long as patience may take.
pub(crate) fn in_time<F: Future + ?Sized>(waiting: &mut Waiting<F>) -> F::Output {
    let start = Instant::now();
    loop {
        if let Some(output) = waiting.poll() {
            return output;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "it is held up");
    }
}

/// The fairness values whose rules differ in kind.
pub(crate) const KINDS: [Fairness; 5] = [
    Fairness::FIFO,
    Fairness::DEFAULT,
    without_credit(Duration::ZERO),
    Fairness::overtakes(1).with_patience(Duration::from_micros(50)),
    Fairness::overtakes(1000),
];

/// A task: its waker counts.
#[derive(Debug, Default)]
pub(crate) struct Task {
    wakes: AtomicUsize,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.count();
    }
}

impl Task {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn wakes(&self) -> usize {
        self.wakes.load(SeqCst)
    }

    pub(crate) fn count(&self) {
        self.wakes.fetch_add(1, SeqCst);
    }

    /// Polls as this task does.
    pub(crate) fn poll<F: Future + ?Sized>(
        self: &Arc<Self>,
        future: Pin<&mut F>,
    ) -> Poll<F::Output> {
        poll_with(&self.waker(), future)
    }

    /// Its waker. Not inlined, since each place that makes one may have a vtable of its own.
    #[inline(never)]
    pub(crate) fn waker(self: &Arc<Self>) -> Waker {
        Waker::from(Arc::clone(self))
    }
}

pub(crate) fn poll_with<F: Future + ?Sized>(waker: &Waker, future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// A future, and the task that polls it.
#[derive(Debug)]
pub(crate) struct Waiting<F: ?Sized> {
    future: Pin<Box<F>>,
    task: Arc<Task>,
    /// How often the task was woken before it was polled last.
    seen: Option<usize>,
}

impl<F: Future> Waiting<F> {
    /// In a task of its own.
    pub(crate) fn new(future: F) -> Self {
        Self::of(&Task::new(), future)
    }

    pub(crate) fn of(task: &Arc<Task>, future: F) -> Self {
        Self::boxed(task, Box::pin(future))
    }
}

impl<F: Future + ?Sized> Waiting<F> {
    /// One that has its box already.
    pub(crate) fn boxed(task: &Arc<Task>, future: Pin<Box<F>>) -> Self {
        Self {
            future,
            task: Arc::clone(task),
            seen: None,
        }
    }

    /// The same, polled once and asleep.
    pub(crate) fn sleeping(task: &Arc<Task>, future: Pin<Box<F>>) -> Self {
        let mut waiting = Self::boxed(task, future);
        let before = task.wakes();
        assert!(waiting.is_pending(), "it has to wait");
        assert_eq!(task.wakes(), before, "it sleeps");
        waiting
    }

    pub(crate) fn poll(&mut self) -> Option<F::Output> {
        self.seen = Some(self.wakes());
        match self.task.poll(self.future.as_mut()) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    /// Whether its executor would poll it: it was not polled yet, or was woken since.
    pub(crate) fn is_woken(&self) -> bool {
        self.seen.is_none_or(|seen| self.wakes() > seen)
    }

    pub(crate) fn poll_if_woken(&mut self) -> Option<F::Output> {
        if self.is_woken() { self.poll() } else { None }
    }

    pub(crate) fn is_pending(&mut self) -> bool {
        self.poll().is_none()
    }

    pub(crate) fn wakes(&self) -> usize {
        self.task.wakes()
    }

    pub(crate) fn task(&self) -> &Arc<Task> {
        &self.task
    }

    pub(crate) fn future(&mut self) -> Pin<&mut F> {
        self.future.as_mut()
    }

    /// Forgets the future, wherever it stands; the task stays, so that no other has its address.
    #[must_use]
    pub(crate) fn forget(self) -> Arc<Task> {
        std::mem::forget(self.future);
        self.task
    }
}

/// A lock future in a task of its own, polled once and asleep.
pub(crate) fn asleep<T: ?Sized>(mutex: &Mutex<T>) -> Waiting<Lock<'_, T>> {
    sleeping(&Task::new(), mutex.lock())
}

/// A future of this task, polled once and asleep.
pub(crate) fn sleeping<F: Future>(task: &Arc<Task>, future: F) -> Waiting<F> {
    Waiting::sleeping(task, Box::pin(future))
}

/// How often each was woken.
pub(crate) fn wakes<F: Future + ?Sized>(waiters: &[Waiting<F>]) -> Vec<usize> {
    waiters.iter().map(Waiting::wakes).collect()
}

/// Locks what is free.
pub(crate) fn hold<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.try_lock().expect("it is free")
}

/// One waiter asleep, then called: the lock is free, and the call unanswered.
pub(crate) fn called<T: ?Sized>(mutex: &Mutex<T>) -> Waiting<Lock<'_, T>> {
    let held = hold(mutex);
    let waiting = asleep(mutex);
    drop(held);
    assert_eq!(waiting.wakes(), 1, "a release calls the first in line");
    waiting
}

/// Runs what has to panic, and returns what it says.
pub(crate) fn panics<T>(run: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(_) => panic!("it did not panic"),
        Err(payload) => message(&*payload),
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("something else").into()
}
