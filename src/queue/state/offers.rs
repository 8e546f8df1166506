//! Where there is no storage, a waiting push is an *offer*: the pop that is being polled takes the item
//! out of it.

use super::State;
use crate::queue::giving::{Giving, Load};
use crate::wait::Node;

impl<T> State<T> {
    /// A waiting push of a queue without storage: it is the item.
    pub(in crate::queue) fn offer(&mut self, node: Node<Giving<T>>, always_answers: bool) {
        self.pushes.line.enqueue(node, always_answers);
        self.offers += 1;
        self.tell_streams();
    }

    pub(super) fn take_offer(&mut self) -> Option<T> {
        if self.offers == 0 {
            return None;
        }
        let node = self.pushes.line.first()?;
        let item = self.pushes.line.get_mut(node).ask.take_item();
        self.pushes.leave(node);
        self.taken.enqueue(node, true);
        self.offers -= 1;
        item
    }

    /// A push or reserve, stored or not, leaves whichever line it stands in.
    pub(in crate::queue) fn leave_pushes(&mut self, node: Node<Giving<T>>) {
        let delivered = matches!(self.pushes.line.get(node).ask.load, Load::Delivered);
        if !self.is_rendezvous() {
            self.pushes.leave(node);
        } else if delivered {
            self.taken.leave(node);
        } else {
            if !self.closed && self.pushes.line.is_queued(node) {
                self.offers -= 1;
            }
            self.pushes.leave(node);
        }
    }
}
