//! An async mutex and semaphore with a proved fairness bound and no futurelock, for every executor and
//! for plain threads.
//!
//! ```
//! use std::sync::Arc;
//! use wakeful::Mutex;
//!
//! # futures::executor::block_on(async {
//! let hits = Arc::new(Mutex::new(0));
//! *hits.lock().await += 1;
//! assert_eq!(*hits.lock().await, 1);
//! # });
//! ```
//!
//! # What it guarantees
//!
//! - **Waits are fair, with a bound.** At most [`Fairness::limit`] later arrivals get in before the
//!   waiter that has waited longest, and yet running tasks may barge in as long as that bound lasts:
//!   the speed of an unfair lock without its starvation. A request for many permits of a
//!   [`Semaphore`] is starved by no number of small ones.
//! - **No futurelock.** A release hands over to nobody: it wakes the first waiters, which take what
//!   they need when they are polled. A future that is not polled any more keeps nobody out: futures of its own
//!   task pass it over at once, others when their patience ends ([`Fairness::patience`]). See
//!   [RFD 609](https://rfd.shared.oxide.computer/rfd/0609) for what this prevents.
//! - **Cancelling is dropping, at any moment.** A future dropped after it was woken passes its wake-up
//!   on. Nothing is lost.
//! - **A wait allocates nothing.** The waiter lives in the future, or on the stack of the thread.
//!   Forgetting a future is harmless.
//! - **No foreign code under an internal lock.** Wakers may panic or come back to the same primitive
//!   in `wake`, `clone` or `drop`.
//! - **No runtime.** Any executor, several at once, and plain threads wait in one line.
//!
//! # Model checking
//!
//! With `--cfg wakeful_loom` and the feature `loom`, the same API runs on the types of
//! [loom](https://docs.rs/loom), so that models, the crate's and yours, explore the code that ships:
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" cargo test --release --features wakeful/loom --test your_models
//! ```
//!
//! Constructors are not `const` then, a timeout expires at once, and [`Fairness::DEFAULT`] is
//! `overtakes(1).with_patience(2)`, which keeps every path short.
#![deny(rustdoc::broken_intra_doc_links)]

mod blocking;
mod fairness;
pub mod mutex;
pub mod queue;
pub mod semaphore;
mod sync;
mod wait;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use wait::fuzzing;

#[cfg(wakeful_loom)]
#[doc(hidden)]
pub use sync::ShortLockInModel;

pub use fairness::Fairness;
pub use mutex::{
    Lock, LockOwned, MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
    TryLockError,
};
pub use queue::Queue;
pub use semaphore::{
    Acquire, AcquireError, AcquireOwned, AcquireTimeoutError, OwnedSemaphorePermit, Semaphore,
    SemaphorePermit, TryAcquireError,
};
