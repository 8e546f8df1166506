//! The workloads. `ct` is tokio's current-thread runtime, `mt2` its multi-thread runtime with two workers,
//! `mt8` with eight; `short` releases at once, `yield-held` yields to the other tasks while it holds. One
//! operation is one acquisition and its release, of however many permits.
//!
//! A contestant that cannot do what a row needs is left out of it. Where tasks ask for 1 to 5 permits, each
//! task asks for the same number every time, so small and large requests compete throughout the batch.

use crate::support::executor::Place;
use crate::support::row::{Row, Section};

/// A semaphore of this many permits, and how its tasks acquire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) permits: usize,
    pub(crate) request: Request,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Request {
    /// One permit, by the call for one.
    One,
    /// One permit that owns its share of the semaphore.
    Owned,
    /// Several in one call: the first task asks for `least`, the next for one more, and after the
    /// one that asks for `most` comes `least` again.
    Many { least: u32, most: u32 },
}

impl Demand {
    /// How many permits the task of this number asks for.
    pub(crate) fn of(self, task: u64) -> u32 {
        match self.request {
            Request::One | Request::Owned => 1,
            Request::Many { least, most } => {
                let more = task % u64::from(most - least + 1);
                least + u32::try_from(more).expect("less than most")
            }
        }
    }
}

pub(crate) static ROWS: [Row<Demand>; 17] = {
    use Place::{CurrentThread, EightWorkers, Thread, TwoWorkers};
    use Request::{Many, One, Owned};
    use Section::{Nothing, Spin, Yield};
    const THREE: Request = Many { least: 3, most: 3 };
    const MIXED: Request = Many { least: 1, most: 5 };
    [
        Row::alone("uncontended", Thread, of(4, One)),
        Row::alone("uncontended in a tokio task", CurrentThread, of(4, One)),
        Row::alone("uncontended, 3 permits", Thread, of(8, THREE)),
        Row::alone("uncontended, owned", Thread, of(4, Owned)),
        contended(
            "ct 4 permits, 64 tasks yield-held",
            CurrentThread,
            of(4, One),
            64,
            Yield,
        ),
        contended(
            "ct 8 permits, 1 to 5 each, 16 tasks yield-held",
            CurrentThread,
            of(8, MIXED),
            16,
            Yield,
        ),
        contended(
            "mt2 2 permits, 8 tasks short",
            TwoWorkers,
            of(2, One),
            8,
            Nothing,
        ),
        contended(
            "mt2 1 permit, 17 tasks short, 20 spins",
            TwoWorkers,
            of(1, One),
            17,
            Spin(20),
        ),
        contended(
            "mt2 4 permits, 64 tasks yield-held",
            TwoWorkers,
            of(4, One),
            64,
            Yield,
        ),
        contended(
            "mt2 8 permits, 3 each, 16 tasks yield-held",
            TwoWorkers,
            of(8, THREE),
            16,
            Yield,
        ),
        contended(
            "mt2 8 permits, 1 to 5 each, 16 tasks yield-held",
            TwoWorkers,
            of(8, MIXED),
            16,
            Yield,
        ),
        contended(
            "mt8 8 permits, 32 tasks short",
            EightWorkers,
            of(8, One),
            32,
            Nothing,
        ),
        contended(
            "mt8 4 permits, 64 tasks yield-held",
            EightWorkers,
            of(4, One),
            64,
            Yield,
        ),
        contended(
            "mt8 8 permits, 3 each, 32 tasks yield-held",
            EightWorkers,
            of(8, THREE),
            32,
            Yield,
        ),
        contended(
            "mt2 2 permits, 8 tasks short, timed",
            TwoWorkers,
            of(2, One),
            8,
            Nothing,
        )
        .with_timed_waits(),
        contended(
            "mt2 4 permits, 64 tasks yield-held, timed",
            TwoWorkers,
            of(4, One),
            64,
            Yield,
        )
        .with_timed_waits(),
        contended(
            "mt2 8 permits, 1 to 5 each, 16 tasks yield-held, timed",
            TwoWorkers,
            of(8, MIXED),
            16,
            Yield,
        )
        .with_timed_waits(),
    ]
};

const fn of(permits: usize, request: Request) -> Demand {
    Demand { permits, request }
}

const fn contended(
    name: &'static str,
    place: Place,
    demand: Demand,
    tasks: u64,
    section: Section,
) -> Row<Demand> {
    Row::contended(name, place, tasks, section, demand)
}
