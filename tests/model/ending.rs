//! Everything ends well: nobody alive is left asleep beside what it waits for, and whoever arrives
//! gets in.

use super::pair::{Mismatch, Pair};
use super::primitive::Driven;
use super::waiter::{NEVER, Task};

/// More polls than any draining needs.
const QUIET_WITHIN: usize = 100_000;
/// The tasks of the arrivals at the end, and the most permits that one of them wants.
const LATE: Task = 100;
const LATE_NEED: usize = 5;

/// Everyone alive is run until all is quiet; then arrivals come, until nobody alive sleeps.
pub(super) fn drain<P: Driven>(
    pair: &mut Pair<'_, P>,
    limit: u32,
    patience: u32,
) -> Result<(), Mismatch> {
    while let Some(at) = pair.live.iter().position(|live| !live.polled) {
        pair.drop_future(at)?;
    }
    while !pair.held.is_empty() {
        pair.release_last()?;
    }
    quiet(pair)?;
    let dead = dead(pair);
    nobody_sleeps_beside_enough(pair, dead)?;
    let queue = pair.rules.queue.iter();
    let most = queue.map(|&id| pair.rules.waiter(id).need).max();
    let most = most.unwrap_or(0).max(1);
    if pair.rules.free() < most {
        P::enlarge(pair, most)?;
        quiet(pair)?;
        nobody_sleeps_beside_enough(pair, dead)?;
    }
    if patience == NEVER && dead > 0 {
        // P3 is not promised: as with a plain queue, all may sleep forever.
        while !pair.live.is_empty() {
            pair.drop_future(0)?;
        }
        return quiet(pair);
    }
    let arrivals = (dead + pair.live.len() + 1) * (limit as usize + 2);
    let mut came = 0;
    while came == 0 || !pair.live.is_empty() {
        if came == arrivals {
            return Err(format!("somebody alive sleeps after {came} arrivals"));
        }
        let task = LATE + (came % 100) as Task;
        let need = came % pair.rules.free().min(LATE_NEED) + 1;
        let at = pair.start(task, need);
        if pair.poll(at, task)? {
            pair.release_last()?;
        }
        quiet(pair)?;
        came += 1;
    }
    Ok(())
}

/// How many of those in line are forgotten.
fn dead<P: Driven>(pair: &Pair<'_, P>) -> usize {
    let queue = pair.rules.queue.iter();
    queue.filter(|id| pair.forgotten.contains(id)).count()
}

/// With nobody forgotten in line, who still sleeps does so because the first wants more than there is.
fn nobody_sleeps_beside_enough<P: Driven>(pair: &Pair<'_, P>, dead: usize) -> Result<(), Mismatch> {
    let first = pair.rules.queue.first();
    let lacks = first.is_some_and(|&first| pair.rules.waiter(first).need > pair.rules.free());
    if dead == 0 && !pair.live.is_empty() && !lacks {
        return Err("somebody alive sleeps beside enough, with nobody forgotten in line".into());
    }
    Ok(())
}

/// Runs woken tasks until nobody is woken.
fn quiet<P: Driven>(pair: &mut Pair<'_, P>) -> Result<(), Mismatch> {
    for _ in 0..QUIET_WITHIN {
        if !pair.turn()? {
            return if pair.held.is_empty() {
                Ok(())
            } else {
                Err("held by nobody".into())
            };
        }
    }
    Err("tasks wake each other without end".into())
}
