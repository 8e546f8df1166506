//! The load: many clients, each sending its next request when it has the reply to the last.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use futures::future::join_all;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use tokio::task::JoinSet;

use crate::args::Args;
use crate::client::Client;
use crate::http;
use crate::support::waits::{Summary, Waits};
use crate::tally::Tally;

/// The result of a run.
pub(crate) struct Run {
    pub(crate) tally: Tally,
    pub(crate) latency: Summary,
    pub(crate) elapsed: Duration,
}

/// The requests that all clients draw from.
struct Plan {
    client: Client,
    requests: u64,
    keys: u64,
    job_every: u64,
    next: AtomicU64,
    bar: ProgressBar,
}

pub(crate) async fn drive(args: &Args, service: SocketAddr) -> Result<Run, Box<dyn Error>> {
    let plan = Arc::new(Plan {
        client: Client {
            http: http::client()?,
            url: format!("http://{service}"),
            retries: args.retries,
            latency: Waits::new(),
        },
        requests: args.requests,
        keys: args.keys,
        job_every: args.job_every,
        next: AtomicU64::new(0),
        bar: progress_bar(args.requests)?,
    });
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..args.clients {
        clients.spawn(plan.clone().be_a_client());
    }
    let mut tally = Tally::new();
    while let Some(client) = clients.join_next().await {
        tally.merge(client?);
    }
    let elapsed = start.elapsed();
    if args.job_every > 0 {
        plan.leave_last_jobs(args.clients, &mut tally).await;
    }
    Ok(Run {
        tally,
        latency: plan.client.latency.summary(),
        elapsed,
    })
}

impl Plan {
    /// All clients submit a job at once, so that the shutdown that follows finds jobs in the queue.
    async fn leave_last_jobs(&self, clients: u32, tally: &mut Tally) {
        let replies = (0..clients).map(|_| self.client.leave_job());
        for reply in join_all(replies).await {
            tally.record_job(reply);
        }
    }

    async fn be_a_client(self: Arc<Self>) -> Tally {
        let mut tally = Tally::new();
        loop {
            let number = self.next.fetch_add(1, Relaxed);
            if number >= self.requests {
                return tally;
            }
            let key = scatter(number) % self.keys;
            let reply = self.client.ask_patiently(key, &mut tally).await;
            tally.record(key, reply);
            if self.job_every > 0 && number % self.job_every == 0 {
                tally.record_job(self.client.leave_job().await);
            }
            self.bar.inc(1);
        }
    }
}

/// Drawn on stderr if that is a terminal.
fn progress_bar(requests: u64) -> Result<ProgressBar, Box<dyn Error>> {
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} requests, {per_sec}, {eta} left")?;
    let bar = ProgressBar::new(requests).with_style(style);
    Ok(bar.with_finish(ProgressFinish::AndClear))
}

/// Spreads consecutive numbers evenly, the same way in every run (splitmix64).
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
