//! The futures of a semaphore.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::FusedFuture;

use super::Semaphore;
use super::error::AcquireError;
use super::permit::{OwnedSemaphorePermit, SemaphorePermit};
use super::pool::Permits;
use crate::wait::{WaitFuture, pinned, waits};

/// The future of [`Semaphore::acquire`] and [`acquire_many`](Semaphore::acquire_many). It joins the wait
/// queue at its first poll.
///
/// It is fused: [`FusedFuture::is_terminated`] tells whether it has completed.
///
/// # Cancel safety
///
/// It may be dropped at any time: see [`Semaphore`](Semaphore#cancel-safety). Forgetting it is memory safe, but
/// it keeps its place in the queue until it is [passed over](crate::Fairness#terms).
///
/// # Errors
///
/// Fails if the semaphore is closed, before or during the wait.
///
/// # Panics
///
/// Polling it after completion panics. Polling or dropping it also panics if a waker panics: see
/// [`Semaphore`](Semaphore#panics).
///
/// # Examples
///
/// A future keeps its place while the task does something else:
///
/// ```
/// use futures::future::FusedFuture;
/// use std::pin::pin;
/// use wakeful::Semaphore;
///
/// # futures::executor::block_on(async {
/// let semaphore = Semaphore::new(0);
/// let mut acquire = pin!(semaphore.acquire());
/// assert!(futures::poll!(acquire.as_mut()).is_pending());
///
/// semaphore.add_permits(1);
/// let _permit = acquire.as_mut().await.unwrap();
/// assert!(acquire.is_terminated());
/// # });
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct Acquire<'a> {
    pub(super) wait: WaitFuture<Permits, &'a Semaphore>,
}

/// The future of [`Semaphore::acquire_owned`] and [`acquire_many_owned`](Semaphore::acquire_many_owned);
/// otherwise the same as [`Acquire`].
#[must_use = "futures do nothing unless polled"]
pub struct AcquireOwned {
    pub(super) wait: WaitFuture<Permits, Arc<Semaphore>>,
}

waits!([] Acquire<'_>, "Acquire");
waits!([] AcquireOwned, "AcquireOwned");

impl<'a> Future for Acquire<'a> {
    type Output = Result<SemaphorePermit<'a>, AcquireError>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let permits = self.wait.need();
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(semaphore, got)| got.map(|()| SemaphorePermit::new(semaphore, permits)))
    }
}

impl Future for AcquireOwned {
    type Output = Result<OwnedSemaphorePermit, AcquireError>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let permits = self.wait.need();
        pinned!(self.wait)
            .poll_owned(cx)
            .map(|(semaphore, got)| got.map(|()| OwnedSemaphorePermit::new(semaphore, permits)))
    }
}
