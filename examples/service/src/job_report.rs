//! The outcome of the background jobs as a table, made when the last worker has stopped.

use std::fmt::{self, Display};

use crate::jobs::Jobs;
use crate::ledger::Account;
use crate::support::table::{row, times, times_header};
use crate::support::waits::Summary;

pub(crate) struct JobReport {
    pub(crate) account: Account,
    pub(crate) bound: usize,
    pub(crate) workers: usize,
    waits: Summary,
}

impl JobReport {
    pub(crate) fn gather(jobs: &Jobs) -> Self {
        Self {
            account: jobs.ledger.account(),
            bound: jobs.bound,
            workers: jobs.workers,
            waits: jobs.waits.summary(),
        }
    }
}

impl Display for JobReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = &self.account;
        row(f, "background jobs", account.accepted + account.rejected)?;
        row(f, "  accepted", account.accepted)?;
        row(f, "  run", account.run)?;
        row(f, "  rejected", account.rejected)?;
        row(
            f,
            "  longest queue",
            format_args!("{} of {}", account.longest, self.bound),
        )?;
        times_header(f)?;
        times(f, "wait in the queue", self.waits)
    }
}
