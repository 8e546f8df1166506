//! An async mutex, semaphore and MPMC queue with bounded overtaking and no futurelock, for any executor and for
//! plain threads.
//!
//! # Which one do I want?
//!
//! | to | use |
//! |---|---|
//! | guard a value that stays locked across an `.await` | [`Mutex`]; [`Mutex::lock_owned`] for a guard without a lifetime |
//! | guard a value that is never locked across an `.await` | `std::sync::Mutex`, not this crate |
//! | limit how many requests, open files or bytes are in use at once | [`Semaphore`], which can be resized while in use |
//! | send items between tasks, and stop when either side is gone | [`queue::bounded`], [`queue::unbounded`] |
//! | share one queue by reference, or as a `static` | [`Queue`] |
//! | hand each item directly to a receiver (rendezvous) | [`queue::bounded`] with a capacity of 0 |
//! | give up a send on a timeout or shutdown, and keep the item | [`Sender::send_until`](queue::Sender::send_until), [`Queue::push_until`] |
//! | create an item only when there is room for it | [`Sender::reserve`](queue::Sender::reserve) |
//! | bound a queue by the bytes in it, or by another weight | [`Queue::weighted`] |
//! | let the newest, or the most urgent item leave first | [`LifoQueue`], [`PriorityQueue`] |
//! | keep only the latest items | [`Queue::force_push`] |
//! | block a thread until something is free | the `blocking_*` methods, with or without a timeout |
//! | let other tasks run | [`yield_now`](yield_now()) |
//! | serve waiters strictly in order of arrival | [`Mutex::with_fairness`], [`Semaphore::with_fairness`], [`Queue::with_fairness`], with [`Fairness::FIFO`] |
//!
//! ```
//! use std::sync::Arc;
//! use wakeful::{Mutex, queue};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (jobs, inbox) = queue::bounded(16);
//! let results = Arc::new(Mutex::new(Vec::new()));
//! let worker = tokio::spawn({
//!     let results = Arc::clone(&results);
//!     async move {
//!         while let Some(job) = inbox.recv().await {
//!             let mut results = results.lock().await;
//!             results.push(double(job).await); // it stays locked meanwhile
//!         }
//!     }
//! });
//! for job in 1..=10 {
//!     jobs.send(job).await.unwrap();
//! }
//! drop(jobs);
//! worker.await.unwrap();
//! assert_eq!(results.lock().await.len(), 10);
//! # }
//!
//! async fn double(job: u32) -> u32 {
//!     2 * job
//! }
//! ```
//!
//! # What it guarantees
//!
//! - **Overtaking is bounded.** Running tasks may barge in, which is what makes unfair locks fast, but at most
//!   [`Fairness::limit`] times while the same waiter is first. So no waiter starves; in particular, small
//!   requests never starve a request for many permits of a [`Semaphore`]. In a queue, the bound holds for
//!   pushes and for pops.
//! - **No futurelock within a task.** A release hands nothing over: it wakes the first waiters, which take what they need
//!   when they are polled. If a task keeps a future without polling it, that task's next future gets past it at
//!   its second poll, whatever the fairness. New arrivals from other tasks get past it once the
//!   [patience](Fairness::patience) has expired (never, with [`Fairness::FIFO`]). [RFD
//!   609](https://rfd.shared.oxide.computer/rfd/0609) explains what this prevents, and
//!   [`Fairness`](Fairness#limits) what it does not.
//! - **Every future is cancel safe.** Drop one at any time: no permit, no queued item and no wake-up is lost.
//!   An item whose push was cancelled is never received, so it can be sent again. (With a capacity of 0, it may
//!   have been received: see [`Queue::bounded`].)
//! - **Waiting does not allocate.** The waiter lives in the future, or on the stack of the blocked thread. (Two
//!   things are allocated once and reused: what a thread parks on, and the waiter of a handle that is used as a
//!   `Stream` or `Sink`.) Forgetting a future is memory safe.
//! - **No foreign code runs under an internal lock.** Wakers may panic, and may call back into the same
//!   primitive from `wake`, `clone` or `drop`.
//! - **No runtime is needed.** Plain threads and the tasks of any executors can share one primitive, and its
//!   wait queue.
//!
//! [`Fairness`] states [the rules](Fairness#the-rules) behind the first two, and what follows from them. If you
//! come from tokio, async-lock, async-channel, flume or asyncio, [`moving_over`] lists what to use here and
//! what differs.
//!
//! # Model checking
//!
//! With `--cfg wakeful_loom` and the feature `loom`, the same API runs on [loom](https://docs.rs/loom)'s types,
//! so your models explore the code that ships:
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" LOOM_MAX_PREEMPTIONS=2 \
//!     cargo test --release --features wakeful/loom --target-dir target/loom --test your_models
//! ```
//!
//! In your `Cargo.toml`:
//!
//! ```toml
//! [target.'cfg(wakeful_loom)'.dev-dependencies]
//! loom = { version = "0.7", features = ["futures"] }
//!
//! [lints.rust]
//! unexpected_cfgs = { level = "warn", check-cfg = ["cfg(wakeful_loom)"] }
//! ```
//!
//! In `tests/your_models.rs`:
//!
//! ```text
//! #![cfg(wakeful_loom)]
//!
//! use std::sync::Arc; // not loom's: the `*_owned` methods need this one
//!
//! #[test]
//! fn two_tasks_add() {
//!     loom::model(|| {
//!         let sum = Arc::new(wakeful::Mutex::new(0));
//!         let other = loom::thread::spawn({
//!             let sum = Arc::clone(&sum);
//!             move || loom::future::block_on(async { *sum.lock().await += 1 })
//!         });
//!         loom::future::block_on(async { *sum.lock().await += 1 });
//!         other.join().unwrap();
//!         assert_eq!(loom::future::block_on(async { *sum.lock().await }), 2);
//!     });
//! }
//! ```
//!
//! Keep a model to two or three threads with one or two operations each. `LOOM_MAX_PREEMPTIONS` bounds its schedules:
//! without it, some models of that size take longer than you will wait. The feature alone builds on std; the cfg alone
//! does not compile, and says so.
//!
//! Under loom, constructors are not `const`, so a `static` of these types compiles in no target of the package: hide it
//! behind `#[cfg(not(wakeful_loom))]`. Every timeout expires at once. Patience is measured in checks
//! of an unanswered call, one nanosecond each. To keep every path short, [`Fairness::DEFAULT`] is
//! `overtakes(1)` with a patience of 2 ns.
//!
//! # Features
//!
//! None is on by default. `futures-sink` makes the senders of a channel `Sink`s; `loom` is for [model
//! checking](#model-checking). The crate needs std, and Rust 1.85 or later.
#![deny(rustdoc::broken_intra_doc_links)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
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

#[doc(inline)]
pub use fairness::Fairness;
#[doc(inline)]
pub use mutex::{
    Lock, LockOwned, MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
    TryLockError,
};
#[doc(inline)]
pub use queue::{LifoQueue, PriorityQueue, Queue, WeightedQueue};
#[doc(inline)]
pub use semaphore::{
    Acquire, AcquireError, AcquireOwned, AcquireTimeoutError, OwnedSemaphorePermit, Semaphore,
    SemaphorePermit, TryAcquireError,
};
#[doc(inline)]
pub use yield_now::{YieldNow, yield_now};

/// For the models of this crate only.
#[cfg(all(wakeful_loom, feature = "loom"))]
#[doc(hidden)]
pub use sync::explore_latch;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
