//! Which contestants take part in which row.

use super::calls::*;
use super::channel::Channel;
use super::payload::Payload;
use super::rows::Traffic;
use super::threads::{self, Blocking, Crossbeam, Fifo, Wakeful};
use super::urgent::{self, Store};
use super::workload;
use crate::support::field::{Batch, Entrant, Field};
use crate::support::row::Row;
use std::marker::PhantomData;

type Chosen = Option<Batch<Traffic>>;

/// All who send such payloads.
pub(crate) struct Sending<T>(PhantomData<T>);

impl<T: Payload> Sending<T> {
    pub(crate) const FIELD: Field<Traffic> = Field {
        ours: &[
            entrant("wakeful", |row| {
                both::<T, Bounded, Unbounded>(row)
                    .or(blocking::<T, Wakeful>(row))
                    .or(urgent::<T, urgent::Wakeful<T>>(row))
            }),
            entrant("wakeful FIFO", |row| {
                both::<T, FifoBounded, FifoUnbounded>(row)
                    .or(blocking::<T, Fifo>(row))
                    .or(urgent::<T, urgent::Fifo<T>>(row))
            }),
        ],
        choices: &[],
        rivals: &[
            entrant("tokio", both::<T, TokioBounded, TokioUnbounded>),
            entrant(
                "async-channel",
                both::<T, AsyncChannelBounded, AsyncChannelUnbounded>,
            ),
            entrant(
                "crossfire mpsc",
                both::<T, CrossfireOneBounded, CrossfireOneUnbounded>,
            ),
            entrant(
                "crossfire mpmc",
                both::<T, CrossfireManyBounded, CrossfireManyUnbounded>,
            ),
            entrant("tachyonix", bounded::<T, Tachyonix>),
            entrant("crossbeam", blocking::<T, Crossbeam>),
            entrant("kanal*", both::<T, KanalBounded, KanalUnbounded>),
            entrant("flume*", both::<T, FlumeBounded, FlumeUnbounded>),
        ],
        floor: &[entrant(
            "parking_lot::Mutex<VecDeque>",
            urgent::<T, urgent::Locked<T>>,
        )],
    };
}

/// Whether this contestant promises that an item whose push was cancelled is never received.
pub(crate) fn promises(name: &str) -> bool {
    !name.ends_with('*')
}

const fn entrant(name: &'static str, batch: fn(&Row<Traffic>) -> Chosen) -> Entrant<Traffic> {
    Entrant { name, batch }
}

fn both<T: Payload, B: Channel<T>, U: Channel<T>>(row: &Row<Traffic>) -> Chosen {
    bounded::<T, B>(row).or(unbounded::<T, U>(row))
}

fn bounded<T: Payload, C: Channel<T>>(row: &Row<Traffic>) -> Chosen {
    row.setting.capacity.and(fitting::<T, C>(row))
}

fn unbounded<T: Payload, C: Channel<T>>(row: &Row<Traffic>) -> Chosen {
    row.setting.capacity.is_none().then_some(())?;
    fitting::<T, C>(row)
}

fn fitting<T: Payload, C: Channel<T>>(row: &Row<Traffic>) -> Chosen {
    let fits = row.setting.receivers() == 1 || C::ANOTHER.is_some();
    let is_async = !row.setting.on_threads() && !row.setting.is_urgent();
    (fits && is_async).then_some(workload::batch::<T, C>)
}

fn blocking<T: Payload, B: Blocking<T>>(row: &Row<Traffic>) -> Chosen {
    row.setting.on_threads().then_some(threads::batch::<T, B>)
}

fn urgent<T: Payload, S: Store<T>>(row: &Row<Traffic>) -> Chosen {
    row.setting.is_urgent().then_some(urgent::batch::<T, S>)
}
