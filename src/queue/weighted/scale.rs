//! What weighs the items, and pushes them.

use std::panic::Location;
use std::pin::{Pin, pin};
use std::time::Duration;

use super::error::{TooHeavy, WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError};
use super::push::{Weighed, WeightedPush};
use crate::queue::core::load::Load;
use crate::queue::{Push, Queue};
use crate::wait::WaitFuture;

pub(in crate::queue) struct Scale<T> {
    weigh: fn(&T) -> usize,
    /// The most that an item may weigh.
    max: usize,
}

impl<T> Clone for Scale<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Scale<T> {}

impl<T> Scale<T> {
    pub(super) const fn new(max_weight: usize, weigh: fn(&T) -> usize) -> Self {
        let most = u32::MAX as usize;
        let max = if max_weight < most { max_weight } else { most };
        Self { weigh, max }
    }

    /// Weighs the item. Returns the result, and the need and the load of a wait for it (which nobody begins if it is
    /// too heavy).
    pub(in crate::queue) fn weigh(&self, item: T) -> (Weighed, u32, Load<T>) {
        let weight = (self.weigh)(&item);
        let weighed = Weighed {
            weight,
            max: self.max,
        };
        match weight {
            0 => (weighed, 1, Load::Weightless(item)),
            // Nobody waits for more than `max`.
            weight => (weighed, weight.min(self.max) as u32, Load::Item(item)),
        }
    }

    /// Weighs the item, and wraps it in a push, which is not polled if it is too heavy.
    #[track_caller]
    pub(super) fn push<'a>(&self, queue: &'a Queue<T>, item: T) -> WeightedPush<'a, T> {
        self.push_from(Location::caller(), queue, item)
    }

    pub(super) fn push_from<'a>(
        &self,
        from: &'static Location<'static>,
        queue: &'a Queue<T>,
        item: T,
    ) -> WeightedPush<'a, T> {
        let (weighed, need, load) = self.weigh(item);
        let wait = WaitFuture::made_at(from, queue, need, load);
        WeightedPush {
            inner: Push { wait },
            weighed,
        }
    }

    pub(super) fn try_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedTrySendError<T>> {
        light(pin!(self.push(queue, item)))?.try_now()?;
        Ok(())
    }

    pub(super) fn blocking_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedSendError<T>> {
        light(pin!(self.push(queue, item)))?.block()?;
        Ok(())
    }

    pub(super) fn blocking_push_timeout(
        &self,
        queue: &Queue<T>,
        item: T,
        timeout: Duration,
    ) -> Result<(), WeightedSendTimeoutError<T>> {
        light(pin!(self.push(queue, item)))?.block_for(timeout)?;
        Ok(())
    }
}

/// The push inside, unless its item is too heavy.
fn light<'p, 'a, T>(
    push: Pin<&'p mut WeightedPush<'a, T>>,
) -> Result<Pin<&'p mut Push<'a, T>>, TooHeavy<T>> {
    let weighed = push.weighed;
    let mut push = push.inner();
    match weighed.refusal(push.as_mut()) {
        Some(refusal) => Err(refusal),
        None => Ok(push),
    }
}
