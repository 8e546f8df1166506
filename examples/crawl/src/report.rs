//! The crawl as a table.

use std::fmt::{self, Display};
use std::time::Duration;

use bytesize::ByteSize;

use crate::crawl::Crawled;
use crate::limits::{Limit, Limits};
use crate::support::table::{row, times, times_header};
use crate::support::waits::Summary;
use crate::tally::Tally;

pub(crate) struct Report {
    pub(crate) stopped: bool,
    pub(crate) found: u64,
    pub(crate) unreadable: u64,
    pub(crate) tally: Tally,
    pub(crate) open: Usage,
    pub(crate) bytes: Usage,
    elapsed: Duration,
}

/// How much of a limit was used.
pub(crate) struct Usage {
    pub(crate) limit: usize,
    pub(crate) most: u64,
    /// What is free when nothing is in use.
    pub(crate) free: usize,
    waits: Summary,
}

impl Report {
    pub(crate) fn gather(crawled: Crawled, limits: &Limits) -> Self {
        Self {
            stopped: limits.closed(),
            found: crawled.walked.files,
            unreadable: crawled.walked.unreadable,
            tally: crawled.tally,
            open: Usage::of(&limits.open),
            bytes: Usage::of(&limits.bytes),
            elapsed: crawled.elapsed,
        }
    }
}

impl Usage {
    fn of(limit: &Limit) -> Self {
        Self {
            limit: limit.size,
            most: limit.in_use.take_most(),
            free: limit.free(),
            waits: limit.waits.summary(),
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = &self.tally;
        let (open, bytes) = (&self.open, &self.bytes);
        let per_second = tally.bytes as f64 / self.elapsed.as_secs_f64();
        row(f, "files found", self.found)?;
        row(f, "  hashed", tally.hashed)?;
        row(f, "  failed", tally.failed)?;
        if self.stopped {
            row(f, "  left when stopped", tally.left)?;
        }
        row(f, "directories failed", self.unreadable)?;
        row(f, "duplicates", tally.duplicates)?;
        row(f, "  their bytes", size(tally.duplicate_bytes))?;
        row(
            f,
            "most files open",
            format_args!("{} of {}", open.most, open.limit),
        )?;
        let budget = size(bytes.limit as u64);
        row(
            f,
            "most bytes held",
            format_args!("{} of {budget}", size(bytes.most)),
        )?;
        times_header(f)?;
        times(f, "wait to open a file", open.waits)?;
        times(f, "wait for the budget", bytes.waits)?;
        writeln!(f)?;
        row(f, "bytes hashed", size(tally.bytes))?;
        row(f, "elapsed", format_args!("{:.2?}", self.elapsed))?;
        row(f, "bytes/s", size(per_second as u64))
    }
}

fn size(bytes: u64) -> impl Display {
    ByteSize(bytes).display().iec()
}
