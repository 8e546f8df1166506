//! The run as a table: the clients' numbers beside those of the upstream, the counter and the
//! locks.

use std::fmt::{self, Display};
use std::time::Duration;

use crate::args::Args;
use crate::load::Run;
use crate::service::Service;
use crate::tally::Tally;
use crate::upstream::Upstream;
use crate::waits::Summary;

pub(crate) struct Report {
    setting: String,
    pub(crate) sent: u64,
    pub(crate) tally: Tally,
    pub(crate) fetches: u64,
    pub(crate) counted_with_lock: u64,
    pub(crate) counted_without_lock: u64,
    map_waits: Summary,
    key_waits: Summary,
    counter_waits: Summary,
    elapsed: Duration,
}

impl Report {
    pub(crate) async fn gather(
        args: &Args,
        run: Run,
        service: &Service,
        upstream: &Upstream,
    ) -> Self {
        Self {
            setting: format!(
                "clients: {}, keys: {}, upstream delay: {} ms, worker threads: {}",
                args.clients, args.keys, args.upstream_delay, args.workers
            ),
            sent: args.requests,
            tally: run.tally,
            fetches: upstream.requests(),
            counted_with_lock: service.hit_counter.locked().await,
            counted_without_lock: service.hit_counter.unlocked(),
            map_waits: service.cache.map_waits.summary(),
            key_waits: service.cache.key_waits.summary(),
            counter_waits: service.hit_counter.waits.summary(),
            elapsed: run.elapsed,
        }
    }

    /// How many of the hits are missing in `counted`.
    fn lost(&self, counted: u64) -> u64 {
        self.tally.hits.saturating_sub(counted)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = &self.tally;
        let per_second = tally.requests as f64 / self.elapsed.as_secs_f64();
        writeln!(f, "{}\n", self.setting)?;
        count(f, "requests", tally.requests)?;
        count(f, "  hits", tally.hits)?;
        count(f, "  misses", tally.misses)?;
        count(f, "  refused upstream", tally.bad_gateways)?;
        count(f, "  failed", tally.failures)?;
        count(f, "upstream fetches", self.fetches)?;
        writeln!(f, "lost updates of the hit counter")?;
        count(f, "  with the lock", self.lost(self.counted_with_lock))?;
        count(f, "  without it", self.lost(self.counted_without_lock))?;
        writeln!(f, "\n{:24}{:>12}{:>12}{:>12}", "", "p50", "p99", "max")?;
        times(f, "latency", tally.latency.summary())?;
        times(f, "wait for the map", self.map_waits)?;
        times(f, "wait for a key", self.key_waits)?;
        times(f, "wait for the counter", self.counter_waits)?;
        writeln!(f, "\n{:24}{:>12.2?}", "elapsed", self.elapsed)?;
        write!(f, "{:24}{per_second:>12.0}", "requests/s")
    }
}

fn count(f: &mut fmt::Formatter<'_>, name: &str, number: u64) -> fmt::Result {
    writeln!(f, "{name:24}{number:>12}")
}

fn times(f: &mut fmt::Formatter<'_>, name: &str, times: Summary) -> fmt::Result {
    let Summary { p50, p99, max } = times;
    writeln!(f, "{name:24}{p50:>12.1?}{p99:>12.1?}{max:>12.1?}")
}
