//! The workloads. `ct` is tokio's current-thread runtime, `mt2` its multi-thread runtime with two
//! workers; `short` increments the value under the lock, `yield-held` yields to the other tasks
//! while it holds it.
//!
//! How to read the `short` rows: a task that never waits keeps its worker, and one that it wakes
//! lies in that worker's next slot, which no other worker steals from. So where a release leaves
//! the lock to be taken again, the tasks soon run one after another, nearly uncontended: fast, and
//! paid for by the waits in the timed row. Where a release hands the lock on, each lock costs a
//! turn of the scheduler.

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) load: Load,
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
    const fn with_timed_waits(mut self) -> Self {
        if let Load::Contended { timed, .. } = &mut self.load {
            *timed = true;
        }
        self
    }

    pub(crate) fn tasks(&self) -> u64 {
        match self.load {
            Load::Alone => 1,
            Load::Contended { tasks, .. } => tasks,
        }
    }

    pub(crate) fn timed(&self) -> bool {
        matches!(self.load, Load::Contended { timed: true, .. })
    }
}

pub(crate) static ROWS: [Row; 9] = {
    use Place::{CurrentThread, Thread, TwoWorkers};
    use Section::{Nothing, Spin, Yield};
    [
        alone("uncontended", Thread),
        alone("uncontended in a tokio task", CurrentThread),
        contended("ct 8 tasks yield-held", CurrentThread, 8, Yield),
        contended("ct 1000 tasks yield-held", CurrentThread, 1000, Yield),
        contended("mt2 2 tasks short", TwoWorkers, 2, Nothing),
        contended("mt2 8 tasks short", TwoWorkers, 8, Nothing),
        contended("mt2 17 tasks short, 20 spins", TwoWorkers, 17, Spin(20)),
        contended("mt2 8 tasks yield-held", TwoWorkers, 8, Yield),
        contended("mt2 8 tasks short, timed", TwoWorkers, 8, Nothing).with_timed_waits(),
    ]
};

const fn alone(name: &'static str, place: Place) -> Row {
    Row {
        name,
        place,
        load: Load::Alone,
    }
}

const fn contended(name: &'static str, place: Place, tasks: u64, section: Section) -> Row {
    let load = Load::Contended {
        tasks,
        section,
        timed: false,
    };
    Row { name, place, load }
}
