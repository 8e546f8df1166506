//! Models: small programs of two to four threads, run on the code that ships, through every schedule that loom
//! can tell apart. In each schedule, a model asserts what it promises and, at the end, that nobody waits, holds
//! or probes.
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" cargo test --release --features loom --test loom
//! ```
//!
//! | module | what it explores |
//! |---|---|
//! | `support` | how a model runs and spawns its threads; the cast: tasks, waiters, newcomers; what mutex and semaphore share |
//! | `stacks` | nothing: with it, a long model takes less than half the time |
//! | `orderings` | each `Acquire` and `Release`, with nothing else that could order |
//! | `exclusion` | mutual exclusion under contention |
//! | `blocking` | threads beside tasks, and deadlines |
//! | `wakers` | wakers that change, wake too often, or re-enter |
//! | `cancel` | a waiter dropped in each state |
//! | `order` | FIFO and credit: bounded overtaking (P1) |
//! | `probing` | arrivals that find the lock free, but kept (P3) |
//! | `probers` | probers that are dropped or kept |
//! | `coming_back` | waiters that were passed over and come back |
//! | `futurelock` | futures of one task never wait for each other (P2) |
//! | `forgotten` | waiters that are never polled again (P3) |
//! | `guards` | guards that are mapped, owned, and sent to other threads |
//! | `latch` | what all other models leave out: threads that find the latch taken, and hints that are out of date |
//! | `own_model` | the example: a model as a user writes it |
//! | `yielding` | a loop that yields, instead of waiting |
//! | `semaphore` | the same and more for the semaphore: a table of its own |
//! | `queue` | the queue: a table of its own |
//!
//! # Loom's blind side
//!
//! Of each atomic, loom remembers only the last access and the last access that was not a load. It reorders a
//! load only with the store that comes next after it, and never reorders a load that is not a step of its own
//! (a hint, see `src/sync/with_loom.rs`). So the first load of a thread that runs before the others would never
//! see what they do: a thread that only loads has to run last.
//!
//! [`support::spawn`] takes care of that, for every thread: child and parent both access one atomic before
//! anything else, and loom tries every order of these accesses. So each thread is last in some schedule, and
//! its first load sees all that the others did, or a part of it, or something older. The rules:
//!
//! - Spawn with `support::spawn` or `spawn_with`, never with loom's own; and let the parent load after it has
//!   spawned, not before. Nobody has to join: `idle` waits for all threads.
//! - If a model has more than one outcome, declare them with `saw`: it fails if an outcome occurs in no
//!   schedule.
//! - What only a load of an older value can show goes to `latch`: elsewhere, a load is a compare-and-swap that
//!   fails, and returns the latest value.
//!
//! Empty without `--cfg wakeful_loom`.
#![cfg(wakeful_loom)]
// The smaller set of models, which `.ci/orderings` builds again and again.
#![cfg_attr(only_orderings, allow(dead_code, unused_imports))]

#[cfg(not(only_orderings))]
mod blocking;
#[cfg(not(only_orderings))]
mod cancel;
#[cfg(not(only_orderings))]
mod coming_back;
#[cfg(not(only_orderings))]
mod exclusion;
#[cfg(not(only_orderings))]
mod forgotten;
#[cfg(not(only_orderings))]
mod futurelock;
#[cfg(not(only_orderings))]
mod guards;
mod latch;
#[cfg(not(only_orderings))]
mod order;
mod orderings;
#[cfg(not(only_orderings))]
#[path = "../../examples/own_model.rs"]
#[allow(dead_code, reason = "an example has a `main`")]
mod own_model;
#[cfg(not(only_orderings))]
mod probers;
#[cfg(not(only_orderings))]
mod probing;
#[cfg(not(only_orderings))]
mod queue;
mod semaphore;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod stacks;
mod support;
#[cfg(not(only_orderings))]
mod wakers;
#[cfg(not(only_orderings))]
mod yielding;

#[cfg(not(only_orderings))]
#[test]
fn the_example() {
    own_model::money_is_neither_made_nor_lost();
}
