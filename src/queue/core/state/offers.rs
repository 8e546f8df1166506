//! Offers: pushes that wait in a queue without storage.

use super::State;

impl<T> State<T> {
    /// A push waits in a queue without storage: it offers its item.
    pub(in crate::queue) fn offer(&mut self) {
        self.offers += 1;
        self.streams.tell();
    }

    /// An offer is withdrawn. (Once the queue is closed, there are none.)
    pub(in crate::queue) fn withdraw(&mut self) {
        self.offers = self.offers.saturating_sub(1);
    }

    /// Takes the item of the first offer.
    pub(super) fn take_offer(&mut self) -> Option<T> {
        let node = self.pushes.first()?;
        let item = self.load(node).take();
        self.pushes.serve(node, &mut self.served);
        self.unfinished += 1;
        self.offers -= 1;
        item
    }
}
