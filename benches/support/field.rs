//! Which contestants take part in which row.

use super::executor::Executor;
use super::mode::Mode;
use super::row::Row;
use super::workload::Sample;

/// All who take part in a benchmark, in the order of the tables' columns.
pub(crate) struct Field<S: 'static> {
    pub(crate) ours: &'static [Entrant<S>],
    /// Ours with other settings, from which the default was chosen. With `BENCH_CHOICES`, they replace the
    /// rivals.
    pub(crate) choices: &'static [Entrant<S>],
    pub(crate) rivals: &'static [Entrant<S>],
    /// No rivals but what nobody can be expected to beat.
    pub(crate) floor: &'static [Entrant<S>],
}

/// A contestant as a value: its name, and the workload compiled for it, if it can do what the row
/// asks for.
pub(crate) struct Entrant<S: 'static> {
    pub(crate) name: &'static str,
    pub(crate) batch: fn(&Row<S>) -> Option<Batch<S>>,
}

/// Runs a fixed number of operations per task.
pub(crate) type Batch<S> = fn(&Row<S>, &Executor, u64) -> Sample;

impl<S> Field<S> {
    /// All who take part in a row.
    pub(super) fn entrants<'a>(
        &self,
        row: &'a Row<S>,
        mode: Mode,
    ) -> impl Iterator<Item = (&'static str, Batch<S>)> + use<'a, S> {
        let others = if mode.choices() {
            self.choices
        } else {
            self.rivals
        };
        let all = self.ours.iter().chain(others).chain(self.floor);
        all.filter_map(|entrant| Some((entrant.name, (entrant.batch)(row)?)))
    }

    /// Everybody's name, whatever takes part in this run.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + use<S> {
        let ours = self.ours.iter().chain(self.choices);
        ours.map(|entrant| entrant.name).chain(self.others())
    }

    /// The names of those that ours are compared with.
    pub(super) fn others(&self) -> impl Iterator<Item = &'static str> + use<S> {
        let others = self.rivals.iter().chain(self.floor);
        others.map(|entrant| entrant.name)
    }
}
