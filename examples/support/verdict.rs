//! How a program reports its result, and its exit status.

use std::fmt::Display;
use std::io::{self, Write};

pub(crate) const HOLDS: u8 = 0;
pub(crate) const BROKEN: u8 = 1;

/// Names every broken invariant; any of them fails the program.
pub(crate) fn judge(broken: &[String]) -> u8 {
    for invariant in broken {
        eprintln!("invariant broken: {invariant}");
    }
    if broken.is_empty() { HOLDS } else { BROKEN }
}

/// Prints a line; a closed pipe is no reason to fail.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}
