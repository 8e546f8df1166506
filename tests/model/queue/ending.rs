//! Everything ends well: nobody alive is left asleep beside what it waits for, the closing ends every
//! wait, and each item ends once.

use super::Id;
use super::items;
use super::pair::{Mismatch, Pair};
use super::stored::SIDES;
use crate::model::pair::QUIET_WITHIN;

impl Pair {
    pub(super) fn end_all(&mut self) -> Result<(), Mismatch> {
        self.drop_unpolled()?;
        while !self.held.is_empty() {
            self.drop_slots(0)?;
        }
        self.quiet()?;
        self.nobody_sleeps_beside_enough()?;
        if !self.senders.is_empty() || !self.receivers.is_empty() {
            self.close(true)?;
            self.quiet()?;
            if let Some(live) = self.live.first() {
                return Err(format!("f{} waits still, though it is closed", live.name));
            }
            self.stored_quiet()?;
            let waits = |side| {
                let (shelf, _) = self.model.shelf(side);
                !shelf.asleep.is_empty() || !shelf.called.is_empty()
            };
            if SIDES.into_iter().any(waits) {
                return Err("what is stored waits still, though it is closed".into());
            }
        }
        while !self.live.is_empty() {
            self.drop_future(0)?;
        }
        while !self.senders.is_empty() {
            self.drop_sender(0)?;
        }
        while !self.receivers.is_empty() {
            self.drop_receiver(0)?;
        }
        while !self.weak_senders.is_empty() {
            self.upgrade_sender()?;
        }
        while !self.weak_receivers.is_empty() {
            self.upgrade_receiver()?;
        }
        let mut inside = items::inside().into_iter();
        match inside.find(|item| !self.buried.contains(item)) {
            Some(item) => Err(format!("item {item} is lost")),
            None => Ok(()),
        }
    }

    /// What is stored is polled until it is quiet. (No future borrows from the handles any more.)
    fn stored_quiet(&mut self) -> Result<(), Mismatch> {
        for _ in 0..QUIET_WITHIN {
            let woken = self.receivers.iter().any(|it| it.woken);
            if !woken && !self.senders.iter().any(|it| it.woken) {
                return Ok(());
            }
            self.turn_stored(|_| true)?;
            self.quiet()?;
        }
        Err("stored waiters wake each other without end".into())
    }

    /// Where nobody in line is forgotten, who still sleeps does so because the first wants more than there is.
    fn nobody_sleeps_beside_enough(&self) -> Result<(), Mismatch> {
        for side in SIDES {
            let (shelf, rules) = self.model.shelf(side);
            let is_alive = |&id: &Id| {
                let mut live = self.live.iter();
                live.any(|live| live.wait.wish.place() == Some((side, id)))
            };
            let first = rules.queue.first().map(|&first| rules.waiter(first));
            let is_served = first.is_some_and(|first| first.need <= rules.free());
            if is_served && rules.queue.iter().all(is_alive) {
                return Err("somebody alive sleeps beside enough, and nobody is forgotten".into());
            }
            if first.is_none() && rules.free() > 0 && !shelf.asleep.is_empty() {
                return Err("what is stored sleeps beside enough, with nobody in line".into());
            }
        }
        Ok(())
    }
}
