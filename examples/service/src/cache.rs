//! A cache with one fetch per key in flight: a map behind a lock, and in it a lock for every key.
//!
//! The map's lock is held only to find the key's entry, never over a fetch, so different keys are
//! fetched at the same time. The entry's lock is held over the fetch, so others who ask for that key
//! meanwhile wait for it and find it filled. A fetch that fails, or whose caller goes away, drops
//! the guard with the entry still empty: the next in line fetches. Entries are never thrown out.

use std::collections::HashMap;
use std::sync::Arc;

use wakeful::Mutex;

use crate::support::waits::Waits;

type Entry<V> = Arc<Mutex<Option<V>>>;

pub(crate) struct Cache<V> {
    entries: Mutex<HashMap<String, Entry<V>>>,
    /// What callers waited for the map.
    pub(crate) map_waits: Waits,
    /// What callers waited for a key, another caller's fetch of it included.
    pub(crate) key_waits: Waits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Hit,
    Miss,
}

impl Outcome {
    pub(crate) const ALL: [Self; 2] = [Self::Hit, Self::Miss];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
        }
    }
}

impl<V: Clone> Cache<V> {
    pub(crate) fn new() -> Self {
        Self {
            entries: Mutex::default(),
            map_waits: Waits::new(),
            key_waits: Waits::new(),
        }
    }

    /// The value of `key`; `fetch` is polled only if nobody has filled it.
    pub(crate) async fn get_or_fetch<E>(
        &self,
        key: &str,
        fetch: impl Future<Output = Result<V, E>>,
    ) -> Result<(V, Outcome), E> {
        let entry = self.entry(key).await;
        let mut value = self.key_waits.time(entry.lock()).await;
        if let Some(value) = &*value {
            return Ok((value.clone(), Outcome::Hit));
        }
        let fetched = fetch.await?;
        *value = Some(fetched.clone());
        Ok((fetched, Outcome::Miss))
    }

    async fn entry(&self, key: &str) -> Entry<V> {
        let mut entries = self.map_waits.time(self.entries.lock()).await;
        if let Some(entry) = entries.get(key) {
            return entry.clone();
        }
        entries.entry(key.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::{pending, ready};

    use futures::FutureExt;
    use futures::future::join;
    use tokio::sync::oneshot;

    use super::*;

    fn fetched(value: u32) -> impl Future<Output = Result<u32, Infallible>> {
        ready(Ok(value))
    }

    #[tokio::test]
    async fn concurrent_requests_for_a_key_fetch_once() {
        let cache = Cache::new();
        let (fill, filled) = oneshot::channel::<u32>();
        let first = cache.get_or_fetch("a", filled);
        let second = cache.get_or_fetch::<()>("a", async { panic!("fetched twice") });
        let both = join(first, second);
        tokio::pin!(both);
        assert!((&mut both).now_or_never().is_none());
        fill.send(1).unwrap();
        let outcomes = (Ok((1, Outcome::Miss)), Ok((1, Outcome::Hit)));
        assert_eq!(both.await, outcomes);
    }

    #[tokio::test]
    async fn another_key_does_not_wait_for_a_fetch() {
        let cache = Cache::new();
        let stuck = cache.get_or_fetch("a", pending::<Result<u32, Infallible>>());
        tokio::pin!(stuck);
        assert!(stuck.now_or_never().is_none());
        let other = cache.get_or_fetch("b", fetched(2)).now_or_never();
        assert_eq!(other, Some(Ok((2, Outcome::Miss))));
    }

    #[tokio::test]
    async fn a_failed_fetch_leaves_the_key_usable() {
        let cache = Cache::new();
        let failed = cache.get_or_fetch("a", ready(Err("refused"))).await;
        assert_eq!(failed, Err("refused"));
        let again = cache.get_or_fetch("a", fetched(3)).await;
        assert_eq!(again, Ok((3, Outcome::Miss)));
    }

    #[tokio::test]
    async fn a_cancelled_fetch_leaves_the_key_usable() {
        let cache = Cache::new();
        let mut stuck = Box::pin(cache.get_or_fetch("a", pending::<Result<u32, Infallible>>()));
        let mut next = Box::pin(cache.get_or_fetch("a", fetched(4)));
        assert!((&mut stuck).now_or_never().is_none());
        assert!((&mut next).now_or_never().is_none());
        drop(stuck);
        assert_eq!(next.await, Ok((4, Outcome::Miss)));
    }
}
