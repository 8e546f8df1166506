//! Models: small programs of two to four threads, run through every schedule that loom can tell
//! apart, on the code that ships. Each asserts what it promises in every one of them and, in the
//! end, that nobody waits, nobody holds and nobody probes.
//!
//! ```text
//! RUSTFLAGS="--cfg wakeful_loom" cargo test --release --features loom --test loom
//! ```
//!
//! | module | what it explores |
//! |---|---|
//! | `support` | how a model is run and its threads are spawned, and the cast: tasks, waiters, newcomers; what is written once for mutex and semaphore |
//! | `orderings` | each `Acquire` and `Release`, with nothing else that could order |
//! | `exclusion` | one at a time, whoever contends |
//! | `blocking` | threads beside tasks, and deadlines |
//! | `wakers` | wakers that change, that come too often, that re-enter |
//! | `cancel` | a waiter dropped in each state |
//! | `order` | FIFO, and credit: who may overtake whom how often (P1) |
//! | `probing` | arrivals that find the lock free, but kept (P3) |
//! | `probers` | probers that are dropped or kept |
//! | `coming_back` | waiters that were passed over and come back |
//! | `futurelock` | futures of one task never wait for each other (P2) |
//! | `forgotten` | waiters that are never polled again (P3) |
//! | `guards` | guards that are mapped, owned, and sent to other threads |
//! | `latch` | what all others leave out of the latch: those who find it taken, and hints that are old |
//! | `own_model` | the example: a model as a user writes it |
//! | `yielding` | a loop that yields, instead of waiting |
//! | `semaphore` | the same and more for the semaphore: a table of its own |
//! | `queue` | the queue: a table of its own |
//!
//! # Loom's blind side
//!
//! loom remembers of each atomic only the last access and the last that was more than a load. It goes
//! back to a load only for a store that comes next after it, and a look that is no step of its own (a
//! hint, see `src/sync/with_loom.rs`) it never goes back to. So the first look of a thread that runs
//! before the others would always find what they have not done yet: who only looks has to run last.
//!
//! [`support::spawn`] sees to that, for every thread: child and parent both touch one atomic before
//! anything else, and loom tries every order of that. So each of them is the last in some schedule,
//! and its first look finds all that the others did, or a part of it, or something older. The rule:
//!
//! - Spawn by `support::spawn` or `spawn_with`, never by loom's own; and let the parent look after it
//!   has spawned, not before.
//! - If a model has more than one outcome, say so by `saw`: it fails if no schedule shows one of them.
//! - What only a look at an older value can show goes to `latch`: elsewhere a load is a
//!   compare-and-swap that fails, and gives the latest.
//!
//! Empty without `--cfg wakeful_loom`.
#![cfg(wakeful_loom)]
// The fewer, which `.ci/orderings` builds again and again.
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
