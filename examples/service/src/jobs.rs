//! Background jobs: a handler queues a job and answers at once, and workers run the jobs.
//!
//! ```text
//! POST /jobs ──try_push──▶ [ bounded queue ] ──pop──▶ workers, each one job at a time
//!             full: 503                      closed and drained: they end
//! ```
//!
//! Every accepted job runs. A shutdown closes the queue, which rejects later jobs; the workers continue until
//! it is drained, and the shutdown waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinSet};
use wakeful::Queue;
use wakeful::queue::TrySendError;

use crate::breakage::QueueBreakage;
use crate::ledger::Ledger;
use crate::support::waits::Waits;

pub(crate) struct Jobs {
    queue: Queue<Job>,
    /// How many may be queued.
    pub(crate) bound: usize,
    /// How many may be run at once.
    pub(crate) workers: usize,
    takes: Duration,
    breakage: Option<QueueBreakage>,
    next: AtomicU64,
    pub(crate) ledger: Ledger,
    /// How long jobs waited in the queue.
    pub(crate) waits: Waits,
}

struct Job {
    number: u64,
    since: Instant,
}

/// Why a job was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    Full,
    Stopping,
}

impl Jobs {
    /// Creates the jobs, each of which `takes` this long.
    pub(crate) fn new(
        bound: usize,
        workers: usize,
        takes: Duration,
        breakage: Option<QueueBreakage>,
    ) -> Self {
        let slots = match breakage {
            Some(QueueBreakage::Bound) => 2 * bound,
            _ => bound,
        };
        Self {
            queue: Queue::bounded(slots),
            bound,
            workers,
            takes,
            breakage,
            next: AtomicU64::new(0),
            ledger: Ledger::default(),
            waits: Waits::new(),
        }
    }

    /// Queues a job for the workers if there is room for it now, and returns its number.
    pub(crate) fn enqueue(&self) -> Result<u64, Rejection> {
        let number = self.next.fetch_add(1, Relaxed);
        let job = Job {
            number,
            since: Instant::now(),
        };
        match self.push(job) {
            Ok(()) => {
                self.ledger.accepted(number, self.queue.len());
                Ok(number)
            }
            Err(TrySendError::Full(_)) => {
                self.ledger.rejected();
                Err(Rejection::Full)
            }
            Err(TrySendError::Closed(_)) => Err(Rejection::Stopping),
        }
    }

    fn push(&self, job: Job) -> Result<(), TrySendError<Job>> {
        if self.breakage == Some(QueueBreakage::Oldest) {
            self.queue.force_push(job)?;
            return Ok(());
        }
        self.queue.try_push(job)
    }

    pub(crate) fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Rejects new jobs; queued ones still run.
    pub(crate) fn close(&self) {
        if self.breakage == Some(QueueBreakage::Drain) {
            self.queue.close_and_drain();
        }
        self.queue.close();
    }

    /// A worker, until the queue is closed and drained.
    async fn work(self: Arc<Self>) {
        while let Some(job) = self.queue.pop().await {
            self.waits.record(job.since.elapsed());
            self.ledger.begun();
            let again = self.breakage == Some(QueueBreakage::Again);
            for _ in 0..1 + u32::from(again) {
                tokio::time::sleep(self.takes).await;
                self.ledger.ran(job.number);
            }
        }
    }
}

pub(crate) struct Workers(JoinSet<()>);

impl Workers {
    pub(crate) fn start(jobs: &Arc<Jobs>) -> Self {
        let workers = (0..jobs.workers).map(|_| jobs.clone().work());
        Self(workers.collect())
    }

    /// Returns when all jobs have run. Close them first.
    pub(crate) async fn finish(mut self) -> Result<(), JoinError> {
        while let Some(ended) = self.0.join_next().await {
            ended?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(bound: usize) -> Arc<Jobs> {
        Arc::new(Jobs::new(bound, 2, Duration::from_millis(1), None))
    }

    #[tokio::test]
    async fn a_full_queue_rejects_and_a_worker_makes_room() {
        let jobs = jobs(2);
        assert_eq!([jobs.enqueue(), jobs.enqueue()], [Ok(0), Ok(1)]);
        assert_eq!(jobs.enqueue(), Err(Rejection::Full));
        let _workers = Workers::start(&jobs);
        while jobs.queued() == 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(jobs.enqueue(), Ok(3));
    }

    #[tokio::test]
    async fn a_stop_runs_what_was_accepted_and_refuses_what_comes() {
        let jobs = jobs(100);
        for number in 0..100 {
            assert_eq!(jobs.enqueue(), Ok(number));
        }
        let workers = Workers::start(&jobs);
        jobs.close();
        assert_eq!(jobs.enqueue(), Err(Rejection::Stopping));
        workers.finish().await.unwrap();
        let account = jobs.ledger.account();
        assert_eq!((account.accepted, account.run), (100, 100));
        assert_eq!(account.lost + account.again + account.unasked, 0);
    }
}
