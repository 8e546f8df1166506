//! What must be true after a crawl, whatever the schedule was and even if it was stopped.

use crate::report::{Report, Usage};

/// One line for each invariant that does not hold.
pub(crate) fn broken(report: &Report) -> Vec<String> {
    let checks = [
        limit_kept("files open", &report.open),
        limit_kept("bytes held", &report.bytes),
        permits_back("files open", &report.open),
        permits_back("bytes held", &report.bytes),
        every_file_counted(report),
    ];
    checks.into_iter().flatten().collect()
}

fn limit_kept(what: &str, usage: &Usage) -> Option<String> {
    let (most, limit) = (usage.most, usage.limit);
    (most > limit as u64).then(|| format!("at most {limit} {what}: there were {most}"))
}

fn permits_back(what: &str, usage: &Usage) -> Option<String> {
    let (free, limit) = (usage.free, usage.limit);
    (free != limit)
        .then(|| format!("every permit for {what} comes back: {free} are free, not {limit}"))
}

/// Nothing is left unless the crawl was stopped.
fn every_file_counted(report: &Report) -> Option<String> {
    let (found, tally) = (report.found, &report.tally);
    let (hashed, failed, left) = (tally.hashed, tally.failed, tally.left);
    let wrong = hashed + failed + left != found || (left > 0 && !report.stopped);
    wrong.then(|| {
        format!(
            "files found = hashed + failed (+ left): {found} are not {hashed} + {failed} (+ {left})"
        )
    })
}
