//! The HTTP client settings that the load and the service share.

use std::error::Error;
use std::time::Duration;

use reqwest::Client;

/// Generous: seen from outside, a lost wake-up is a reply that never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client for loopback: no proxy, whatever the environment says.
pub(crate) fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().timeout(PATIENCE).build()
}

/// The error with all its causes, which reqwest's own message omits.
pub(crate) fn explain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
