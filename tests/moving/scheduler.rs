// A job scheduler. Jobs come in through a bounded channel, run a few at a time, are tried again when they
// fail, and are written up on a board. Whoever watches gets an event for each change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

type JobId = usize;

const ATTEMPTS: u32 = 3;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Status {
    Queued,
    Running { attempt: u32 },
    Done,
    Failed,
}

#[derive(PartialEq, Debug)]
enum Refused {
    Busy,
    Stopped,
}

/// What a job does in an attempt: a result, or nothing if that failed.
type Work = Box<dyn FnMut(u32) -> Option<u64> + Send>;

struct Job {
    id: JobId,
    work: Work,
    reply: oneshot::Sender<Option<u64>>,
}

type Event = (JobId, Status);

#[derive(Default)]
struct Board {
    statuses: BTreeMap<JobId, Status>,
    watchers: Vec<mpsc::UnboundedSender<Event>>,
}

impl Board {
    fn set(&mut self, id: JobId, status: Status) {
        self.statuses.insert(id, status);
        self.watchers
            .retain(|watcher| watcher.send((id, status)).is_ok());
    }
}

#[derive(Clone)]
struct Scheduler {
    jobs: mpsc::Sender<Job>,
    board: Arc<Mutex<Board>>,
    slots: Arc<Semaphore>,
}

impl Scheduler {
    fn start(queued: usize, running: usize) -> (Self, JoinHandle<usize>) {
        let (jobs, inbox) = mpsc::channel(queued);
        let scheduler = Self {
            jobs,
            board: Arc::default(),
            slots: Arc::new(Semaphore::new(running)),
        };
        let (board, slots) = (scheduler.board.clone(), scheduler.slots.clone());
        let dispatching = tokio::spawn(dispatch(inbox, board, slots));
        (scheduler, dispatching)
    }

    async fn watch(&self) -> mpsc::UnboundedReceiver<Event> {
        let (watcher, events) = mpsc::unbounded_channel();
        self.board.lock().await.watchers.push(watcher);
        events
    }

    async fn new_job(&self, work: Work) -> (Job, oneshot::Receiver<Option<u64>>) {
        let (reply, result) = oneshot::channel();
        let mut board = self.board.lock().await;
        let id = board.statuses.len();
        board.set(id, Status::Queued);
        (Job { id, work, reply }, result)
    }

    /// Waits for room in the queue.
    async fn submit(&self, work: Work) -> Result<oneshot::Receiver<Option<u64>>, Refused> {
        let (job, result) = self.new_job(work).await;
        match self.jobs.send(job).await {
            Ok(()) => Ok(result),
            Err(mpsc::error::SendError(job)) => self.refuse(job, Refused::Stopped).await,
        }
    }

    /// Does not wait.
    async fn try_submit(&self, work: Work) -> Result<oneshot::Receiver<Option<u64>>, Refused> {
        let (job, result) = self.new_job(work).await;
        match self.jobs.try_send(job) {
            Ok(()) => Ok(result),
            Err(TrySendError::Full(job)) => self.refuse(job, Refused::Busy).await,
            Err(TrySendError::Closed(job)) => self.refuse(job, Refused::Stopped).await,
        }
    }

    async fn refuse<T>(&self, job: Job, why: Refused) -> Result<T, Refused> {
        self.board.lock().await.set(job.id, Status::Failed);
        Err(why)
    }

    fn room(&self) -> usize {
        self.jobs.capacity()
    }

    fn is_idle(&self, running: usize) -> bool {
        self.jobs.capacity() == self.jobs.max_capacity()
            && self.slots.available_permits() == running
    }
}

async fn run(mut job: Job, slot: OwnedSemaphorePermit, board: Arc<Mutex<Board>>) {
    let mut result = None;
    for attempt in 1..=ATTEMPTS {
        let running = Status::Running { attempt };
        board.lock().await.set(job.id, running);
        tokio::task::yield_now().await;
        result = (job.work)(attempt);
        if result.is_some() {
            break;
        }
    }
    let status = if result.is_some() {
        Status::Done
    } else {
        Status::Failed
    };
    board.lock().await.set(job.id, status);
    drop(slot);
    let _ = job.reply.send(result); // unless nobody waits for it
}

fn square(n: u64) -> Work {
    Box::new(move |_| Some(n * n))
}

#[tokio::test]
async fn every_job_runs_and_answers() {
    let (scheduler, dispatching) = Scheduler::start(4, 2);
    let mut results = Vec::new();
    for n in 0..50 {
        results.push(scheduler.submit(square(n)).await.unwrap());
    }
    let mut sum = 0;
    for result in results {
        sum += result.await.unwrap().unwrap();
    }
    assert_eq!(sum, (0..50).map(|n| n * n).sum());
    drop(scheduler);
    assert_eq!(dispatching.await.unwrap(), 50);
}

#[tokio::test]
async fn a_full_queue_refuses_and_a_stopped_one_too() {
    let (scheduler, dispatching) = Scheduler::start(1, 1);
    // The only slot is taken, so that what is queued stays queued.
    let slot = scheduler.slots.clone().acquire_owned().await.unwrap();
    let queued = scheduler.submit(square(2)).await.unwrap();
    assert_eq!(scheduler.room(), 0);
    let busy = scheduler.try_submit(square(3)).await.unwrap_err();
    assert_eq!(busy, Refused::Busy);
    let limit = Duration::from_millis(5);
    let late = scheduler.submit_within(limit, square(4)).await.unwrap_err();
    assert_eq!(late, Refused::Busy);

    drop(slot);
    assert_eq!(queued.await.unwrap(), Some(4));
    assert!(scheduler.try_submit(square(5)).await.is_ok());
    dispatching.abort();
    assert!(dispatching.await.unwrap_err().is_cancelled());
    scheduler.jobs.closed().await;
    let stopped = scheduler.submit(square(6)).await.unwrap_err();
    assert_eq!(stopped, Refused::Stopped);
    assert!(!scheduler.board.lock().await.statuses.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_submit_at_once() {
    let (scheduler, dispatching) = Scheduler::start(8, 3);
    let mut clients = JoinSet::new();
    for client in 0..10 {
        let scheduler = scheduler.clone();
        clients.spawn(async move {
            let mut sum = 0;
            for n in 0..20 {
                let result = scheduler.submit(square(client * n)).await.unwrap();
                sum += result.await.unwrap().unwrap();
            }
            sum
        });
    }
    let sum: u64 = clients.join_all().await.into_iter().sum();
    let squares = |of: u64| (0..of).map(|n| n * n).sum::<u64>();
    assert_eq!(sum, squares(10) * squares(20));
    let board = scheduler.board.lock().await;
    assert!(
        board
            .statuses
            .values()
            .all(|status| *status == Status::Done)
    );
    drop(board);
    assert!(scheduler.room() > 0 && !scheduler.is_idle(4));
    drop(scheduler);
    assert_eq!(dispatching.await.unwrap(), 200);
}
