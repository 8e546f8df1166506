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

    pub(crate) fn timed(&self) -> bool {
        matches!(self.load, Load::Contended { timed: true, .. })
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
