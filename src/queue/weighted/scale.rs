//! What weighs the items, and pushes them.

use std::pin::pin;
use std::time::Duration;

use super::error::{WeightedSendError, WeightedSendTimeoutError, WeightedTrySendError};
use super::push::WeightedPush;
use crate::queue::core::load::Load;
use crate::queue::{Push, Queue};
use crate::wait::WaitFuture;

pub(super) struct Scale<T> {
    pub(super) weigh: fn(&T) -> usize,
}

impl<T> Clone for Scale<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Scale<T> {}

impl<T> Scale<T> {
    /// Weighs the item, and wraps it in a push, which may be too heavy to be polled.
    #[track_caller]
    pub(super) fn push<'a>(&self, queue: &'a Queue<T>, item: T) -> WeightedPush<'a, T> {
        let max = queue.max_capacity().min(u32::MAX as usize);
        let weight = (self.weigh)(&item);
        let (need, load) = match u32::try_from(weight) {
            Ok(0) => (1, Load::Weightless(item)),
            Ok(weight) => (weight, Load::Item(item)),
            Err(_) => (u32::MAX, Load::Item(item)),
        };
        WeightedPush {
            push: Push {
                wait: WaitFuture::new(queue, need, load),
            },
            too_heavy: (weight > max).then_some((weight, max)),
        }
    }

    pub(super) fn try_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedTrySendError<T>> {
        let mut push = pin!(self.push(queue, item));
        match push.as_mut().refusal() {
            Some(refusal) => Err(WeightedTrySendError::too_heavy(refusal)),
            None => push.push().try_now().map_err(WeightedTrySendError::from),
        }
    }

    pub(super) fn blocking_push(
        &self,
        queue: &Queue<T>,
        item: T,
    ) -> Result<(), WeightedSendError<T>> {
        let mut push = pin!(self.push(queue, item));
        match push.as_mut().refusal() {
            Some(refusal) => Err(WeightedSendError::too_heavy(refusal)),
            None => push.push().block().map_err(WeightedSendError::from),
        }
    }

    pub(super) fn blocking_push_timeout(
        &self,
        queue: &Queue<T>,
        item: T,
        timeout: Duration,
    ) -> Result<(), WeightedSendTimeoutError<T>> {
        let mut push = pin!(self.push(queue, item));
        match push.as_mut().refusal() {
            Some(refusal) => Err(WeightedSendTimeoutError::too_heavy(refusal)),
            None => {
                let pushed = push.push().block_for(timeout);
                pushed.map_err(WeightedSendTimeoutError::from)
            }
        }
    }
}
