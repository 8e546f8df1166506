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
//! | `support` | the helper that runs a model, and the cast: tasks, waiters, newcomers |
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
//! What loom does not try: it remembers of each atomic only the last access and the last that was
//! more than a load. So when one thread loads and then another loads and swaps, the swap is compared
//! with the load of its own thread, and nothing makes loom try the first thread's load after it. Of a
//! state word this does not hold (a load counts as a swap there, see `src/sync/with_loom.rs`), but in
//! `latch` and of a model's own atomics. A model in which one side may come to nothing but such a load
//! needs a flag besides, stored last on the side that swaps and loaded first on the other, as
//! `semaphore::orderings` has it; and witnesses that both outcomes were seen.
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
