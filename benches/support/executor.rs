//! What polls the futures.

use std::thread;
use tokio::runtime::{Builder, Runtime};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The calling thread, without a runtime.
    Thread,
    /// `ct`: tokio's current-thread runtime.
    CurrentThread,
    /// `mt2`: tokio's multi-thread runtime with two workers.
    TwoWorkers,
    /// `mt8`: the same with eight.
    EightWorkers,
}

impl Place {
    fn workers(self) -> usize {
        match self {
            Place::Thread | Place::CurrentThread => 1,
            Place::TwoWorkers => 2,
            Place::EightWorkers => 8,
        }
    }

    /// Whether this machine has the cores for it. Two workers are measured everywhere.
    pub(crate) fn is_here(self) -> bool {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        self.workers() <= cores.max(2)
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
            Place::TwoWorkers | Place::EightWorkers => Builder::new_multi_thread(),
        };
        // The current-thread builder ignores the number of workers.
        let runtime = builder.worker_threads(place.workers()).enable_all().build();
        Executor::Tokio(runtime.expect("no tokio runtime"))
    }

    /// Polls `future` on the calling thread.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        match self {
            Executor::Thread => pollster::block_on(future),
            Executor::Tokio(runtime) => runtime.block_on(future),
        }
    }

    /// Polls `future` in a task of its own, where there are tasks.
    pub(crate) fn run_in_task<T: Send + 'static>(
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
