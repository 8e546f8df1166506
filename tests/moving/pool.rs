// A pool of connections with the sessions that run over them. A semaphore bounds the connections, a channel
// keeps the idle ones, a permit taken in advance makes room for the way back, and a session is locked for
// as long as a request uses it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Weak};

#[derive(Debug)]
struct Connection {
    number: usize,
    requests: usize,
}

#[derive(Default)]
struct Session {
    requests: Vec<String>,
    bytes: u64,
}

type Sessions = HashMap<String, Arc<Mutex<Session>>>;

/// What the journal is told.
#[derive(PartialEq, Debug)]
enum Entry {
    Opened(usize),
    Served { user: String, by: usize },
    Beat,
}

struct Pool {
    limit: Arc<Semaphore>,
    idle: mpsc::Sender<Connection>,
    /// Locked for a moment only, to take one.
    waiting: Mutex<mpsc::Receiver<Connection>>,
    sessions: Mutex<Sessions>,
    journal: mpsc::Sender<Entry>,
    opened: AtomicUsize,
}

/// A connection on loan. When it is dropped, the connection goes back, to a place that was kept for it.
struct Lease {
    connection: Option<Connection>,
    way_back: Option<OwnedPermit<Connection>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let (Some(way_back), Some(connection)) = (self.way_back.take(), self.connection.take()) {
            let _sender = way_back.send(connection);
        }
    }
}

impl Lease {
    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("on loan")
    }
}

impl Pool {
    fn new(connections: usize, journal: mpsc::Sender<Entry>) -> Arc<Self> {
        let (idle, waiting) = mpsc::channel(connections);
        Arc::new(Self {
            limit: Arc::new(Semaphore::new(connections)),
            idle,
            waiting: Mutex::new(waiting),
            sessions: Mutex::default(),
            journal,
            opened: AtomicUsize::new(0),
        })
    }

    async fn lease(&self) -> Result<Lease, AcquireError> {
        let permit = self.limit.clone().acquire_owned().await?;
        Ok(self.furnish(permit).await)
    }

    async fn try_lease(&self) -> Result<Lease, TryAcquireError> {
        let permit = self.limit.clone().try_acquire_owned()?;
        Ok(self.furnish(permit).await)
    }

    async fn furnish(&self, permit: OwnedSemaphorePermit) -> Lease {
        let idle = self.waiting.lock().await.try_recv().ok();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open().await,
        };
        let way_back = self.idle.clone().reserve_owned().await;
        Lease {
            connection: Some(connection),
            way_back: Some(way_back.expect("the pool has the receiver")),
            _permit: permit,
        }
    }

    async fn open(&self) -> Connection {
        let number = self.opened.fetch_add(1, Relaxed);
        self.write(Entry::Opened(number)).await;
        Connection {
            number,
            requests: 0,
        }
    }

    /// Makes the entry only when there is room for it.
    async fn write(&self, entry: Entry) {
        if let Ok(room) = self.journal.reserve().await {
            room.send(entry);
        }
    }

    async fn session(&self, user: &str) -> OwnedMutexGuard<Session> {
        let session = {
            let mut sessions = self.sessions.lock().await;
            Arc::clone(sessions.entry(user.into()).or_default())
        };
        session.lock_owned().await
    }

    async fn bytes(&self, user: &str) -> OwnedMappedMutexGuard<Session, u64> {
        OwnedMutexGuard::map(self.session(user).await, |session| &mut session.bytes)
    }

    async fn request(&self, user: &str, what: &str) -> Result<usize, AcquireError> {
        let mut lease = self.lease().await?;
        let connection = lease.connection();
        connection.requests += 1;
        let by = connection.number;

        let mut session = self.session(user).await;
        session.requests.push(what.into());
        yield_now().await; // asks, and waits for the answer
        session.bytes += what.len() as u64;
        drop(session);

        let user = user.into();
        self.write(Entry::Served { user, by }).await;
        Ok(by)
    }

    /// Nobody gets a connection any more; what is on loan comes back.
    fn close(&self) {
        self.limit.close();
    }
}

/// Beats as long as somebody writes the journal, and does not count as a writer.
fn heart(journal: &mpsc::Sender<Entry>, pool: Weak<Pool>) -> JoinHandle<usize> {
    let journal = journal.downgrade();
    tokio::spawn(async move {
        let mut beats = 0;
        while let (Some(journal), Some(_)) = (journal.upgrade(), pool.upgrade()) {
            if journal.try_send(Entry::Beat).is_ok() {
                beats += 1;
            }
            drop(journal);
            yield_now().await;
        }
        beats
    })
}

#[tokio::test]
async fn a_closed_pool_lends_nothing_and_takes_back() {
    let (journal, entries) = mpsc::channel(8);
    let pool = Pool::new(1, journal);
    let lease = pool.lease().await.unwrap();
    let waiting = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.request("ann", "hello").await.is_err() }
    });
    yield_now().await;
    pool.close();
    assert!(waiting.await.unwrap());
    let refused = pool.try_lease().await.err();
    assert_eq!(refused, Some(TryAcquireError::Closed));
    drop(lease);
    assert_eq!(pool.limit.available_permits(), 1);
    drop(pool);
    assert_eq!(read(entries).await, [Entry::Opened(0)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_share_connections_and_sessions() {
    let (journal, entries) = mpsc::channel(4);
    let reading = tokio::spawn(read(entries));
    let pool = Pool::new(3, journal.clone());
    let beating = heart(&journal, Arc::downgrade(&pool));
    drop(journal);

    let mut requests = JoinSet::new();
    for n in 0..60 {
        let pool = Arc::clone(&pool);
        requests.spawn(async move {
            let user = ["ann", "bob", "cat"][n % 3];
            pool.request(user, "question").await.unwrap()
        });
    }
    let used = requests.join_all().await;
    assert!(used.iter().all(|connection| *connection < 3));
    for user in ["ann", "bob", "cat"] {
        assert_eq!(pool.session(user).await.requests.len(), 20);
        assert_eq!(*pool.bytes(user).await, 20 * 8);
    }
    assert_eq!(pool.limit.available_permits(), 3);

    drop(pool);
    let (beats, entries) = (beating.await.unwrap(), reading.await.unwrap());
    let count = |is: fn(&Entry) -> bool| entries.iter().filter(|entry| is(entry)).count();
    assert_eq!(count(|entry| matches!(entry, Entry::Beat)), beats);
    assert_eq!(count(|entry| matches!(entry, Entry::Served { .. })), 60);
    assert!(count(|entry| matches!(entry, Entry::Opened(_))) <= 3);
}
