//! What polls the futures.

use tokio::runtime::{Builder, Runtime};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The calling thread, without a runtime.
    Thread,
    /// `ct`: tokio's current-thread runtime.
    CurrentThread,
    /// `mt2`: tokio's multi-thread runtime with two workers.
    TwoWorkers,
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
