//! A server on a loopback port that can be stopped: it finishes the requests it has, then ends.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a request may still take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    pub(crate) async fn start(port: u16, router: Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let task = tokio::spawn(serving.into_future());
        Ok(Self {
            address,
            stop,
            task,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn stop(self) -> io::Result<()> {
        drop(self.stop);
        match timeout(GRACE, self.task).await {
            Ok(ended) => ended?,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("a request was still open {GRACE:?} after the stop"),
            )),
        }
    }
}
