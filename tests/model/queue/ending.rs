//! Everything ends well: nobody alive is left asleep beside what it waits for, the closing ends every
//! wait, and each item ends once.

use super::channel::Channel;
use super::items;
use super::pair::{Mismatch, Pair};
use super::stored::SIDES;
use super::waits::Wish;
use super::{Id, Rules};
use crate::model::tasks;

/// More turns than any ending needs.
const QUIET_WITHIN: usize = 100_000;

pub(super) fn end(pair: &mut Pair) -> Result<(), Mismatch> {
    while let Some(at) = pair.live.iter().position(|live| !live.polled) {
        pair.drop_future(at)?;
    }
    while !pair.held.is_empty() {
        pair.drop_slots(0)?;
    }
    quiet(pair)?;
    nobody_sleeps_beside_enough(pair)?;
    let handles = !pair.senders.is_empty() || !pair.receivers.is_empty();
    if handles {
        pair.close(true)?;
        quiet(pair)?;
        if let Some(live) = pair.live.first() {
            return Err(format!("f{} waits still, though it is closed", live.name));
        }
        stored_quiet(pair)?;
        let waits = |side| {
            let (shelf, _) = pair.model.shelf(side);
            !shelf.asleep().is_empty() || !shelf.called().is_empty()
        };
        if SIDES.into_iter().any(waits) {
            return Err("what is stored waits still, though it is closed".into());
        }
    }
    while !pair.live.is_empty() {
        pair.drop_future(0)?;
    }
    while !pair.senders.is_empty() {
        pair.drop_sender(0)?;
    }
    while !pair.receivers.is_empty() {
        pair.drop_receiver(0)?;
    }
    while !pair.weak_senders.is_empty() {
        pair.upgrade(true)?;
    }
    while !pair.weak_receivers.is_empty() {
        pair.upgrade(false)?;
    }
    nothing_is_lost(pair)
}

/// Runs woken tasks until nobody is woken.
fn quiet(pair: &mut Pair) -> Result<(), Mismatch> {
    for _ in 0..QUIET_WITHIN {
        if pair.ready.is_empty() {
            return Ok(());
        }
        pair.turn()?;
    }
    Err("tasks wake each other without end".into())
}

/// The same for what is stored. (No future borrows from the handles any more.)
fn stored_quiet(pair: &mut Pair) -> Result<(), Mismatch> {
    for _ in 0..QUIET_WITHIN {
        if !pair.is_stored_woken() {
            return Ok(());
        }
        pair.turn_all_stored()?;
        quiet(pair)?;
    }
    Err("stored waiters wake each other without end".into())
}

/// Where nobody in line is forgotten, who still sleeps does so because the first wants more than there is.
fn nobody_sleeps_beside_enough(pair: &Pair) -> Result<(), Mismatch> {
    let Channel { pops, pushes, .. } = &pair.model;
    let alive = |of: fn(&Wish) -> Option<Id>| -> Vec<Id> {
        pair.live.iter().filter_map(|live| of(&live.wish)).collect()
    };
    let stands = |rules: &Rules, alive: Vec<Id>| {
        let all_alive = rules.queue.iter().all(|id| alive.contains(id));
        let first = rules.queue.first().filter(|_| all_alive);
        first.is_some_and(|&first| rules.waiter(first).need <= rules.free())
    };
    if stands(pops, alive(Wish::as_pop)) || stands(pushes, alive(Wish::as_push)) {
        return Err("somebody alive sleeps beside enough, with nobody forgotten in line".into());
    }
    for side in SIDES {
        let (shelf, rules) = pair.model.shelf(side);
        if rules.queue.is_empty() && rules.free() > 0 && !shelf.asleep().is_empty() {
            return Err("what is stored sleeps beside enough, with nobody in line".into());
        }
    }
    Ok(())
}

/// All is gone but forgotten futures, with one waker and perhaps an item each.
fn nothing_is_lost(pair: &Pair) -> Result<(), Mismatch> {
    let wakers = tasks::wakers();
    if !(0..=pair.forgotten as isize).contains(&wakers) {
        let forgotten = pair.forgotten;
        return Err(format!(
            "{wakers} wakers are left for {forgotten} forgotten futures"
        ));
    }
    match items::inside()
        .iter()
        .find(|item| !pair.buried.contains(item))
    {
        Some(item) => Err(format!("item {item} is lost")),
        None => Ok(()),
    }
}

impl Wish {
    fn as_pop(&self) -> Option<Id> {
        match self {
            Self::Pop(id) | Self::PopMany(id, _) => Some(*id),
            _ => None,
        }
    }

    fn as_push(&self) -> Option<Id> {
        match self {
            Self::Push(id) | Self::Reserve(id) | Self::ReserveOwned(id) => Some(*id),
            Self::PushMany { push, .. } => *push,
            _ => None,
        }
    }
}
