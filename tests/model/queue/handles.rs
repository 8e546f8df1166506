//! The steps of handles: they come and go, and the last one closes the channel.

use std::rc::Rc;

use wakeful::queue::{Receiver, Sender};

use super::Verdict;
use super::pair::{Handle, Mismatch, Pair};
use super::real::borrows_from;
use super::stored::Side;

/// Handles of one kind at a time.
const MOST: usize = 4;

impl Pair {
    pub(super) fn close(&mut self, by_sender: bool) -> Result<(), Mismatch> {
        let first = match (self.senders.first(), self.receivers.first()) {
            (Some(sender), _) if by_sender => sender.real.close(),
            (_, Some(receiver)) => receiver.real.close(),
            (Some(sender), None) => sender.real.close(),
            (None, None) => return Ok(()),
        };
        let verdict = if first {
            Verdict::Done
        } else {
            Verdict::Closed
        };
        let model = self.model.close();
        self.compare(|| "close".into(), verdict, model)
    }

    pub(super) fn clone_handle(&mut self, sender: bool) -> Result<(), Mismatch> {
        if sender && self.senders.len() < MOST {
            let clone = self.senders.first().map(|it| Sender::clone(&it.real));
            if let Some(sender) = clone {
                self.senders.push(Handle::new(sender));
                self.model.handles.senders += 1;
            }
        } else if !sender && self.receivers.len() < MOST {
            let clone = self.receivers.first().map(|it| Receiver::clone(&it.real));
            if let Some(receiver) = clone {
                self.receivers.push(Handle::new(receiver));
                self.model.handles.receivers += 1;
            }
        }
        self.says_nothing(|| format!("clone a handle, a sender: {sender}"))
    }

    pub(super) fn downgrade(&mut self, sender: bool) -> Result<(), Mismatch> {
        if sender && self.weak_senders.len() < MOST {
            if let Some(weak) = self.senders.last().map(|it| it.real.downgrade()) {
                self.weak_senders.push(weak);
                self.model.handles.weak_senders += 1;
            }
        } else if !sender && self.weak_receivers.len() < MOST {
            if let Some(weak) = self.receivers.last().map(|it| it.real.downgrade()) {
                self.weak_receivers.push(weak);
                self.model.handles.weak_receivers += 1;
            }
        }
        self.says_nothing(|| format!("downgrade a handle, a sender: {sender}"))
    }

    /// A weak handle is upgraded, and then dropped.
    pub(super) fn upgrade(&mut self, sender: bool) -> Result<(), Mismatch> {
        let handles = self.model.handles;
        let (upgraded, lives) = if sender {
            let Some(weak) = self.weak_senders.pop() else {
                return Ok(());
            };
            self.model.handles.weak_senders -= 1;
            let upgraded = weak.upgrade();
            let strong = upgraded.is_some();
            self.senders.extend(upgraded.map(Handle::new));
            self.model.handles.senders += usize::from(strong);
            (strong, handles.senders > 0)
        } else {
            let Some(weak) = self.weak_receivers.pop() else {
                return Ok(());
            };
            self.model.handles.weak_receivers -= 1;
            let upgraded = weak.upgrade();
            let strong = upgraded.is_some();
            self.model.handles.receivers += usize::from(strong);
            self.receivers.extend(upgraded.map(Handle::new));
            (strong, handles.receivers > 0)
        };
        if upgraded != lives {
            return Err(format!("upgraded: {upgraded}, but a handle lives: {lives}"));
        }
        self.says_nothing(|| format!("upgrade a handle, a sender: {sender}"))
    }

    /// A sender goes, and before it all that borrow from it.
    pub(super) fn drop_sender(&mut self, whose: usize) -> Result<(), Mismatch> {
        let Some(at) = whose.checked_rem(self.senders.len()) else {
            return Ok(());
        };
        let Handle { real, stored, .. } = self.senders.remove(at);
        while let Some(at) = self
            .live
            .iter()
            .position(|live| borrows_from(&live.wait.of, &real))
        {
            self.drop_future(at)?;
        }
        while let Some(at) = self
            .held
            .iter()
            .position(|held| borrows_from(&held.of, &real))
        {
            self.drop_slots(at)?;
        }
        drop(Rc::into_inner(real).expect("nobody borrows from it"));
        if let Some(id) = stored {
            let item = self.model.drop_stored(Side::Pushes, id);
            self.model.dropped.extend(item);
        }
        self.model.drop_sender();
        self.says_nothing(|| "drop a sender".into())
    }

    /// The same for a receiver, with the waiter that it stores.
    pub(super) fn drop_receiver(&mut self, whose: usize) -> Result<(), Mismatch> {
        let Some(at) = whose.checked_rem(self.receivers.len()) else {
            return Ok(());
        };
        let Handle { real, stored, .. } = self.receivers.remove(at);
        while let Some(at) = self
            .live
            .iter()
            .position(|live| borrows_from(&live.wait.of, &real))
        {
            self.drop_future(at)?;
        }
        drop(Rc::into_inner(real).expect("nobody borrows from it"));
        // The stored waiter goes first, lest the closing wakes it.
        if let Some(id) = stored {
            self.model.drop_stored(Side::Pops, id);
        }
        self.model.drop_receiver();
        self.says_nothing(|| "drop a receiver".into())
    }
}
