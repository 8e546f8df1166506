//! What does one lock cost, in time and in waiting, compared with the other async mutexes?
//!
//! ```text
//! cargo bench-mutex                            every row, under five minutes
//! cargo bench-mutex -- mt2                     what matches `mutex/ROW/CONTESTANT`
//! BENCH_ROUNDS=31 cargo bench-mutex            more rounds, steadier medians
//! BENCH_CHOICES=1 cargo bench-mutex            ours by limit and patience, not the rivals
//! cargo test -p wakeful-benches --bench mutex  one quick pass, to see that it runs
//! ```
//!
//! `support/mod.rs` says how it is measured and how to read the tables.

mod contestant;
mod field;
mod floor;
mod rows;
#[path = "../support/mod.rs"]
mod support;

use support::rank::Rank;
use support::{Pace, Subject, Words};

static MUTEX: Subject<()> = Subject {
    name: "mutex",
    words: Words {
        operation: "lock",
        cost: "lock and unlock",
        call: "lock()",
        within: "under the lock",
    },
    rows: &rows::ROWS,
    field: &field::FIELD,
    note: None,
    ranks: &[Rank::BEST],
    pace: Pace::STEADY,
};

fn main() {
    support::run(&[&MUTEX]);
}
