//! Finds the files, on a separate thread.
//!
//! It is never far ahead of the hashing, so memory use does not grow with the tree. Symbolic links are not
//! followed, so cycles do no harm. Only regular files are opened: opening some others would block.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};
use walkdir::{DirEntry, WalkDir};

use crate::limits::Limits;
use crate::progress::Progress;

const AHEAD: usize = 1024;

/// The result of the walk.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Files that were passed on.
    pub(crate) files: u64,
    /// What could not be read, mostly directories.
    pub(crate) unreadable: u64,
}

pub(crate) struct Walk {
    pub(crate) found: Receiver<PathBuf>,
    pub(crate) walked: JoinHandle<Walked>,
}

impl Walk {
    pub(crate) fn start(dir: &Path, limits: Arc<Limits>, progress: Progress) -> Self {
        let (finder, found) = channel(AHEAD);
        let dir = dir.to_owned();
        let walked = spawn_blocking(move || walk(&dir, &finder, &limits, &progress));
        Self { found, walked }
    }
}

/// Walks to the end of the tree, or until the limits are closed.
fn walk(dir: &Path, finder: &Sender<PathBuf>, limits: &Limits, progress: &Progress) -> Walked {
    let mut walked = Walked::default();
    for entry in WalkDir::new(dir) {
        if limits.closed() {
            break;
        }
        match entry {
            Ok(entry) if is_file(&entry) => {
                if finder.blocking_send(entry.into_path()).is_err() {
                    break;
                }
                walked.files += 1;
                progress.found();
            }
            Ok(_) => {}
            Err(error) => {
                walked.unreadable += 1;
                progress.name(format_args!("not walked: {error}"));
            }
        }
    }
    walked
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_file()
}
