//! The contestants: each async semaphore, by its name and its constructor.
//!
//! Each rival has its default features. `futures-intrusive` has no default mode, so both take part:
//! the unfair one may let a large request starve, the fair one keeps the order of arrival, as our
//! FIFO, tokio, mea, maitake-sync and saa do. Its owned permits come from a type of its own.

use super::way::Available;
use futures_intrusive::sync::{Semaphore as Intrusive, SharedSemaphore as IntrusiveShared};
use wakeful::Fairness;

pub(crate) trait Kind: 'static {
    const NAME: &'static str;
    type Semaphore: Available;

    fn new(permits: usize) -> Self::Semaphore;
}

macro_rules! kinds {
    ($($kind:ident $name:literal: $semaphore:ty = |$permits:ident| $new:expr;)*) => {$(
        pub(crate) struct $kind;

        impl Kind for $kind {
            const NAME: &'static str = $name;
            type Semaphore = $semaphore;

            fn new($permits: usize) -> $semaphore {
                $new
            }
        }
    )*};
}

kinds! {
    Wakeful "wakeful": wakeful::Semaphore = |permits| wakeful::Semaphore::new(permits);
    Fifo "wakeful FIFO": wakeful::Semaphore = |permits| fair(permits, Fairness::FIFO);
    Limit0 "limit 0": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(0));
    Limit1 "limit 1": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(1));
    Limit8 "limit 8": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(8));
    Limit64 "limit 64": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(64));
    Limit256 "limit 256": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(256));
    Limit1024 "limit 1024": wakeful::Semaphore = |permits| fair(permits, Fairness::overtakes(1024));
    Tokio "tokio": tokio::sync::Semaphore = |permits| tokio::sync::Semaphore::new(permits);
    AsyncLock "async-lock": async_lock::Semaphore = |permits| async_lock::Semaphore::new(permits);
    Mea "mea": mea::semaphore::Semaphore = |permits| mea::semaphore::Semaphore::new(permits);
    Maitake "maitake-sync": maitake_sync::Semaphore = |permits| maitake_sync::Semaphore::new(permits);
    Saa "saa": saa::Semaphore = |permits| saa::Semaphore::with_permits(permits);
    Unfair "futures-intrusive": Intrusive = |permits| Intrusive::new(false, permits);
    Fair "futures-intrusive fair": Intrusive = |permits| Intrusive::new(true, permits);
    UnfairShared "futures-intrusive": IntrusiveShared = |permits| IntrusiveShared::new(false, permits);
    FairShared "futures-intrusive fair": IntrusiveShared = |permits| IntrusiveShared::new(true, permits);
}

fn fair(permits: usize, fairness: Fairness) -> wakeful::Semaphore {
    wakeful::Semaphore::with_fairness(permits, fairness)
}
