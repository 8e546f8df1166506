//! The service and its upstream, up and running.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::admission::Admission;
use crate::args::{self, Args};
use crate::fetcher::Fetcher;
use crate::job_report::JobReport;
use crate::jobs::{Jobs, Workers};
use crate::limit::Limit;
use crate::report::Report;
use crate::server::Server;
use crate::service::{self, Service};
use crate::upstream::{self, Upstream};
use crate::{load, operator};

pub(crate) struct Stack {
    upstream: Arc<Upstream>,
    upstream_server: Server,
    service: Arc<Service>,
    server: Server,
    workers: Workers,
}

impl Stack {
    pub(crate) async fn start(args: &Args) -> Result<Self, Box<dyn Error>> {
        let upstream = Arc::new(Upstream::new(args.delay(), args.upstream_errors));
        let upstream_server = Server::start(0, upstream::router(upstream.clone()))
            .await
            .map_err(|error| format!("the upstream found no port: {error}"))?;

        let limit = Limit::new(
            args.upstream_limit as usize,
            upstream.in_hand(),
            args.break_semaphore,
        );
        let jobs = Arc::new(Jobs::new(
            args.job_queue as usize,
            args.job_workers as usize,
            Duration::from_millis(args.job_time),
            args.break_queue,
        ));
        let workers = Workers::start(&jobs);
        let service = Arc::new(Service::new(
            Admission::new(args.in_work as usize, args.break_semaphore),
            Fetcher::new(upstream_server.address(), limit)?,
            jobs,
            args.break_lock,
        ));
        let server = Server::start(args.port, service::router(service.clone()))
            .await
            .unwrap_or_else(|error| {
                args::refuse(&format!("cannot listen on port {}: {error}", args.port))
            });
        Ok(Self {
            upstream,
            upstream_server,
            service,
            server,
            workers,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn upstream_address(&self) -> SocketAddr {
        self.upstream_server.address()
    }

    /// Sends the load while the operator changes the limit.
    pub(crate) async fn drive(&self, args: &Args) -> Result<Report, Box<dyn Error>> {
        let limit = &self.service.fetcher.limit;
        let pause = Duration::from_millis(args.resize);
        let run = tokio::select! {
            run = load::drive(args, self.address()) => run?,
            never = operator::turn(limit, args.upstream_limit as usize, pause) => match never? {},
        };
        Ok(Report::gather(args, run, &self.service, &self.upstream).await)
    }

    /// Rejects new requests, finishes those in progress, and runs every accepted job; Ctrl-C gives up those
    /// that have not run.
    pub(crate) async fn stop(self) -> Result<JobReport, Box<dyn Error>> {
        self.service.close();
        self.server.stop().await?;
        self.upstream_server.stop().await?;
        tokio::select! {
            finished = self.workers.finish() => finished?,
            given_up = tokio::signal::ctrl_c() => given_up?,
        }
        Ok(JobReport::gather(&self.service.jobs))
    }
}
