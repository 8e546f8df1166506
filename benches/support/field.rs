//! Who takes part in which row.

use super::contestant::*;
use super::mode::Mode;
use super::rows::{Load, Row};
use super::workload::{self, Executor, Sample};

/// All who take part in a row.
pub(crate) fn entrants(row: &Row, mode: Mode) -> impl Iterator<Item = &'static Entrant> + use<> {
    let floor = matches!(row.load, Load::Alone).then_some(&FLOOR);
    let others: &[Entrant] = if mode.choices() { &CHOICES } else { &RIVALS };
    OURS.iter().chain(others).chain(floor)
}

/// A contestant as a value: its name, and the workload compiled for it.
pub(crate) struct Entrant {
    pub(crate) name: &'static str,
    pub(crate) batch: fn(&Row, &Executor, u64) -> Sample,
}

const fn entrant<C: Contestant>() -> Entrant {
    Entrant {
        name: C::NAME,
        batch: workload::batch::<C>,
    }
}

pub(crate) static OURS: [Entrant; 2] = [entrant::<Wakeful>(), entrant::<Fifo>()];

/// Ours again, by limit and by patience: what the default was chosen from.
pub(crate) static CHOICES: [Entrant; 8] = [
    entrant::<Limit0>(),
    entrant::<Limit1>(),
    entrant::<Limit8>(),
    entrant::<Limit64>(),
    entrant::<Limit256>(),
    entrant::<Limit1024>(),
    entrant::<Patience2>(),
    entrant::<Patience64>(),
];

pub(crate) static RIVALS: [Entrant; 7] = [
    entrant::<Tokio>(),
    entrant::<AsyncLock>(),
    entrant::<Futures>(),
    entrant::<Mea>(),
    entrant::<Maitake>(),
    entrant::<Intrusive>(),
    entrant::<IntrusiveFair>(),
];

/// No rival but the floor: a synchronous mutex, where nothing is waited for.
pub(crate) static FLOOR: Entrant = Entrant {
    name: "parking_lot",
    batch: workload::floor,
};
