//! An async mutex, semaphore and queue with bounded overtaking and no futurelock, for every executor and
//! for plain threads.
//!
//! # Which one do I want?
//!
//! | to | use |
//! |---|---|
//! | guard a value that stays locked across an `.await` | [`Mutex`]; [`Mutex::lock_owned`] for a guard without a lifetime |
//! | guard a value that does not | `std::sync::Mutex`, not this crate |
//! | limit how many requests, open files or bytes there are at a time | [`Semaphore`], which can be resized while in use |
//! | hand items from some tasks to others, and end when either side is gone | [`queue::bounded`], [`queue::unbounded`] |
//! | share one queue by reference, or as a `static` | [`Queue`] |
//! | hand each item over face to face | a capacity of 0: [`queue::bounded`] |
//! | send, but give up when a timer or a shutdown comes first | [`Sender::send_until`](queue::Sender::send_until) |
//! | make an item only when there is room for it | [`Sender::reserve`](queue::Sender::reserve) |
//! | keep only the latest items | [`Queue::force_push`] |
//! | wait on a thread | the `blocking_*` twin of each verb, in the same line |
//! | let other tasks run | [`yield_now`](yield_now()) |
//! | serve waiters in strict order of arrival | `with_fairness` and [`Fairness::FIFO`] |
//!
//! ```
//! use std::sync::Arc;
//! use wakeful::{Mutex, queue};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (jobs, inbox) = queue::bounded(16);
//! let sum = Arc::new(Mutex::new(0));
//! let worker = tokio::spawn({
//!     let sum = Arc::clone(&sum);
//!     async move {
//!         while let Some(job) = inbox.recv().await {
//!             *sum.lock().await += job;
//!         }
//!     }
//! });
//! for job in 1..=10 {
//!     jobs.send(job).await.unwrap();
//! }
//! drop(jobs);
//! worker.await.unwrap();
//! assert_eq!(*sum.lock().await, 55);
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - **Overtaking is bounded.** At most [`Fairness::limit`] later arrivals get in before the first
//!   waiter, while running tasks may barge in up to that bound: the speed of an unfair lock without its
//!   starvation. A request for many permits of a [`Semaphore`] is never starved by small ones. In a queue,
//!   the bound holds for pushes and for pops, each in their own line.
//! - **No futurelock.** A release hands nothing over: it wakes the first waiters, and they take what they
//!   need when they are polled. So a future that is not polled any more keeps nobody out forever. The
//!   task that keeps it gets past it at the second poll, whatever the fairness; new arrivals get past it
//!   when its patience ends ([`Fairness::patience`]), and set going whatever sleeps behind it.
//!   [RFD 609](https://rfd.shared.oxide.computer/rfd/0609) tells what this prevents, and
//!   [`Fairness`](Fairness#limits) what it does not.
//! - **Cancelling is dropping, at any moment.** A future that is dropped after it was woken passes its
//!   wake-up on. Nothing is lost: a pop takes no item with it, and an item whose push was cancelled is
//!   never received, so it can be sent again.
//! - **A wait allocates nothing.** The waiter lives in the future, or on the stack of the thread. (A
//!   channel used as a `Stream` or `Sink` allocates one per handle.) Forgetting a future is memory safe.
//! - **No foreign code under an internal lock.** Wakers may panic, or come back to the same primitive in
//!   `wake`, `clone` or `drop`.
//! - **No runtime.** Any executor, several at once, and plain threads wait in one line.
//!
//! [`Fairness`] states [the rules](Fairness#the-rules) behind the first two, why they follow, and how
//! that is checked. [`moving_over`] says what to use here, and what differs, if you come from tokio,
//! async-lock, async-channel, flume or asyncio.
//!
//! # Model checking
//!
//! With `--cfg wakeful_loom` and the feature `loom`, the same API runs on the types of
//! [loom](https://docs.rs/loom), so that models, the crate's and your own, explore the code that ships:
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" cargo test --release --features wakeful/loom --test your_models
//! ```
//!
//! Under models, constructors are not `const`, and a timeout expires at once. Patience is a time, but there
//! it counts looks at a call, a nanosecond each: [`Fairness::DEFAULT`] is `overtakes(1)` with a patience of
//! 2 ns, which keeps every path short.
#![deny(rustdoc::broken_intra_doc_links)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod fairness;
pub mod mutex;
pub mod queue;
pub mod semaphore;
mod sync;
mod wait;
mod yield_now;

#[doc = include_str!("../docs/moving-over.md")]
pub mod moving_over {}

#[cfg(fuzzing)]
#[doc(hidden)]
pub use wait::fuzzing;

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
pub use yield_now::{YieldNow, yield_now};

#[cfg(all(wakeful_loom, feature = "loom"))]
#[doc(hidden)]
pub use sync::explore_latch;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
