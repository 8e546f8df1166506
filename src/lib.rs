//! An async mutex with a proved fairness bound and no futurelock.
#![deny(rustdoc::broken_intra_doc_links)]

mod blocking;
mod fairness;
pub mod mutex;
mod sync;
mod wait;

pub use fairness::Fairness;
pub use mutex::{
    Lock, LockOwned, MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
    TryLockError,
};
