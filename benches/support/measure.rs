//! One row, measured twice: by criterion on its own, then in interleaved rounds.

use super::contestant::Entrant;
use super::mode::Mode;
use super::rows::Row;
use super::workload::{Executor, Sample};
use criterion::{Criterion, SamplingMode, Throughput};

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

/// Measures the contestants that criterion's filter lets through; `None` if it lets none.
pub(crate) fn row(criterion: &mut Criterion, row: &'static Row, mode: Mode) -> Option<Measured> {
    let executor = Executor::new(row.place);
    let locks = mode.locks(row.locks);
    let sample = |entrant: &Entrant| (entrant.batch)(row, &executor, locks);

    let chosen = with_criterion(criterion, row, row.tasks() * locks, &sample);
    let results = in_rounds(
        &chosen,
        mode.rounds(),
        (row.tasks() * locks) as f64,
        &sample,
    );
    (!results.is_empty()).then_some(Measured { row, results })
}

/// Criterion's measurement, one iteration a batch. Returns those that it did measure, which is
/// how its filter comes to choose for the rounds as well.
fn with_criterion(
    criterion: &mut Criterion,
    row: &Row,
    locks: u64,
    sample: &impl Fn(&Entrant) -> Sample,
) -> Vec<&'static Entrant> {
    let mut group = criterion.benchmark_group(format!("mutex/{}", row.name));
    group.throughput(Throughput::Elements(locks));
    group.sampling_mode(SamplingMode::Flat);
    let mut chosen = Vec::new();
    for entrant in row.entrants() {
        let mut measured = false;
        group.bench_function(entrant.name, |bencher| {
            measured = true;
            bencher.iter_custom(|batches| (0..batches).map(|_| sample(entrant).elapsed).sum());
        });
        if measured {
            chosen.push(entrant);
        }
    }
    group.finish();
    chosen
}

/// Each round takes one sample of each contestant. The first one moves on by one each round, and
/// every other round goes backwards, so that nobody has always the same place or predecessor.
fn in_rounds(
    chosen: &[&'static Entrant],
    rounds: usize,
    locks: f64,
    sample: &impl Fn(&Entrant) -> Sample,
) -> Vec<Rounds> {
    let mut results: Vec<Rounds> = chosen.iter().map(|entrant| Rounds::new(entrant)).collect();
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order.rotate_left(round % chosen.len().max(1));
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            results[index].push(&sample(chosen[index]), locks);
        }
    }
    results
}

impl Rounds {
    fn new(entrant: &Entrant) -> Self {
        Rounds {
            name: entrant.name,
            nanoseconds: Vec::new(),
            percentile_99: Vec::new(),
            worst: Vec::new(),
        }
    }

    fn push(&mut self, sample: &Sample, locks: f64) {
        self.nanoseconds
            .push(sample.elapsed.as_nanos() as f64 / locks);
        self.percentile_99.push(sample.waits.percentile_99());
        self.worst.push(sample.waits.worst());
    }
}
