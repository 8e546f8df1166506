//! What do one permit, and several at once, cost compared with the other async semaphores?
//!
//! ```text
//! cargo bench-semaphore                            every row, under five minutes
//! cargo bench-semaphore -- mt2                     what matches `semaphore/ROW/CONTESTANT`
//! BENCH_ROUNDS=31 cargo bench-semaphore            more rounds, steadier medians
//! BENCH_CHOICES=1 cargo bench-semaphore            ours by limit, not the rivals
//! cargo test -p wakeful-benches --bench semaphore  one quick pass, to see that it runs
//! ```
//!
//! `support/mod.rs` says how it is measured and how to read the tables.

mod calls;
mod contestant;
mod field;
mod kind;
mod rows;
#[path = "../support/mod.rs"]
mod support;
mod way;

use rows::Demand;
use support::rank::Rank;
use support::{Pace, Subject, Words};

static SEMAPHORE: Subject<Demand> = Subject {
    name: "semaphore",
    words: Words {
        operation: "acquire",
        cost: "acquire and release",
        call: "acquire()",
        within: "while holding",
    },
    rows: &rows::ROWS,
    field: &field::FIELD,
    note: None,
    ranks: &[Rank::BEST],
    pace: Pace::STEADY,
};

fn main() {
    support::run(&[&SEMAPHORE]);
}
