//! A workload: where it runs, how many compete, and what they do with what they hold.

use super::executor::Place;
use std::hint;

#[derive(Debug)]
pub(crate) struct Row<S> {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) load: Load,
    /// What the row says about the shared thing itself.
    pub(crate) setting: S,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Load {
    /// One future takes and gives back and never waits.
    Alone,
    /// Tasks compete; `timed` records how long each operation was waited for.
    Contended {
        tasks: u64,
        section: Section,
        timed: bool,
    },
}

/// What a task does while it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Section {
    Nothing,
    /// So many spin hints.
    Spin(u32),
    /// One yield to the runtime.
    Yield,
}

/// The rows that make one picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    Alone,
    OneThread,
    TwoWorkers,
    EightWorkers,
    Threads,
    /// Timed rows: these show waits, not costs.
    Waits,
}

impl Family {
    pub(crate) const ALL: [Self; 6] = [
        Self::Alone,
        Self::OneThread,
        Self::TwoWorkers,
        Self::EightWorkers,
        Self::Threads,
        Self::Waits,
    ];

    /// As in the name of a file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Family::Alone => "alone",
            Family::OneThread => "one-thread",
            Family::TwoWorkers => "two-workers",
            Family::EightWorkers => "eight-workers",
            Family::Threads => "threads",
            Family::Waits => "waits",
        }
    }

    /// As in a title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Family::Alone => "nobody waits",
            Family::OneThread => "tokio, one thread (ct)",
            Family::TwoWorkers => "tokio, two workers (mt2)",
            Family::EightWorkers => "tokio, eight workers (mt8)",
            Family::Threads => "blocking, on threads",
            Family::Waits => "the longest wait",
        }
    }
}

impl<S: Copy> Row<S> {
    pub(crate) const fn alone(name: &'static str, place: Place, setting: S) -> Self {
        Row {
            name,
            place,
            load: Load::Alone,
            setting,
        }
    }

    pub(crate) const fn contended(
        name: &'static str,
        place: Place,
        tasks: u64,
        section: Section,
        setting: S,
    ) -> Self {
        let load = Load::Contended {
            tasks,
            section,
            timed: false,
        };
        Row {
            name,
            place,
            load,
            setting,
        }
    }

    pub(crate) const fn with_timed_waits(mut self) -> Self {
        if let Load::Contended { timed, .. } = &mut self.load {
            *timed = true;
        }
        self
    }

    pub(super) fn tasks(&self) -> u64 {
        match self.load {
            Load::Alone => 1,
            Load::Contended { tasks, .. } => tasks,
        }
    }

    pub(crate) fn family(&self) -> Family {
        match (self.load, self.place) {
            (Load::Alone, _) => Family::Alone,
            (Load::Contended { timed: true, .. }, _) => Family::Waits,
            (_, Place::CurrentThread) => Family::OneThread,
            (_, Place::TwoWorkers) => Family::TwoWorkers,
            (_, Place::EightWorkers) => Family::EightWorkers,
            (_, Place::Thread) => Family::Threads,
        }
    }
}

impl Section {
    pub(super) async fn pass(self) {
        match self {
            Section::Nothing => {}
            Section::Spin(hints) => (0..hints).for_each(|_| hint::spin_loop()),
            Section::Yield => tokio::task::yield_now().await,
        }
    }
}
