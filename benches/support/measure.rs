//! One row, measured twice: by criterion on its own, then in interleaved rounds.
//!
//! For criterion an iteration is one operation. How many of them make a round's batch follows from what
//! criterion measured, so that all contestants' batches last about as long: long beside starting
//! and joining the tasks, and beside the operating system's time slices.

use super::Subject;
use super::executor::Executor;
use super::field::Batch;
use super::mode::Mode;
use super::progress::Progress;
use super::row::{Family, Row};
use super::workload::Sample;
use criterion::{Criterion, SamplingMode, Throughput};
use std::time::Duration;

/// What the rounds gave for a row.
pub(crate) struct Measured {
    pub(crate) row: &'static str,
    pub(crate) family: Family,
    pub(crate) results: Vec<Rounds>,
}

impl Measured {
    /// The figures of the contestant of this name, if it took part.
    pub(super) fn rounds(&self, name: &str) -> Option<&Rounds> {
        self.results.iter().find(|rounds| rounds.name == name)
    }
}

/// One contestant's figures, one a round.
pub(crate) struct Rounds {
    pub(crate) name: &'static str,
    /// Nanoseconds per operation, all tasks together.
    pub(crate) nanoseconds: Vec<f64>,
    /// Nanoseconds that 99 of 100 operations were not waited for longer; NaN unless timed.
    pub(crate) percentile_99: Vec<f64>,
    /// The longest wait, in nanoseconds; NaN unless timed.
    pub(crate) worst: Vec<f64>,
}

/// A contestant that criterion's filter let through, and the operations per task of its batches.
struct Chosen<S: 'static> {
    name: &'static str,
    batch: Batch<S>,
    operations: u64,
}

/// Measures the contestants that criterion's filter lets through; `None` if it lets none, or if this
/// machine has too few cores for the row.
pub(crate) fn row<S: Copy>(
    criterion: &mut Criterion,
    subject: &Subject<S>,
    row: &Row<S>,
    mode: Mode,
    progress: &mut Progress,
) -> Option<Measured> {
    if !mode.measures(row) {
        progress.row_done();
        return None;
    }
    let executor = Executor::new(row.place);
    let run = |batch: Batch<S>, operations| batch(row, &executor, operations);
    let chosen = with_criterion(criterion, subject, row, mode, run);
    let results = in_rounds(&chosen, mode.rounds(), progress, run);
    (!results.is_empty()).then_some(Measured {
        row: row.name,
        family: row.family(),
        results,
    })
}

/// Criterion's measurement. Returns those that it did measure, which is how its filter comes to
/// choose for the rounds as well.
fn with_criterion<S: Copy>(
    criterion: &mut Criterion,
    subject: &Subject<S>,
    row: &Row<S>,
    mode: Mode,
    run: impl Fn(Batch<S>, u64) -> Sample,
) -> Vec<Chosen<S>> {
    let mut group = criterion.benchmark_group(format!("{}/{}", subject.name, row.name));
    group.throughput(Throughput::Elements(1));
    group.sampling_mode(SamplingMode::Flat);
    group.warm_up_time(subject.pace.warm_up);
    group.measurement_time(subject.pace.measurement);
    let mut chosen = Vec::new();
    for (name, batch) in subject.field.entrants(row, mode) {
        let (mut time, mut total) = (Duration::ZERO, 0);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|asked| {
                let sample = run(batch, asked.div_ceil(row.tasks()));
                time += sample.elapsed;
                total += sample.operations;
                // Each task does as many, so that there may be a few more than asked for.
                sample
                    .elapsed
                    .mul_f64(asked as f64 / sample.operations as f64)
            });
        });
        if total > 0 {
            let lasting = subject.pace.batch.as_secs_f64();
            let fitting = lasting / time.as_secs_f64() * total as f64;
            let operations = mode.operations((fitting / row.tasks() as f64).ceil() as u64);
            chosen.push(Chosen {
                name,
                batch,
                operations,
            });
        }
    }
    group.finish();
    chosen
}

/// Each round takes one sample of each contestant. The first one moves on by one each round, and
/// every other round goes backwards, so that nobody has always the same place or predecessor.
fn in_rounds<S>(
    chosen: &[Chosen<S>],
    rounds: usize,
    progress: &mut Progress,
    run: impl Fn(Batch<S>, u64) -> Sample,
) -> Vec<Rounds> {
    let mut results: Vec<Rounds> = chosen
        .iter()
        .map(|chosen| Rounds::new(chosen.name))
        .collect();
    for round in 0..rounds {
        progress.round(round, rounds);
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order.rotate_left(round % chosen.len().max(1));
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let Chosen {
                batch, operations, ..
            } = chosen[index];
            results[index].push(&run(batch, operations));
        }
    }
    progress.row_done();
    results
}

impl Rounds {
    fn new(name: &'static str) -> Self {
        Rounds {
            name,
            nanoseconds: Vec::new(),
            percentile_99: Vec::new(),
            worst: Vec::new(),
        }
    }

    fn push(&mut self, sample: &Sample) {
        self.nanoseconds.push(sample.nanoseconds());
        self.percentile_99.push(sample.waits.percentile_99());
        self.worst.push(sample.waits.worst());
    }
}
