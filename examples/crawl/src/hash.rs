//! Hashes one file: opens it, waits for room in the budget and reads it through that room.
//!
//! A task that waits for room has a file open, and a task that has room waits for nothing, so there is no
//! deadlock. Permits are returned last: the file is closed and the bytes are freed before.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use blake3::{Hash, Hasher};
use tokio::fs::File;
use tokio::task::spawn_blocking;
use wakeful::{AcquireError, OwnedSemaphorePermit};

use crate::breakage::Breakage;
use crate::limits::Limits;

#[derive(Debug)]
pub(crate) struct Hashed {
    pub(crate) hash: Hash,
    pub(crate) bytes: u64,
}

#[derive(Debug)]
pub(crate) enum Unhashed {
    Unreadable(io::Error),
    /// The limits were closed before it was done.
    Stopped,
}

/// `permit` is the permit to open it.
pub(crate) async fn hash(
    path: &Path,
    limits: Arc<Limits>,
    permit: OwnedSemaphorePermit,
    breakage: Option<Breakage>,
) -> Result<Hashed, Unhashed> {
    let permit = (breakage != Some(Breakage::Open)).then_some(permit);
    let open = limits.open.in_use.enter(1);
    let file = File::open(path).await?;
    let room = limits.room(file.metadata().await?.len());

    let budget = limits.bytes.permits(room).await?;
    let budget = (breakage != Some(Breakage::Budget)).then_some(budget);
    let held = limits.bytes.in_use.enter(room.into());
    let mut file = file.into_std().await;
    let hashing = spawn_blocking(move || {
        let _permits = (permit, budget);
        let _in_use = (open, held);
        let mut buffer = vec![0; room as usize];
        let hashed = hash_all(&mut file, &mut buffer, &limits);
        drop((file, buffer));
        hashed
    });
    hashing.await.map_err(io::Error::from)?
}

fn hash_all(file: &mut impl Read, buffer: &mut [u8], limits: &Limits) -> Result<Hashed, Unhashed> {
    let mut hasher = Hasher::new();
    while !limits.closed() {
        match file.read(buffer) {
            Ok(0) => {
                return Ok(Hashed {
                    hash: hasher.finalize(),
                    bytes: hasher.count(),
                });
            }
            Ok(bytes) => _ = hasher.update(&buffer[..bytes]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Unhashed::Stopped)
}

impl From<io::Error> for Unhashed {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<AcquireError> for Unhashed {
    fn from(_: AcquireError) -> Self {
        Self::Stopped
    }
}
