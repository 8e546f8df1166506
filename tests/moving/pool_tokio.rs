//! What `pool.rs` has of one of the two libraries, and each function in which a line was touched.

use tokio::sync::mpsc::{self, OwnedPermit};
use tokio::sync::{
    AcquireError, Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore,
    TryAcquireError,
};
use tokio::task::{JoinHandle, JoinSet, yield_now};

include!("pool.rs");

async fn read(mut journal: mpsc::Receiver<Entry>) -> Vec<Entry> {
    let (mut entries, mut batch) = (Vec::new(), Vec::new());
    while journal.recv_many(&mut batch, 16).await > 0 {
        entries.append(&mut batch);
    }
    entries
}

#[tokio::test]
async fn a_connection_comes_back_and_is_used_again() {
    let (journal, mut entries) = mpsc::channel(8);
    let pool = Pool::new(2, journal);
    let mut first = pool.lease().await.unwrap();
    first.connection().requests += 1;
    let second = pool.lease().await.unwrap();
    let refused = pool.try_lease().await.err();
    assert_eq!(refused, Some(TryAcquireError::NoPermits));

    drop(first);
    let mut again = pool.try_lease().await.unwrap();
    let connection = again.connection();
    assert_eq!((connection.number, connection.requests), (0, 1));
    drop((second, again));
    assert_eq!(pool.idle.capacity(), 0, "both are idle");
    assert_eq!(entries.recv().await, Some(Entry::Opened(0)));
    assert_eq!(entries.recv().await, Some(Entry::Opened(1)));
    assert!(entries.try_recv().is_err());
}
