//! Whole runs: all invariants hold, and breaking any limit, lock or queue on purpose is noticed.

use std::time::Duration;

use clap::Parser;

use crate::args::Args;
use crate::invariants;
use crate::stack::Stack;
use crate::support::verdict::{BROKEN, HOLDS, judge};

/// The exit status of a short run that still reaches every limit.
async fn status(more: &[&str]) -> u8 {
    let args = args(more);
    let stack = Stack::start(&args).await.unwrap();
    let report = stack.drive(&args).await.unwrap();
    let jobs = stack.stop().await.unwrap();
    let mut broken = invariants::broken(&report);
    broken.extend(invariants::broken_jobs(&jobs));
    judge(&broken)
}

fn args(more: &[&str]) -> Args {
    let args = "service --requests 400 --clients 32 --keys 80 --upstream-limit 8 --resize 10 \
                --job-queue 8 --job-workers 2 --job-time 100";
    Args::parse_from(args.split_whitespace().chain(more.iter().copied()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_keeps_its_limits() {
    assert_eq!(status(&[]).await, HOLDS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_sheds_load_keeps_its_limits() {
    assert_eq!(status(&["--in-work", "8", "--retries", "0"]).await, HOLDS);
    assert_eq!(status(&["--in-work", "24", "--retries", "2"]).await, HOLDS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_is_not_kept_is_noticed() {
    assert_eq!(status(&["--break-semaphore", "limit"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reduction_that_is_not_made_is_noticed() {
    assert_eq!(status(&["--break-semaphore", "resize"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admission_that_lets_too_many_in_is_noticed() {
    let broken = ["--in-work", "4", "--break-semaphore", "admission"];
    assert_eq!(status(&broken).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_lock_is_noticed() {
    assert_eq!(status(&["--break-lock"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_is_too_long_is_noticed() {
    assert_eq!(status(&["--break-queue", "bound"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_was_thrown_out_is_noticed() {
    assert_eq!(status(&["--break-queue", "oldest"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_runs_again_is_noticed() {
    assert_eq!(status(&["--break-queue", "again"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_a_stop_leaves_behind_are_noticed() {
    assert_eq!(status(&["--break-queue", "drain"]).await, BROKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_amid_the_load_runs_every_job_that_was_accepted() {
    let mut args = args(&["--job-every", "1"]);
    args.requests = 1_000_000;
    let stack = Stack::start(&args).await.unwrap();
    tokio::select! {
        _ = stack.drive(&args) => panic!("there was no end of requests"),
        () = tokio::time::sleep(Duration::from_millis(200)) => {}
    }
    let jobs = stack.stop().await.unwrap();
    assert!(jobs.account.accepted > 0);
    assert_eq!(judge(&invariants::broken_jobs(&jobs)), HOLDS);
}
