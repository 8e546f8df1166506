//! Waking and dropping wakers: foreign code, which always runs after the internal lock was released.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::Waker;

/// Wakers collected under the internal lock, woken after it.
///
/// If one panics, the others are still woken, and the first panic propagates (later ones are swallowed). While
/// the thread is already unwinding, all panics are swallowed, because a second one would abort.
pub(crate) struct WakeBatch<const N: usize> {
    wakers: [Option<Waker>; N],
}

impl<const N: usize> WakeBatch<N> {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self {
            wakers: [const { None }; N],
        }
    }

    /// Whether `push` may be called once more.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.wakers[N - 1].is_none()
    }

    /// # Panics
    ///
    /// Panics if there is no room.
    #[inline]
    pub(crate) fn push(&mut self, waker: Waker) {
        let slot = self.wakers.iter_mut().find(|slot| slot.is_none());
        *slot.expect("a full batch is woken before more is added") = Some(waker);
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.wakers[0].is_none()
    }

    /// Wakes all, in the order in which they were pushed.
    #[inline]
    pub(crate) fn wake_all(mut self) {
        if !std::thread::panicking() {
            for waker in self.wakers.iter_mut().filter_map(Option::take) {
                waker.wake();
            }
        }
    }
}

impl<const N: usize> Drop for WakeBatch<N> {
    /// Wakes those that a panic left over.
    #[inline]
    fn drop(&mut self) {
        for waker in self.wakers.iter_mut().filter_map(Option::take) {
            swallow(|| waker.wake());
        }
    }
}

/// Wakes one; swallows its panic if the thread is already unwinding. (Catching a panic costs nothing while there
/// is none; asking first whether the thread is unwinding would.)
#[inline(always)]
pub(crate) fn wake(waker: Waker) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
        FirstPanic(Some(panic)).go_on();
    }
}

/// Wakers that are not needed any more, to be dropped after the latch was released, whatever happens until
/// then.
pub(crate) struct Spent([Option<Waker>; 3]);

impl Spent {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self([const { None }; 3])
    }

    pub(crate) fn both(one: Option<Waker>, other: Option<Waker>) -> Self {
        Self([one, other, None])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    #[inline]
    pub(crate) fn put(&mut self, waker: Option<Waker>) {
        let Some(waker) = waker else { return };
        match self.0.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(waker),
            // Leaking it is better than dropping it under the latch.
            None => mem::forget(waker),
        }
    }
}

impl Drop for Spent {
    #[inline]
    fn drop(&mut self) {
        let mut panic = FirstPanic::default();
        for waker in self.0.iter_mut().filter_map(Option::take) {
            panic.catch(|| drop(waker));
        }
        panic.go_on();
    }
}

/// Runs foreign code, whatever panics, and then resumes the first panic.
#[derive(Default)]
pub(crate) struct FirstPanic(Option<Box<dyn Any + Send>>);

impl FirstPanic {
    pub(crate) fn catch(&mut self, foreign: impl FnOnce()) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(foreign)) {
            match self.0 {
                None => self.0 = Some(panic),
                Some(_) => mem::forget(panic), // its drop is foreign code too
            }
        }
    }

    /// Swallows the panic.
    pub(crate) fn swallow(self) {
        mem::forget(self);
    }

    /// Resumes the first panic, unless the thread is already unwinding.
    pub(crate) fn go_on(self) {
        match self.0 {
            Some(panic) if !std::thread::panicking() => resume_unwind(panic),
            panic => mem::forget(panic),
        }
    }
}

#[cold]
fn swallow(foreign: impl FnOnce()) {
    let mut panic = FirstPanic::default();
    panic.catch(foreign);
    panic.swallow();
}

/// Runs its closure if foreign code panics before this is forgotten.
pub(crate) struct OnPanic<F: FnMut()>(pub(crate) F);

impl<F: FnMut()> Drop for OnPanic<F> {
    #[inline]
    fn drop(&mut self) {
        (self.0)();
    }
}
