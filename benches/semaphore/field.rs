//! Which contestants take part in which row.

use super::contestant::By;
use super::kind::*;
use super::rows::{Demand, Request};
use super::way::{Many, One, Owned, Way};
use crate::support::field::{Batch, Entrant, Field};
use crate::support::row::Row;
use crate::support::workload;

pub(crate) static FIELD: Field<Demand> = Field {
    ours: &[
        entrant::<Wakeful>(every::<Wakeful>),
        entrant::<Fifo>(every::<Fifo>),
    ],
    choices: &[
        entrant::<Limit0>(every::<Limit0>),
        entrant::<Limit1>(every::<Limit1>),
        entrant::<Limit8>(every::<Limit8>),
        entrant::<Limit64>(every::<Limit64>),
        entrant::<Limit256>(every::<Limit256>),
        entrant::<Limit1024>(every::<Limit1024>),
    ],
    rivals: &[
        entrant::<Tokio>(every::<Tokio>),
        entrant::<AsyncLock>(|row| one::<AsyncLock>(row).or(owned::<AsyncLock>(row))),
        entrant::<Mea>(every::<Mea>),
        entrant::<Maitake>(every::<Maitake>),
        entrant::<Saa>(borrowed::<Saa>),
        entrant::<Unfair>(|row| borrowed::<Unfair>(row).or(owned::<UnfairShared>(row))),
        entrant::<Fair>(|row| borrowed::<Fair>(row).or(owned::<FairShared>(row))),
    ],
    floor: &[],
};

const fn entrant<K: Kind>(batch: fn(&Row<Demand>) -> Option<Batch<Demand>>) -> Entrant<Demand> {
    Entrant {
        name: K::NAME,
        batch,
    }
}

fn every<K: Kind>(row: &Row<Demand>) -> Option<Batch<Demand>>
where
    One: Way<K::Semaphore>,
    Many: Way<K::Semaphore>,
    Owned: Way<K::Semaphore>,
{
    borrowed::<K>(row).or(owned::<K>(row))
}

/// One permit or many, but none that owns.
fn borrowed<K: Kind>(row: &Row<Demand>) -> Option<Batch<Demand>>
where
    One: Way<K::Semaphore>,
    Many: Way<K::Semaphore>,
{
    one::<K>(row).or(many::<K>(row))
}

fn one<K: Kind>(row: &Row<Demand>) -> Option<Batch<Demand>>
where
    One: Way<K::Semaphore>,
{
    matches!(row.setting.request, Request::One).then_some(workload::batch::<By<K, One>>)
}

fn many<K: Kind>(row: &Row<Demand>) -> Option<Batch<Demand>>
where
    Many: Way<K::Semaphore>,
{
    matches!(row.setting.request, Request::Many { .. }).then_some(workload::batch::<By<K, Many>>)
}

fn owned<K: Kind>(row: &Row<Demand>) -> Option<Batch<Demand>>
where
    Owned: Way<K::Semaphore>,
{
    matches!(row.setting.request, Request::Owned).then_some(workload::batch::<By<K, Owned>>)
}
