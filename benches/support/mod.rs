//! What the benchmarks share, one idea per file. A benchmark itself defines only its rows, its contestants, and
//! how each contestant does one operation.
//!
//! Every row is one workload, and every contestant runs the same generic code on it. A row is measured twice:
//! by criterion, one contestant after the other, for its own reports and baselines; then in interleaved rounds,
//! each contestant once per round in a changing order, so that a disturbance of the machine hits all
//! contestants alike. The tables come from the rounds alone. Read their order and their ratios; absolute
//! figures depend on the machine. The `mt2` rows need two idle cores: while one worker waits for a core, the
//! other runs alone, and looks nearly uncontended. The `mt8` rows are skipped on machines with fewer cores.

pub(crate) mod contestant;
pub(crate) mod executor;
mod facts;
pub(crate) mod field;
mod measure;
mod mode;
mod picture;
mod progress;
pub(crate) mod race;
pub(crate) mod rank;
mod report;
mod results;
pub(crate) mod row;
mod statistics;
mod table;
pub(crate) mod waits;
pub(crate) mod workload;

use criterion::Criterion;
use field::Field;
use measure::Measured;
use mode::Mode;
use progress::Progress;
use rank::Rank;
use results::Results;
use row::Row;
use std::path::Path;
use std::time::Duration;

/// One benchmark: its name, its wording, its rows and its contestants.
pub(crate) struct Subject<S: 'static> {
    /// The first part of what criterion's filter matches.
    pub(crate) name: &'static str,
    pub(crate) words: Words,
    pub(crate) rows: &'static [Row<S>],
    pub(crate) field: &'static Field<S>,
    /// What a mark at a rival's name means.
    pub(crate) note: Option<&'static str>,
    /// One more table for each.
    pub(crate) ranks: &'static [Rank<S>],
    pub(crate) pace: Pace,
}

/// How the tables name the operation that is counted.
pub(crate) struct Words {
    /// What is counted, as in "each lock".
    pub(crate) operation: &'static str,
    /// Everything that its nanoseconds cover, as in "lock and unlock".
    pub(crate) cost: &'static str,
    /// The call that waits, as in "lock()".
    pub(crate) call: &'static str,
    /// What the time between the call and the release is called, as in "under the lock".
    pub(crate) within: &'static str,
}

/// How long everything takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Criterion's own share of the run: short, because the tables do not come from it.
    pub(crate) warm_up: Duration,
    pub(crate) measurement: Duration,
    /// How long a round's batch should last. A slower machine has longer ones.
    pub(crate) batch: Duration,
}

impl Pace {
    pub(crate) const STEADY: Self = Pace {
        warm_up: Duration::from_millis(200),
        measurement: Duration::from_secs(1),
        batch: Duration::from_millis(50),
    };
}

/// The fewest that criterion accepts.
const SAMPLES: usize = 10;

/// Measures what the command line and the environment ask for, prints the tables, and writes the figures of a
/// complete run to `benches/results`.
pub(crate) fn run<S: Copy>(subjects: &[&Subject<S>]) {
    let mode = Mode::from_environment();
    let mut criterion = Criterion::default()
        .sample_size(SAMPLES)
        .configure_from_args();
    let mut progress = Progress::new(subjects.iter().map(|subject| subject.rows.len()).sum());
    let measured: Vec<Vec<_>> = subjects
        .iter()
        .map(|subject| {
            let rows = subject.rows.iter();
            rows.filter_map(|row| measure::row(&mut criterion, subject, row, mode, &mut progress))
                .collect()
        })
        .collect();
    criterion.final_summary();
    if mode.quick() {
        println!("\nA quick pass: the figures below mean nothing.");
    }
    let mut complete = !mode.quick() && !mode.choices();
    let mut results = Results::default();
    for (subject, rows) in subjects.iter().zip(&measured) {
        let tables = report::tables(subject, rows, mode);
        tables.iter().for_each(|table| println!("\n{table}"));
        if let (Some(note), false) = (subject.note, tables.is_empty()) {
            println!("{note}");
        }
        complete &= subject.is_complete(rows, mode);
        results.add(subject, rows, &tables);
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    if let Some(folder) = mode.results().or(complete.then_some(kept)) {
        let name = subjects[0].name;
        match results.write(&folder, name) {
            Ok(()) => println!("\nThe figures are in {}.", folder.display()),
            Err(error) => eprintln!("\n{}: {error}", folder.display()),
        }
    }
}

impl<S: Copy> Subject<S> {
    /// Whether criterion's filter let all contestants through.
    fn is_complete(&self, measured: &[Measured], mode: Mode) -> bool {
        let asked = self.rows.iter().filter(|row| mode.measures(row));
        let asked = asked.map(|row| self.field.entrants(row, mode).count());
        asked.eq(measured.iter().map(|measured| measured.results.len()))
    }
}
