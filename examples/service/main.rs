//! A web service whose handlers share a cache and a counter behind `wakeful::Mutex`, driven by its
//! own load.
//!
//! ```text
//! clients ──HTTP──▶ service ──HTTP──▶ upstream (slow)
//!                   cache: map ▸ key      one fetch per key, however many ask at once
//!                   hit counter           read, yield, write back: exact only under the lock
//! ```
//!
//! `cargo run --release --example service` starts both servers on loopback ports, sends some
//! thousand real requests, prints what the clients saw and checks it. Exit status: 0 when every
//! invariant holds, 1 when one is broken or the program could not run, 2 for a bad argument.

mod args;
mod cache;
mod counter;
mod fetcher;
mod http;
mod invariants;
mod load;
mod report;
mod server;
mod service;
mod tally;
mod upstream;
mod waits;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use args::Args;
use fetcher::Fetcher;
use report::Report;
use server::Server;
use service::Service;
use upstream::Upstream;

fn main() -> ExitCode {
    let args = Args::parse_checked();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(args.workers)
        .enable_all()
        .build();
    let outcome = runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(&args)));
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

async fn run(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let upstream = Arc::new(Upstream::new(args.delay(), args.upstream_errors));
    let upstream_server = Server::start(0, upstream::router(upstream.clone()))
        .await
        .map_err(|error| format!("the upstream found no port: {error}"))?;

    let fetcher = Fetcher::new(upstream_server.address())?;
    let service = Arc::new(Service::new(fetcher, args.break_lock));
    let server = Server::start(args.port, service::router(service.clone()))
        .await
        .unwrap_or_else(|error| {
            args::refuse(&format!("cannot listen on port {}: {error}", args.port))
        });
    say(format_args!(
        "service on http://{}, upstream on http://{}\n",
        server.address(),
        upstream_server.address()
    ));

    let mut code = ExitCode::SUCCESS;
    if args.requests > 0 {
        let run = load::drive(args, server.address()).await?;
        let report = Report::gather(args, run, &service, &upstream).await;
        say(&report);
        code = judge(&report);
    }
    if args.serve {
        say(format_args!(
            "\nserving on http://{}, Ctrl-C stops it",
            server.address()
        ));
        tokio::signal::ctrl_c().await?;
        say("\nstopping");
    }
    server.stop().await?;
    upstream_server.stop().await?;
    Ok(code)
}

/// Names every broken invariant; any of them fails the program.
fn judge(report: &Report) -> ExitCode {
    let broken = invariants::broken(report);
    if broken.is_empty() {
        say("\nall invariants hold");
        return ExitCode::SUCCESS;
    }
    for invariant in broken {
        eprintln!("invariant broken: {invariant}");
    }
    ExitCode::FAILURE
}

/// Prints a line; a reader who closed the pipe is no reason to fail.
fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}
