//! What the clients saw: every number here comes from a reply.

use std::collections::HashSet;
use std::time::Duration;

use crate::cache::Outcome;

/// How a request was answered.
pub(crate) enum Reply {
    Item(Outcome),
    /// 502: the upstream refused.
    BadGateway,
    /// 503: the service is full, and says when to come back.
    TurnedAway(Duration),
    /// Anything that should not happen.
    Failed(String),
}

/// How a job was answered.
pub(crate) enum JobReply {
    /// 202, and the number of the job.
    Accepted(u64),
    /// 503: the queue is full.
    Rejected,
    /// Anything that should not happen.
    Failed(String),
}

pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) bad_gateways: u64,
    /// Requests given up because the service was full, even after retries.
    pub(crate) shed: u64,
    /// All replies that said so, including those to requests that were served in the end.
    pub(crate) turned_away: u64,
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
    /// Keys whose value was seen.
    pub(crate) keys: HashSet<u64>,
    /// Numbers of the jobs that were accepted.
    pub(crate) jobs: HashSet<u64>,
    pub(crate) jobs_rejected: u64,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            requests: 0,
            hits: 0,
            misses: 0,
            bad_gateways: 0,
            shed: 0,
            turned_away: 0,
            failures: 0,
            first_failure: None,
            keys: HashSet::new(),
            jobs: HashSet::new(),
            jobs_rejected: 0,
        }
    }

    /// Counts how a request ended.
    pub(crate) fn record(&mut self, key: u64, reply: Reply) {
        self.requests += 1;
        match reply {
            Reply::Item(outcome) => {
                self.keys.insert(key);
                match outcome {
                    Outcome::Hit => self.hits += 1,
                    Outcome::Miss => self.misses += 1,
                }
            }
            Reply::BadGateway => self.bad_gateways += 1,
            Reply::TurnedAway(_) => self.shed += 1,
            Reply::Failed(why) => self.fail(why),
        }
    }

    pub(crate) fn record_job(&mut self, reply: JobReply) {
        match reply {
            JobReply::Accepted(number) => {
                if !self.jobs.insert(number) {
                    self.fail(format!("job {number} was accepted twice"));
                }
            }
            JobReply::Rejected => self.jobs_rejected += 1,
            JobReply::Failed(why) => self.fail(why),
        }
    }

    fn fail(&mut self, why: String) {
        self.failures += 1;
        self.first_failure.get_or_insert(why);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.requests += other.requests;
        self.hits += other.hits;
        self.misses += other.misses;
        self.bad_gateways += other.bad_gateways;
        self.shed += other.shed;
        self.turned_away += other.turned_away;
        self.failures += other.failures;
        self.first_failure = self.first_failure.take().or(other.first_failure);
        self.keys.extend(other.keys);
        self.jobs.extend(other.jobs);
        self.jobs_rejected += other.jobs_rejected;
    }
}
