//! Ends the test run, with a word why, where something hangs.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Watches until dropped.
#[derive(Debug)]
pub(crate) struct Watchdog {
    _ended: Sender<()>,
}

impl Watchdog {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        let what = what.into();
        let (ended, end) = channel();
        thread::spawn(move || {
            if end.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{what}: nothing has come of it for {LIMIT:?}");
                std::process::abort();
            }
        });
        Self { _ended: ended }
    }
}
