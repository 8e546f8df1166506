//! One batch: a fixed number of operations by each task of a row, timed, with the outcome checked.
//!
//! Generic over the contestant, so that each gets its own copy of the same code, without a call
//! through a pointer, a box or a `dyn` on the way to what it takes.

use super::contestant::Contestant;
use super::executor::Executor;
use super::race::race;
use super::row::{Load, Row, Section};
use super::waits::{NotTimed, Timed, Waits, Watch};
use std::time::{Duration, Instant};

pub(crate) struct Sample {
    pub(crate) elapsed: Duration,
    /// The operations done, by all tasks together.
    pub(crate) operations: u64,
    /// How long each operation was waited for; nothing unless the row is timed.
    pub(crate) waits: Waits,
}

impl Sample {
    pub(crate) fn untimed(elapsed: Duration, operations: u64) -> Self {
        let waits = Waits::none();
        Sample {
            elapsed,
            operations,
            waits,
        }
    }

    pub(super) fn nanoseconds(&self) -> f64 {
        self.elapsed.as_nanos() as f64 / self.operations as f64
    }
}

/// One batch of a fixed number of operations per task.
pub(crate) fn batch<C: Contestant>(
    row: &Row<C::Setting>,
    executor: &Executor,
    operations: u64,
) -> Sample {
    let setting = row.setting;
    match row.load {
        Load::Alone => {
            let elapsed = executor.run_in_task(alone::<C>(setting, operations));
            Sample::untimed(elapsed, operations)
        }
        Load::Contended {
            tasks,
            section,
            timed: false,
        } => executor.run(contended::<C, NotTimed>(
            setting, tasks, section, operations,
        )),
        Load::Contended {
            tasks,
            section,
            timed: true,
        } => executor.run(contended::<C, Timed>(setting, tasks, section, operations)),
    }
}

async fn alone<C: Contestant>(setting: C::Setting, operations: u64) -> Duration {
    let shared = C::new(setting);
    let need = C::need(setting, 0);
    let start = Instant::now();
    for _ in 0..operations {
        let held = C::take(&shared, need).await;
        let seen = C::see(&held);
        C::give_back(held, seen);
    }
    let elapsed = start.elapsed();
    check::<C>(&shared, setting, operations).await;
    elapsed
}

async fn contended<C: Contestant, W: Watch>(
    setting: C::Setting,
    tasks: u64,
    section: Section,
    operations: u64,
) -> Sample {
    let shared = C::new(setting);
    let total = tasks * operations;
    let (elapsed, watches) = race(tasks, |task| {
        compete::<C, W>(shared.clone(), C::need(setting, task), section, operations)
    })
    .await;
    check::<C>(&shared, setting, total).await;
    let mut waits = Waits::none();
    watches
        .into_iter()
        .for_each(|watch| watch.report(&mut waits));
    Sample {
        elapsed,
        operations: total,
        waits,
    }
}

/// What each task does. What it sees before the section it hands in after it, so that a second
/// holder, where there must be none, shows in the outcome.
async fn compete<C: Contestant, W: Watch>(
    shared: C::Shared,
    need: C::Need,
    section: Section,
    operations: u64,
) -> W {
    let mut watch = W::default();
    for _ in 0..operations {
        let asked = watch.now();
        let held = C::take(&shared, need).await;
        let got = watch.now();
        let seen = C::see(&held);
        section.pass().await;
        C::give_back(held, seen);
        watch.record(asked, got);
    }
    watch
}

async fn check<C: Contestant>(shared: &C::Shared, setting: C::Setting, operations: u64) {
    let (found, expected) = C::outcome(shared, setting, operations).await;
    assert_eq!(found, expected, "{}", C::NAME);
}
