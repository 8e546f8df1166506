//! Handles that do not keep a channel open.

use std::fmt;

use super::counted::Counted;
use super::receiver::Receiver;
use super::sender::Sender;
use super::unbounded::UnboundedSender;
use crate::queue::WeightedSender;
use crate::queue::core::state::{RECEIVERS, SENDERS, WEAK_RECEIVERS, WEAK_SENDERS};
use crate::queue::weighted::scale::Scale;

/// A weak handle, with a `field` that is copied from handle to handle; `$upgraded` makes the strong one of `$queue`, a
/// counted reference.
macro_rules! weak {
    (
        $(#[$meta:meta])*
        $weak:ident { $($field:ident: $type:ty)? } of $strong:ident,
        $weak_count:ident of $count:ident, $queue:ident, $this:ident => $upgraded:expr
    ) => {
        $(#[$meta])*
        pub struct $weak<T> {
            queue: Counted<T, $weak_count>,
            $($field: $type,)?
        }

        impl<T> $weak<T> {
            /// Returns a handle that keeps the channel open, or `None` if no such handle is left.
            #[must_use]
            pub fn upgrade(&self) -> Option<$strong<T>> {
                let ($queue, $this) = (self.queue.upgrade()?, self);
                Some($upgraded)
            }

            /// Returns how many handles keep this side of the channel open.
            pub fn strong_count(&self) -> usize {
                self.queue.handles($count)
            }

            /// Returns how many weak handles there are on this side of the channel.
            pub fn weak_count(&self) -> usize {
                self.queue.handles($weak_count)
            }
        }

        impl<T> $strong<T> {
            #[doc = concat!("Returns a handle that does not keep the channel open: see [`", stringify!($weak), "`].")]
            #[must_use]
            pub fn downgrade(&self) -> $weak<T> {
                $weak {
                    queue: Counted::new(self.shared()),
                    $($field: self.$field,)?
                }
            }
        }

        impl<T> Clone for $weak<T> {
            fn clone(&self) -> Self {
                Self {
                    queue: self.queue.clone(),
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
    WeakSender {} of Sender,
    WEAK_SENDERS of SENDERS, queue, _this => Sender::new(queue)
}

weak! {
    /// A [`Receiver`] that does not keep its channel open: see [`Receiver::downgrade`].
    WeakReceiver {} of Receiver,
    WEAK_RECEIVERS of RECEIVERS, queue, _this => Receiver::new(queue)
}

weak! {
    /// An [`UnboundedSender`] that does not keep its channel open: see [`UnboundedSender::downgrade`].
    WeakUnboundedSender {} of UnboundedSender,
    WEAK_SENDERS of SENDERS, queue, _this => UnboundedSender::new(Sender::new(queue))
}

weak! {
    /// A [`WeightedSender`] that does not keep its channel open: see [`WeightedSender::downgrade`].
    WeakWeightedSender { scale: Scale<T> } of WeightedSender,
    WEAK_SENDERS of SENDERS, queue, this => WeightedSender { sender: Sender::new(queue), scale: this.scale }
}
