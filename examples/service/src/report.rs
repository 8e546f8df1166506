//! The run as a table: the clients' numbers, and those of the upstream, the counter, the locks and the
//! semaphores.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::time::Duration;

use crate::args::Args;
use crate::ledger::Account;
use crate::limit::Phases;
use crate::load::Run;
use crate::service::Service;
use crate::support::table::{row, times, times_header};
use crate::support::waits::Summary;
use crate::tally::Tally;
use crate::upstream::Upstream;

pub(crate) struct Report {
    setting: String,
    pub(crate) sent: u64,
    pub(crate) tally: Tally,
    pub(crate) fetches: u64,
    pub(crate) counted_with_lock: u64,
    pub(crate) counted_without_lock: u64,
    pub(crate) turned_away: u64,
    /// As the service counts them.
    pub(crate) jobs: Account,
    pub(crate) in_work: u64,
    pub(crate) most_in_work: u64,
    /// Each limit on requests to the upstream, and the most that the upstream saw while it was in force.
    pub(crate) phases: BTreeMap<usize, Phases>,
    /// How many permits are free after the run, and how many should be.
    pub(crate) permits: [(usize, usize); 2],
    limit_waits: Summary,
    map_waits: Summary,
    key_waits: Summary,
    counter_waits: Summary,
    latency: Summary,
    elapsed: Duration,
}

impl Report {
    pub(crate) async fn gather(
        args: &Args,
        run: Run,
        service: &Service,
        upstream: &Upstream,
    ) -> Self {
        let admission = &service.admission;
        let limit = &service.fetcher.limit;
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
            turned_away: admission.turned_away(),
            jobs: service.jobs.ledger.account(),
            in_work: u64::from(args.in_work),
            most_in_work: admission.most_in_work(),
            phases: limit.phases(),
            permits: [limit.free(), admission.free()],
            limit_waits: limit.waits.summary(),
            map_waits: service.cache.map_waits.summary(),
            key_waits: service.cache.key_waits.summary(),
            counter_waits: service.hit_counter.waits.summary(),
            latency: run.latency,
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
        row(f, "requests", tally.requests)?;
        row(f, "  hits", tally.hits)?;
        row(f, "  misses", tally.misses)?;
        row(f, "  refused upstream", tally.bad_gateways)?;
        row(f, "  shed", tally.shed)?;
        row(f, "  failed", tally.failures)?;
        row(f, "turned away with 503", tally.turned_away)?;
        row(
            f,
            "most requests in work",
            format_args!("{} of {}", self.most_in_work, self.in_work),
        )?;
        row(f, "upstream fetches", self.fetches)?;
        writeln!(f, "most at the upstream")?;
        for (limit, phases) in self.phases.iter().rev() {
            let times = if phases.times == 1 { "time" } else { "times" };
            let name = format!("  limit {limit}, {} {times}", phases.times);
            row(f, &name, phases.most)?;
        }
        writeln!(f, "lost updates of the hit counter")?;
        row(f, "  with the lock", self.lost(self.counted_with_lock))?;
        row(f, "  without it", self.lost(self.counted_without_lock))?;
        times_header(f)?;
        times(f, "latency of a reply", self.latency)?;
        times(f, "wait for the upstream", self.limit_waits)?;
        times(f, "wait for the map", self.map_waits)?;
        times(f, "wait for a key", self.key_waits)?;
        times(f, "wait for the counter", self.counter_waits)?;
        writeln!(f)?;
        row(f, "elapsed", format_args!("{:.2?}", self.elapsed))?;
        row(f, "requests/s", format_args!("{per_second:.0}"))
    }
}
