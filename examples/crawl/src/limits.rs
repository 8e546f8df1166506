//! The two limits: files open at once, and bytes held at once. Both are semaphores, each with a gauge that
//! shows whether the limit was kept.

use std::sync::Arc;

use wakeful::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::args::Args;
use crate::support::gauge::Gauge;
use crate::support::waits::Waits;

/// The largest buffer for one file. A longer file is read in pieces.
const GREATEST_ROOM: u64 = 1 << 20;

pub(crate) struct Limits {
    pub(crate) open: Limit,
    pub(crate) bytes: Limit,
}

pub(crate) struct Limit {
    semaphore: Arc<Semaphore>,
    pub(crate) size: usize,
    pub(crate) in_use: Gauge,
    pub(crate) waits: Waits,
}

impl Limits {
    pub(crate) fn new(args: &Args) -> Self {
        let budget = usize::try_from(args.budget.as_u64()).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            open: Limit::new(args.open as usize),
            bytes: Limit::new(budget.min(Semaphore::MAX_PERMITS)),
        }
    }

    /// How many bytes to hold of a file of this `length`: never more than the budget, so no file waits for more
    /// than there is. A length may be wrong: in /proc it is 0.
    pub(crate) fn room(&self, length: u64) -> u32 {
        let room = length.clamp(1, GREATEST_ROOM).min(self.bytes.size as u64);
        u32::try_from(room).expect("the greatest room is far less")
    }

    /// Rejects all waiting and all later requests, so that everything ends.
    pub(crate) fn close(&self) {
        self.open.semaphore.close();
        self.bytes.semaphore.close();
    }

    pub(crate) fn closed(&self) -> bool {
        self.open.semaphore.is_closed()
    }
}

impl Limit {
    fn new(size: usize) -> Self {
        Self {
            semaphore: Arc::new(Semaphore::new(size)),
            size,
            in_use: Gauge::default(),
            waits: Waits::new(),
        }
    }

    /// Waits for `n` permits. Fails once the limits are closed.
    pub(crate) async fn permits(&self, n: u32) -> Result<OwnedSemaphorePermit, AcquireError> {
        let permits = self.semaphore.clone().acquire_many_owned(n);
        self.waits.time(permits).await
    }

    pub(crate) fn free(&self) -> usize {
        self.semaphore.available_permits()
    }
}
