//! The limit on requests to the upstream, which can be resized while they run.
//!
//! A reduction removes free permits at once, and the others as they are returned. Returned permits pay off the
//! debt before any waiter gets one, so a later request that gets a permit shows that the reduction is complete.
//! From then until the next increase, no more requests than the new limit may be in progress, which is checked:
//! a *phase* is a limit that was in force, with the greatest number of requests that the upstream saw
//! meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wakeful::{AcquireError, Semaphore, SemaphorePermit};

use crate::breakage::Breakage;
use crate::support::gauge::Gauge;
use crate::support::waits::Waits;

pub(crate) struct Limit {
    semaphore: Semaphore,
    breakage: Option<Breakage>,
    /// How long requests waited for a permit.
    pub(crate) waits: Waits,
    /// How many requests the upstream is serving, by its own count.
    upstream: Gauge,
    resizing: Mutex<Resizing>,
}

struct Resizing {
    /// The limit that the semaphore was set to.
    size: usize,
    /// The limit that is known to be in force.
    in_force: usize,
    ended: BTreeMap<usize, Phases>,
}

/// All phases with the same limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Phases {
    pub(crate) times: u64,
    pub(crate) most: u64,
}

impl Limit {
    pub(crate) fn new(size: usize, upstream: Gauge, breakage: Option<Breakage>) -> Self {
        Self {
            semaphore: Semaphore::new(size),
            breakage,
            waits: Waits::new(),
            upstream,
            resizing: Mutex::new(Resizing {
                size,
                in_force: size,
                ended: BTreeMap::new(),
            }),
        }
    }

    /// Acquires a permit, to be held while the request runs. Fails once the limit is closed.
    pub(crate) async fn permit(&self) -> Result<Option<SemaphorePermit<'_>>, AcquireError> {
        let permit = self.waits.time(self.semaphore.acquire()).await?;
        Ok((self.breakage != Some(Breakage::Limit)).then_some(permit))
    }

    /// Returns when the new limit is in force.
    pub(crate) async fn resize(&self, size: usize) -> Result<(), AcquireError> {
        let before = std::mem::replace(&mut self.resizing().size, size);
        if size < before {
            if self.breakage != Some(Breakage::Resize) {
                self.semaphore.reduce_permits(before - size);
            }
            let _paid = self.semaphore.acquire().await?;
            self.begin_phase(size);
        } else {
            self.begin_phase(size);
            self.semaphore.add_permits(size - before);
        }
        Ok(())
    }

    fn begin_phase(&self, size: usize) {
        let mut resizing = self.resizing();
        let limit = std::mem::replace(&mut resizing.in_force, size);
        let phases = resizing.ended.entry(limit).or_default();
        phases.times += 1;
        phases.most = phases.most.max(self.upstream.take_most());
    }

    /// Ends the current phase, and returns all phases by limit.
    pub(crate) fn phases(&self) -> BTreeMap<usize, Phases> {
        let in_force = self.resizing().in_force;
        self.begin_phase(in_force);
        self.resizing().ended.clone()
    }

    /// How many permits are free, and how many there are in all.
    pub(crate) fn free(&self) -> (usize, usize) {
        (self.semaphore.available_permits(), self.resizing().size)
    }

    /// Rejects all waiting and all later requests.
    pub(crate) fn close(&self) {
        self.semaphore.close();
    }

    fn resizing(&self) -> MutexGuard<'_, Resizing> {
        self.resizing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_reduction_is_in_force_once_the_permits_are_back() {
        let upstream = Gauge::default();
        let limit = Limit::new(3, upstream.clone(), None);
        let requests = [limit.permit().await, limit.permit().await];
        let in_hand = [upstream.enter(1), upstream.enter(1)];
        let mut reduced = Box::pin(limit.resize(1));
        assert!((&mut reduced).now_or_never().is_none());
        drop((requests, in_hand));
        reduced.await.unwrap();
        drop(upstream.enter(1));
        let phases = limit.phases();
        assert_eq!((phases[&3].most, phases[&1].most), (2, 1));
    }

    #[tokio::test]
    async fn a_resizing_that_was_given_up_leaves_the_permits_right() {
        let limit = Limit::new(3, Gauge::default(), None);
        let request = limit.permit().await;
        assert!(limit.resize(1).now_or_never().is_none());
        drop(request);
        assert_eq!(limit.free(), (1, 1));
    }
}
