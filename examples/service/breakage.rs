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
