//! What the models share: one way to run them, and the cast; what is of the semaphore or of the queue
//! alone has a file of its own. The value under the mutex is a [`Log`]:
//! whoever enters writes a letter, so that the order of entering is there to be judged at the end.
//! The log is plain memory; besides, every guard holds loom's tracker of the value, so that two who
//! are inside at once, or one who enters without seeing what the last one wrote, end the model.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use loom::cell::UnsafeCell;
use loom::sync::Notify;
use wakeful::{Fairness, Mutex, OwnedMutexGuard};

pub(crate) use loom::future::block_on;
pub(crate) use loom::thread::JoinHandle;
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
    SHOWN.take();
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let start = Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        f();
    });
    for (what, shown) in SHOWN.take() {
        assert!(shown, "in no schedule: {what}");
    }
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let bound = builder
        .preemption_bound
        .map_or("none".to_owned(), |n| n.to_string());
    let (executions, time) = (executions.load(Relaxed), start.elapsed().as_secs_f64());
    println!("{name}: {executions} executions, bound {bound}, {time:.1} s");
}

thread_local! {
    /// What some schedule must show, and whether one has.
    static SHOWN: RefCell<BTreeMap<&'static str, bool>> = const { RefCell::new(BTreeMap::new()) };
}

/// Notes whether a schedule shows something that some schedule must, lest a model hold because nothing
/// happens in it. To be called in every schedule.
pub(crate) fn saw(it: bool, what: &'static str) {
    SHOWN.with_borrow_mut(|shown| *shown.entry(what).or_default() |= it);
}

loom::lazy_static! {
    /// What a thread touches first, and its parent when it has spawned it.
    static ref START: loom::sync::atomic::AtomicUsize = loom::sync::atomic::AtomicUsize::new(0);
}

thread_local! {
    /// Whether threads touch `START`.
    static ORDERS_STARTS: Cell<bool> = const { Cell::new(true) };
}

fn start() {
    if ORDERS_STARTS.get() {
        START.fetch_add(1, Relaxed);
    }
}

/// Spawns a thread. Whether it or its parent goes on first, loom tries both, even if all that one of
/// them does is look: see *Loom's blind side* in `main`.
pub(crate) fn spawn<T: 'static>(f: impl FnOnce() -> T + 'static) -> JoinHandle<T> {
    let thread = loom::thread::spawn(move || {
        start();
        f()
    });
    start();
    thread
}

/// Every schedule, where ordering the starts too would take minutes: to be run beside a bounded model
/// that orders them.
pub(crate) fn unbounded_model(f: impl Fn() + Send + Sync + 'static) {
    ORDERS_STARTS.set(false);
    model(UNBOUNDED, f);
    ORDERS_STARTS.set(true);
}

/// The same with a clone of what both share.
pub(crate) fn spawn_with<S: Clone + 'static, T: 'static>(
    shared: &S,
    f: impl FnOnce(S) -> T + 'static,
) -> JoinHandle<T> {
    let theirs = shared.clone();
    spawn(move || f(theirs))
}

/// A patience: in a model time is counted in looks, a nanosecond each.
pub(crate) const fn looks(count: u64) -> Duration {
    Duration::from_nanos(count)
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

/// One thread writes and then does what `gives`; if the other one `gets` it, it reads.
pub(crate) fn hand_over<S: Clone + 'static>(
    shared: fn() -> S,
    gives: fn(&S),
    gets: impl Fn(&S) -> bool + Send + Sync + 'static,
    ends: fn(&S),
) {
    model(UNBOUNDED, move || {
        let shared = shared();
        let written = Arc::new(Watched::default());
        let theirs = (shared.clone(), written.clone());
        let thread = spawn(move || {
            theirs.1.write();
            gives(&theirs.0);
        });
        let got = gets(&shared);
        if got {
            assert_eq!(written.read(), 1);
        }
        saw(!got, "it comes too early");
        saw(got, "it comes in time");
        thread.join().unwrap();
        ends(&shared);
    });
}

/// Who entered, in order.
pub(crate) type Log = Vec<char>;
/// std's, as the owned guards ask for.
pub(crate) type Shared = Arc<Mutex<Log>>;
/// A future that any thread can go on polling.
pub(crate) type Waiting<L = Shared> = Pin<Box<dyn Future<Output = <L as Lock>::Guard> + Send>>;

/// A mutex, or a semaphore of one permit: what holds of both is written once, for [`of_both`].
pub(crate) trait Lock: Clone + 'static {
    type Guard: Entered + 'static;

    fn open(fairness: Fairness) -> Self;
    fn wait(&self) -> Waiting<Self>;
    fn try_now(&self) -> Option<Self::Guard>;
    /// Everybody has finished: nothing may be left of them. Returns who entered.
    fn at_rest(&self) -> Log;
}

/// Whoever is in.
pub(crate) trait Entered {
    fn log(&mut self, write: impl FnOnce(&mut Log));
}

impl Lock for Shared {
    type Guard = OwnedMutexGuard<Log>;

    fn open(fairness: Fairness) -> Self {
        Arc::new(Mutex::with_fairness(Log::new(), fairness))
    }

    fn wait(&self) -> Waiting<Self> {
        Box::pin(self.clone().lock_owned())
    }

    fn try_now(&self) -> Option<Self::Guard> {
        self.clone().try_lock_owned().ok()
    }

    fn at_rest(&self) -> Log {
        self.assert_idle();
        self.try_lock().expect("it is idle").clone()
    }
}

impl Entered for OwnedMutexGuard<Log> {
    fn log(&mut self, write: impl FnOnce(&mut Log)) {
        write(self);
    }
}

/// Makes two models of each function: `name: bound for the mutex, bound for the semaphore`.
macro_rules! of_both {
    ($($name:ident: $mutex:expr, $semaphore:expr;)*) => {
        mod mutex {
            use crate::support::*;
            $(
                #[test]
                fn $name() {
                    model($mutex, super::$name::<Shared>);
                }
            )*
        }
        mod semaphore {
            use crate::support::*;
            $(
                #[test]
                fn $name() {
                    model($semaphore, super::$name::<crate::semaphore::cast::Room>);
                }
            )*
        }
    };
}
pub(crate) use of_both;

pub(crate) fn shared(fairness: Fairness) -> Shared {
    Shared::open(fairness)
}

/// Waits like any task, spurious polls included; enters and leaves.
pub(crate) fn enter(lock: &impl Lock, who: char) {
    sign(block_on(lock.wait()), who);
}

/// Takes what must be free.
#[track_caller]
pub(crate) fn take<L: Lock>(lock: &L) -> L::Guard {
    lock.try_now().expect("it is free")
}

/// Tries to enter, and leaves.
pub(crate) fn barge(lock: &impl Lock, who: char) -> bool {
    lock.try_now().map(|guard| sign(guard, who)).is_some()
}

/// Enters and leaves with a guard that was waited for.
pub(crate) fn sign(mut guard: impl Entered, who: char) {
    guard.log(|log| log.push(who));
}

pub(crate) fn idle(lock: &impl Lock) -> Log {
    lock.at_rest()
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

    /// A waiter that was polled once, in vain.
    #[track_caller]
    pub(crate) fn waits<L: Lock>(&self, lock: &L) -> Waiting<L> {
        let mut waiting = lock.wait();
        assert!(self.poll(&mut waiting).is_none(), "it can not be had");
        waiting
    }
}
