//! The two limits: files open at once, and bytes held at once. Both are semaphores, beside each a
//! gauge that shows whether it was kept.

use std::sync::Arc;

use wakeful::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::args::Args;
use crate::support::gauge::Gauge;
use crate::support::waits::Waits;

/// The greatest room that one file gets. A longer one is read in pieces.
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

    /// How many bytes to hold of a file that has `length`. All of the budget is enough for any file,
    /// so none waits for more than there is. A length may be wrong: /proc says 0.
    pub(crate) fn room(&self, length: u64) -> u32 {
        let room = length.clamp(1, GREATEST_ROOM).min(self.bytes.size as u64);
        u32::try_from(room).expect("the greatest room is far less")
    }

    /// Refuses who waits and who comes, so that everything ends.
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

    /// Waits for `n` permits; there are none once the limits were closed.
    pub(crate) async fn permits(&self, n: u32) -> Result<OwnedSemaphorePermit, AcquireError> {
        let permits = self.semaphore.clone().acquire_many_owned(n);
        self.waits.time(permits).await
    }

    pub(crate) fn free(&self) -> usize {
        self.semaphore.available_permits()
    }
}
