//! Everything ends well: nobody alive is left asleep beside what it waits for, and a new arrival gets in.

use super::answer::Verdict;
use super::pair::Mismatch;
use super::primitive::{Driven, Ruled};
use super::waiter::{NEVER, Task};

/// The tasks of the arrivals at the end, and the most permits that one of them wants.
const LATE: Task = 100;
const LATE_NEED: usize = 5;

impl<P: Driven> Ruled<P> {
    /// Everyone alive is run until all is quiet; then arrivals come, until nobody alive sleeps.
    pub(super) fn drain(&mut self) -> Result<(), Mismatch> {
        self.drop_unpolled()?;
        while !self.held.is_empty() {
            self.release_last()?;
        }
        self.quiet()?;
        let queue = self.rules.queue.iter();
        let dead = queue.filter(|id| self.dead.contains(id)).count();
        self.nobody_sleeps_beside_enough(dead)?;
        let queue = self.rules.queue.iter();
        let most = queue.map(|&id| self.rules.waiter(id).need).max();
        let most = most.unwrap_or(0).max(1);
        if self.rules.free() < most {
            P::enlarge(self, most)?;
            self.quiet()?;
            self.nobody_sleeps_beside_enough(dead)?;
        }
        if self.rules.patience == NEVER && dead > 0 {
            // P3 is not promised: as with a plain queue, all may sleep forever.
            while !self.live.is_empty() {
                self.drop_future(0)?;
            }
            return self.quiet();
        }
        let arrivals = (dead + self.live.len() + 1) * (self.rules.limit as usize + 2);
        let mut came = 0;
        while came == 0 || !self.live.is_empty() {
            if came == arrivals {
                return Err(format!("somebody alive sleeps after {came} arrivals"));
            }
            let task = LATE + (came % 100) as Task;
            let need = came % self.rules.free().min(LATE_NEED) + 1;
            let at = self.start(task, need);
            if self.poll(at, task)? == Verdict::Done {
                self.release_last()?;
            }
            self.quiet()?;
            came += 1;
        }
        Ok(())
    }

    /// With nobody forgotten in line, who still sleeps does so because the first wants more than there is.
    fn nobody_sleeps_beside_enough(&self, dead: usize) -> Result<(), Mismatch> {
        let first = self.rules.queue.first();
        let lacks = first.is_some_and(|&first| self.rules.waiter(first).need > self.rules.free());
        if dead == 0 && !self.live.is_empty() && !lacks {
            return Err(
                "somebody alive sleeps beside enough, with nobody forgotten in line".into(),
            );
        }
        Ok(())
    }
}
