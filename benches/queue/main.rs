//! What does one item cost, from the sender to the receiver, compared with the other async channels?
//!
//! ```text
//! cargo bench-queue                            every row, under five minutes
//! cargo bench-queue -- mt2                     what matches `queue/ROW/CONTESTANT`
//! cargo bench-queue -- 'queue 256'             the payload of 256 bytes alone
//! cargo bench-queue -- 'queue waits'           how long senders wait, and an urgent thread
//! BENCH_ROUNDS=31 cargo bench-queue            more rounds, steadier medians
//! cargo test -p wakeful-benches --bench queue  one quick pass, to see that it runs
//! ```
//!
//! `support/mod.rs` says how it is measured and how to read the tables.

mod calls;
mod channel;
mod field;
mod payload;
mod rows;
#[allow(dead_code, reason = "some of it is for what is taken and given back")]
#[path = "../support/mod.rs"]
mod support;
mod threads;
mod urgent;
mod workload;

use field::{Sending, promises};
use payload::{Large, Payload};
use rows::Traffic;
use std::time::Duration;
use support::rank::Rank;
use support::row::Row;
use support::{Pace, Subject, Words};

static SMALL: Subject<Traffic> = subject::<u64>("queue", &rows::ROWS);
static LARGE: Subject<Traffic> = subject::<Large>("queue 256", &rows::ROWS);
static WAITS: Subject<Traffic> = subject::<u64>("queue waits", &rows::WAITS);

const fn subject<T: Payload>(
    name: &'static str,
    rows: &'static [Row<Traffic>],
) -> Subject<Traffic> {
    Subject {
        name,
        words: Words {
            operation: "item",
            cost: "item sent and received",
            call: "send()",
            within: "when it has left",
        },
        rows,
        field: &Sending::<T>::FIELD,
        note: Some("* promises nothing of pushes that are cancelled: their items may be received"),
        ranks: &RANKS,
        pace: PACE,
    }
}

/// This many rows call for short batches.
const PACE: Pace = Pace {
    warm_up: Duration::from_millis(50),
    measurement: Duration::from_millis(200),
    batch: Duration::from_millis(30),
};

static RANKS: [Rank<Traffic>; 2] = [
    Rank {
        title: "the best rival, those with * only where the capacity is above 16",
        counts: |row, name| promises(name) || !row.setting.is_tight(),
    },
    Rank {
        title: "the best rival without *",
        counts: |_, name| promises(name),
    },
];

fn main() {
    support::run(&[&SMALL, &LARGE, &WAITS]);
}
