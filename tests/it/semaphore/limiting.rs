//! What a semaphore is for: limiting concurrency, whatever goes wrong on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use futures::future::try_join_all;
use wakeful::{Fairness, Semaphore, yield_now};

use super::{assert_idle, of_all_kinds};
use crate::support::{Rng, tokio_here, tokio_threads};

/// Counts who is inside, and the most that ever were.
#[derive(Default)]
struct Inside {
    now: AtomicUsize,
    most: AtomicUsize,
}

struct Entered(Arc<Inside>);

impl Inside {
    fn enter(self: &Arc<Self>) -> Entered {
        let now = 1 + self.now.fetch_add(1, SeqCst);
        self.most.fetch_max(now, SeqCst);
        Entered(Arc::clone(self))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, SeqCst);
    }
}

/// A job with `async with semaphore:` around it, as one would write in Python: it may fail, panic or be
/// aborted, and the permit comes back on every path.
async fn job(semaphore: Arc<Semaphore>, inside: Arc<Inside>, seed: u64) -> Result<u64, String> {
    let mut random = Rng::with_seed(seed);
    let _permit = semaphore.acquire().await.map_err(|e| e.to_string())?;
    let _entered = inside.enter();
    for _ in 0..random.u64(..4) {
        yield_now().await;
    }
    match seed % 4 {
        0 => Err(format!("request {seed} failed")),
        1 => panic!("request {seed} panicked"),
        2 => {
            yield_now().await;
            Ok(seed)
        }
        _ => Ok(seed),
    }
}

#[test]
fn at_most_n_jobs_at_once_with_errors_panics_and_aborts_on_the_way() {
    let runtime = tokio_threads(2);
    for limit in [1, 3] {
        for semaphore in of_all_kinds(limit).map(Arc::new) {
            let inside = Arc::new(Inside::default());
            let ended = runtime.block_on(async {
                let job = |seed| job(Arc::clone(&semaphore), Arc::clone(&inside), seed);
                let jobs: Vec<_> = (0..200).map(|seed| tokio::spawn(job(seed))).collect();
                for job in jobs.iter().step_by(7) {
                    job.abort();
                }
                let mut ended = [0; 4];
                for job in jobs {
                    let kind = match job.await {
                        Ok(Ok(_)) => 0,
                        Ok(Err(_)) => 1,
                        Err(error) if error.is_panic() => 2,
                        Err(_) => 3,
                    };
                    ended[kind] += 1;
                }
                ended
            });
            assert!(ended[0] > 50 && ended[1] > 20 && ended[2] > 20, "{ended:?}");
            assert_eq!(ended.iter().sum::<usize>(), 200);
            assert!(inside.most.load(SeqCst) <= limit, "too many at once");
            assert_eq!(inside.now.load(SeqCst), 0);
            assert_idle(&semaphore, limit);
        }
    }
}

/// They all want in, so the limit is reached: it is a limit and no lock.
#[test]
fn n_jobs_are_at_work_at_once() {
    let semaphore = Arc::new(Semaphore::with_fairness(3, Fairness::FIFO));
    let inside = Arc::new(Inside::default());
    tokio_here().block_on(async {
        let jobs = (0..20).map(|_| {
            let (semaphore, inside) = (Arc::clone(&semaphore), Arc::clone(&inside));
            tokio::spawn(async move {
                let _permit = semaphore.acquire().await.unwrap();
                let _entered = inside.enter();
                yield_now().await;
            })
        });
        try_join_all(jobs).await.unwrap();
    });
    assert_eq!(inside.most.load(SeqCst), 3);
    assert_idle(&semaphore, 3);
}

/// Bytes in memory: each request takes as many permits as it is large, in parts given back early.
#[test]
fn bytes_in_memory_stay_below_the_bound() {
    let runtime = tokio_threads(2);
    let bytes = Arc::new(Semaphore::new(1_000));
    let used = Arc::new(AtomicUsize::new(0));
    let tasks = (0..100).map(|seed| {
        let (bytes, used) = (Arc::clone(&bytes), Arc::clone(&used));
        runtime.spawn(async move {
            let size = 1 + Rng::with_seed(seed).usize(..1_000);
            let mut buffer = bytes.acquire_many_owned(size as u32).await.unwrap();
            assert!(used.fetch_add(size, SeqCst) + size <= 1_000, "too much");
            yield_now().await;
            let half = size / 2;
            let first = buffer.split(half).unwrap();
            used.fetch_sub(half, SeqCst);
            drop(first);
            yield_now().await;
            used.fetch_sub(size - half, SeqCst);
            drop(buffer);
        })
    });
    runtime.block_on(try_join_all(tasks)).unwrap();
    assert_idle(&bytes, 1_000);
}
