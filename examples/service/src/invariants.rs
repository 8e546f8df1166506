//! What must be true after a run, whatever the schedule was.

use crate::job_report::JobReport;
use crate::report::Report;

/// One line for each invariant that does not hold.
pub(crate) fn broken(report: &Report) -> Vec<String> {
    let checks = [
        no_failures(report),
        every_request_answered(report),
        one_fetch_per_key(report),
        exact_counter(report),
        every_503_counted(report),
        every_job_answered(report),
        admission_kept(report),
        permits_back(report),
    ];
    let checks = checks.into_iter().chain(limits_kept(report));
    checks.flatten().collect()
}

/// The same for the jobs, once no more of them will run.
pub(crate) fn broken_jobs(report: &JobReport) -> Vec<String> {
    let checks = [every_job_runs_once(report), queue_bounded(report)];
    checks.into_iter().flatten().collect()
}

fn no_failures(report: &Report) -> Option<String> {
    let tally = &report.tally;
    let first = tally.first_failure.as_ref()?;
    Some(format!(
        "no failed request: {} failed, the first: {first}",
        tally.failures
    ))
}

fn every_request_answered(report: &Report) -> Option<String> {
    let (sent, tally) = (report.sent, &report.tally);
    let (hits, misses) = (tally.hits, tally.misses);
    let (refused, shed) = (tally.bad_gateways, tally.shed);
    (hits + misses + refused + shed != sent).then(|| {
        format!(
            "hits + misses (+ refused, shed) = requests: \
             {hits} + {misses} (+ {refused}, {shed}) are not {sent}"
        )
    })
}

/// A fetch that the upstream refused fills no cache entry, and is reported to exactly the client whose request
/// caused it.
fn one_fetch_per_key(report: &Report) -> Option<String> {
    let (fetches, tally) = (report.fetches, &report.tally);
    let (keys, refused) = (tally.keys.len() as u64, tally.bad_gateways);
    (fetches != keys + refused).then(|| {
        format!(
            "upstream fetches = distinct keys (+ refused): {fetches} are not {keys} (+ {refused})"
        )
    })
}

fn exact_counter(report: &Report) -> Option<String> {
    let (hits, counted) = (report.tally.hits, report.counted_with_lock);
    (hits != counted)
        .then(|| format!("exact hit counter under the lock: {hits} hits, but it says {counted}"))
}

/// The rejections that the service counted are those that the clients saw.
fn every_503_counted(report: &Report) -> Option<String> {
    let (sent, seen) = (report.turned_away, report.tally.turned_away);
    (sent != seen).then(|| format!("every 503 arrives: {sent} were sent, but {seen} seen"))
}

/// The jobs that the service counted as accepted and rejected are those that the clients saw accepted and
/// rejected.
fn every_job_answered(report: &Report) -> Option<String> {
    let (jobs, tally) = (&report.jobs, &report.tally);
    let told = (tally.jobs.len() as u64, tally.jobs_rejected);
    (told != (jobs.accepted, jobs.rejected)).then(|| {
        format!(
            "every answer to a job arrives: {} were accepted and {} rejected, but {} and {} seen",
            jobs.accepted, jobs.rejected, told.0, told.1
        )
    })
}

fn every_job_runs_once(report: &JobReport) -> Option<String> {
    let jobs = &report.account;
    (jobs.accepted != jobs.run || jobs.lost + jobs.again + jobs.unasked > 0).then(|| {
        format!(
            "jobs accepted = jobs run, each once: {} are not {}; {} never ran, {} ran again, {} were \
             never accepted",
            jobs.accepted, jobs.run, jobs.lost, jobs.again, jobs.unasked
        )
    })
}

/// Checked with the queue's own length and with the ledger: between those two, a worker may have taken a job
/// that it has not yet reported as started.
fn queue_bounded(report: &JobReport) -> Option<String> {
    let (longest, bound, waiting) = (
        report.account.longest,
        report.bound,
        report.account.most_waiting,
    );
    let most_waiting = (bound + report.workers) as u64;
    (longest > bound || waiting > most_waiting).then(|| {
        format!(
            "at most {bound} jobs queued: there were {longest}, and {waiting} were accepted and not \
             begun, with {} workers",
            report.workers
        )
    })
}

fn admission_kept(report: &Report) -> Option<String> {
    let (most, limit) = (report.most_in_work, report.in_work);
    (most > limit).then(|| format!("at most {limit} requests in work: there were {most}"))
}

/// Checked with the upstream's own count, for each limit while it was in force.
fn limits_kept(report: &Report) -> impl Iterator<Item = Option<String>> {
    report.phases.iter().map(|(&limit, phases)| {
        let most = phases.most;
        (most > limit as u64)
            .then(|| format!("at most {limit} requests at the upstream: there were {most}"))
    })
}

fn permits_back(report: &Report) -> Option<String> {
    let broken = report.permits.iter().find(|(free, all)| free != all);
    broken.map(|(free, all)| format!("every permit comes back: {free} are free, not {all}"))
}
