//! The tables, printed last: cost per lock, our cost over each rival's, and who waits how long.

use super::field::{CHOICES, Entrant, FLOOR, OURS, RIVALS};
use super::measure::{BATCH, Measured, Rounds};
use super::mode::Mode;
use super::statistics::{median, ratio};
use super::waits::clock_read;

pub(crate) fn print(measured: &[Measured], mode: Mode) {
    if measured.is_empty() {
        return;
    }
    if mode.quick() {
        println!("\nA quick pass: the figures below mean nothing.");
    }
    let (timed, costs): (Vec<&Measured>, Vec<&Measured>) =
        measured.iter().partition(|measured| measured.row.timed());
    if !costs.is_empty() {
        print_costs(&costs, mode.rounds());
        for ours in &OURS {
            print_ratios(&costs, ours.name);
        }
    }
    for measured in timed {
        print_waits(measured, mode.rounds());
    }
}

fn print_costs(costs: &[&Measured], rounds: usize) {
    let names = present(
        costs,
        OURS.iter().chain(&CHOICES).chain(&RIVALS).chain([&FLOOR]),
    );
    table(
        &format!("Nanoseconds per lock and unlock (median of {rounds} interleaved rounds)"),
        &names,
        costs.iter().map(|measured| {
            let cell = |rounds: &Rounds| format!("{:.0}", median(rounds.nanoseconds.clone()));
            (measured.row.name, cells(measured, &names, cell))
        }),
    );
}

fn print_ratios(costs: &[&Measured], ours: &str) {
    let names = present(costs, RIVALS.iter().chain([&FLOOR]));
    table(
        &format!("{ours} / rival (median of the rounds' ratios; below 1 we are faster)"),
        &names,
        costs.iter().filter_map(|measured| {
            let ours = measured.results.iter().find(|rounds| rounds.name == ours)?;
            let cell =
                |rival: &Rounds| format!("{:.2}", ratio(&ours.nanoseconds, &rival.nanoseconds));
            Some((measured.row.name, cells(measured, &names, cell)))
        }),
    );
}

/// The names of those that were measured at all.
fn present<'a>(
    costs: &[&Measured],
    entrants: impl Iterator<Item = &'a Entrant>,
) -> Vec<&'static str> {
    let results = costs.iter().flat_map(|measured| &measured.results);
    let measured = |name: &&str| results.clone().any(|rounds| rounds.name == *name);
    entrants
        .map(|entrant| entrant.name)
        .filter(|name| measured(name))
        .collect()
}

/// One cell for each name; empty where the row has no such contestant.
fn cells(measured: &Measured, names: &[&str], cell: impl Fn(&Rounds) -> String) -> Vec<String> {
    let find = |&name: &&str| measured.results.iter().find(|rounds| rounds.name == name);
    names
        .iter()
        .map(|name| find(name).map_or_else(String::new, &cell))
        .collect()
}

fn print_waits(measured: &Measured, rounds: usize) {
    let title = format!(
        "{}: waits from calling lock() to having it (medians of {rounds} interleaved rounds)\n\
         Each lock includes two clock reads of about {:.0} ns, one of them under the lock; \
         no wait outlasts its batch, of about {} ms",
        measured.row.name,
        clock_read(),
        BATCH.as_millis(),
    );
    table(
        &title,
        &[
            "million locks/s",
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
    );
}

/// Prints a table whose columns are as wide as their widest cell, or nothing if it has none.
fn table<'a>(title: &str, headings: &[&str], lines: impl Iterator<Item = (&'a str, Vec<String>)>) {
    let lines: Vec<(&str, Vec<String>)> = lines.collect();
    if lines.is_empty() || headings.is_empty() {
        return;
    }
    let first = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().map(|(_, cells)| cells[column].len());
        cells.chain([headings[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let print_line = |name: &str, cells: &mut dyn Iterator<Item = &str>| {
        print!("{name:first$}");
        for (cell, width) in cells.zip(&widths) {
            print!("  {cell:>width$}");
        }
        println!();
    };
    println!("\n{title}");
    print_line("", &mut headings.iter().copied());
    for (name, cells) in &lines {
        print_line(name, &mut cells.iter().map(String::as_str));
    }
}
