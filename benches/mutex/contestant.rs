//! Each async mutex as a contestant: a task reads the value before its section and writes its
//! successor after it, so that any second holder shows in the final count.
//!
//! Each rival has its default features and its default constructor. `futures-intrusive` has no default, so both
//! its modes take part: the unfair one is faster, and the fair one keeps the order of arrival, as our FIFO,
//! tokio, mea and maitake-sync do.

use crate::support::contestant::Contestant;
use std::sync::Arc;
use std::time::Duration;
use wakeful::Fairness;

macro_rules! contestants {
    ($(
        $kind:ident $name:literal: $mutex:ty, $guard:ident, $new:ident($($argument:expr),+);
    )*) => {$(
        pub(crate) struct $kind;

        impl Contestant for $kind {
            const NAME: &'static str = $name;
            type Setting = ();
            type Shared = Arc<$mutex>;
            type Need = ();
            type Held<'a> = $guard<'a, u64>;
            type Seen = u64;

            fn new((): ()) -> Self::Shared {
                Arc::new(<$mutex>::$new($($argument),+))
            }

            fn need((): (), _: u64) {}

            fn take(
                mutex: &Self::Shared,
                (): (),
            ) -> impl Future<Output = Self::Held<'_>> + Send {
                mutex.lock()
            }

            fn see(value: &Self::Held<'_>) -> u64 {
                **value
            }

            fn give_back(mut value: Self::Held<'_>, seen: u64) {
                *value = seen + 1;
            }

            async fn outcome(mutex: &Self::Shared, (): (), locks: u64) -> (u64, u64) {
                (*mutex.lock().await, locks)
            }
        }
    )*};
}

use async_lock::MutexGuard as AsyncLockGuard;
use futures::lock::MutexGuard as FuturesGuard;
use futures_intrusive::sync::{Mutex as IntrusiveMutex, MutexGuard as IntrusiveGuard};
use maitake_sync::MutexGuard as MaitakeGuard;
use mea::mutex::MutexGuard as MeaGuard;
use tokio::sync::MutexGuard as TokioGuard;
use wakeful::MutexGuard as WakefulGuard;

contestants! {
    Wakeful "wakeful": wakeful::Mutex<u64>, WakefulGuard, new(0);
    Fifo "wakeful FIFO": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::FIFO);
    Limit0 "limit 0": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(0));
    Limit1 "limit 1": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(1));
    Limit8 "limit 8": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(8));
    Limit64 "limit 64": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(64));
    Limit256 "limit 256": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(256));
    Limit1024 "limit 1024": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, Fairness::overtakes(1024));
    Patience20 "patience 20 µs": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, patience(20));
    Patience5000 "patience 5 ms": wakeful::Mutex<u64>, WakefulGuard, with_fairness(0, patience(5_000));
    Tokio "tokio": tokio::sync::Mutex<u64>, TokioGuard, new(0);
    AsyncLock "async-lock": async_lock::Mutex<u64>, AsyncLockGuard, new(0);
    Futures "futures": futures::lock::Mutex<u64>, FuturesGuard, new(0);
    Mea "mea": mea::mutex::Mutex<u64>, MeaGuard, new(0);
    Maitake "maitake-sync": maitake_sync::Mutex<u64>, MaitakeGuard, new(0);
    Intrusive "futures-intrusive": IntrusiveMutex<u64>, IntrusiveGuard, new(0, false);
    IntrusiveFair "futures-intrusive fair": IntrusiveMutex<u64>, IntrusiveGuard, new(0, true);
}

fn patience(microseconds: u64) -> Fairness {
    Fairness::DEFAULT.with_patience(Duration::from_micros(microseconds))
}
