//! Handles and permits, and the end that comes when they are gone.

use super::channel::Channel;
use super::{Answer, Item, Verdict};
use crate::model::seen::What;

impl Channel {
    /// Says `Closed` to whom it was closed before.
    pub(crate) fn close(&mut self) -> Answer {
        if self.closed {
            return Verdict::Closed.into();
        }
        let offers = if self.is_rendezvous() {
            self.ready()
        } else {
            0
        };
        self.closed = true;
        self.sinks.tell();
        self.pops.keeps = false;
        self.pops.take(offers);
        self.flush();
        self.woken.extend(self.pushes.close());
        let woken = self.closings.drain(..).map(|(_, task)| task);
        self.woken.extend(woken);
        Answer::done()
    }

    /// Wakes every waiting pop.
    fn flush(&mut self) {
        self.streams.tell();
        let woken = self.pops.flush();
        if !woken.is_empty() {
            self.count(What::Flushed);
        }
        self.woken.extend(woken);
    }

    /// Slots that were reserved are given back, or one is filled.
    pub(crate) fn unreserve(&mut self, slots: usize, item: Option<Item>) {
        self.reserved -= slots;
        match item {
            Some(item) if self.deserted => {
                self.dropped.push(item);
                self.calls_pushes(slots);
            }
            Some(item) => self.arrives(item),
            None => self.calls_pushes(slots),
        }
        if self.closed && self.reserved == 0 {
            self.count(What::LastPermit);
            self.flush();
        }
    }

    pub(crate) fn drop_sender(&mut self) {
        self.handles.senders -= 1;
        if self.handles.senders == 0 {
            self.close();
        }
    }

    pub(crate) fn drop_receiver(&mut self) {
        self.handles.receivers -= 1;
        if self.handles.receivers == 0 {
            self.close();
            self.deserted = true;
            let rest = self.drain();
            if !rest.items.is_empty() {
                self.count(What::Deserted);
            }
            self.dropped.extend(rest.items);
        }
    }
}
