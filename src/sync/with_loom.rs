//! The facade over loom. Two things that loom cannot do have a stand-in: parking with a deadline (a timeout
//! expires at once), and time (checks are counted, a nanosecond each).

use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};
use std::time::Duration;

use loom::cell::MutPtr;
use loom::thread::{Thread, yield_now};

use super::latch::LATCHED;
use Ordering::Relaxed;

/// For atomics that are not state words.
pub(crate) use loom::sync::atomic::{AtomicUsize as Counter, Ordering};

/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_LIMIT: u16 = 1;
/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_nanos(2);
/// There is no clock.
pub(super) const COUNTS_LOOKS: bool = true;

/// Small, so that models reach the second batch.
pub(crate) const WOKEN_AT_ONCE: usize = 1;

/// A state word under loom, beside a copy of its latest value, which loom does not see. This leaves loom fewer
/// schedules to try, without losing any that could be told apart from the others:
///
/// - A load returns the latest value. An older value is what an earlier load would have returned, and that is
///   one of the schedules anyway, because a primitive has only one word. So a load is a compare-and-swap that
///   fails.
/// - A hint is confirmed by what follows, so it is not a step of its own.
/// - Nobody else runs between latching and unlatching: a thread that tried would find the word latched, and run
///   afterwards. (It would take a detour, which comes to the same.)
///
/// A model under [`explore_latch`] does not use these shortcuts. (A user's model that calls
/// `loom::stop_exploring` cannot use a primitive until it calls `loom::explore`.)
#[derive(Debug)]
pub(crate) struct AtomicUsize {
    atomic: loom::sync::atomic::AtomicUsize,
    latest: std::sync::atomic::AtomicUsize,
    /// The threads that are parked until the word is not latched.
    parked: Mutex<Vec<Thread>>,
}

impl AtomicUsize {
    pub(crate) fn new(value: usize) -> Self {
        Self {
            atomic: loom::sync::atomic::AtomicUsize::new(value),
            latest: std::sync::atomic::AtomicUsize::new(value),
            parked: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn load(&self, ordering: Ordering) -> usize {
        if BARE.get() {
            return self.atomic.load(ordering);
        }
        match self
            .atomic
            .compare_exchange(NEVER, NEVER, ordering, ordering)
        {
            Ok(value) | Err(value) => value,
        }
    }

    /// Only ever releases a latch.
    pub(crate) fn store(&self, value: usize, ordering: Ordering) {
        if BARE.get() {
            self.atomic.store(value, ordering);
        } else {
            loom::stop_exploring();
            self.atomic.store(value, ordering);
            loom::explore();
        }
        self.latest.store(value, Relaxed);
        self.parked().drain(..).for_each(|thread| thread.unpark());
    }

    pub(crate) fn compare_exchange(
        &self,
        from: usize,
        to: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        let swapped = self.atomic.compare_exchange(from, to, success, failure);
        if swapped.is_ok() {
            self.latest.store(to, Relaxed);
        }
        swapped
    }

    fn parked(&self) -> MutexGuard<'_, Vec<Thread>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What no state word ever is.
const NEVER: usize = 1 << (usize::BITS - 1);

thread_local! {
    static BARE: Cell<bool> = const { Cell::new(false) };
}

/// Makes the models in `run` explore what [`StateWord`] otherwise leaves out: threads that find the latch
/// taken, and loads that return older values.
pub fn explore_latch(run: impl FnOnce()) {
    struct Restore;
    impl Drop for Restore {
        fn drop(&mut self) {
            BARE.set(false);
        }
    }
    BARE.set(true);
    let _restore = Restore;
    run();
}

/// The word, unless another thread changes it first, which the next operation will find out. So it is not a
/// step of its own.
pub(super) fn hint(word: &AtomicUsize) -> usize {
    if BARE.get() {
        word.load(Relaxed)
    } else {
        word.latest.load(Relaxed)
    }
}

/// A thread that finds the latch taken parks until it is released.
pub(super) struct BackOff;

impl BackOff {
    pub(super) fn new(_: u32) -> Self {
        Self
    }

    pub(super) fn wait(&mut self, word: &AtomicUsize) {
        while word.latest.load(Relaxed) & LATCHED != 0 {
            word.parked().push(loom::thread::current());
            loom::thread::park();
        }
    }
}

/// Models under [`explore_latch`] try both.
pub(crate) fn pretends_to_be_taken() -> bool {
    false
}

pub(super) fn may_be_parked() -> bool {
    false
}

/// A model unparks by [`AtomicUsize::store`].
pub(super) fn unpark_latch(_: usize) {}

/// A model has no caches.
pub(crate) fn leave_alone() {}

/// A model checks once: checking later is another of its schedules.
pub(crate) fn spin<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    look()
}

/// A model does not check again: the poll that follows does.
pub(crate) fn give_way<T>(_: impl FnOnce() -> Option<T>) -> Option<T> {
    None
}

/// A loop that yields until another thread has done something ends only if that thread gets to run.
pub(crate) fn yield_model() {
    yield_now();
}

/// Used beside a cell of std.
pub(crate) struct Tracker(loom::cell::UnsafeCell<()>);

#[derive(Default)]
pub(crate) struct Access {
    _lasts: Option<MutPtr<()>>,
}

// SAFETY: the pointer in it leads to `()` and is never followed; the guard that carries it says
// who may send it where.
unsafe impl Send for Access {}
// SAFETY: as for `Send`; `&Access` offers nothing.
unsafe impl Sync for Access {}

impl Tracker {
    pub(crate) fn new() -> Self {
        Self(loom::cell::UnsafeCell::new(()))
    }

    /// Panics in the model if another access has not ended, or does not happen before this one.
    pub(crate) fn begin(&self) -> Access {
        Access {
            _lasts: Some(self.0.get_mut()),
        }
    }
}

pub(super) fn ticks() -> u32 {
    unreachable!("looks are counted")
}

struct Token {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Token {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Relaxed);
        self.thread.unpark();
    }
}

pub(crate) struct Parker {
    pub(crate) waker: Waker,
    token: Arc<Token>,
}

impl Parker {
    pub(crate) fn of_this_thread() -> Self {
        let token = Arc::new(Token {
            thread: loom::thread::current(),
            woken: AtomicBool::new(false),
        });
        Self {
            waker: token.clone().into(),
            token,
        }
    }

    pub(crate) fn park(&self, deadline: Deadline) -> bool {
        if deadline.never {
            while !self.token.woken.swap(false, Relaxed) {
                loom::thread::park();
            }
        }
        deadline.never
    }

    pub(crate) fn pause(&self) {
        yield_now();
    }
}

/// loom has no parking with a deadline: a timeout expires at once.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    never: bool,
}

impl Deadline {
    pub(crate) fn after(timeout: Duration) -> Self {
        Self {
            never: timeout == Duration::MAX,
        }
    }

    pub(crate) fn early(self, _: impl FnOnce() -> Option<Duration>) -> Option<Self> {
        (!self.never).then_some(self)
    }

    pub(crate) fn has_passed(self) -> bool {
        !self.never
    }
}
