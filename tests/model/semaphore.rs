//! The semaphore: permits in any number, taken apart and put together, added, taken out and closed.

use wakeful::{Acquire, AcquireError, Fairness, Semaphore, SemaphorePermit, TryAcquireError};

use super::pair::{Mismatch, Pair};
use super::primitive::{Bytes, Driven, Primitive, next};
use super::rules::Rules;
use super::trace::Outcome;
use super::waiter::Got;

const NEEDS: [usize; 16] = [1, 1, 2, 3, 1, 2, 1, 4, 5, 2, 3, 1, 0, 2, 1, 9];
const PERMITS: [usize; 8] = [1, 0, 2, 3, 4, 5, 6, 8];
const TASKS: [u8; 4] = [4, 3, 8, 16];

impl Primitive for Semaphore {
    type Wait<'p> = Acquire<'p>;
    type Held<'p> = SemaphorePermit<'p>;

    fn new(permits: usize, fairness: Fairness) -> Self {
        Semaphore::with_fairness(permits, fairness)
    }

    fn wait(&self, need: usize) -> Acquire<'_> {
        self.acquire_many(need as u32)
    }

    fn got<'p>(
        &'p self,
        output: Result<SemaphorePermit<'p>, AcquireError>,
    ) -> Got<SemaphorePermit<'p>> {
        output.map_or(Got::Closed, Got::It)
    }

    fn try_take(&self, need: usize) -> Got<SemaphorePermit<'_>> {
        match self.try_acquire_many(need as u32) {
            Ok(permit) => Got::It(permit),
            Err(TryAcquireError::NoPermits) => Got::NotYet,
            Err(TryAcquireError::Closed) => Got::Closed,
        }
    }

    fn differs(&self, rules: &Rules) -> Option<String> {
        let real = (self.available_permits(), self.is_closed());
        let model = (rules.free(), rules.closed);
        (real != model)
            .then(|| format!("free and closed are really {real:?}, by the rules {model:?}"))
    }
}

impl Driven for Semaphore {
    const RESIZES: bool = true;

    fn begin(bytes: &mut Bytes<'_>) -> (usize, u8) {
        let (permits, tasks) = (next(bytes), next(bytes));
        (PERMITS[permits % PERMITS.len()], TASKS[tasks % TASKS.len()])
    }

    fn need(bytes: &mut Bytes<'_>) -> usize {
        NEEDS[next(bytes) % NEEDS.len()]
    }

    fn other(
        pair: &mut Pair<'_, Self>,
        whom: usize,
        bytes: &mut Bytes<'_>,
    ) -> Result<(), Mismatch> {
        let permits = Self::need(bytes);
        match whom {
            0..=2 => pair.add(permits),
            3 | 4 => pair.add(3 * permits),
            5 => pair.forget_permits(permits),
            // All, so that whoever is called comes in vain.
            6 | 14 => pair.forget_permits(usize::MAX),
            7..=9 => pair.reduce(permits),
            15 if permits == 0 => pair.close(),
            _ if pair.held.is_empty() => Ok(()),
            10 | 11 => pair.forget_held(whom),
            12 => pair.merge(),
            _ => pair.split(permits),
        }
    }

    fn enlarge(pair: &mut Pair<'_, Self>, most: usize) -> Result<(), Mismatch> {
        pair.add((most as isize - pair.rules.balance) as usize)
    }
}

// The steps that only a semaphore has.
impl Pair<'_, Semaphore> {
    fn add(&mut self, permits: usize) -> Result<(), Mismatch> {
        self.real.add_permits(permits);
        let real = Outcome::woke();
        let model = Outcome::of(None, self.rules.release(permits));
        self.compare(|| format!("add {permits}"), &real, &model)
    }

    fn forget_permits(&mut self, permits: usize) -> Result<(), Mismatch> {
        let really = self.real.forget_permits(permits);
        let by_rules = self.rules.forget_permits(permits);
        self.wakes_nobody(|| format!("forget {permits} that are free"))?;
        if really == by_rules {
            Ok(())
        } else {
            Err(format!("{really} were forgotten, by the rules {by_rules}"))
        }
    }

    fn reduce(&mut self, permits: usize) -> Result<(), Mismatch> {
        self.real.reduce_permits(permits);
        self.rules.reduce_permits(permits);
        self.wakes_nobody(|| format!("reduce by {permits}"))
    }

    fn close(&mut self) -> Result<(), Mismatch> {
        self.real.close();
        let real = Outcome::woke();
        let model = Outcome::of(None, self.rules.close());
        self.compare(|| "close".into(), &real, &model)
    }

    /// Permits that are forgotten while they are held are out for good.
    fn forget_held(&mut self, whom: usize) -> Result<(), Mismatch> {
        let at = whom % self.held.len();
        let held = self.held.remove(at);
        held.real.forget();
        self.wakes_nobody(|| format!("forget {} that are held", held.permits))
    }

    /// The last two, if there are two.
    fn merge(&mut self) -> Result<(), Mismatch> {
        let Some(last) = self.held.pop() else {
            return Ok(());
        };
        if let Some(other) = self.held.last_mut() {
            other.real.merge(last.real);
            other.permits += last.permits;
        } else {
            self.held.push(last);
        }
        self.wakes_nobody(|| "merge".into())?;
        self.counts_held()
    }

    fn split(&mut self, permits: usize) -> Result<(), Mismatch> {
        let Some(last) = self.held.last_mut() else {
            return Ok(());
        };
        let rest = last.permits.checked_sub(permits);
        let real = last.real.split(permits);
        match (real, rest) {
            (Some(real), Some(rest)) => {
                last.permits = rest;
                self.enter(Got::It(real), permits);
            }
            (None, None) => {}
            (real, _) => return Err(format!("split off {permits}: {real:?}")),
        }
        self.wakes_nobody(|| format!("split off {permits}"))?;
        self.counts_held()
    }

    fn counts_held(&self) -> Result<(), Mismatch> {
        for held in self.held.iter() {
            let really = held.real.num_permits();
            if really != held.permits {
                return Err(format!("{really} are held, by the rules {}", held.permits));
            }
        }
        Ok(())
    }
}
