//! Whole runs: what holds, and that every limit broken on purpose is noticed.

use clap::Parser;

use crate::args::Args;
use crate::invariants;
use crate::stack::Stack;
use crate::support::verdict::{BROKEN, HOLDS, judge};

/// The exit status of a run that is short and still fills every limit.
async fn status(more: &[&str]) -> u8 {
    let args = "service --requests 400 --clients 32 --keys 80 --upstream-limit 8 --resize 10";
    let args = args.split(' ').chain(more.iter().copied());
    let args = Args::parse_from(args);
    let stack = Stack::start(&args).await.unwrap();
    let report = stack.drive(&args).await.unwrap();
    stack.stop().await.unwrap();
    judge(&invariants::broken(&report))
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
