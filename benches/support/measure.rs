//! One row, measured twice: by criterion on its own, then in interleaved rounds.
//!
//! For criterion an iteration is one lock. How many locks make a round's batch follows from what
//! criterion measured, so that all contestants' batches last about as long: long beside starting
//! and joining the tasks, and beside the operating system's time slices.

use super::field::{Entrant, entrants};
use super::mode::Mode;
use super::rows::Row;
use super::workload::{Executor, Sample};
use criterion::{Criterion, SamplingMode, Throughput};
use std::time::Duration;

/// What the rounds gave for a row.
pub(crate) struct Measured {
    pub(crate) row: &'static Row,
    pub(crate) results: Vec<Rounds>,
}

/// One contestant's figures, one a round.
pub(crate) struct Rounds {
    pub(crate) name: &'static str,
    /// Nanoseconds per lock, all tasks together.
    pub(crate) nanoseconds: Vec<f64>,
    /// Nanoseconds that 99 of 100 locks were not waited for longer; NaN unless timed.
    pub(crate) percentile_99: Vec<f64>,
    /// The longest wait, in nanoseconds; NaN unless timed.
    pub(crate) worst: Vec<f64>,
}

/// How long a round's batch should last. A slower machine has longer ones.
pub(crate) const BATCH: Duration = Duration::from_millis(50);

/// A contestant that criterion's filter let through, and the locks per task of its batches.
struct Chosen {
    entrant: &'static Entrant,
    locks: u64,
}

/// Measures the contestants that criterion's filter lets through; `None` if it lets none.
pub(crate) fn row(criterion: &mut Criterion, row: &'static Row, mode: Mode) -> Option<Measured> {
    let executor = Executor::new(row.place);
    let batch = |entrant: &Entrant, locks| (entrant.batch)(row, &executor, locks);
    let chosen = with_criterion(criterion, row, mode, batch);
    let results = in_rounds(&chosen, mode.rounds(), batch);
    (!results.is_empty()).then_some(Measured { row, results })
}

/// Criterion's measurement. Returns those that it did measure, which is how its filter comes to
/// choose for the rounds as well.
fn with_criterion(
    criterion: &mut Criterion,
    row: &Row,
    mode: Mode,
    batch: impl Fn(&Entrant, u64) -> Sample,
) -> Vec<Chosen> {
    let mut group = criterion.benchmark_group(format!("mutex/{}", row.name));
    group.throughput(Throughput::Elements(1));
    group.sampling_mode(SamplingMode::Flat);
    let mut chosen = Vec::new();
    for entrant in entrants(row, mode) {
        let (mut time, mut total) = (Duration::ZERO, 0);
        group.bench_function(entrant.name, |bencher| {
            bencher.iter_custom(|locks| {
                let sample = batch(entrant, locks.div_ceil(row.tasks()));
                time += sample.elapsed;
                total += sample.locks;
                // Each task takes as many, so that there may be a few more than asked for.
                sample.elapsed.mul_f64(locks as f64 / sample.locks as f64)
            });
        });
        if total > 0 {
            let fitting = BATCH.as_secs_f64() / time.as_secs_f64() * total as f64;
            let locks = mode.locks((fitting / row.tasks() as f64).ceil() as u64);
            chosen.push(Chosen { entrant, locks });
        }
    }
    group.finish();
    chosen
}

/// Each round takes one sample of each contestant. The first one moves on by one each round, and
/// every other round goes backwards, so that nobody has always the same place or predecessor.
fn in_rounds(
    chosen: &[Chosen],
    rounds: usize,
    batch: impl Fn(&Entrant, u64) -> Sample,
) -> Vec<Rounds> {
    let mut results: Vec<Rounds> = chosen
        .iter()
        .map(|chosen| Rounds::new(chosen.entrant.name))
        .collect();
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order.rotate_left(round % chosen.len().max(1));
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let Chosen { entrant, locks } = chosen[index];
            results[index].push(&batch(entrant, locks));
        }
    }
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
        self.nanoseconds.push(sample.nanoseconds_per_lock());
        self.percentile_99.push(sample.waits.percentile_99());
        self.worst.push(sample.waits.worst());
    }
}
