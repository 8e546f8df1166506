//! The wait queue that every primitive shares. It knows nothing of what is waited for.
//!
//! | file | its one idea |
//! |---|---|
//! | [`waiter`] | the node in a future: waker, credit, patience, state |
//! | [`list`] | the intrusive list; all unsafe link code |
//! | [`line`] | the list with the bookkeeping of the six fairness rules |
//! | [`wake`] | foreign code (waking, dropping wakers) after the internal lock, panic-proof |
//!
//! A primitive keeps what is free in a state word of its own, and a [`line::Line`] under a short
//! lock. It asks the line who is first, who is called, whom to pass over; it decides itself, on its
//! word, who may take.

#[cfg(fuzzing)]
pub mod fuzzing;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod waiter;
pub(crate) mod wake;

pub(crate) use line::{Line, Nudged, Probe};
pub(crate) use waiter::{Node, State, Waiter};
pub(crate) use wake::{Spent, WakeBatch};
