//! The facade over loom. What loom can not do has a stand-in: parking with a deadline (a timeout
//! expires at once, and a latch is waited for by yielding), and time (looks are counted, a
//! nanosecond each).

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use loom::cell::MutPtr;
use loom::thread::{Thread, yield_now};

pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
/// Not loom's: what it guards is watched by a [`Tracker`] beside it.
pub(crate) use std::cell::UnsafeCell;

/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_LIMIT: u16 = 1;
/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_nanos(2);
pub(crate) const TICK_NANOS: u128 = 1;
pub(crate) const MOST_PATIENCE: u32 = 4096;

/// Small, so that a second batch is soon needed.
pub(crate) const WOKEN_AT_ONCE: usize = 1;

/// Nothing parks on a latch, and so nothing needs to be unparked.
pub(super) struct BackOff;

impl BackOff {
    pub(super) fn new(_: u32) -> Self {
        Self
    }

    pub(super) fn wait(&mut self, _: &AtomicUsize) {
        yield_now();
    }
}

pub(super) fn unpark_latch(_: usize) {}

/// Caches are nothing to a model.
pub(crate) fn leave_alone() {}

/// A model looks once: that it comes later is one of its paths.
pub(crate) fn spin<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    look()
}

pub(crate) struct Tracker(loom::cell::UnsafeCell<()>);

pub(crate) struct Access(Option<MutPtr<()>>);

// SAFETY: the pointer in it leads to `()` and is never followed; the guard that carries it says
// who may send it where.
unsafe impl Send for Access {}
// SAFETY: as for `Send`; `&Access` offers nothing.
unsafe impl Sync for Access {}

impl Tracker {
    pub(crate) fn new() -> Self {
        Self(loom::cell::UnsafeCell::new(()))
    }

    /// Panics in the model if another access has not ended, or did not happen before this one.
    pub(crate) fn begin(&self) -> Access {
        Access(Some(self.0.get_mut()))
    }
}

impl Access {
    pub(crate) fn take(&mut self) -> Self {
        Self(self.0.take())
    }

    pub(crate) fn end(&mut self) {
        self.0 = None;
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Since(u32);

impl Since {
    pub(crate) const NEVER: Self = Self(0);

    pub(crate) fn now() -> Self {
        Self(0)
    }

    /// How many looks there were, this one included.
    pub(crate) fn elapsed(self) -> (Self, u32) {
        let looks = self.0.saturating_add(1);
        (Self(looks), looks)
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub(crate) struct Parker {
    pub(crate) waker: Waker,
}

impl Parker {
    pub(crate) fn of_this_thread() -> Self {
        Self {
            waker: Arc::new(Unpark(loom::thread::current())).into(),
        }
    }

    pub(crate) fn park(&self, deadline: Deadline) -> bool {
        if deadline.never {
            loom::thread::park();
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
    pub(crate) const NEVER: Self = Self { never: true };

    pub(crate) fn after(timeout: Duration) -> Self {
        Self {
            never: timeout == Duration::MAX,
        }
    }

    pub(crate) fn has_passed(self) -> bool {
        !self.never
    }
}
