//! The facade over loom.

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use loom::cell::MutPtr;
use loom::thread::Thread;

pub(crate) use loom::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};
pub(crate) use loom::thread::yield_now;
/// Not loom's: what it guards is watched by a [`Tracker`] beside it, or stands under a [`ShortLock`].
pub(crate) use std::cell::UnsafeCell;

/// Time does not pass in a model.
pub(crate) fn sleep(_: Duration) {
    yield_now();
}

/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_OVERTAKES: u16 = 1;
/// Small, so that every path of a model is short.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_nanos(2);

/// A model that spins has to yield soon.
pub(crate) const MOST_SPINS: u32 = 1;

/// Small, so that a second batch is soon needed.
pub(crate) const WOKEN_AT_ONCE: usize = 1;

/// Caches are nothing to a model.
pub(crate) fn leave_alone() {}

/// A model does not wait for what may be there soon: that it comes later is one of its paths.
pub(crate) fn spin<T>(_look: impl FnMut() -> Option<T>) -> Option<T> {
    None
}

/// In the place of the lock over std, whose spinning would lengthen every path. The byte is what
/// it carries.
pub(crate) struct ShortLock(loom::sync::Mutex<u8>);

pub(crate) struct ShortGuard<'a>(loom::sync::MutexGuard<'a, u8>);

impl ShortLock {
    pub(crate) fn carrying(bits: u8) -> Self {
        Self(loom::sync::Mutex::new(bits))
    }

    /// A hint, on which nothing depends: none.
    pub(crate) fn peek(&self) -> u8 {
        0
    }

    pub(crate) fn lock(&self, _: u32) -> ShortGuard<'_> {
        // A panic inside a model ends the model; there is nothing to poison for.
        ShortGuard(
            self.0
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner()),
        )
    }
}

impl ShortGuard<'_> {
    pub(crate) fn carried(&self) -> u8 {
        *self.0
    }

    pub(crate) fn carry(&mut self, bits: u8) {
        *self.0 = bits;
    }
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

    pub(crate) fn reset(&self) {}

    pub(crate) fn spin(&self) -> bool {
        spin(|| Some(())).is_some()
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

    pub(crate) fn park(self) -> bool {
        if self.never {
            loom::thread::park();
        }
        self.never
    }

    pub(crate) fn has_passed(self) -> bool {
        !self.never
    }
}
