//! A web service whose handlers share a cache and a counter behind a `wakeful::Mutex`, enforce limits with
//! `wakeful::Semaphore` and queue jobs for workers in a `wakeful::Queue`, driven by its own load.
//!
//! ```text
//! clients ──HTTP──▶ service ──HTTP──▶ upstream (slow)
//!                   admission             full: 503 and Retry-After, at once
//!                   cache: map ▸ key      one fetch per key, however many ask at once
//!                   limit                 bounds concurrent fetches, and is resized meanwhile
//!                   hit counter           read, yield, write back: exact only under the lock
//!                   jobs ──▶ workers      full: 503, at once; each that was accepted runs once
//! ```
//!
//! `cargo run --release -p service` starts both servers on loopback ports, sends a few thousand real requests,
//! prints what the clients saw and checks it. Ctrl-C stops it at any time: requests in progress are finished,
//! and accepted jobs run. Exit status: 0 if every invariant holds, 1 if one is broken or the program could not
//! run, 2 for a bad argument, 130 if Ctrl-C came before the whole load was sent and nothing is broken.

mod admission;
mod args;
mod breakage;
mod cache;
mod client;
mod counter;
mod fetcher;
mod http;
mod invariants;
mod job_report;
mod jobs;
mod ledger;
mod limit;
mod load;
mod operator;
mod report;
mod server;
mod service;
mod stack;
#[path = "../../support/mod.rs"]
mod support;
mod tally;
#[cfg(test)]
mod tests;
mod upstream;

use std::error::Error;
use std::process::ExitCode;

use args::Args;
use stack::Stack;
use support::verdict::{HOLDS, judge, say};
use tokio::signal::ctrl_c;

/// The exit status that shells use for a program ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let args = Args::parse_checked();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(args.workers)
        .enable_all()
        .build();
    let outcome = runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(&args)));
    match outcome {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<u8, Box<dyn Error>> {
    let stack = Stack::start(args).await?;
    say(format_args!(
        "service on http://{}, upstream on http://{}\n",
        stack.address(),
        stack.upstream_address()
    ));
    let mut status = HOLDS;
    if args.requests > 0 {
        tokio::select! {
            report = stack.drive(args) => {
                let report = report?;
                say(&report);
                status = judge(&invariants::broken(&report));
            }
            interrupted = ctrl_c() => {
                interrupted?;
                status = INTERRUPTED;
            }
        }
    }
    if args.serve && status != INTERRUPTED {
        say(format_args!(
            "\nserving on http://{}, Ctrl-C stops it",
            stack.address()
        ));
        ctrl_c().await?;
    }
    if args.serve || status == INTERRUPTED {
        say("\nstopping\n");
    }
    let jobs = stack.stop().await?;
    say(&jobs);
    status = match judge(&invariants::broken_jobs(&jobs)) {
        HOLDS => status,
        broken => broken,
    };
    if status == HOLDS {
        say("all invariants hold");
    }
    Ok(status)
}
