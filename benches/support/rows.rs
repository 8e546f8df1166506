//! The workloads. `ct` is tokio's current-thread runtime, `mt2` its multi-thread runtime with two
//! workers; `short` increments the value under the lock, `yield-held` yields to the other tasks
//! while it holds it.

use super::contestant::{Entrant, FLOOR, OURS, RIVALS};

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) load: Load,
    /// Locks per task in one batch, so many that a batch lasts some 5 to 100 ms: starting and
    /// joining its tasks takes less than a hundredth of that.
    pub(crate) locks: u64,
}

/// What polls the futures.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The calling thread, without a runtime.
    Thread,
    CurrentThread,
    TwoWorkers,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Load {
    /// One future locks and unlocks and never waits.
    Alone,
    /// Tasks compete for one mutex; `timed` records how long each lock was waited for.
    Contended {
        tasks: u64,
        section: Section,
        timed: bool,
    },
}

/// What happens under the lock, between reading the value and writing its successor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Section {
    Nothing,
    /// So many spin hints.
    Spin(u32),
    /// One yield to the runtime.
    Yield,
}

impl Row {
    pub(crate) fn tasks(&self) -> u64 {
        match self.load {
            Load::Alone => 1,
            Load::Contended { tasks, .. } => tasks,
        }
    }

    pub(crate) fn timed(&self) -> bool {
        matches!(self.load, Load::Contended { timed: true, .. })
    }

    pub(crate) fn entrants(&self) -> impl Iterator<Item = &'static Entrant> + use<> {
        let floor = matches!(self.load, Load::Alone).then_some(&FLOOR);
        OURS.iter().chain(&RIVALS).chain(floor)
    }
}

pub(crate) static ROWS: [Row; 9] = [
    Row {
        name: "uncontended",
        place: Place::Thread,
        load: Load::Alone,
        locks: 1_000_000,
    },
    Row {
        name: "uncontended in a tokio task",
        place: Place::CurrentThread,
        load: Load::Alone,
        locks: 1_000_000,
    },
    Row {
        name: "ct 8 tasks yield-held",
        place: Place::CurrentThread,
        load: contended(8, Section::Yield),
        locks: 15_000,
    },
    Row {
        name: "ct 1000 tasks yield-held",
        place: Place::CurrentThread,
        load: contended(1000, Section::Yield),
        locks: 100,
    },
    Row {
        name: "mt2 2 tasks short",
        place: Place::TwoWorkers,
        load: contended(2, Section::Nothing),
        locks: 200_000,
    },
    Row {
        name: "mt2 8 tasks short",
        place: Place::TwoWorkers,
        load: contended(8, Section::Nothing),
        locks: 50_000,
    },
    Row {
        name: "mt2 17 tasks short, 20 spins",
        place: Place::TwoWorkers,
        load: contended(17, Section::Spin(20)),
        locks: 3_000,
    },
    Row {
        name: "mt2 8 tasks yield-held",
        place: Place::TwoWorkers,
        load: contended(8, Section::Yield),
        locks: 6_000,
    },
    Row {
        name: "mt2 8 tasks short, timed",
        place: Place::TwoWorkers,
        load: Load::Contended {
            tasks: 8,
            section: Section::Nothing,
            timed: true,
        },
        locks: 40_000,
    },
];

const fn contended(tasks: u64, section: Section) -> Load {
    Load::Contended {
        tasks,
        section,
        timed: false,
    }
}
