//! The lines of a report.

use std::fmt::{self, Display, Formatter};

use super::waits::Summary;

/// A name and its value, as one line. (The value is formatted first, because not every `Display` honours
/// padding.)
pub(crate) fn row(f: &mut Formatter<'_>, name: &str, value: impl Display) -> fmt::Result {
    let value = value.to_string();
    writeln!(f, "{name:24}{value:>12}")
}

/// The heading above `times`.
pub(crate) fn times_header(f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\n{:24}{:>12}{:>12}{:>12}", "", "p50", "p99", "max")
}

pub(crate) fn times(f: &mut Formatter<'_>, name: &str, times: Summary) -> fmt::Result {
    let Summary { p50, p99, max } = times;
    writeln!(f, "{name:24}{p50:>12.1?}{p99:>12.1?}{max:>12.1?}")
}
