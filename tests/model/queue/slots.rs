//! The steps of those who reserve slots and of those who have some.

use wakeful::queue::{Permit, Sender};

use super::Answer;
use super::items::Counted;
use super::pair::{Handle, Holding, Mismatch, Pair};
use super::real::{Slots, refused};
use crate::model::live::borrow;

impl Pair {
    pub(super) fn try_reserve(&mut self, whose: usize, slots: usize) -> Result<(), Mismatch> {
        let owner = Handle::of(&self.senders, whose);
        let Some(owner) = owner.filter(|_| !self.model.is_rendezvous()) else {
            return Ok(());
        };
        // SAFETY: it goes into one `Holding` with its owner.
        let sender = unsafe { borrow(&owner) };
        let got = match slots {
            1 => sender.try_reserve().map(Slots::One),
            slots => sender.try_reserve_many(slots).map(Slots::Many),
        };
        let real = match got {
            Ok(slots) => {
                let count = slots.count();
                let of = Some(owner as _);
                self.held.push(Holding { slots, of });
                Answer::done().counted(count)
            }
            Err(error) => refused(&error).into(),
        };
        let model = self.model.try_reserve(slots);
        self.compare(|| format!("try to reserve {slots}"), real, model)
    }

    pub(super) fn try_reserve_owned(&mut self, whose: usize) -> Result<(), Mismatch> {
        let owner = Handle::of(&self.senders, whose);
        let Some(owner) = owner.filter(|_| !self.model.is_rendezvous()) else {
            return Ok(());
        };
        let sender = Sender::clone(&owner);
        self.model.handles.senders += 1;
        let real = match sender.try_reserve_owned() {
            Ok(permit) => {
                let slots = Slots::Owned(permit);
                self.held.push(Holding { slots, of: None });
                Answer::done().counted(1)
            }
            Err(error) => {
                let verdict = refused(&error);
                self.senders.push(Handle::new(error.into_inner()));
                verdict.into()
            }
        };
        let model = self.model.try_reserve(1);
        self.compare(|| "try to reserve, owned".into(), real, model)
    }

    /// Uses one of the slots that somebody has: fills it, or gives it back.
    pub(super) fn use_slot(&mut self, at: usize, fill: bool) -> Result<(), Mismatch> {
        let Holding { slots, of } = self.held.remove(at);
        let made = fill.then(Counted::new);
        let number = made.as_ref().map(Counted::item);
        match slots {
            Slots::One(permit) => use_permit(permit, made),
            Slots::Many(mut permits) => {
                let Some(permit) = permits.next() else {
                    // The item, if there was to be one, has no slot.
                    drop(made);
                    self.model.dropped.extend(number);
                    return self.says_nothing(|| "no slots are left".into());
                };
                let slots = Slots::Many(permits);
                self.held.push(Holding { slots, of });
                use_permit(permit, made);
            }
            Slots::Owned(permit) => {
                let sender = match made {
                    Some(made) => permit.send(made),
                    None => permit.release(),
                };
                self.senders.push(Handle::new(sender));
            }
        }
        self.model.unreserve(1, number);
        self.says_nothing(|| format!("a slot is given back or filled by {number:?}"))
    }

    /// Gives back all that one has.
    pub(super) fn drop_slots(&mut self, at: usize) -> Result<(), Mismatch> {
        let Holding { slots, of } = self.held.remove(at);
        let (count, owned) = (slots.count(), matches!(slots, Slots::Owned(_)));
        drop(slots);
        drop(of);
        if count > 0 {
            self.model.unreserve(count, None);
        }
        if owned {
            self.model.drop_sender();
        }
        self.says_nothing(|| format!("{count} slots are given back"))
    }
}

fn use_permit(permit: Permit<'_, Counted>, made: Option<Counted>) {
    match made {
        Some(made) => permit.send(made),
        None => drop(permit),
    }
}
