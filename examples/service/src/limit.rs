//! The limit on requests to the upstream, which can be resized while they run.
//!
//! A reduction takes back what is free at once and the rest as it is given back. Whoever asks after
//! it and gets a permit shows that it is paid, since a debt comes before anyone waiting. From there
//! to the next raise no more than the new limit may be under way, and that is what is checked: a
//! *phase* is a limit that was in force, with the greatest number that the upstream saw meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wakeful::{AcquireError, Semaphore, SemaphorePermit};

use crate::breakage::Breakage;
use crate::support::gauge::Gauge;
use crate::support::waits::Waits;

pub(crate) struct Limit {
    semaphore: Semaphore,
    breakage: Option<Breakage>,
    /// What requests waited for a permit.
    pub(crate) waits: Waits,
    /// How many requests the upstream has in hand, as it measures that itself.
    upstream: Gauge,
    resizing: Mutex<Resizing>,
}

struct Resizing {
    /// What the semaphore was told.
    size: usize,
    /// What is known to be in force.
    in_force: usize,
    ended: BTreeMap<usize, Phases>,
}

/// All the times that one limit was in force.
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

    /// Keep the permit as long as the request runs. There is none once the limit was closed.
    pub(crate) async fn permit(&self) -> Result<Option<SemaphorePermit<'_>>, AcquireError> {
        let permit = self.waits.time(self.semaphore.acquire()).await?;
        Ok((self.breakage != Some(Breakage::Limit)).then_some(permit))
    }

    /// Comes back when the new size is in force.
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

    /// Ends the phase that is on and tells what every limit has seen.
    pub(crate) fn phases(&self) -> BTreeMap<usize, Phases> {
        let in_force = self.resizing().in_force;
        self.begin_phase(in_force);
        self.resizing().ended.clone()
    }

    /// Permits that are free, and how many there are in all.
    pub(crate) fn free(&self) -> (usize, usize) {
        (self.semaphore.available_permits(), self.resizing().size)
    }

    /// Refuses who waits and who comes.
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
