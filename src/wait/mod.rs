//! The fair core.
mod future;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guarded;
mod line;
mod list;
mod node;
mod poll;
mod pool;
mod rules;
mod shelf;
mod slow;
pub(crate) mod wake;

pub(crate) use future::{Holder, WaitFuture, block_on, block_on_for, load_of};
pub(crate) use guarded::{Guarded, Inside, Latched};
pub(crate) use line::{Few, Line, Needs, One};
pub(crate) use list::WaitList;
pub(crate) use node::{Node, NodeRef, State};
pub(crate) use pool::{Due, Pool, settle, settle_and};
pub(crate) use shelf::Shelf;
