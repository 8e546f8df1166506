//! The futures of a mutex.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use super::Mutex;
use super::guard::{MutexGuard, OwnedMutexGuard};
use super::raw::{RawMutex, Turn};
use crate::wait::{Holder, WaitFuture, pinned, waits};

impl<T: ?Sized> Holder<RawMutex> for &Mutex<T> {
    #[inline]
    fn core(&self) -> &RawMutex {
        &self.raw
    }
}

impl<T: ?Sized> Holder<RawMutex> for Arc<Mutex<T>> {
    #[inline]
    fn core(&self) -> &RawMutex {
        &self.raw
    }
}

/// The future of [`Mutex::lock`]. It joins the wait queue at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time: see [`Mutex`](Mutex#cancel-safety). Forgetting it is memory safe, but it
/// keeps its place in the queue until it is [passed over](crate::Fairness#terms).
///
/// # Panics
///
/// Polling it after completion panics. Polling or dropping it also panics if a waker panics: see
/// [`Mutex`](Mutex#panics).
///
/// # Examples
///
/// A future keeps its place while the task does something else:
///
/// ```
/// use futures::FutureExt;
/// use std::pin::pin;
/// use wakeful::Mutex;
///
/// let mutex = Mutex::new(1);
/// let guard = mutex.try_lock().unwrap();
/// let mut lock = pin!(mutex.lock());
/// assert!(lock.as_mut().now_or_never().is_none());
/// drop(guard);
/// assert_eq!(*lock.now_or_never().unwrap(), 1);
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T: ?Sized> {
    pub(super) wait: WaitFuture<Turn, &'a Mutex<T>>,
}

/// The future of [`Mutex::lock_owned`]; otherwise the same as [`Lock`].
#[must_use = "futures do nothing unless polled"]
pub struct LockOwned<T: ?Sized> {
    pub(super) wait: WaitFuture<Turn, Arc<Mutex<T>>>,
}

waits!([T: ?Sized] Lock<'_, T>, "Lock");
waits!([T: ?Sized] LockOwned<T>, "LockOwned");

impl<'a, T: ?Sized> Future for Lock<'a, T> {
    type Output = MutexGuard<'a, T>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(mutex, ())| MutexGuard::new(mutex))
    }
}

impl<T: ?Sized> Future for LockOwned<T> {
    type Output = OwnedMutexGuard<T>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(mutex, ())| OwnedMutexGuard::new(mutex))
    }
}
