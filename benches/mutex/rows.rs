//! The workloads. `ct` is tokio's current-thread runtime, `mt2` its multi-thread runtime with two
//! workers, `mt8` with eight; `short` increments the value under the lock, `yield-held` yields to the other tasks
//! while it holds it.
//!
//! How to read the `short` rows: a task that never waits keeps its worker, and a task that it wakes goes into
//! that worker's LIFO slot, from which no other worker steals. So if a release leaves the lock free to be taken
//! again, the tasks soon run one after another, nearly uncontended: that is fast, and the waits in the timed
//! row are its price. If a release hands the lock on, each lock costs a turn of the scheduler.

use crate::support::executor::Place;
use crate::support::row::{Row, Section};

pub(crate) static ROWS: [Row<()>; 12] = {
    use Place::{CurrentThread, EightWorkers, Thread, TwoWorkers};
    use Section::{Nothing, Spin, Yield};
    [
        Row::alone("uncontended", Thread, ()),
        Row::alone("uncontended in a tokio task", CurrentThread, ()),
        contended("ct 8 tasks yield-held", CurrentThread, 8, Yield),
        contended("ct 1000 tasks yield-held", CurrentThread, 1000, Yield),
        contended("mt2 2 tasks short", TwoWorkers, 2, Nothing),
        contended("mt2 8 tasks short", TwoWorkers, 8, Nothing),
        contended("mt2 17 tasks short, 20 spins", TwoWorkers, 17, Spin(20)),
        contended("mt2 8 tasks yield-held", TwoWorkers, 8, Yield),
        contended("mt8 32 tasks short", EightWorkers, 32, Nothing),
        contended("mt8 32 tasks short, 20 spins", EightWorkers, 32, Spin(20)),
        contended("mt8 32 tasks yield-held", EightWorkers, 32, Yield),
        contended("mt2 8 tasks short, timed", TwoWorkers, 8, Nothing).with_timed_waits(),
    ]
};

const fn contended(name: &'static str, place: Place, tasks: u64, section: Section) -> Row<()> {
    Row::contended(name, place, tasks, section, ())
}
