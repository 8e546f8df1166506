//! What the program can break on purpose, to see that its checks can fail.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Breakage {
    /// A permit for the upstream is given back before the request
    Limit,
    /// A reduction of the limit is announced and not made
    Resize,
    /// A request gives its place back before it is served
    Admission,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueueBreakage {
    /// The queue has twice as many slots as it should
    Bound,
    /// A full queue accepts a job and throws out the oldest
    Oldest,
    /// A worker runs each job a second time
    Again,
    /// A stop throws out what is queued
    Drain,
}
