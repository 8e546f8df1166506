//! The steps of handles: they come and go, and the last one closes the channel.

use std::rc::Rc;

use wakeful::queue::{Receiver, Sender};

use super::Verdict;
use super::pair::{Handle, Mismatch, Pair};
use super::real::{Owner, borrows_from};
use super::stored::Side;

/// Handles of one kind at a time.
const MOST: usize = 4;

macro_rules! steps {
    ($handle:ident of $side:expr, $handles:ident and $weak_handles:ident:
     $clone:ident, $downgrade:ident, $upgrade:ident, $drop:ident) => {
        impl Pair {
            pub(super) fn $clone(&mut self) -> Result<(), Mismatch> {
                let first = self.$handles.first();
                let clone = first.map(|first| $handle::clone(&first.real));
                if let Some(clone) = clone.filter(|_| self.$handles.len() < MOST) {
                    self.$handles.push(Handle::new(clone));
                    self.model.handles.$handles += 1;
                }
                self.says_nothing(|| stringify!($clone).into())
            }

            pub(super) fn $downgrade(&mut self) -> Result<(), Mismatch> {
                let weak = self.$handles.last().map(|last| last.real.downgrade());
                if let Some(weak) = weak.filter(|_| self.$weak_handles.len() < MOST) {
                    self.$weak_handles.push(weak);
                    self.model.handles.$weak_handles += 1;
                }
                self.says_nothing(|| stringify!($downgrade).into())
            }

            /// A weak handle is upgraded, and then dropped.
            pub(super) fn $upgrade(&mut self) -> Result<(), Mismatch> {
                let Some(weak) = self.$weak_handles.pop() else {
                    return Ok(());
                };
                let upgraded = weak.upgrade();
                drop(weak);
                let (strong, lives) = (upgraded.is_some(), self.model.handles.$handles > 0);
                if strong != lives {
                    return Err(format!("upgraded: {strong}, but a handle lives: {lives}"));
                }
                self.model.handles.$weak_handles -= 1;
                self.model.handles.$handles += usize::from(strong);
                self.$handles.extend(upgraded.map(Handle::new));
                self.says_nothing(|| stringify!($upgrade).into())
            }

            /// A handle goes, and before it all that borrow from it, and the waiter that it stores.
            pub(super) fn $drop(&mut self, whose: usize) -> Result<(), Mismatch> {
                let Some(at) = whose.checked_rem(self.$handles.len()) else {
                    return Ok(());
                };
                let Handle { real, stored, .. } = self.$handles.remove(at);
                self.drop_what_borrows_from(&real)?;
                drop(Rc::into_inner(real).expect("nobody borrows from it"));
                if let Some(id) = stored {
                    self.model.drop_stored($side, id);
                }
                self.model.$drop();
                self.says_nothing(|| stringify!($drop).into())
            }
        }
    };
}

steps! {
    Sender of Side::Pushes, senders and weak_senders:
    clone_sender, downgrade_sender, upgrade_sender, drop_sender
}
steps! {
    Receiver of Side::Pops, receivers and weak_receivers:
    clone_receiver, downgrade_receiver, upgrade_receiver, drop_receiver
}

impl Pair {
    fn drop_what_borrows_from<H>(&mut self, handle: &Rc<H>) -> Result<(), Mismatch> {
        let of = |owner: &Owner| borrows_from(owner, handle);
        while let Some(at) = self.live.iter().position(|live| of(&live.wait.of)) {
            self.drop_future(at)?;
        }
        while let Some(at) = self.held.iter().position(|held| of(&held.of)) {
            self.drop_slots(at)?;
        }
        Ok(())
    }

    pub(super) fn close(&mut self, by_sender: bool) -> Result<(), Mismatch> {
        let first = match (self.senders.first(), self.receivers.first()) {
            (Some(sender), _) if by_sender => sender.real.close(),
            (_, Some(receiver)) => receiver.real.close(),
            (Some(sender), None) => sender.real.close(),
            (None, None) => return Ok(()),
        };
        let real = if first {
            Verdict::Done
        } else {
            Verdict::Closed
        };
        let model = self.model.close();
        self.compare(|| "close".into(), real, model)
    }
}
