//! How much does one lock cost, and who pays for it, beside the other async mutexes?
//!
//! Every row is one workload and every contestant runs the same generic code on it. A row is
//! measured twice: by criterion, one contestant after the other, for its own reports and
//! baselines; then in interleaved rounds, each contestant once a round in a changing order, so
//! that whatever else the machine does meanwhile hits all of them alike. The tables printed last
//! come from the rounds alone: read their order and their ratios; absolute figures move with the
//! machine. The `mt2` rows need two idle cores: while one worker waits for a core the other is
//! alone, and a mutex then looks nearly uncontended.
//!
//! ```text
//! cargo bench --bench mutex                         every row, under five minutes
//! cargo bench --bench mutex -- mt2                  what matches `mutex/ROW/CONTESTANT`
//! BENCH_ROUNDS=31 cargo bench --bench mutex         more rounds, steadier medians
//! BENCH_CHOICES=1 cargo bench --bench mutex         ours by limit and patience, not the rivals
//! cargo test --bench mutex                          one quick pass, to see that it runs
//! ```

mod support;

use criterion::Criterion;
use std::time::Duration;
use support::{measure, mode::Mode, report, rows::ROWS};

/// Criterion's own share of the run: short, because the tables do not come from it.
const WARM_UP: Duration = Duration::from_millis(200);
const MEASUREMENT: Duration = Duration::from_secs(1);
/// The fewest that criterion accepts.
const SAMPLES: usize = 10;

fn main() {
    let mode = Mode::from_environment();
    let mut criterion = Criterion::default()
        .warm_up_time(WARM_UP)
        .measurement_time(MEASUREMENT)
        .sample_size(SAMPLES)
        .configure_from_args();
    let measured: Vec<_> = ROWS
        .iter()
        .filter_map(|row| measure::row(&mut criterion, row, mode))
        .collect();
    criterion.final_summary();
    report::print(&measured, mode);
}
