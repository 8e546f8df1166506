//! The fair core: how tasks and threads wait for some of something countable, by the six rules of
//! [`Fairness`](crate::Fairness#the-rules). Mutex, semaphore and queue stand on it; it knows nothing of
//! values and items.
//!
//! | file | its one idea |
//! |---|---|
//! | [`future`] | what every future is made of, and a thread that blocks: start here |
//! | [`poll`] | polling a waiter: the common paths, each straight to its end |
//! | [`slow`] | the same by all rules, whatever the case |
//! | [`pool`] | what a primitive has that is waited for, and how a wait ends |
//! | [`settle`] | how a change of what is free ends: call who is due, release the latch, wake |
//! | `line` (`places`) | the fair wait list: rules 1 to 3; coming and going; [`tally`] counts what its front needs |
//! | [`rules`] | rules 4 to 6: calls that nobody answers |
//! | [`shelf`] | where waiters sleep that are stored in handles |
//! | [`list`] | the plain wait list, without fairness |
//! | [`node`] | a waiter: its node, in a pinned future or on a stack |
//! | [`guarded`] | a state word, and what its latch guards |
//! | [`wake`] | foreign code (wakers woken and dropped) after the latch, whatever panics |
//!
//! A contended `lock`, from `poll` to the end: [`Lock::poll`](crate::Lock) finds no fast path and comes to
//! `poll::poll_first`, which clones the waker, latches, looks once more, and queues the node. The release
//! finds somebody to call (`Line::next_to_call`), calls it (`Line::call`), releases the latch and wakes.
//! The waiter is polled: `poll::poll_again` latches, is admitted (`Line::admit_called`), leaves the line
//! and takes.
//!
//! The vocabulary is that of the rules: a release *calls* waiters; who was called *answers* by being
//! polled; who is not polled is *passed over*. The *front* is everybody up to the last one called. A
//! *newcomer* does not stand in line.

mod future;
mod guarded;
mod line;
mod list;
mod node;
mod poll;
mod pool;
mod rules;
mod settle;
mod shelf;
mod slow;
mod tally;
pub(crate) mod wake;

pub(crate) use future::{
    Holder, WaitFuture, block_on, block_on_for, load_of, polled_after_completion, waits,
};
pub(crate) use guarded::{Due, Guarded, Inside, Latched};
pub(crate) use line::Line;
#[cfg(fuzzing)]
pub use line::fuzzing;
pub(crate) use list::WaitList;
pub(crate) use node::{Node, NodeRef, State};
pub(crate) use pool::Pool;
pub(crate) use shelf::Shelf;
pub(crate) use tally::{Few, Needs, One, Tally};
