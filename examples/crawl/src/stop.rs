//! Ctrl-C: the first stops the crawl, and the report tells how far it came; the second ends the
//! program.

use std::process;
use std::sync::Arc;

use crate::limits::Limits;

/// As a shell has it for a program that was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

pub(crate) async fn on_ctrl_c(limits: Arc<Limits>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        limits.close();
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        process::exit(INTERRUPTED.into());
    }
}
