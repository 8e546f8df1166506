//! Reserving slots through a [`Sender`], to be filled later.

use crate::queue::future::permit::{OwnedPermit, Permit, PermitIterator};
use crate::queue::future::reserve::{Reserve, ReserveMany, ReserveOwned, try_reserve};
use crate::queue::{Sender, TrySendError};

impl<T> Sender<T> {
    /// Reserves a slot, waiting for one if it has to.
    ///
    /// Use it to make an item, or take it from elsewhere, only when there is room for it. It shares its wait
    /// queue with sends.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes no slot with it.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, or is closed while this waits.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0. For the future, see [`Queue`](crate::queue::Queue#panics).
    ///
    /// # Examples
    ///
    /// A relay that takes nothing from its source that it cannot pass on:
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::queue;
    ///
    /// let (sender, receiver) = queue::bounded(2);
    /// let mut source = vec!["c", "b", "a"].into_iter();
    /// let relay = async {
    ///     while let Ok(permit) = sender.reserve().await {
    ///         match source.next_back() {
    ///             Some(item) => permit.send(item),
    ///             None => break,
    ///         }
    ///     }
    /// };
    /// let consumer = async {
    ///     assert_eq!(receiver.recv().await, Some("a"));
    ///     assert_eq!(receiver.recv().await, Some("b"));
    ///     receiver.close();
    /// };
    /// futures::join!(relay, consumer);
    /// # });
    /// ```
    #[track_caller]
    pub fn reserve(&self) -> Reserve<'_, T> {
        Reserve::new(self.shared())
    }

    /// Reserves `slots` slots, all at once.
    ///
    /// For 0 slots, the future is ready at once unless the channel is closed. However many sends of one item
    /// there are, at most [`Fairness::limit`](crate::Fairness::limit) of them overtake it while it is first.
    ///
    /// # Cancel safety
    ///
    /// As [`reserve`](Self::reserve). Waiters behind it that need fewer slots are called at once.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, or is closed while this waits; and at once if `slots` is more than the
    /// bound. More than `u32::MAX` slots are not waited for: either they are free, or this fails.
    ///
    /// # Panics
    ///
    /// As [`reserve`](Self::reserve).
    ///
    /// # Examples
    ///
    /// All parts of a message or none, although others may send in between:
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use wakeful::queue;
    ///
    /// let (sender, receiver) = queue::bounded(8);
    /// let parts = ["head", "body", "tail"];
    /// let permits = sender.reserve_many(parts.len()).await.unwrap();
    /// for (permit, part) in permits.zip(parts) {
    ///     permit.send(part);
    /// }
    /// assert_eq!(receiver.drain(), parts);
    /// # });
    /// ```
    #[track_caller]
    pub fn reserve_many(&self, slots: usize) -> ReserveMany<'_, T> {
        ReserveMany::new(self.shared(), slots)
    }

    /// Reserves a slot for an [`OwnedPermit`], which owns this sender and can move to another task.
    ///
    /// # Cancel safety
    ///
    /// As [`reserve`](Self::reserve). The sender is dropped with the future.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, or is closed while this waits. The sender is dropped.
    ///
    /// # Panics
    ///
    /// As [`reserve`](Self::reserve).
    #[track_caller]
    pub fn reserve_owned(self) -> ReserveOwned<T> {
        ReserveOwned::new(self)
    }

    /// Reserves a slot if that is possible without waiting.
    ///
    /// # Errors
    ///
    /// `Closed` if the channel is closed; `Full` if no slot is free, or those that are free are kept for
    /// waiters that were called.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0, or if a waker does: see [`Queue`](crate::queue::Queue#panics).
    ///
    /// # Examples
    ///
    /// Making an item only if there is room for it:
    ///
    /// ```
    /// use wakeful::queue;
    ///
    /// let (sender, receiver) = queue::bounded(1);
    /// for picture in ["1.png", "2.png"] {
    ///     if let Ok(permit) = sender.try_reserve() {
    ///         permit.send(picture.to_uppercase());
    ///     }
    /// }
    /// assert_eq!(receiver.drain(), ["1.PNG"]);
    /// ```
    #[track_caller]
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        try_reserve(self.shared(), 1).map(|()| Permit::new(self.shared()))
    }

    /// Reserves `slots` slots, all or none, if that is possible without waiting.
    ///
    /// # Errors
    ///
    /// As [`try_reserve`](Self::try_reserve). More slots than the bound are `Full`, or `Closed`.
    ///
    /// # Panics
    ///
    /// As [`try_reserve`](Self::try_reserve).
    #[track_caller]
    pub fn try_reserve_many(
        &self,
        slots: usize,
    ) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        try_reserve(self.shared(), slots).map(|()| PermitIterator::new(self.shared(), slots))
    }

    /// Reserves a slot for a permit that owns this sender, if that is possible without waiting.
    ///
    /// # Errors
    ///
    /// As [`try_reserve`](Self::try_reserve). Both give the sender back.
    ///
    /// # Panics
    ///
    /// As [`try_reserve`](Self::try_reserve).
    #[track_caller]
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match try_reserve(self.shared(), 1) {
            Ok(()) => Ok(OwnedPermit::new(self)),
            Err(error) => Err(error.map(|()| self)),
        }
    }
}
