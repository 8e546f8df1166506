//! What all handles have in common: closing and inspecting the channel.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::{Receiver, Sender, UnboundedSender};
#[cfg(doc)]
use crate::queue::Queue;
use crate::queue::WeightedSender;
use crate::queue::core::state::{RECEIVERS, SENDERS, WEAK_SENDERS};
use crate::queue::future::Closed;

macro_rules! each {
    ($($handle:ident),+ => $methods:tt) => {
        $(impl<T> $handle<T> $methods)+
    };
}

each! {
    Sender, UnboundedSender, WeightedSender, Receiver => {
        /// Closes the channel, and returns `false` if it was already closed. See [`Queue::close`].
        ///
        /// Queued items can still be received.
        ///
        /// # Panics
        ///
        /// Panics only if a waker does, after all waiters were woken: see [`Queue`](Queue#panics).
        pub fn close(&self) -> bool {
            self.shared().close()
        }

        /// Returns whether the channel is closed, drained or not.
        pub fn is_closed(&self) -> bool {
            self.shared().is_closed()
        }

        /// Waits until the channel is closed, drained or not, by [`close`](Self::close) or because all senders
        /// or all receivers are gone. See [`Queue::closed`].
        ///
        /// # Cancel safety
        ///
        /// This method is cancel safe.
        ///
        /// # Panics
        ///
        /// Polling the future may panic: see [`Queue`](Queue#panics).
        #[track_caller]
        pub fn closed(&self) -> Closed<'_, T> {
            self.shared().closed()
        }

        /// Returns whether both handles belong to the same channel.
        pub fn same_channel(&self, other: &Self) -> bool {
            Arc::ptr_eq(self.shared(), other.shared())
        }

        /// Returns how many items are currently queued.
        pub fn len(&self) -> usize {
            self.shared().len()
        }

        /// Returns whether no item is currently queued.
        pub fn is_empty(&self) -> bool {
            self.shared().is_empty()
        }

        /// Returns how many senders there are.
        ///
        /// With a [`Sender`], this includes each [`OwnedPermit`](crate::queue::OwnedPermit) and each pending
        /// [`reserve_owned`](Sender::reserve_owned).
        pub fn sender_count(&self) -> usize {
            self.shared().handles(SENDERS)
        }

        /// Returns how many receivers there are.
        pub fn receiver_count(&self) -> usize {
            self.shared().handles(RECEIVERS)
        }
    }
}

each! {
    Sender, WeightedSender, Receiver => {
        /// Returns whether [`capacity`](Self::capacity) is currently 0.
        pub fn is_full(&self) -> bool {
            self.shared().is_full()
        }

        /// Returns how many slots are currently free; in a weighted channel, how much weight. See
        /// [`Queue::capacity`].
        pub fn capacity(&self) -> usize {
            self.shared().capacity()
        }

        /// Returns the bound, in the same units; `usize::MAX` if there is none.
        pub fn max_capacity(&self) -> usize {
            self.shared().max_capacity()
        }
    }
}

each! {
    Sender, UnboundedSender, WeightedSender => {
        /// [`sender_count`](Self::sender_count) under tokio's name.
        pub fn strong_count(&self) -> usize {
            self.shared().handles(SENDERS)
        }

        /// Returns how many weak senders there are.
        pub fn weak_count(&self) -> usize {
            self.shared().handles(WEAK_SENDERS)
        }
    }
}

macro_rules! shown {
    ($($handle:ident)+) => { $(
        impl<T> fmt::Debug for $handle<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($handle)).field(self.shared()).finish()
            }
        }

        // No panic leaves a queue half changed.
        impl<T> UnwindSafe for $handle<T> {}
        impl<T> RefUnwindSafe for $handle<T> {}
    )+ };
}

shown!(Sender UnboundedSender WeightedSender Receiver);
