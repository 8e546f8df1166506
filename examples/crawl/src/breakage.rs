//! What the program can break on purpose, to show that its checks can fail.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Breakage {
    /// A permit to open a file is returned before the file is opened
    Open,
    /// A permit to hold bytes is returned before they are read
    Budget,
    /// A permit is forgotten
    Permit,
    /// A file is forgotten
    File,
}
