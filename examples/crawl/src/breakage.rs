//! What the program can break on purpose, to see that its checks can fail.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Breakage {
    /// A permit to open a file is given back before it is opened
    Open,
    /// A permit to hold bytes is given back before they are read
    Budget,
    /// A permit is forgotten
    Permit,
    /// A file is forgotten
    File,
}
