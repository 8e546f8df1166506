//! A client: asks for an item, and comes back when it is told to; leaves a job, and does not.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client as Http, Response, StatusCode};

use crate::cache::Outcome;
use crate::http;
use crate::service::X_CACHE;
use crate::support::waits::Waits;
use crate::tally::{JobReply, Reply, Tally};
use crate::upstream;

pub(crate) struct Client {
    pub(crate) http: Http,
    pub(crate) url: String,
    /// How often it comes back after it was turned away, for one request.
    pub(crate) retries: u32,
    /// What a reply took, whatever it was.
    pub(crate) latency: Waits,
}

impl Client {
    /// Asks until there is an answer, or it was turned away once too often.
    pub(crate) async fn ask_patiently(&self, key: u64, tally: &mut Tally) -> Reply {
        let mut retries = self.retries;
        loop {
            let reply = self.latency.time(self.ask(key)).await;
            let Reply::TurnedAway(pause) = reply else {
                return reply;
            };
            tally.turned_away += 1;
            if retries == 0 {
                return reply;
            }
            retries -= 1;
            tokio::time::sleep(pause + jitter(key)).await;
        }
    }

    /// Leaves a job to be run in the background.
    pub(crate) async fn leave_job(&self) -> JobReply {
        let request = self.http.post(format!("{}/jobs", self.url));
        let judged = match request.send().await {
            Ok(response) => judge_job(response).await,
            Err(error) => Err(error),
        };
        judged.unwrap_or_else(|error| JobReply::Failed(http::explain(&error)))
    }

    async fn ask(&self, key: u64) -> Reply {
        let request = self.http.get(format!("{}/item/{key}", self.url));
        let judged = match request.send().await {
            Ok(response) => judge(key, response).await,
            Err(error) => Err(error),
        };
        judged.unwrap_or_else(|error| Reply::Failed(http::explain(&error)))
    }
}

/// So that requests that were rejected together are not retried together.
fn jitter(key: u64) -> Duration {
    Duration::from_millis(key % 16 * 16)
}

/// Tells what a reply means; a wrong value is a failure like any other.
async fn judge(key: u64, response: Response) -> reqwest::Result<Reply> {
    let status = response.status();
    let retry_after = retry_after(&response);
    let name = response.headers().get(X_CACHE);
    let outcome = Outcome::ALL
        .into_iter()
        .find(|outcome| name.is_some_and(|name| name == outcome.name()));
    let body = response.text().await?;
    Ok(match (status, outcome, retry_after) {
        (StatusCode::OK, Some(outcome), _) if body == upstream::value_of(&key.to_string()) => {
            Reply::Item(outcome)
        }
        (StatusCode::BAD_GATEWAY, ..) => Reply::BadGateway,
        (StatusCode::SERVICE_UNAVAILABLE, _, Some(pause)) => Reply::TurnedAway(pause),
        _ => Reply::Failed(format!(
            "key {key} was answered {status}: {}",
            body.trim_end()
        )),
    })
}

async fn judge_job(response: Response) -> reqwest::Result<JobReply> {
    let status = response.status();
    let retry_after = retry_after(&response);
    let body = response.text().await?;
    Ok(match (status, body.parse(), retry_after) {
        (StatusCode::ACCEPTED, Ok(number), _) => JobReply::Accepted(number),
        (StatusCode::SERVICE_UNAVAILABLE, _, Some(_)) => JobReply::Rejected,
        _ => JobReply::Failed(format!("a job was answered {status}: {}", body.trim_end())),
    })
}

/// The header, where it says seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(value.parse().ok()?))
}
