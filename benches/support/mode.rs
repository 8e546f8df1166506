//! How long to measure: what the command line and the environment ask for.

use super::row::Row;
use std::env;
use std::path::PathBuf;

/// Enough for a median that one disturbed round does not move.
const ROUNDS: usize = 15;
/// Operations per task in a quick pass: each code path runs, and nothing is learnt about speed.
const QUICK_OPERATIONS: u64 = 3;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Mode {
    quick: bool,
    rounds: usize,
    choices: bool,
}

impl Mode {
    /// Quick exactly when criterion only tests: without `--bench`, which `cargo bench` passes, or
    /// with `--test`. `BENCH_ROUNDS` sets the number of rounds.
    pub(crate) fn from_environment() -> Self {
        let has = |flag: &str| env::args().any(|argument| argument == flag);
        let rounds = env::var("BENCH_ROUNDS").map_or(ROUNDS, |rounds| {
            rounds
                .parse()
                .ok()
                .filter(|&rounds| rounds > 0)
                .expect("BENCH_ROUNDS must be a positive number")
        });
        let quick = !has("--bench") || has("--test");
        Mode {
            quick,
            rounds: if quick { 1 } else { rounds },
            choices: env::var_os("BENCH_CHOICES").is_some(),
        }
    }

    pub(crate) fn quick(self) -> bool {
        self.quick
    }

    /// Whether ours with other settings replaces the rivals: `BENCH_CHOICES`.
    pub(crate) fn choices(self) -> bool {
        self.choices
    }

    /// Where the figures go if that is asked for, however few they are: `BENCH_RESULTS`. A relative
    /// path starts at `benches`.
    pub(crate) fn results(self) -> Option<PathBuf> {
        env::var_os("BENCH_RESULTS").map(PathBuf::from)
    }

    pub(crate) fn rounds(self) -> usize {
        self.rounds
    }

    /// A quick pass runs every row, on however few cores.
    pub(crate) fn measures<S>(self, row: &Row<S>) -> bool {
        self.quick || row.place.is_here()
    }

    /// How many operations each task does, where a full batch is `full`.
    pub(crate) fn operations(self, full: u64) -> u64 {
        if self.quick { QUICK_OPERATIONS } else { full }
    }
}
