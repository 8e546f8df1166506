//! The command line, and which arguments it rejects.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::value_parser;
use clap::{CommandFactory, Parser};

use crate::breakage::{Breakage, QueueBreakage};

/// An axum service that shares a cache behind a `wakeful::Mutex`, enforces limits with `wakeful::Semaphore` and
/// queues jobs for workers in a `wakeful::Queue`. It sends itself real requests and checks the result.
#[derive(Debug, Parser)]
#[command(name = "service")]
pub(crate) struct Args {
    /// Requests to send in all (0 only together with --serve)
    #[arg(long, value_name = "N", default_value_t = 4000)]
    pub(crate) requests: u64,

    /// Clients that send them, each waiting for its reply before it sends the next
    #[arg(
        long,
        value_name = "N",
        default_value_t = 64,
        value_parser = value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) clients: u32,

    /// Distinct keys they ask for
    #[arg(
        long,
        value_name = "N",
        default_value_t = 400,
        value_parser = value_parser!(u64).range(1..),
    )]
    pub(crate) keys: u64,

    /// How long the upstream takes for a reply, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 20,
        value_parser = value_parser!(u64).range(..=10_000),
    )]
    pub(crate) upstream_delay: u64,

    /// How many requests the upstream refuses before it answers any
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) upstream_errors: u64,

    /// Requests to the upstream at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 16,
        value_parser = value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) upstream_limit: u32,

    /// How long each limit on these is in force before it is turned down to a half, to a quarter
    /// and up again, in milliseconds; 0 leaves it as it is
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 50,
        value_parser = value_parser!(u64).range(..=60_000),
    )]
    pub(crate) resize: u64,

    /// Requests that the service works on at once; it answers more with 503
    #[arg(
        long,
        value_name = "N",
        default_value_t = 48,
        value_parser = value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) in_work: u32,

    /// How often a client comes back with a request that was answered so
    #[arg(
        long,
        value_name = "N",
        default_value_t = 3,
        value_parser = value_parser!(u32).range(..=100),
    )]
    pub(crate) retries: u32,

    /// Of how many requests one is followed by a background job; 0 for no jobs at all
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) job_every: u64,

    /// Background jobs queued at once; more are answered with 503
    #[arg(
        long,
        value_name = "N",
        default_value_t = 32,
        value_parser = value_parser!(u32).range(1..=1_000_000),
    )]
    pub(crate) job_queue: u32,

    /// Workers that run them
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) job_workers: u32,

    /// How long a job takes, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 5,
        value_parser = value_parser!(u64).range(..=10_000),
    )]
    pub(crate) job_time: u64,

    /// Loopback port of the service; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    /// Leave the service up after the run, until Ctrl-C
    #[arg(long)]
    pub(crate) serve: bool,

    /// Threads of the runtime [default: one per core]
    #[arg(
        long,
        value_name = "N",
        default_value_t = cores(),
        hide_default_value = true,
        value_parser = workers,
    )]
    pub(crate) workers: usize,

    /// Let the counter's lock go between its read and its write, to see the check fail (takes
    /// several clients)
    #[arg(long)]
    pub(crate) break_lock: bool,

    /// Break one of the limits, to see the check fail
    #[arg(long, value_name = "WHAT", hide = true)]
    pub(crate) break_semaphore: Option<Breakage>,

    /// Break the queue of jobs, to see the check fail
    #[arg(long, value_name = "WHAT", hide = true)]
    pub(crate) break_queue: Option<QueueBreakage>,
}

impl Args {
    /// The arguments of this process; ends it with a message and status 2 where they make no sense.
    pub(crate) fn parse_checked() -> Self {
        let args = Self::parse();
        if args.requests == 0 && !args.serve {
            refuse("--requests 0 leaves nothing to do without --serve");
        }
        args
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.upstream_delay)
    }
}

/// Ends the process as clap does for an argument it cannot parse.
pub(crate) fn refuse(message: &str) -> ! {
    Args::command()
        .error(ErrorKind::ValueValidation, message)
        .exit()
}

fn workers(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(workers @ 1..=512) => Ok(workers),
        Ok(workers) => Err(format!("{workers} is not in 1..=512")),
        Err(error) => Err(format!("{error}")),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
