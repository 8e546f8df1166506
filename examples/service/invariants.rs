//! What must be true after a run, whatever the schedule was.

use crate::report::Report;

/// One line for each invariant that does not hold.
pub(crate) fn broken(report: &Report) -> Vec<String> {
    let checks = [
        no_failures(report),
        every_request_answered(report),
        one_fetch_per_key(report),
        exact_counter(report),
    ];
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
    let (hits, misses, refused) = (tally.hits, tally.misses, tally.bad_gateways);
    (hits + misses + refused != sent).then(|| {
        format!(
            "hits + misses (+ refused) = requests: {hits} + {misses} (+ {refused}) are not {sent}"
        )
    })
}

/// A fetch that the upstream refused fills nothing, and reaches exactly the client whose request it
/// was made for.
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
