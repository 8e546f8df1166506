//! From the start barrier to the last join: the only part of a contended batch that is timed.
//!
//! It is run from the thread outside the workers, so that the tasks are first offered to all
//! workers alike; started from a task, they would all begin on that task's worker.

use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::{sync::Barrier, task::JoinHandle};

/// Spawns `tasks` runners, each made from its number, lets all of them go at once and waits for each. The barrier is passed
/// twice: once to know that every task has started, then, with the clock running, to let them go.
pub(crate) async fn race<T, F>(tasks: u64, mut runner: impl FnMut(u64) -> F) -> (Duration, Vec<T>)
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let count = usize::try_from(tasks).expect("more tasks than memory");
    let barrier = Arc::new(Barrier::new(count + 1));
    let handles: Vec<JoinHandle<T>> = (0..tasks)
        .map(|task| {
            let (barrier, run) = (Arc::clone(&barrier), runner(task));
            tokio::spawn(async move {
                barrier.wait().await;
                barrier.wait().await;
                run.await
            })
        })
        .collect();
    let mut results = Vec::with_capacity(count);
    barrier.wait().await;
    let start = Instant::now();
    barrier.wait().await;
    for handle in handles {
        results.push(handle.await.expect("a task panicked"));
    }
    (start.elapsed(), results)
}
