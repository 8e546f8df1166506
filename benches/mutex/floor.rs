//! A synchronous mutex, for rows in which nothing waits. Its guard must stay on its thread, so it cannot be a
//! contestant.

use crate::support::executor::Executor;
use crate::support::field::Batch;
use crate::support::row::{Load, Row};
use crate::support::workload::Sample;
use std::{sync::Arc, time::Instant};

pub(crate) fn batch(row: &Row<()>) -> Option<Batch<()>> {
    matches!(row.load, Load::Alone).then_some(alone)
}

/// The loop that each contestant runs on the rows of one future.
fn alone(_: &Row<()>, executor: &Executor, locks: u64) -> Sample {
    let elapsed = executor.run_in_task(async move {
        let mutex = Arc::new(parking_lot::Mutex::new(0));
        let start = Instant::now();
        for _ in 0..locks {
            *mutex.lock() += 1;
        }
        let elapsed = start.elapsed();
        assert_eq!(*mutex.lock(), locks);
        elapsed
    });
    Sample::untimed(elapsed, locks)
}
