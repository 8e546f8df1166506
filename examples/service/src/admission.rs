//! Admission control: when the service is full, a request is rejected at once, with the time after which to
//! retry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wakeful::{Semaphore, TryAcquireError};

use crate::breakage::Breakage;
use crate::support::gauge::Gauge;

/// The shortest time, but not zero, that the header can express in whole seconds.
const COME_BACK: u64 = 1;

pub(crate) struct Admission {
    semaphore: Semaphore,
    size: usize,
    breakage: Option<Breakage>,
    in_work: Gauge,
    turned_away: AtomicU64,
}

impl Admission {
    /// Lets `size` requests in at once.
    pub(crate) fn new(size: usize, breakage: Option<Breakage>) -> Self {
        Self {
            semaphore: Semaphore::new(size),
            size,
            breakage,
            in_work: Gauge::default(),
            turned_away: AtomicU64::new(0),
        }
    }

    /// How many requests were rejected because the service was full.
    pub(crate) fn turned_away(&self) -> u64 {
        self.turned_away.load(Relaxed)
    }

    /// The greatest number of requests in progress since the last call.
    pub(crate) fn most_in_work(&self) -> u64 {
        self.in_work.take_most()
    }

    /// How many permits are free, and how many there are in all.
    pub(crate) fn free(&self) -> (usize, usize) {
        (self.semaphore.available_permits(), self.size)
    }

    /// Admits nobody any more.
    pub(crate) fn close(&self) {
        self.semaphore.close();
    }
}

/// Serves `request` if there is room for it now.
pub(crate) async fn admit(
    State(admission): State<Arc<Admission>>,
    request: Request,
    next: Next,
) -> Response {
    let permit = match admission.semaphore.try_acquire() {
        Ok(permit) => permit,
        Err(TryAcquireError::NoPermits) => {
            admission.turned_away.fetch_add(1, Relaxed);
            return come_back("too many requests in work");
        }
        Err(TryAcquireError::Closed) => {
            return stopping();
        }
    };
    let _permit = (admission.breakage != Some(Breakage::Admission)).then_some(permit);
    let _in_work = admission.in_work.enter(1);
    next.run(request).await
}

/// Rejects a request.
pub(crate) fn come_back(why: &str) -> Response {
    let body = format!("{why}, come back later\n");
    let status = StatusCode::SERVICE_UNAVAILABLE;
    (status, [(RETRY_AFTER, COME_BACK)], body).into_response()
}

pub(crate) fn stopping() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response()
}
