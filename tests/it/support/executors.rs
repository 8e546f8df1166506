//! Every kind of executor at once, and plain threads, for storms.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use futures::executor::LocalPool;
use futures::future::{join_all, try_join_all};
use futures::task::LocalSpawnExt;
use tokio::runtime::{Builder, Runtime};

/// tokio's runtime on the thread that blocks on it.
pub(crate) fn tokio_here() -> Runtime {
    let built = Builder::new_current_thread().enable_time().build();
    built.expect("a runtime")
}

/// tokio's runtime on `count` threads.
pub(crate) fn tokio_threads(count: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let built = builder.worker_threads(count).enable_time().build();
    built.expect("a runtime")
}

/// What goes on in a storm: the same in many tasks and threads.
pub(crate) trait Stormy: Send + Sync + 'static {
    fn task(self: Arc<Self>, seed: u64) -> impl Future<Output = ()> + Send;

    /// The same on a thread that blocks.
    fn thread(&self, seed: u64);
}

/// Runs it on every executor and on threads, all at once, to the end of them all.
pub(crate) fn run_on_all_executors<S: Stormy>(storm: &Arc<S>, seed: u64) {
    let executors = executors();
    let threads: Vec<_> = (0_u64..)
        .zip(executors.iter().chain(&executors[4..]))
        .map(|(nth, &(name, run))| {
            let storm = Arc::clone(storm);
            (name, thread::spawn(move || run(storm, seed + 10 * nth)))
        })
        .collect();
    for (name, thread) in threads {
        thread.join().unwrap_or_else(|_| panic!("{name} panicked"));
    }
}

type Executor<S> = fn(Arc<S>, u64);

/// Each a thread that runs tasks in its own way.
fn executors<S: Stormy>() -> [(&'static str, Executor<S>); 6] {
    [
        ("tokio, one thread", |storm, seed| {
            tokio_tasks(tokio_here(), storm, seed);
        }),
        ("tokio, two threads", |storm, seed| {
            tokio_tasks(tokio_threads(2), storm, seed);
        }),
        ("smol", |storm, seed| {
            let executor = async_executor::Executor::new();
            let tasks: Vec<_> = (0..4)
                .map(|nth| executor.spawn(Arc::clone(&storm).task(seed + nth)))
                .collect();
            async_io::block_on(executor.run(join_all(tasks)));
        }),
        ("futures", |storm, seed| {
            let mut pool = LocalPool::new();
            for nth in 0..4 {
                let task = Arc::clone(&storm).task(seed + nth);
                pool.spawner().spawn_local(task).expect("it runs");
            }
            pool.run();
        }),
        ("pollster", |storm, seed| {
            pollster::block_on(storm.task(seed))
        }),
        ("a plain thread", |storm, seed| storm.thread(seed)),
    ]
}

fn tokio_tasks<S: Stormy>(runtime: Runtime, storm: Arc<S>, seed: u64) {
    let tasks = (0..4).map(|nth| runtime.spawn(Arc::clone(&storm).task(seed + nth)));
    let ended = runtime.block_on(try_join_all(tasks));
    ended.expect("no panic");
}

/// Runs a story on both runtimes of tokio, each with one of its own, and then what comes after it. It has to
/// end: otherwise it panics with this.
pub(crate) fn run_on_tokio<F: Future<Output = ()> + Send + 'static, G: FnOnce()>(
    endless: &str,
    story: impl Fn() -> (F, G),
) {
    for runtime in [tokio_here(), tokio_threads(2)] {
        let (story, after) = story();
        let task = runtime.spawn(story);
        let limit = Duration::from_secs(10);
        let ended = runtime.block_on(async { tokio::time::timeout(limit, task).await });
        let Ok(ended) = ended else {
            runtime.shutdown_background(); // a thread of it may hang
            panic!("{endless}");
        };
        ended.expect("no panic");
        after();
    }
}

/// Polls the future at most `polls` times, however often it is woken, and then drops it.
pub(crate) async fn give_up_after<F: Future>(polls: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        let polled = future.as_mut().poll(cx).map(Some);
        if polled.is_pending() {
            cx.waker().wake_by_ref();
        }
        polled
    })
    .await
}
