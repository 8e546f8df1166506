//! Which contestants take part in which row.

use super::contestant::*;
use super::floor;
use crate::support::contestant::Contestant;
use crate::support::field::{Entrant, Field};
use crate::support::workload;

pub(crate) static FIELD: Field<()> = Field {
    ours: &[entrant::<Wakeful>(), entrant::<Fifo>()],
    choices: &[
        entrant::<Limit0>(),
        entrant::<Limit1>(),
        entrant::<Limit8>(),
        entrant::<Limit64>(),
        entrant::<Limit256>(),
        entrant::<Limit1024>(),
        entrant::<Patience20>(),
        entrant::<Patience5000>(),
    ],
    rivals: &[
        entrant::<Tokio>(),
        entrant::<AsyncLock>(),
        entrant::<Futures>(),
        entrant::<Mea>(),
        entrant::<Maitake>(),
        entrant::<Intrusive>(),
        entrant::<IntrusiveFair>(),
    ],
    floor: &[Entrant {
        name: "parking_lot",
        batch: floor::batch,
    }],
};

/// One that takes part in every row.
const fn entrant<C: Contestant<Setting = ()>>() -> Entrant<()> {
    Entrant {
        name: C::NAME,
        batch: |_| Some(workload::batch::<C>),
    }
}
