//! A semaphore and a way to acquire, as a contestant: in the end, every permit must have been returned.

use super::kind::Kind;
use super::rows::Demand;
use super::way::{Available, Permit, Way};
use crate::support::contestant::Contestant;
use std::{marker::PhantomData, sync::Arc};

pub(crate) struct By<K, W>(PhantomData<(K, W)>);

impl<K: Kind, W: Way<K::Semaphore>> Contestant for By<K, W> {
    const NAME: &'static str = K::NAME;
    type Setting = Demand;
    type Shared = Arc<K::Semaphore>;
    type Need = u32;
    type Held<'a> = W::Permit<'a>;
    type Seen = ();

    fn new(demand: Demand) -> Self::Shared {
        Arc::new(K::new(demand.permits))
    }

    fn need(demand: Demand, task: u64) -> u32 {
        demand.of(task)
    }

    fn take(semaphore: &Self::Shared, permits: u32) -> impl Future<Output = Self::Held<'_>> + Send {
        W::ask(semaphore, permits)
    }

    fn see(permit: &Self::Held<'_>) {
        assert!(permit.granted(), "{} is closed", K::NAME);
    }

    fn give_back(permit: Self::Held<'_>, (): ()) {
        drop(permit);
    }

    async fn outcome(semaphore: &Self::Shared, demand: Demand, _: u64) -> (u64, u64) {
        (semaphore.available() as u64, demand.permits as u64)
    }
}
