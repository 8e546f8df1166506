//! One batch: so many locks by each task of a row, timed, with the final count checked.
//!
//! Generic over the contestant, so that each gets its own copy of the same code, without a call
//! through a pointer, a box or a `dyn` on the way to its mutex.

use super::contestant::Contestant;
use super::race::race;
use super::rows::{Load, Place, Row, Section};
use super::waits::{NotTimed, Timed, Waits, Watch};
use std::{hint, sync::Arc, time::Duration, time::Instant};
use tokio::runtime::{Builder, Runtime};

pub(crate) struct Sample {
    pub(crate) elapsed: Duration,
    /// The locks taken, by all tasks together.
    pub(crate) locks: u64,
    /// How long each lock was waited for; nothing unless the row is timed.
    pub(crate) waits: Waits,
}

impl Sample {
    fn untimed(elapsed: Duration, locks: u64) -> Self {
        let waits = Waits::none();
        Sample {
            elapsed,
            locks,
            waits,
        }
    }

    pub(crate) fn nanoseconds_per_lock(&self) -> f64 {
        self.elapsed.as_nanos() as f64 / self.locks as f64
    }
}

/// What runs a batch, made once per row.
pub(crate) enum Executor {
    Thread,
    Tokio(Runtime),
}

impl Executor {
    pub(crate) fn new(place: Place) -> Self {
        let mut builder = match place {
            Place::Thread => return Executor::Thread,
            Place::CurrentThread => Builder::new_current_thread(),
            Place::TwoWorkers => Builder::new_multi_thread(),
        };
        // The current-thread builder ignores the number of workers.
        let runtime = builder.worker_threads(2).enable_all().build();
        Executor::Tokio(runtime.expect("no tokio runtime"))
    }

    /// Polls `future` on the calling thread.
    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        match self {
            Executor::Thread => pollster::block_on(future),
            Executor::Tokio(runtime) => runtime.block_on(future),
        }
    }

    /// Polls `future` in a task of its own, where there are tasks.
    fn run_in_task<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> T {
        match self {
            Executor::Thread => self.run(future),
            Executor::Tokio(runtime) => {
                let task = runtime.spawn(future);
                self.run(task).expect("a batch panicked")
            }
        }
    }
}

/// One batch of `locks` locks per task.
pub(crate) fn batch<C: Contestant>(row: &Row, executor: &Executor, locks: u64) -> Sample {
    match row.load {
        Load::Alone => Sample::untimed(executor.run_in_task(alone::<C>(locks)), locks),
        Load::Contended {
            tasks,
            section,
            timed: false,
        } => executor.run(contended::<C, NotTimed>(tasks, section, locks)),
        Load::Contended {
            tasks,
            section,
            timed: true,
        } => executor.run(contended::<C, Timed>(tasks, section, locks)),
    }
}

async fn alone<C: Contestant>(locks: u64) -> Duration {
    let mutex = C::new();
    let start = Instant::now();
    for _ in 0..locks {
        *C::lock(&mutex).await += 1;
    }
    let elapsed = start.elapsed();
    assert_eq!(*C::lock(&mutex).await, locks, "{}", C::NAME);
    elapsed
}

/// `alone` with a synchronous mutex. Its guard must stay on its thread, so that it can be no
/// [`Contestant`].
pub(crate) fn floor(_: &Row, executor: &Executor, locks: u64) -> Sample {
    let elapsed = executor.run_in_task(async move {
        let mutex = parking_lot::Mutex::new(0);
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

async fn contended<C: Contestant, W: Watch>(tasks: u64, section: Section, locks: u64) -> Sample {
    let mutex = Arc::new(C::new());
    let total = tasks * locks;
    let (elapsed, watches) = race(tasks, || {
        compete::<C, W>(Arc::clone(&mutex), section, locks)
    })
    .await;
    assert_eq!(*C::lock(&mutex).await, total, "{}", C::NAME);
    let mut waits = Waits::none();
    watches
        .into_iter()
        .for_each(|watch| watch.report(&mut waits));
    Sample {
        elapsed,
        locks: total,
        waits,
    }
}

/// What each task does. The value is read before the section and written after it, so that any
/// second holder would show in the final count.
async fn compete<C: Contestant, W: Watch>(mutex: Arc<C::Mutex>, section: Section, locks: u64) -> W {
    let mut watch = W::default();
    for _ in 0..locks {
        let asked = watch.now();
        let mut value = C::lock(&mutex).await;
        let got = watch.now();
        let seen = *value;
        match section {
            Section::Nothing => {}
            Section::Spin(hints) => (0..hints).for_each(|_| hint::spin_loop()),
            Section::Yield => tokio::task::yield_now().await,
        }
        *value = seen + 1;
        drop(value);
        watch.record(asked, got);
    }
    watch
}
