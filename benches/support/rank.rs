//! Which rival is the best in a row, and how ours compares with it.

use super::Subject;
use super::measure::{Measured, Rounds};
use super::row::Row;
use super::statistics::{median, ratio};
use super::table::Table;

/// A choice of the rivals that ours have to be as good as.
pub(crate) struct Rank<S: 'static> {
    /// What the best of them is called, as in "the best rival".
    pub(crate) title: &'static str,
    /// Whether the rival of this name counts in this row.
    pub(crate) counts: fn(&Row<S>, &str) -> bool,
}

impl<S> Rank<S> {
    /// Every rival counts.
    pub(crate) const BEST: Self = Rank {
        title: "the best rival",
        counts: |_, _| true,
    };

    pub(super) fn table(&self, subject: &Subject<S>, costs: &[&Measured]) -> Table {
        let ours = subject.field.ours.iter().map(|entrant| entrant.name);
        let ratios: Vec<String> = ours.clone().map(|name| format!("{name} / it")).collect();
        let mut headings = vec!["best", "ns"];
        headings.extend(ratios.iter().map(String::as_str));
        Table::new(
            format!("{}: beside {}", subject.name, self.title),
            &headings,
            costs.iter().filter_map(|measured| {
                let best = self.best(subject, measured)?;
                let mut cells = vec![
                    best.name.to_owned(),
                    format!("{:.0}", median(best.nanoseconds.clone())),
                ];
                cells.extend(ours.clone().map(|name| {
                    measured.rounds(name).map_or_else(String::new, |ours| {
                        format!("{:.2}", ratio(&ours.nanoseconds, &best.nanoseconds))
                    })
                }));
                Some((measured.row, cells))
            }),
        )
    }

    fn best<'a>(&self, subject: &Subject<S>, measured: &'a Measured) -> Option<&'a Rounds> {
        let mut rows = subject.rows.iter();
        let row = rows.find(|row| row.name == measured.row)?;
        let rivals = subject.field.rivals.iter();
        let rivals = rivals.filter(|rival| (self.counts)(row, rival.name));
        let cost = |rounds: &&Rounds| median(rounds.nanoseconds.clone());
        rivals
            .filter_map(|rival| measured.rounds(rival.name))
            .min_by(|one, other| cost(one).total_cmp(&cost(other)))
    }
}
