//! The semaphore: permits in any number, taken apart and put together, added, taken out and closed.

use wakeful::{Acquire, AcquireError, Fairness, Semaphore, SemaphorePermit, TryAcquireError};

use super::answer::Answer;
use super::drive::{Bytes, next};
use super::pair::Mismatch;
use super::primitive::{Driven, Holding, Ruled};
use super::rules::Rules;
use super::waiter::Got;

const NEEDS: [usize; 16] = [1, 1, 2, 3, 1, 2, 1, 4, 5, 2, 3, 1, 0, 2, 1, 9];
const PERMITS: [usize; 8] = [1, 0, 2, 3, 4, 5, 6, 8];
const TASKS: [u8; 4] = [4, 3, 8, 16];

impl Driven for Semaphore {
    type Wait = Acquire<'static>;
    type Held = SemaphorePermit<'static>;

    const RESIZES: bool = true;

    fn new(permits: usize, fairness: Fairness) -> Self {
        Semaphore::with_fairness(permits, fairness)
    }

    fn wait(&'static self, need: usize) -> Self::Wait {
        self.acquire_many(need as u32)
    }

    fn got(output: Result<Self::Held, AcquireError>) -> Got<Self::Held> {
        output.map_or(Got::Closed, Got::It)
    }

    fn try_take(&'static self, need: usize) -> Got<Self::Held> {
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

    fn begin(bytes: &mut Bytes) -> (usize, u8) {
        let (permits, tasks) = (next(bytes), next(bytes));
        (PERMITS[permits % PERMITS.len()], TASKS[tasks % TASKS.len()])
    }

    fn need(bytes: &mut Bytes) -> usize {
        NEEDS[next(bytes) % NEEDS.len()]
    }

    fn other(pair: &mut Ruled<Self>, whom: usize, bytes: &mut Bytes) -> Result<(), Mismatch> {
        let permits = Self::need(bytes);
        match whom {
            0..=2 => pair.add(permits),
            3 | 4 => pair.add(3 * permits),
            5 => pair.forget_permits(permits),
            // All, so that those called come in vain.
            6 | 14 => pair.forget_permits(usize::MAX),
            7..=9 => pair.reduce(permits),
            15 if permits == 0 => pair.close(),
            _ if pair.held.is_empty() => Ok(()),
            10 | 11 => pair.forget_held(whom),
            12 => pair.merge(),
            _ => pair.split(permits),
        }
    }

    fn enlarge(pair: &mut Ruled<Self>, most: usize) -> Result<(), Mismatch> {
        pair.add((most as isize - pair.rules.balance) as usize)
    }
}

// The steps that only a semaphore has.
impl Ruled<Semaphore> {
    fn add(&mut self, permits: usize) -> Result<(), Mismatch> {
        self.real().add_permits(permits);
        self.woken = self.rules.release(permits);
        self.says_nothing(|| format!("add {permits}"))
    }

    fn forget_permits(&mut self, permits: usize) -> Result<(), Mismatch> {
        let real = Answer::done().counted(self.real().forget_permits(permits));
        let model = Answer::done().counted(self.rules.forget_permits(permits));
        self.compare(|| format!("forget {permits} that are free"), real, model)
    }

    fn reduce(&mut self, permits: usize) -> Result<(), Mismatch> {
        self.real().reduce_permits(permits);
        self.rules.reduce_permits(permits);
        self.says_nothing(|| format!("reduce by {permits}"))
    }

    fn close(&mut self) -> Result<(), Mismatch> {
        self.real().close();
        self.woken = self.rules.close();
        self.says_nothing(|| "close".into())
    }

    /// Permits that are forgotten while they are held are out for good.
    fn forget_held(&mut self, whom: usize) -> Result<(), Mismatch> {
        let at = whom % self.held.len();
        let held = self.held.remove(at);
        held.real.forget();
        self.says_nothing(|| format!("forget {} that are held", held.permits))
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
        self.says_nothing(|| "merge".into())?;
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
                self.held.push(Holding { permits, real });
            }
            (None, None) => {}
            (real, _) => return Err(format!("split off {permits}: {real:?}")),
        }
        self.says_nothing(|| format!("split off {permits}"))?;
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
