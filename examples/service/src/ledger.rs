//! What became of each job, as reported by handlers and workers, without the queue.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(crate) struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    jobs: HashMap<u64, Fate>,
    rejected: u64,
    /// Accepted and not started. A worker may report first, so this can be negative.
    waiting: i64,
    most_waiting: i64,
    longest: usize,
}

#[derive(Clone, Copy, Default)]
struct Fate {
    accepted: bool,
    runs: u64,
}

/// The ledger, summed up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Account {
    pub(crate) accepted: u64,
    pub(crate) run: u64,
    pub(crate) rejected: u64,
    /// Jobs that were accepted and not run.
    pub(crate) lost: u64,
    /// Jobs that were run more than once.
    pub(crate) again: u64,
    /// Jobs that were run and not accepted.
    pub(crate) unasked: u64,
    /// The greatest length that the queue reported.
    pub(crate) longest: usize,
    /// The most jobs that were accepted and not started.
    pub(crate) most_waiting: u64,
}

impl Ledger {
    /// A job was accepted, and the queue had this length afterwards.
    pub(crate) fn accepted(&self, number: u64, length: usize) {
        let mut entries = self.entries();
        entries.jobs.entry(number).or_default().accepted = true;
        entries.waiting += 1;
        entries.most_waiting = entries.most_waiting.max(entries.waiting);
        entries.longest = entries.longest.max(length);
    }

    pub(crate) fn rejected(&self) {
        self.entries().rejected += 1;
    }

    pub(crate) fn begun(&self) {
        self.entries().waiting -= 1;
    }

    pub(crate) fn ran(&self, number: u64) {
        self.entries().jobs.entry(number).or_default().runs += 1;
    }

    pub(crate) fn account(&self) -> Account {
        let entries = self.entries();
        let mut account = Account {
            rejected: entries.rejected,
            longest: entries.longest,
            most_waiting: entries.most_waiting.unsigned_abs(),
            ..Account::default()
        };
        for fate in entries.jobs.values() {
            account.accepted += u64::from(fate.accepted);
            account.run += fate.runs;
            account.lost += u64::from(fate.accepted && fate.runs == 0);
            account.again += u64::from(fate.runs > 1);
            account.unasked += u64::from(!fate.accepted);
        }
        account
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_what_was_lost_run_again_and_run_unasked() {
        let ledger = Ledger::default();
        for (number, runs) in [(1, 0), (2, 1), (3, 2)] {
            ledger.accepted(number, 1);
            (0..runs).for_each(|_| ledger.ran(number));
        }
        ledger.ran(4);
        let account = ledger.account();
        assert_eq!((account.accepted, account.run), (3, 4));
        assert_eq!((account.lost, account.again, account.unasked), (1, 1, 1));
    }

    #[test]
    fn it_keeps_the_most_that_waited() {
        let ledger = Ledger::default();
        ledger.begun();
        for number in 0..3 {
            ledger.accepted(number, 1);
        }
        ledger.begun();
        assert_eq!(ledger.account().most_waiting, 2);
    }
}
