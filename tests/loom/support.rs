//! What the models share: one way to run them, and the cast; what is of the semaphore or of the queue
//! alone has a file of its own. The value under the mutex is a [`Log`]:
//! each thread that enters appends a letter, so that the order can be checked at the end.
//! The log is plain memory; besides, every guard holds loom's tracker of the value, so that two who
//! are inside at once, or one who enters without seeing what the last one wrote, end the model.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use loom::cell::UnsafeCell;
use loom::sync::Notify;
use loom::thread::JoinHandle;
use wakeful::{Mutex, OwnedMutexGuard};

pub(crate) use loom::future::block_on;
pub(crate) use std::time::Duration;
pub(crate) use wakeful::Fairness;

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
    // Those of a model that failed on this thread may not be dropped outside it.
    mem::forget(TO_JOIN.take());
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let start = Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        f();
        join_all();
    });
    for ((when, what), shown) in SHOWN.take() {
        assert!(shown, "{when}: {what}");
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
    static SHOWN: RefCell<BTreeMap<(&'static str, &'static str), bool>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Notes whether a schedule shows something that some schedule must, lest a model hold because nothing
/// happens in it. To be called in every schedule.
pub(crate) fn saw(it: bool, what: &'static str) {
    SHOWN.with_borrow_mut(|shown| *shown.entry(("in no schedule", what)).or_default() |= it);
}

/// The same of what some schedule must show, and another must not.
pub(crate) fn varies(it: bool, what: &'static str) {
    saw(it, what);
    SHOWN.with_borrow_mut(|shown| *shown.entry(("in every schedule", what)).or_default() |= !it);
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

/// A thread of a model. Nobody has to join it: [`idle`] waits for all.
pub(crate) struct Thread<T>(Rc<Cell<Option<JoinHandle<T>>>>);

impl<T> Thread<T> {
    pub(crate) fn join(self) -> T {
        self.0.take().expect("it is joined once").join().unwrap()
    }
}

thread_local! {
    /// For each thread, what joins it unless somebody has.
    static TO_JOIN: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// Joins every thread that nobody has joined.
pub(crate) fn join_all() {
    TO_JOIN.take().into_iter().for_each(|join| join());
}

/// Spawns a thread. Whether it or its parent goes on first, loom tries both, even if all that one of
/// them does is look: see *Loom's blind side* in `main`.
pub(crate) fn spawn<T: 'static>(f: impl FnOnce() -> T + 'static) -> Thread<T> {
    let thread = loom::thread::spawn(move || {
        start();
        f()
    });
    start();
    let thread = Rc::new(Cell::new(Some(thread)));
    let unjoined = thread.clone();
    let join = move || {
        if let Some(thread) = unjoined.take() {
            thread.join().unwrap();
        }
    };
    TO_JOIN.with_borrow_mut(|all| all.push(Box::new(join)));
    Thread(thread)
}

/// The same with a clone of what both share.
pub(crate) fn spawn_with<S: Clone + 'static, T: 'static>(
    shared: &S,
    f: impl FnOnce(S) -> T + 'static,
) -> Thread<T> {
    let theirs = shared.clone();
    spawn(move || f(theirs))
}

/// Every schedule, where ordering the starts too would take minutes: to be run beside a bounded model
/// that orders them.
pub(crate) fn unbounded_model(f: impl Fn() + Send + Sync + 'static) {
    ORDERS_STARTS.set(false);
    model(UNBOUNDED, f);
    ORDERS_STARTS.set(true);
}

/// A deadline: in a model, it has passed at once.
pub(crate) const SOON: Duration = Duration::from_secs(1);

/// A patience: in a model time is counted in looks, a nanosecond each.
pub(crate) const fn looks(count: u64) -> Duration {
    Duration::from_nanos(count)
}

/// No credit, so that everything is kept, and so much patience.
pub(crate) const fn keeps(patience: u64) -> Fairness {
    Fairness::overtakes(0).with_patience(looks(patience))
}

/// This much credit, and patience that never ends: every waiter answers in time by definition.
pub(crate) const fn patient(credit: u16) -> Fairness {
    Fairness::overtakes(credit).with_patience(Duration::MAX)
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

/// A thread writes, and then does what `gives`. Returns what is written to.
pub(crate) fn write_and<S: Clone + 'static>(shared: &S, gives: fn(&S)) -> Arc<Watched> {
    let written = Arc::new(Watched::default());
    spawn_with(&(shared.clone(), written.clone()), move |theirs| {
        theirs.1.write();
        gives(&theirs.0);
    });
    written
}

/// One thread writes and then does what `gives`; if the other one `gets` it, it reads.
pub(crate) fn hand_over<S: Clone + 'static>(
    shared: S,
    gives: fn(&S),
    gets: impl Fn(&S) -> bool,
    ends: fn(&S),
) {
    let written = write_and(&shared, gives);
    let got = gets(&shared);
    if got {
        assert_eq!(written.read(), 1);
    }
    varies(got, "it comes in time");
    join_all();
    ends(&shared);
}

/// Who entered, in order.
pub(crate) type Log = Vec<char>;
/// std's, as the owned guards ask for.
pub(crate) type Shared = Arc<Mutex<Log>>;
/// What waits for a lock, and can be polled by any thread.
pub(crate) type Acquiring<L = Shared> = dyn Future<Output = <L as Lock>::Guard> + Send;

/// A mutex, or a semaphore of one permit: what holds of both is written once, for [`of_both`].
pub(crate) trait Lock: Clone + 'static {
    type Guard: Entered + 'static;

    fn open(fairness: Fairness) -> Self;
    fn wait(&self) -> Pin<Box<Acquiring<Self>>>;
    fn try_now(&self) -> Option<Self::Guard>;
    /// Nobody waits, holds or probes. Returns who entered.
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

    fn wait(&self) -> Pin<Box<Acquiring<Self>>> {
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

/// Makes a model of each line: `name: preemption bound, what runs`.
macro_rules! models {
    ($($(#[$doc:meta])* $name:ident: $bound:expr, $run:expr;)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $name() {
                model($bound, || $run);
            }
        )*
    };
}
pub(crate) use models;

/// Makes two models of each function: `name: bound for the mutex, bound for the semaphore`.
macro_rules! of_both {
    ($($name:ident: $mutex:expr, $semaphore:expr;)*) => {
        mod mutex {
            use crate::support::*;
            models! { $($name: $mutex, super::$name::<Shared>();)* }
        }
        mod semaphore {
            use crate::semaphore::cast::Room;
            use crate::support::*;
            models! { $($name: $semaphore, super::$name::<Room>();)* }
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

/// A lock that is taken, and its guard.
pub(crate) fn locked<L: Lock>(fairness: Fairness) -> (L, L::Guard) {
    let lock = L::open(fairness);
    let guard = take(&lock);
    (lock, guard)
}

/// Tries to enter, and leaves.
pub(crate) fn barge(lock: &impl Lock, who: char) -> bool {
    lock.try_now().map(|guard| sign(guard, who)).is_some()
}

/// Enters and leaves with a guard that was waited for.
pub(crate) fn sign(mut guard: impl Entered, who: char) {
    guard.log(|log| log.push(who));
}

/// Waits for all threads; nothing may be left of them then. Returns who entered.
pub(crate) fn idle(lock: &impl Lock) -> Log {
    join_all();
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

    /// Polls `future` once, in vain.
    #[track_caller]
    fn begins<F: Future + ?Sized>(&self, mut future: Pin<Box<F>>) -> Waiter<F> {
        assert!(self.poll(&mut future).is_none(), "it is ready too early");
        let task = self.clone();
        Waiter { task, future }
    }

    #[track_caller]
    pub(crate) fn queues<F: Future>(&self, future: F) -> Waiter<F> {
        self.begins(Box::pin(future))
    }

    #[track_caller]
    pub(crate) fn waits<L: Lock>(&self, lock: &L) -> Waiting<L> {
        self.begins(lock.wait())
    }
}

/// A future that has been polled, in vain, and the task that polls it.
pub(crate) struct Waiter<F: Future + ?Sized> {
    pub(crate) task: Task,
    pub(crate) future: Pin<Box<F>>,
}

impl<F: Future + ?Sized> Waiter<F> {
    pub(crate) fn poll(&mut self) -> Option<F::Output> {
        self.task.poll(&mut self.future)
    }

    /// Polls once more.
    pub(crate) fn poll_and_drop(mut self) -> Option<F::Output> {
        self.poll()
    }

    /// Polls until ready.
    pub(crate) fn finish(mut self) -> F::Output {
        self.task.finish(&mut self.future)
    }
}

pub(crate) type Waiting<L = Shared> = Waiter<Acquiring<L>>;

/// A future that a task of its own has polled once, in vain.
#[track_caller]
pub(crate) fn queued<F: Future>(future: F) -> Waiter<F> {
    Task::new().queues(future)
}

/// The same of one that waits for `lock`.
#[track_caller]
pub(crate) fn waiter<L: Lock>(lock: &L) -> Waiting<L> {
    Task::new().waits(lock)
}

/// The same of several, in this order.
#[track_caller]
pub(crate) fn waiters<L: Lock, const N: usize>(lock: &L) -> [Waiting<L>; N] {
    [(); N].map(|()| waiter(lock))
}

/// A lock that is taken, its guard, and those who wait for it, in this order.
pub(crate) fn contended<L: Lock, const N: usize>(
    fairness: Fairness,
) -> (L, L::Guard, [Waiting<L>; N]) {
    let (lock, held) = locked(fairness);
    let waiting = waiters(&lock);
    (lock, held, waiting)
}

/// A lock that is free, and a waiter that was called for it and has not answered.
pub(crate) fn called_waiter<L: Lock>(fairness: Fairness) -> (L, Waiting<L>) {
    let (lock, held, [waiting]) = contended(fairness);
    drop(held);
    (lock, waiting)
}

/// A waker that runs this when it is woken.
pub(crate) fn waker_that(runs: impl Fn() + Send + Sync + 'static) -> Waker {
    struct Runs<F>(F);

    impl<F: Fn() + Send + Sync + 'static> Wake for Runs<F> {
        fn wake(self: Arc<Self>) {
            (self.0)();
        }
    }

    Arc::new(Runs(runs)).into()
}
