//! The service: handlers that share a cache, a hit counter and a queue of background jobs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::admission::{self, Admission};
use crate::cache::{Cache, Outcome};
use crate::counter::Counter;
use crate::fetcher::{FetchError, Fetcher};
use crate::jobs::{Jobs, Rejection};

/// Tells a client whether its item was in the cache: `hit` or `miss`.
pub(crate) const X_CACHE: HeaderName = HeaderName::from_static("x-cache");

/// In bytes.
const LONGEST_KEY: usize = 128;

const HELP: &str = "\
GET /item/{key}  the item, from the cache or the upstream; x-cache says which; 503 when full
POST /jobs       leaves a job to be run in the background: 202 and its number; 503 when full
GET /stats       what the service has counted, as JSON
GET /            this text
";

pub(crate) struct Service {
    pub(crate) admission: Arc<Admission>,
    pub(crate) cache: Cache<Arc<str>>,
    pub(crate) hit_counter: Counter,
    pub(crate) fetcher: Fetcher,
    pub(crate) jobs: Arc<Jobs>,
    hits: AtomicU64,
    misses: AtomicU64,
    upstream_errors: AtomicU64,
}

impl Service {
    pub(crate) fn new(
        admission: Admission,
        fetcher: Fetcher,
        jobs: Arc<Jobs>,
        break_lock: bool,
    ) -> Self {
        Self {
            admission: Arc::new(admission),
            cache: Cache::new(),
            hit_counter: Counter::new(break_lock),
            fetcher,
            jobs,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            upstream_errors: AtomicU64::new(0),
        }
    }

    /// Rejects new requests and those that still wait for the upstream, so that a shutdown waits for neither.
    /// Accepted jobs still run.
    pub(crate) fn close(&self) {
        self.admission.close();
        self.fetcher.limit.close();
        self.jobs.close();
    }

    async fn count(&self, outcome: Outcome) {
        match outcome {
            Outcome::Hit => {
                self.hits.fetch_add(1, Relaxed);
                self.hit_counter.add_one().await;
            }
            Outcome::Miss => {
                self.misses.fetch_add(1, Relaxed);
            }
        }
    }
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    let admit = middleware::from_fn_with_state(service.admission.clone(), admission::admit);
    Router::new()
        .route("/item/{key}", get(item))
        .route_layer(admit)
        .route("/jobs", post(job))
        .route("/", get(HELP))
        .route("/stats", get(stats))
        .fallback((
            StatusCode::NOT_FOUND,
            "nothing here; GET / says what there is\n",
        ))
        .with_state(service)
}

async fn item(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
) -> Result<impl IntoResponse, (StatusCode, String)> {
    if key.len() > LONGEST_KEY {
        let message = format!(
            "the key has {} bytes, at most {LONGEST_KEY} are allowed\n",
            key.len()
        );
        return Err((StatusCode::BAD_REQUEST, message));
    }
    let fetch = service.fetcher.fetch(&key);
    let found = service.cache.get_or_fetch(&key, fetch).await;
    let (value, outcome) = found.map_err(|error| {
        service.upstream_errors.fetch_add(1, Relaxed);
        let status = match error {
            FetchError::NoReply(_) => StatusCode::GATEWAY_TIMEOUT,
            FetchError::Refused(_) => StatusCode::BAD_GATEWAY,
            FetchError::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, format!("{error}\n"))
    })?;
    service.count(outcome).await;
    Ok(([(X_CACHE, outcome.name())], value.to_string()))
}

async fn job(State(service): State<Arc<Service>>) -> Response {
    match service.jobs.enqueue() {
        Ok(number) => (StatusCode::ACCEPTED, number.to_string()).into_response(),
        Err(Rejection::Full) => admission::come_back("too many jobs queued"),
        Err(Rejection::Stopping) => admission::stopping(),
    }
}

async fn stats(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let jobs = service.jobs.ledger.account();
    Json(BTreeMap::from([
        ("hits", service.hits.load(Relaxed)),
        ("hits_counted_with_lock", service.hit_counter.locked().await),
        ("hits_counted_without_lock", service.hit_counter.unlocked()),
        ("jobs_accepted", jobs.accepted),
        ("jobs_queued", service.jobs.queued() as u64),
        ("jobs_rejected", jobs.rejected),
        ("jobs_run", jobs.run),
        ("misses", service.misses.load(Relaxed)),
        ("turned_away", service.admission.turned_away()),
        ("upstream_errors", service.upstream_errors.load(Relaxed)),
    ]))
}
