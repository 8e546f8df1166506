//! Which call is which way in each crate.
//!
//! Nothing stands between the loop and a crate's own future and permit. The exception is saa, which has no
//! permit to drop: one that releases is added, as every user of saa has to do.

use super::way::{Available, Many, One, Owned, Permit, Way};
use futures_intrusive::sync as intrusive;
use maitake_sync::{Closed, semaphore as maitake};
use mea::semaphore as mea;
use std::sync::{Arc, atomic::Ordering};

macro_rules! calls {
    ($(
        $semaphore:ty, |$counted:ident| $available:expr => {
            $($way:ident -> $permit:ty: |$asked:ident, $permits:pat_param| $ask:expr;)+
        }
    )+) => {$(
        impl Available for $semaphore {
            fn available(&self) -> usize {
                let $counted = self;
                $available
            }
        }

        $(impl Way<$semaphore> for $way {
            type Permit<'a> = $permit;

            fn ask(
                $asked: &Arc<$semaphore>,
                $permits: u32,
            ) -> impl Future<Output = Self::Permit<'_>> + Send {
                $ask
            }
        })+
    )+};
}

/// What has tokio's API.
macro_rules! like_tokio {
    ($($($module:ident)::+;)+) => {
        calls! {$(
            $($module)::+::Semaphore, |semaphore| semaphore.available_permits() => {
                One -> Result<$($module)::+::SemaphorePermit<'a>, $($module)::+::AcquireError>:
                    |semaphore, _| semaphore.acquire();
                Many -> Result<$($module)::+::SemaphorePermit<'a>, $($module)::+::AcquireError>:
                    |semaphore, permits| semaphore.acquire_many(permits);
                Owned -> Result<$($module)::+::OwnedSemaphorePermit, $($module)::+::AcquireError>:
                    |semaphore, _| Arc::clone(semaphore).acquire_owned();
            }
        )+}
    };
}

like_tokio! {
    wakeful;
    tokio::sync;
}

calls! {
    async_lock::Semaphore, |semaphore| semaphore.available_permits() => {
        One -> async_lock::SemaphoreGuard<'a>: |semaphore, _| semaphore.acquire();
        Owned -> async_lock::SemaphoreGuardArc: |semaphore, _| semaphore.acquire_arc();
    }

    mea::Semaphore, |semaphore| semaphore.available_permits() => {
        One -> mea::SemaphorePermit<'a>: |semaphore, _| semaphore.acquire(1);
        Many -> mea::SemaphorePermit<'a>: |semaphore, permits| semaphore.acquire(permits as usize);
        Owned -> mea::OwnedSemaphorePermit: |semaphore, _| Arc::clone(semaphore).acquire_owned(1);
    }

    maitake::Semaphore, |semaphore| semaphore.available_permits() => {
        One -> Result<maitake::Permit<'a>, Closed>: |semaphore, _| semaphore.acquire(1);
        Many -> Result<maitake::Permit<'a>, Closed>:
            |semaphore, permits| semaphore.acquire(permits as usize);
        Owned -> Result<maitake::OwnedPermit, Closed>: |semaphore, _| semaphore.acquire_owned(1);
    }

    saa::Semaphore, |semaphore| semaphore.available_permits(Ordering::Acquire) => {
        One -> SaaPermit<'a>: |semaphore, _| SaaPermit::one(semaphore);
        Many -> SaaPermit<'a>: |semaphore, permits| SaaPermit::many(semaphore, permits as usize);
    }

    intrusive::Semaphore, |semaphore| semaphore.permits() => {
        One -> intrusive::SemaphoreReleaser<'a>: |semaphore, _| semaphore.acquire(1);
        Many -> intrusive::SemaphoreReleaser<'a>:
            |semaphore, permits| semaphore.acquire(permits as usize);
    }

    // It is an `Arc` in itself.
    intrusive::SharedSemaphore, |semaphore| semaphore.permits() => {
        Owned -> intrusive::SharedSemaphoreReleaser: |semaphore, _| semaphore.acquire(1);
    }
}

impl Permit for async_lock::SemaphoreGuard<'_> {}
impl Permit for async_lock::SemaphoreGuardArc {}
impl Permit for mea::SemaphorePermit<'_> {}
impl Permit for mea::OwnedSemaphorePermit {}
impl Permit for SaaPermit<'_> {}
impl Permit for intrusive::SemaphoreReleaser<'_> {}
impl Permit for intrusive::SharedSemaphoreReleaser {}

pub(crate) struct SaaPermit<'a> {
    semaphore: &'a saa::Semaphore,
    permits: usize,
}

impl<'a> SaaPermit<'a> {
    async fn one(semaphore: &'a saa::Semaphore) -> Self {
        semaphore.acquire_async().await;
        SaaPermit {
            semaphore,
            permits: 1,
        }
    }

    async fn many(semaphore: &'a saa::Semaphore, permits: usize) -> Self {
        assert!(semaphore.acquire_many_async(permits).await, "too many");
        SaaPermit { semaphore, permits }
    }
}

impl Drop for SaaPermit<'_> {
    fn drop(&mut self) {
        self.semaphore.release_many(self.permits);
    }
}
