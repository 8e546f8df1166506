//! What keeps count of the handles of a channel.

use std::ops::Deref;
use std::sync::Arc;

use crate::queue::Queue;
use crate::queue::core::Core;
use crate::queue::core::state::{RECEIVERS, SENDERS};

/// A counted reference to the queue of a channel; `KIND` is the index of its count in `State::handles`.
pub(in crate::queue) struct Counted<T, const KIND: usize>(Arc<Queue<T>>);

impl<T, const KIND: usize> Counted<T, KIND> {
    pub(in crate::queue) fn new(queue: &Arc<Queue<T>>) -> Self {
        queue.core.latch().handles[KIND] += 1;
        Self(Arc::clone(queue))
    }

    /// One of another kind, if one is left.
    pub(super) fn upgrade<const TO: usize>(&self) -> Option<Counted<T, TO>> {
        let mut state = self.core.latch();
        let count = &mut state.handles[TO];
        if *count == 0 {
            return None;
        }
        *count += 1;
        drop(state);
        Some(Counted(Arc::clone(self)))
    }
}

impl<T, const KIND: usize> Deref for Counted<T, KIND> {
    type Target = Arc<Queue<T>>;

    #[inline]
    fn deref(&self) -> &Arc<Queue<T>> {
        &self.0
    }
}

impl<T, const KIND: usize> Clone for Counted<T, KIND> {
    fn clone(&self) -> Self {
        Self::new(self)
    }
}

impl<T, const KIND: usize> Drop for Counted<T, KIND> {
    /// The last sender and the last receiver close the channel.
    fn drop(&mut self) {
        let mut state = self.core.latch();
        state.handles[KIND] -= 1;
        match (KIND, state.handles[KIND]) {
            (SENDERS, 0) => drop(Core::close_and_settle(state)),
            (RECEIVERS, 0) => Core::desert(state),
            _ => drop(state),
        }
    }
}
