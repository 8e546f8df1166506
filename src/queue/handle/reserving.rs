//! Reserving slots through a [`Sender`], to fill them later.

use crate::queue::future::permit::{OwnedPermit, Permit, PermitIterator};
use crate::queue::future::reserve::{Reserve, ReserveMany, ReserveOwned, try_reserve};
use crate::queue::{Sender, TrySendError};

impl<T> Sender<T> {
    /// Reserves a slot, waiting for one if none is free.
    ///
    /// Use it to create an item, or take one from elsewhere, only when there is room for it. Reserves and sends
    /// share one wait queue.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. Dropping the future loses no slot.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, before or during the wait.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0. Polling the future may panic: see [`Queue`](crate::queue::Queue#panics).
    ///
    /// # Examples
    ///
    /// A relay that takes an item from its source only when it can pass it on:
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
    /// With `slots == 0`, the future is ready at once unless the channel is closed. However many sends of one
    /// item there are, at most [`Fairness::limit`](crate::Fairness::limit) of them overtake this request while
    /// it is first.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`reserve`](Self::reserve) is. Waiters behind it that need fewer slots
    /// are woken at once.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, before or during the wait, and at once if `slots` is more than the
    /// bound. A request for more than `u32::MAX` slots does not wait: it fails unless they are free.
    ///
    /// # Panics
    ///
    /// Panics as [`reserve`](Self::reserve) does.
    ///
    /// # Examples
    ///
    /// Sending all parts of a message or none (others may still send in between):
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

    /// Reserves a slot like [`reserve`](Self::reserve), as an [`OwnedPermit`], which owns this sender and so
    /// can move to another task.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe, as [`reserve`](Self::reserve) is. The sender is dropped with the future.
    ///
    /// # Errors
    ///
    /// Fails if the channel is closed, before or during the wait. The sender is dropped.
    ///
    /// # Panics
    ///
    /// Panics as [`reserve`](Self::reserve) does.
    #[track_caller]
    pub fn reserve_owned(self) -> ReserveOwned<T> {
        ReserveOwned::new(self)
    }

    /// Tries to reserve a slot, without waiting.
    ///
    /// # Errors
    ///
    /// Fails with `Closed` if the channel is closed, and with `Full` if no slot is free or the free ones are
    /// [kept](crate::Fairness#terms) for woken waiters.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is 0, or if a waker does: see [`Queue`](crate::queue::Queue#panics).
    ///
    /// # Examples
    ///
    /// Creating an item only if there is room for it:
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

    /// Tries to reserve `slots` slots, all or none, without waiting.
    ///
    /// # Errors
    ///
    /// Fails as [`try_reserve`](Self::try_reserve) does. If `slots` is more than the bound, that is `Closed` if
    /// the channel is closed, and `Full` otherwise.
    ///
    /// # Panics
    ///
    /// Panics as [`try_reserve`](Self::try_reserve) does.
    #[track_caller]
    pub fn try_reserve_many(
        &self,
        slots: usize,
    ) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        try_reserve(self.shared(), slots).map(|()| PermitIterator::new(self.shared(), slots))
    }

    /// Tries to reserve a slot, without waiting, as a permit that owns this sender.
    ///
    /// # Errors
    ///
    /// Fails as [`try_reserve`](Self::try_reserve) does. Both give the sender back.
    ///
    /// # Panics
    ///
    /// Panics as [`try_reserve`](Self::try_reserve) does.
    #[track_caller]
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match try_reserve(self.shared(), 1) {
            Ok(()) => Ok(OwnedPermit::new(self)),
            Err(error) => Err(error.map(|()| self)),
        }
    }
}
