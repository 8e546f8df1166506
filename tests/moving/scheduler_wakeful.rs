//! What `scheduler.rs` has of one of the two libraries, and each function in which a line was touched.

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use wakeful::queue as mpsc;
use wakeful::queue::error::{SendUntilError, TrySendError};
use wakeful::{Mutex, OwnedSemaphorePermit, Semaphore};

include!("scheduler.rs");

impl Scheduler {
    /// Waits for room, but not for long.
    async fn submit_within(
        &self,
        limit: Duration,
        work: Work,
    ) -> Result<oneshot::Receiver<Option<u64>>, Refused> {
        let (job, result) = self.new_job(work).await;
        match self.jobs.send_until(job, tokio::time::sleep(limit)).await {
            Ok(()) => Ok(result),
            Err(SendUntilError::Interrupted(job)) => self.refuse(job, Refused::Busy).await,
            Err(SendUntilError::Closed(job)) => self.refuse(job, Refused::Stopped).await,
        }
    }
}

/// Runs jobs until all senders are gone, and returns how many.
async fn dispatch(
    inbox: mpsc::Receiver<Job>,
    board: Arc<Mutex<Board>>,
    slots: Arc<Semaphore>,
) -> usize {
    let mut running = JoinSet::new();
    let mut started = 0;
    loop {
        let slot = slots.clone().acquire_owned().await.expect("never closed");
        let Some(job) = inbox.recv().await else { break };
        started += 1;
        running.spawn(run(job, slot, board.clone()));
        while running.try_join_next().is_some() {}
    }
    running.join_all().await;
    started
}

#[tokio::test]
async fn a_failed_attempt_is_followed_by_another_and_watched() {
    let (scheduler, dispatching) = Scheduler::start(4, 2);
    let events = scheduler.watch().await;
    let second_time = Box::new(|attempt| (attempt == 2).then_some(7));
    let result = scheduler.submit(second_time).await.unwrap();
    assert_eq!(result.await.unwrap(), Some(7));
    let never = scheduler.submit(Box::new(|_| None)).await.unwrap();
    assert_eq!(never.await.unwrap(), None);

    let mut seen = Vec::new();
    while let Ok((id, status)) = events.try_recv() {
        if id == 0 {
            seen.push(status);
        }
    }
    let running = |attempt| Status::Running { attempt };
    assert_eq!(seen, [Status::Queued, running(1), running(2), Status::Done]);
    let last = scheduler.board.lock().await.statuses[&1];
    assert_eq!(last, Status::Failed);
    drop(scheduler);
    assert_eq!(dispatching.await.unwrap(), 2);
    assert_eq!(events.recv().await, None);
}
