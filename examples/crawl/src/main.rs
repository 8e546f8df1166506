//! Hashes every file of a directory tree, with limits on open files and on bytes held at once, both enforced by
//! `wakeful::Semaphore`.
//!
//! ```text
//! walker ──paths──▶ crawl ──▶ a task for each file ──▶ tally
//!                   1 permit     1 permit for each byte of its buffer
//!                   to open it   that it reads the file through
//! ```
//!
//! `cargo run --release -p crawl -- DIR` prints what it found and checks that the limits were kept. A file that
//! cannot be read is named and counted. Ctrl-C closes the semaphores, which ends the crawl with a report of
//! what was done. Exit status: 0 if every invariant holds, 1 if one is broken or the program could not run, 2
//! for a bad argument, 130 after Ctrl-C.

mod args;
mod breakage;
mod crawl;
mod hash;
mod invariants;
mod limits;
mod progress;
mod report;
mod stop;
#[path = "../../support/mod.rs"]
mod support;
mod tally;
#[cfg(test)]
mod tests;
mod walk;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use args::Args;
use breakage::Breakage;
use limits::Limits;
use report::Report;
use stop::INTERRUPTED;
use support::verdict::{HOLDS, judge, say};

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse_checked();
    let limits = Arc::new(Limits::new(&args));
    tokio::spawn(stop::on_ctrl_c(limits.clone()));
    match run(&args, limits).await {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args, limits: Arc<Limits>) -> Result<u8, Box<dyn Error>> {
    let report = report(args, limits).await?;
    say(&report);
    let status = judge(&invariants::broken(&report));
    if status == HOLDS {
        say("all invariants hold");
    }
    if status == HOLDS && report.stopped {
        say("stopped before the end");
        return Ok(INTERRUPTED);
    }
    Ok(status)
}

async fn report(args: &Args, limits: Arc<Limits>) -> Result<Report, Box<dyn Error>> {
    let crawled = crawl::crawl(args, limits.clone()).await?;
    if args.breakage == Some(Breakage::Permit) {
        limits.open.permits(1).await?.forget();
    }
    Ok(Report::gather(crawled, &limits))
}
