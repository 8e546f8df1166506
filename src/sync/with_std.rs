//! The facade over std.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

pub(crate) use super::short_lock::ShortGuard;
pub(crate) use super::short_lock::ShortLock;
pub(crate) use std::cell::UnsafeCell;
pub(crate) use std::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};
pub(crate) use std::thread::{sleep, yield_now};

/// What `Fairness::DEFAULT` is: measured, see there.
pub(crate) const DEFAULT_OVERTAKES: u16 = 1024;
/// What `Fairness::DEFAULT` is: measured, see there.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_nanos(16);

/// The longest that the short lock spins at a time.
pub(crate) const MOST_SPINS: u32 = 200;

/// For how long a word is left alone that somebody else has just changed.
const LOSER_SPINS: u32 = 16;

/// How long a thread that has to wait spins at first, before it looks.
const FIRST_SPINS: u32 = 8;
/// How often it does, each time twice as long as before.
const SPINS: u32 = 4;
/// And how often it gives its processor away then.
const YIELDS: u32 = 4;

/// How many are woken at a time when many are.
pub(crate) const WOKEN_AT_ONCE: usize = 16;

/// A compare-and-swap was lost: another processor has the word in its cache now, and can change it a few
/// times more in the time that it takes to fetch it from there.
#[inline]
pub(crate) fn leave_alone() {
    (0..LOSER_SPINS).for_each(|_| std::hint::spin_loop());
}

/// Looks now and then for what may be there soon, for less time than it takes to put a thread to sleep
/// and to wake it.
pub(crate) fn spin<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    (0..SPINS + YIELDS).find_map(|round| {
        if round < SPINS {
            (0..FIRST_SPINS << round).for_each(|_| std::hint::spin_loop());
        } else {
            yield_now();
        }
        look()
    })
}

/// Lets loom see who has a value to itself; nothing in a plain build.
pub(crate) struct Tracker;

/// One exclusive use of what a [`Tracker`] stands for, from `begin` to `end`.
pub(crate) struct Access;

impl Tracker {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline]
    pub(crate) fn begin(&self) -> Access {
        Access
    }
}

impl Access {
    #[inline]
    pub(crate) fn take(&mut self) -> Self {
        Self
    }

    #[inline]
    pub(crate) fn end(&mut self) {}
}

struct Unpark {
    thread: Thread,
    /// Whether it was woken of late: a hint, for a thread that has not parked yet.
    woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Ordering: whoever sees it looks under the short lock for what has changed.
        self.woken.store(true, Ordering::Relaxed);
        self.thread.unpark();
    }
}

/// What wakes this thread: made once a thread, so that a wait allocates nothing.
#[derive(Clone)]
pub(crate) struct Parker {
    pub(crate) waker: Waker,
    unpark: Arc<Unpark>,
}

thread_local! {
    static PARKER: Parker = Parker::new();
}

impl Parker {
    fn new() -> Self {
        let unpark = Arc::new(Unpark {
            thread: std::thread::current(),
            woken: AtomicBool::new(false),
        });
        Self {
            waker: Arc::clone(&unpark).into(),
            unpark,
        }
    }

    pub(crate) fn of_this_thread() -> Self {
        // A destructor of another thread local may wait after this one is gone.
        PARKER.try_with(Self::clone).unwrap_or_else(|_| Self::new())
    }

    /// From now on, a wake-up is news.
    #[inline]
    pub(crate) fn reset(&self) {
        self.unpark.woken.store(false, Ordering::Relaxed);
    }

    /// Whether it was woken within a moment.
    pub(crate) fn spin(&self) -> bool {
        spin(|| self.unpark.woken.load(Ordering::Relaxed).then_some(())).is_some()
    }
}

/// The instant at which a blocking wait gives up; `None` is never.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    pub(crate) const NEVER: Self = Self(None);

    /// `Duration::MAX`, and whatever else leads past the end of the clock, is never.
    pub(crate) fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    /// Parks until unparked, or spuriously; `false` if the deadline has passed already.
    pub(crate) fn park(self) -> bool {
        let Some(at) = self.0 else {
            std::thread::park();
            return true;
        };
        let left = at.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            std::thread::park_timeout(left);
        }
        !left.is_zero()
    }

    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|at| at <= Instant::now())
    }
}
