//! Waiting for a mutex: the futures, and a thread.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::FusedFuture;

use super::Mutex;
use super::guard::{MutexGuard, OwnedMutexGuard};
use super::poll::Polled;
use super::raw::RawMutex;
use super::wait::Wait;
use crate::blocking::{Turn, block_on};
use crate::sync::Deadline;

/// The future of [`Mutex::lock`]: a place in line, and nothing at all until it is first polled.
///
/// It is cancelled by dropping it, and it is fused: [`FusedFuture`] tells whether it may be polled.
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    wait: Wait,
    from: &'static Location<'static>,
}

/// The future of [`Mutex::lock_owned`]; as [`Lock`] otherwise.
#[must_use = "futures do nothing unless polled"]
pub struct LockOwned<T: ?Sized> {
    /// `None` once the guard has it.
    mutex: Option<Arc<Mutex<T>>>,
    wait: Wait,
    from: &'static Location<'static>,
}

impl<'a, T: ?Sized> Lock<'a, T> {
    #[inline]
    #[track_caller]
    pub(super) fn new(mutex: &'a Mutex<T>) -> Self {
        Self {
            mutex,
            wait: Wait::new(),
            from: Location::caller(),
        }
    }
}

impl<T: ?Sized> LockOwned<T> {
    #[inline]
    #[track_caller]
    pub(super) fn new(mutex: Arc<Mutex<T>>) -> Self {
        Self {
            mutex: Some(mutex),
            wait: Wait::new(),
            from: Location::caller(),
        }
    }
}

impl<'a, T: ?Sized> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing is moved out of a pinned place; `wait` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `wait` is pinned because `this` was.
        let wait = unsafe { Pin::new_unchecked(&mut this.wait) };
        if wait.is_done() {
            polled_after_completion(this.from);
        }
        // SAFETY: it is polled with this mutex alone, and cancelled in `drop`.
        let polled = unsafe { wait.poll(&this.mutex.raw, cx.waker(), false) };
        ready(polled, cx).map(|()| MutexGuard::new(this.mutex))
    }
}

impl<T: ?Sized> Future for LockOwned<T> {
    type Output = OwnedMutexGuard<T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing is moved out of a pinned place; `wait` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `wait` is pinned because `this` was.
        let wait = unsafe { Pin::new_unchecked(&mut this.wait) };
        let Some(mutex) = this.mutex.as_ref().filter(|_| !wait.is_done()) else {
            polled_after_completion(this.from);
        };
        // SAFETY: it is polled with this mutex alone, and cancelled in `drop`.
        let polled = unsafe { wait.poll(&mutex.raw, cx.waker(), false) };
        match (
            ready(polled, cx),
            this.mutex.take_if(|_| polled == Polled::Locked),
        ) {
            (Poll::Ready(()), Some(mutex)) => Poll::Ready(OwnedMutexGuard::new(mutex)),
            _ => Poll::Pending,
        }
    }
}

#[inline]
fn ready(polled: Polled, cx: &mut Context<'_>) -> Poll<()> {
    match polled {
        Polled::Locked => return Poll::Ready(()),
        Polled::Asleep => {}
        Polled::Probing => cx.waker().wake_by_ref(),
    }
    Poll::Pending
}

#[cold]
fn polled_after_completion(from: &Location<'_>) -> ! {
    panic!("the future of a mutex's lock, made at {from}, was polled after completion")
}

impl<T: ?Sized> Drop for Lock<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the mutex it was polled with.
        unsafe { self.wait.cancel(&self.mutex.raw) }
    }
}

impl<T: ?Sized> Drop for LockOwned<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(mutex) = &self.mutex {
            // SAFETY: the mutex it was polled with.
            unsafe { self.wait.cancel(&mutex.raw) }
        }
    }
}

impl<T: ?Sized> FusedFuture for Lock<'_, T> {
    fn is_terminated(&self) -> bool {
        self.wait.is_done()
    }
}

impl<T: ?Sized> FusedFuture for LockOwned<T> {
    fn is_terminated(&self) -> bool {
        self.wait.is_done()
    }
}

impl<T: ?Sized> fmt::Debug for Lock<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_future("Lock", &self.wait, self.from, f)
    }
}

impl<T: ?Sized> fmt::Debug for LockOwned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_future("LockOwned", &self.wait, self.from, f)
    }
}

fn fmt_future(
    name: &str,
    wait: &Wait,
    from: &Location<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    f.debug_struct(name)
        .field("from", &format_args!("{from}"))
        .field("done", &wait.is_done())
        .finish_non_exhaustive()
}

/// A thread that waits: its place in line is on its stack.
struct Blocked<'a> {
    raw: &'a RawMutex,
    wait: Wait,
}

impl Blocked<'_> {
    fn poll(self: Pin<&mut Self>, waker: &Waker) -> Turn<()> {
        // SAFETY: nothing is moved out of a pinned place; `wait` stays pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `wait` is pinned because `this` was.
        let wait = unsafe { Pin::new_unchecked(&mut this.wait) };
        // SAFETY: it is polled with this mutex alone, and cancelled in `drop`.
        match unsafe { wait.poll(this.raw, waker, true) } {
            Polled::Locked => Turn::Ready(()),
            Polled::Asleep => Turn::Park,
            Polled::Probing => Turn::Yield,
        }
    }
}

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        // SAFETY: the mutex it was polled with.
        unsafe { self.wait.cancel(self.raw) }
    }
}

/// Locks by waiting on this thread; `false` if it was too late.
pub(super) fn lock_blocking(raw: &RawMutex, deadline: Deadline) -> bool {
    if raw.try_lock() {
        return true;
    }
    let mut blocked = pin!(Blocked {
        raw,
        wait: Wait::new(),
    });
    block_on(deadline, |waker| blocked.as_mut().poll(waker)).is_some()
}

/// The same for so long; zero tries once.
pub(super) fn lock_blocking_timeout(raw: &RawMutex, timeout: Duration) -> bool {
    if timeout.is_zero() {
        raw.try_lock()
    } else {
        lock_blocking(raw, Deadline::after(timeout))
    }
}
