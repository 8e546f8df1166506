//! Whole crawls of small trees: what they find, and that every limit broken on purpose is noticed.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::args::Args;
use crate::crawl::{Crawled, crawl};
use crate::limits::Limits;
use crate::report::Report;
use crate::support::verdict::{BROKEN, HOLDS, judge};
use crate::{invariants, report};

const FILES: usize = 60;
const LENGTH: usize = 100;

/// `FILES` files of `LENGTH` bytes in three directories, all different.
fn tree() -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    for number in 0..FILES {
        let dir = tree.path().join(format!("dir{}", number % 3));
        fs::create_dir_all(&dir).unwrap();
        let contents = format!("{number:LENGTH$}");
        fs::write(dir.join(number.to_string()), contents).unwrap();
    }
    tree
}

fn args(dir: &Path, more: &[&str]) -> Args {
    Args::parse_from(["crawl", dir.to_str().unwrap()].iter().chain(more))
}

async fn crawled(dir: &Path, more: &[&str]) -> Crawled {
    let args = args(dir, more);
    crawl(&args, Arc::new(Limits::new(&args))).await.unwrap()
}

async fn status(dir: &Path, more: &[&str]) -> u8 {
    let args = args(dir, more);
    let report = report(&args, Arc::new(Limits::new(&args))).await.unwrap();
    judge(&invariants::broken(&report))
}

#[tokio::test]
async fn every_file_is_hashed_whatever_the_limits() {
    let tree = tree();
    for limits in [
        ["--open", "1", "--budget", "1"],
        ["--open", "3", "--budget", "99"],
        ["--open", "7", "--budget", "250"],
        ["--open", "64", "--budget", "1MiB"],
    ] {
        let Crawled { walked, tally, .. } = crawled(tree.path(), &limits).await;
        assert_eq!((walked.files, walked.unreadable), (FILES as u64, 0));
        assert_eq!((tally.hashed, tally.duplicates), (FILES as u64, 0));
        assert_eq!(tally.bytes, (FILES * LENGTH) as u64);
        assert_eq!(status(tree.path(), &limits).await, HOLDS);
    }
}

#[tokio::test]
async fn duplicates_are_told_by_contents() {
    let tree = tree();
    fs::copy(tree.path().join("dir0/0"), tree.path().join("again")).unwrap();
    let tally = crawled(tree.path(), &[]).await.tally;
    assert_eq!(
        (tally.duplicates, tally.duplicate_bytes),
        (1, LENGTH as u64)
    );
}

#[tokio::test]
async fn an_empty_tree_holds_nothing() {
    let tree = tempfile::tempdir().unwrap();
    assert_eq!(status(tree.path(), &[]).await, HOLDS);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let tree = tree();
    std::os::unix::fs::symlink("..", tree.path().join("dir1/up")).unwrap();
    std::os::unix::fs::symlink("/no/such/file", tree.path().join("nowhere")).unwrap();
    let Crawled { walked, tally, .. } = crawled(tree.path(), &[]).await;
    assert_eq!((walked.files, walked.unreadable), (FILES as u64, 0));
    assert_eq!(tally.hashed, FILES as u64);
}

#[tokio::test]
async fn a_closed_crawl_counts_what_is_left() {
    let tree = tree();
    let args = args(tree.path(), &[]);
    let limits = Arc::new(Limits::new(&args));
    limits.close();
    let report = report(&args, limits).await.unwrap();
    assert!(report.stopped);
    assert_eq!(invariants::broken(&report), [""; 0]);
}

#[tokio::test]
async fn a_crawl_closed_at_work_counts_what_is_left() {
    let tree = tree();
    let args = args(tree.path(), &["--open", "2", "--budget", "100"]);
    let limits = Arc::new(Limits::new(&args));
    let hold_up = limits.bytes.permits(100).await.unwrap();
    let crawl = report(&args, limits.clone());
    let stop = async {
        while limits.open.free() > 0 {
            tokio::task::yield_now().await;
        }
        limits.close();
    };
    let (report, ()) = tokio::join!(crawl, stop);
    drop(hold_up);
    let Report { tally, found, .. } = report.unwrap();
    assert_eq!((tally.hashed, tally.failed), (0, 0));
    assert!(
        tally.left >= 2 && tally.left == found,
        "{tally:?} of {found}"
    );
}

/// Nothing is read before the open files are waiting for the budget, so that the machine's speed decides nothing.
#[tokio::test]
async fn what_is_broken_on_purpose_is_noticed() {
    let tree = tree();
    for (what, open) in [("open", 5), ("budget", 4), ("permit", 4), ("file", 4)] {
        let broken = ["--open", "4", "--budget", "100", "--break", what];
        let args = args(tree.path(), &broken);
        let limits = Arc::new(Limits::new(&args));
        let hold_up = limits.bytes.permits(100).await.unwrap();
        let crawl = report(&args, limits.clone());
        let let_go = async {
            while limits.open.in_use.take_most() < open {
                tokio::task::yield_now().await;
            }
            drop(hold_up);
        };
        let let_go = timeout(Duration::from_secs(30), let_go);
        let (report, ()) = tokio::join!(crawl, async { let_go.await.expect(what) });
        let verdict = judge(&invariants::broken(&report.unwrap()));
        assert_eq!(verdict, BROKEN, "{what}");
    }
}
