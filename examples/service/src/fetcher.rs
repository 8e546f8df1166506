//! The service's client of its upstream: every upstream call goes through here.

use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::{Client, StatusCode};
use wakeful::AcquireError;

use crate::http;
use crate::limit::Limit;

pub(crate) struct Fetcher {
    pub(crate) limit: Limit,
    client: Client,
    url: String,
}

#[derive(Debug)]
pub(crate) enum FetchError {
    NoReply(reqwest::Error),
    Refused(StatusCode),
    Stopping,
}

impl Fetcher {
    pub(crate) fn new(upstream: SocketAddr, limit: Limit) -> reqwest::Result<Self> {
        Ok(Self {
            limit,
            client: http::client()?,
            url: format!("http://{upstream}/value"),
        })
    }

    pub(crate) async fn fetch(&self, key: &str) -> Result<Arc<str>, FetchError> {
        let _permit = self.limit.permit().await?;
        let request = self.client.get(&self.url).query(&[("key", key)]);
        let reply = request.send().await?;
        if !reply.status().is_success() {
            return Err(FetchError::Refused(reply.status()));
        }
        Ok(reply.text().await?.into())
    }
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        Self::NoReply(error)
    }
}

impl From<AcquireError> for FetchError {
    fn from(_: AcquireError) -> Self {
        Self::Stopping
    }
}

impl Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReply(error) => {
                write!(f, "no reply from the upstream: {}", http::explain(error))
            }
            Self::Stopping => write!(f, "stopping"),
            Self::Refused(status) => write!(f, "the upstream answered {status}"),
        }
    }
}
