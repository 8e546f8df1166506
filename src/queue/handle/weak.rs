//! Handles that do not keep a channel open.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::receiver::Receiver;
use super::sender::Sender;
use super::unbounded::UnboundedSender;
use crate::queue::core::state::Handles;
use crate::queue::weighted::scale::Scale;
use crate::queue::{Queue, WeightedSender};

macro_rules! weak {
    ($(#[$meta:meta])* $weak:ident of $strong:ident, $weak_count:ident of $count:ident) => {
        $(#[$meta])*
        pub struct $weak<T> {
            queue: Arc<Queue<T>>,
        }

        impl<T> $weak<T> {
            fn new(queue: &Arc<Queue<T>>) -> Self {
                queue.core.latch().handles.$weak_count += 1;
                Self {
                    queue: Arc::clone(queue),
                }
            }

            /// Returns a handle that keeps the channel open, or `None` if no such handle is left.
            #[must_use]
            pub fn upgrade(&self) -> Option<$strong<T>> {
                let mut state = self.queue.core.latch();
                let count = &mut state.handles.$count;
                if *count == 0 {
                    return None;
                }
                *count += 1;
                drop(state);
                Some($strong::new(Arc::clone(&self.queue)))
            }

            /// Returns how many handles keep this side of the channel open.
            pub fn strong_count(&self) -> usize {
                let Handles { $count, .. } = self.queue.handles();
                $count
            }

            /// Returns how many weak handles there are on this side of the channel.
            pub fn weak_count(&self) -> usize {
                let Handles { $weak_count, .. } = self.queue.handles();
                $weak_count
            }
        }

        impl<T> $strong<T> {
            #[doc = concat!("Returns a handle that does not keep the channel open: see [`", stringify!($weak), "`].")]
            #[must_use]
            pub fn downgrade(&self) -> $weak<T> {
                $weak::new(self.shared())
            }
        }

        impl<T> Clone for $weak<T> {
            fn clone(&self) -> Self {
                Self::new(&self.queue)
            }
        }

        impl<T> Drop for $weak<T> {
            fn drop(&mut self) {
                self.queue.core.latch().handles.$weak_count -= 1;
            }
        }

        impl<T> fmt::Debug for $weak<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($weak)).finish_non_exhaustive()
            }
        }

        impl<T> UnwindSafe for $weak<T> {}
        impl<T> RefUnwindSafe for $weak<T> {}
    };
}

weak! {
    /// A [`Sender`] that does not keep its channel open.
    ///
    /// # Examples
    ///
    /// A registry that can reach a channel without keeping it open:
    ///
    /// ```
    /// use wakeful::queue;
    ///
    /// let (sender, receiver) = queue::bounded(4);
    /// let registry = [sender.downgrade()];
    /// if let Some(sender) = registry[0].upgrade() {
    ///     sender.try_send("hello").unwrap();
    /// }
    /// drop(sender);
    /// assert!(registry[0].upgrade().is_none());
    /// assert_eq!((receiver.is_closed(), receiver.len()), (true, 1));
    /// ```
    WeakSender of Sender, weak_senders of senders
}

weak! {
    /// A [`Receiver`] that does not keep its channel open: see [`Receiver::downgrade`].
    WeakReceiver of Receiver, weak_receivers of receivers
}

/// The same around a weak sender; `fields` are copied from handle to handle.
macro_rules! weak_around {
    ($(#[$meta:meta])* $weak:ident of $strong:ident { $($field:ident: $type:ty)? }) => {
        $(#[$meta])*
        pub struct $weak<T> {
            sender: WeakSender<T>,
            $($field: $type,)?
        }

        impl<T> $strong<T> {
            #[doc = concat!("Returns a handle that does not keep the channel open: see [`", stringify!($weak), "`].")]
            #[must_use]
            pub fn downgrade(&self) -> $weak<T> {
                $weak {
                    sender: self.sender.downgrade(),
                    $($field: self.$field,)?
                }
            }
        }

        impl<T> $weak<T> {
            /// Returns a sender that keeps the channel open, or `None` if no such sender is left.
            #[must_use]
            pub fn upgrade(&self) -> Option<$strong<T>> {
                Some($strong {
                    sender: self.sender.upgrade()?,
                    $($field: self.$field,)?
                })
            }

            /// Returns how many senders there are, not counting weak ones.
            pub fn strong_count(&self) -> usize {
                self.sender.strong_count()
            }

            /// Returns how many weak senders there are.
            pub fn weak_count(&self) -> usize {
                self.sender.weak_count()
            }
        }

        impl<T> Clone for $weak<T> {
            fn clone(&self) -> Self {
                Self {
                    sender: self.sender.clone(),
                    $($field: self.$field,)?
                }
            }
        }

        impl<T> fmt::Debug for $weak<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($weak)).finish_non_exhaustive()
            }
        }
    };
}

weak_around! {
    /// An [`UnboundedSender`] that does not keep its channel open: see [`UnboundedSender::downgrade`].
    WeakUnboundedSender of UnboundedSender {}
}

weak_around! {
    /// A [`WeightedSender`] that does not keep its channel open: see [`WeightedSender::downgrade`].
    WeakWeightedSender of WeightedSender { scale: Scale<T> }
}
