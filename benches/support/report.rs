//! The tables: cost per operation, our cost over each rival's, and who waits how long.

use super::Subject;
use super::Words;
use super::measure::{Measured, Rounds};
use super::mode::Mode;
use super::row::Family;
use super::statistics::{median, ratio};
use super::table::Table;
use super::waits::clock_read;

/// All tables of a benchmark, in the order in which they are printed.
pub(super) fn tables<S>(subject: &Subject<S>, measured: &[Measured], mode: Mode) -> Vec<Table> {
    let is_timed = |measured: &&Measured| measured.family == Family::Waits;
    let (timed, costs): (Vec<&Measured>, Vec<&Measured>) = measured.iter().partition(is_timed);
    let ours = subject.field.ours.iter();
    let mut tables = vec![cost_table(subject, &costs, mode.rounds())];
    tables.extend(ours.map(|ours| ratio_table(subject, &costs, ours.name)));
    let ranks = subject.ranks.iter();
    tables.extend(ranks.map(|rank| rank.table(subject, &costs)));
    let timed = timed.into_iter();
    tables.extend(timed.map(|measured| wait_table(subject, measured, mode.rounds())));
    tables.retain(|table| !table.is_empty());
    tables
}

fn cost_table<S>(subject: &Subject<S>, costs: &[&Measured], rounds: usize) -> Table {
    let names = present(costs, subject.field.names());
    Table::new(
        format!(
            "{}: nanoseconds per {} (median of {rounds} interleaved rounds)",
            subject.name, subject.words.cost,
        ),
        &names,
        costs.iter().map(|measured| {
            let cell = |rounds: &Rounds| format!("{:.0}", median(rounds.nanoseconds.clone()));
            (measured.row, cells(measured, &names, cell))
        }),
    )
}

fn ratio_table<S>(subject: &Subject<S>, costs: &[&Measured], ours: &str) -> Table {
    let names = present(costs, subject.field.others());
    Table::new(
        format!(
            "{}: {ours} / rival (median of the rounds' ratios; below 1 we are faster)",
            subject.name
        ),
        &names,
        costs.iter().filter_map(|measured| {
            let ours = measured.rounds(ours)?;
            let cell =
                |rival: &Rounds| format!("{:.2}", ratio(&ours.nanoseconds, &rival.nanoseconds));
            Some((measured.row, cells(measured, &names, cell)))
        }),
    )
}

/// The names of the contestants that were measured.
fn present(costs: &[&Measured], names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let results = costs.iter().flat_map(|measured| &measured.results);
    let measured = |name: &&str| results.clone().any(|rounds| rounds.name == *name);
    names.filter(measured).collect()
}

/// One cell for each name; empty where the row has no such contestant.
fn cells(measured: &Measured, names: &[&str], cell: impl Fn(&Rounds) -> String) -> Vec<String> {
    names
        .iter()
        .map(|name| measured.rounds(name).map_or_else(String::new, &cell))
        .collect()
}

fn wait_table<S>(subject: &Subject<S>, measured: &Measured, rounds: usize) -> Table {
    let Words {
        operation,
        call,
        within,
        ..
    } = subject.words;
    let title = format!(
        "{}: waits from calling {call} to having it (medians of {rounds} interleaved rounds)\n\
         Each {operation} includes two clock reads of about {:.0} ns, one of them {within}; \
         no wait outlasts its batch, of about {} ms",
        measured.row,
        clock_read(),
        subject.pace.batch.as_millis(),
    );
    Table::new(
        title,
        &[
            &format!("million {operation}s/s"),
            "p99 ns",
            "worst us",
            "worst us, any round",
        ],
        measured.results.iter().map(|rounds| {
            let longest = rounds.worst.iter().copied().fold(0.0, f64::max);
            let cells = vec![
                format!("{:.2}", 1000.0 / median(rounds.nanoseconds.clone())),
                format!("{:.0}", median(rounds.percentile_99.clone())),
                format!("{:.0}", median(rounds.worst.clone()) / 1000.0),
                format!("{:.0}", longest / 1000.0),
            ];
            (rounds.name, cells)
        }),
    )
}
