//! The operator: lowers and raises the limit while the load runs.

use std::convert::Infallible;
use std::time::Duration;

use wakeful::AcquireError;

use crate::limit::Limit;

/// Down to a half, to a quarter and back to `most`, for ever, `pause` after each was in force.
pub(crate) async fn turn(
    limit: &Limit,
    most: usize,
    pause: Duration,
) -> Result<Infallible, AcquireError> {
    if pause.is_zero() {
        return std::future::pending().await;
    }
    loop {
        for size in [most / 2, most / 4, most] {
            tokio::time::sleep(pause).await;
            limit.resize(size.max(1)).await?;
        }
    }
}
