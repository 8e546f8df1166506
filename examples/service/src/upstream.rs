//! The slow upstream: a separate server that delays every reply, refuses the first few requests if told to, and
//! counts.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;

use crate::support::gauge::Gauge;

pub(crate) struct Upstream {
    delay: Duration,
    errors: u64,
    requests: AtomicU64,
    in_hand: Gauge,
}

impl Upstream {
    /// Creates an upstream that refuses the first `errors` requests and delays every reply by `delay`.
    pub(crate) fn new(delay: Duration, errors: u64) -> Self {
        Self {
            delay,
            errors,
            requests: AtomicU64::new(0),
            in_hand: Gauge::default(),
        }
    }

    /// How many requests have arrived.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    /// How many requests it is serving. A request is uncounted before its reply is sent, so an answered one is
    /// never counted.
    pub(crate) fn in_hand(&self) -> Gauge {
        self.in_hand.clone()
    }
}

/// The upstream's value for `key`.
pub(crate) fn value_of(key: &str) -> String {
    format!("value of {key}\n")
}

pub(crate) fn router(upstream: Arc<Upstream>) -> Router {
    Router::new()
        .route("/value", get(value))
        .with_state(upstream)
}

async fn value(
    State(upstream): State<Arc<Upstream>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<String, StatusCode> {
    let _in_hand = upstream.in_hand.enter(1);
    let number = upstream.requests.fetch_add(1, Relaxed);
    tokio::time::sleep(upstream.delay).await;
    if number < upstream.errors {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let key = query.get("key").ok_or(StatusCode::BAD_REQUEST)?;
    Ok(value_of(key))
}
