//! The HTTP client that the load and the service share the settings of.

use std::error::Error;
use std::time::Duration;

use reqwest::Client;

/// Generous, since a reply that never comes is what a lost wake-up looks like from outside.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client that talks to loopback: no proxy, whatever the environment says.
pub(crate) fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().timeout(PATIENCE).build()
}

/// The error with all its causes, which reqwest leaves out.
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
