//! The crawl: one task per file, as many at once as files may be open.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use wakeful::OwnedSemaphorePermit;

use crate::args::Args;
use crate::breakage::Breakage;
use crate::hash::{Hashed, Unhashed, hash};
use crate::limits::Limits;
use crate::progress::Progress;
use crate::tally::Tally;
use crate::walk::{Walk, Walked};

/// The result of a crawl.
pub(crate) struct Crawled {
    pub(crate) walked: Walked,
    pub(crate) tally: Tally,
    pub(crate) elapsed: Duration,
}

struct Crawler {
    limits: Arc<Limits>,
    progress: Progress,
    breakage: Option<Breakage>,
    hashing: JoinSet<Result<Hashed, Unhashed>>,
    tally: Tally,
}

/// Runs until every file is hashed, or the limits are closed.
pub(crate) async fn crawl(args: &Args, limits: Arc<Limits>) -> Result<Crawled, Box<dyn Error>> {
    let start = Instant::now();
    let progress = Progress::new()?;
    let mut walk = Walk::start(&args.dir, limits.clone(), progress.clone());
    let mut crawler = Crawler {
        limits,
        progress,
        breakage: args.breakage,
        hashing: JoinSet::new(),
        tally: Tally::default(),
    };
    crawler.take_all(&mut walk).await?;
    crawler.progress.finish();
    Ok(Crawled {
        walked: walk.walked.await?,
        tally: crawler.tally,
        elapsed: start.elapsed(),
    })
}

impl Crawler {
    /// Takes a path only when its file may be opened, so there are never more tasks than permits.
    async fn take_all(&mut self, walk: &mut Walk) -> Result<(), Box<dyn Error>> {
        let mut forget = self.breakage == Some(Breakage::File);
        while let Some(path) = walk.found.recv().await {
            if std::mem::take(&mut forget) {
                continue;
            }
            match self.limits.open.permits(1).await {
                Ok(permit) => self.start(path, permit),
                Err(_) => self.tally.left += 1,
            }
            while let Some(done) = self.hashing.try_join_next() {
                self.tally.record(done?);
            }
        }
        while let Some(done) = self.hashing.join_next().await {
            self.tally.record(done?);
        }
        Ok(())
    }

    fn start(&mut self, path: PathBuf, permit: OwnedSemaphorePermit) {
        let (limits, progress) = (self.limits.clone(), self.progress.clone());
        let breakage = self.breakage;
        self.hashing.spawn(async move {
            let hashed = hash(&path, limits, permit, breakage).await;
            if let Err(Unhashed::Unreadable(error)) = &hashed {
                progress.name(format_args!("not hashed: {}: {error}", path.display()));
            }
            progress.done();
            hashed
        });
    }
}
