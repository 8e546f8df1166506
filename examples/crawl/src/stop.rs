//! Ctrl-C: the first one stops the crawl, and the report tells how far it got; the second one ends the program.

use std::process;
use std::sync::Arc;

use crate::limits::Limits;

/// The exit status that shells use for an interrupted program.
pub(crate) const INTERRUPTED: u8 = 130;

pub(crate) async fn on_ctrl_c(limits: Arc<Limits>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        limits.close();
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        process::exit(INTERRUPTED.into());
    }
}
