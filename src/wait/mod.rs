//! The wait queue that every primitive shares. It knows nothing of what is waited for.
//!
//! | file | its one idea |
//! |---|---|
//! | [`waiter`] | the node in a future: waker, credit, patience, state |
//! | [`list`] | the intrusive list; all unsafe link code |
//! | [`line`] | the list with the bookkeeping of the six fairness rules |
//! | [`crowd`] | the line of those who want a number of something, with sums; its `price` |
//! | [`stock`] | polling them: the rules, for everything that is counted |
//! | [`stock::quick`] | the short ways through them |
//! | [`stored`] | polling one that is stored in a handle |
//! | [`guarded`] | a state word, and what the short lock guards |
//! | [`polling`] | one poll: what it carries between critical sections |
//! | [`place`] | the waiter's place in a future; what a resource is |
//! | [`in_line`] | what every future is made of; waiting on a thread |
//! | [`wake`] | foreign code (waking, dropping wakers) after the internal lock, panic-proof |
//!
//! A primitive keeps what is free in a state word of its own, and a [`line::Line`] under a short
//! lock. It asks the line who is first, who is called, whom to pass over; it decides itself, on its
//! word, who may take.

pub(crate) mod crowd;
#[cfg(fuzzing)]
pub mod fuzzing;
pub(crate) mod guarded;
pub(crate) mod in_line;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod polling;
pub(crate) mod stock;
pub(crate) mod stored;
pub(crate) mod waiter;
pub(crate) mod wake;

pub(crate) use guarded::{Guarded, Inside, Locked};
pub(crate) use in_line::{Holder, InLine, wait_blocking, wait_blocking_timeout};
pub(crate) use line::{Line, Unanswered};
pub(crate) use place::{Asks, Resource};
pub(crate) use polling::{Polled, Polling, Step, start_again};
pub(crate) use waiter::{Node, State};
