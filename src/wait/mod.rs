//! The fair core: how tasks and threads wait for units of a countable resource, by the six rules of
//! [`Fairness`](crate::Fairness#the-rules). Mutex, semaphore and queue are built on it; it knows nothing of
//! values and items.
//!
//! | file | its one idea |
//! |---|---|
//! | [`future`] | the one future behind all others, and blocking a thread: start here |
//! | [`poll`] | polling a waiter: the straight paths |
//! | [`detour`] | the same where a straight path is blocked |
//! | [`slow`] | polling a waiter: by all rules, in every case |
//! | [`pool`] | what the core asks of a primitive, and how a wait ends |
//! | [`settle`] | how a change of what is free ends: call the waiters that are due, release the latch, wake |
//! | `line` (`places`) | the fair wait list: rules 1 to 3; joining and leaving; [`tally`] counts what its front needs |
//! | [`rules`] | rules 4 to 6: unanswered calls |
//! | [`shelf`] | the waiters that are stored in handles |
//! | [`list`] | the plain wait list, without fairness |
//! | [`event`] | something that happens to all of its waiters at once |
//! | [`node`] | a waiter: its node, in a pinned future or on a stack |
//! | [`macros`] | what the futures of all primitives implement alike |
//! | [`guarded`] | a state word, and what its latch guards |
//! | [`wake`] | waking and dropping wakers after the latch was released, whatever panics |
//!
//! A contended `lock`, from `poll` to the end: [`Lock::poll`](crate::Lock) fails on the fast path and calls
//! `poll::poll_first`. That calls `queue_up`, which clones the waker, takes the latch, checks once more, and queues
//! the node. The release finds that the waiter is due (`Line::glance`), calls it (`Line::call`), releases the
//! latch and wakes it. When the waiter is polled, `poll::poll_again` takes the latch, admits it
//! (`Line::admit_first`), takes it out of the line and acquires.
//!
//! The vocabulary is that of the rules: a release *calls* waiters; a called waiter *answers* by being polled;
//! one that is not polled is *passed over*. Besides: a *line* is a fair wait list; its *front* is every waiter
//! up to the last one called; a *newcomer* is not in the line; a waiter is *due* when the rules say that it
//! must be called now; the *load* of a waiter is what it carries, such as the item of a push.

mod detour;
mod event;
mod future;
mod guarded;
mod line;
mod list;
mod macros;
mod node;
mod poll;
mod pool;
mod rules;
mod settle;
mod shelf;
mod slow;
mod tally;
pub(crate) mod wake;

pub(crate) use event::Event;
pub(crate) use future::{
    Holder, WaitFuture, block_on, block_on_for, load_of, polled_after_completion,
};
pub(crate) use guarded::{Due, Guarded, Inside, Latched};
pub(crate) use line::Line;
#[cfg(fuzzing)]
pub use line::fuzzing;
pub(crate) use list::WaitList;
pub(crate) use macros::{pinned, waits};
pub(crate) use node::{Node, NodeRef, State};
pub(crate) use pool::Pool;
pub(crate) use shelf::Shelf;
pub(crate) use tally::{Few, Needs, One, Tally};
