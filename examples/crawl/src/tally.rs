//! What became of the files that were found.

use std::collections::HashSet;

use blake3::Hash;

use crate::hash::{Hashed, Unhashed};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) hashed: u64,
    pub(crate) bytes: u64,
    pub(crate) failed: u64,
    /// Found, but not hashed, because the crawl was stopped.
    pub(crate) left: u64,
    /// Files with the same contents as one hashed before.
    pub(crate) duplicates: u64,
    pub(crate) duplicate_bytes: u64,
    contents: HashSet<Hash>,
}

impl Tally {
    pub(crate) fn record(&mut self, result: Result<Hashed, Unhashed>) {
        match result {
            Ok(hashed) => self.record_hashed(&hashed),
            Err(Unhashed::Unreadable(_)) => self.failed += 1,
            Err(Unhashed::Stopped) => self.left += 1,
        }
    }

    fn record_hashed(&mut self, Hashed { hash, bytes }: &Hashed) {
        self.hashed += 1;
        self.bytes += bytes;
        if !self.contents.insert(*hash) {
            self.duplicates += 1;
            self.duplicate_bytes += bytes;
        }
    }
}
