//! The facade over std.

use std::sync::Arc;
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
pub(crate) const DEFAULT_PATIENCE: u16 = 16;

/// How often the short lock spins, each time twice as long as before.
pub(crate) const SPIN_ROUNDS: u32 = 5;

/// How many are woken at a time when many are.
pub(crate) const WOKEN_AT_ONCE: usize = 16;

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

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

thread_local! {
    static UNPARK: Waker = new_unpark_waker();
}

fn new_unpark_waker() -> Waker {
    Arc::new(Unpark(std::thread::current())).into()
}

/// A waker that unparks this thread: made once a thread, so that a wait allocates nothing.
pub(crate) fn unpark_waker() -> Waker {
    // A destructor of another thread local may wait after this one is gone.
    UNPARK
        .try_with(Waker::clone)
        .unwrap_or_else(|_| new_unpark_waker())
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
