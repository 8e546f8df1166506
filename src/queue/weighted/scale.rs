//! What weighs the items, and pushes them.

use std::panic::Location;
use std::pin::pin;
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

    /// What the item weighs, and the need and the load of a wait for it (which nobody begins if it is too heavy).
    fn weigh(&self, item: T) -> (usize, u32, Load<T>) {
        match (self.weigh)(&item) {
            0 => (0, 1, Load::Weightless(item)),
            // Nobody waits for more than `max`.
            weight => (weight, weight.min(self.max) as u32, Load::Item(item)),
        }
    }

    /// The need and the load of a wait for the item, unless it is too heavy.
    pub(in crate::queue) fn admit(&self, item: T) -> Result<(u32, Load<T>), TooHeavy<T>> {
        let (weight, need, mut load) = self.weigh(item);
        if weight <= self.max {
            return Ok((need, load));
        }
        Err(TooHeavy {
            item: load.unsent(),
            weight,
            max: self.max,
        })
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
        let (weight, need, load) = self.weigh(item);
        let wait = WaitFuture::made_at(from, queue, need, load);
        WeightedPush {
            inner: Push { wait },
            weighed: Weighed {
                weight,
                max: self.max,
            },
        }
    }

    pub(super) fn try_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedTrySendError<T>> {
        let (need, mut load) = self.admit(item)?;
        let pushed = queue.core.try_push(need as usize, &mut load);
        Ok(pushed.map_err(|refusal| refusal.map(|()| load.unsent()))?)
    }

    pub(super) fn blocking_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedSendError<T>> {
        let (need, load) = self.admit(item)?;
        let wait = WaitFuture::new(queue, need, load);
        Ok(pin!(Push { wait }).block()?)
    }

    pub(super) fn blocking_push_timeout(
        &self,
        queue: &Queue<T>,
        item: T,
        timeout: Duration,
    ) -> Result<(), WeightedSendTimeoutError<T>> {
        let (need, load) = self.admit(item)?;
        let wait = WaitFuture::new(queue, need, load);
        Ok(pin!(Push { wait }).block_for(timeout)?)
    }
}
