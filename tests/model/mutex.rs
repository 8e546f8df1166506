//! The mutex, which is the case of one permit.

use wakeful::{Fairness, Lock, Mutex, MutexGuard};

use super::pair::{Mismatch, Pair};
use super::primitive::{Bytes, Driven, Primitive};
use super::rules::Rules;
use super::waiter::Got;

/// It counts acquisitions under itself.
type Value = u32;

pub(crate) type CountingMutex = Mutex<Value>;

fn entered(mut guard: MutexGuard<'_, Value>) -> Got<MutexGuard<'_, Value>> {
    *guard += 1;
    Got::It(guard)
}

impl Primitive for CountingMutex {
    type Wait<'p> = Lock<'p, Value>;
    type Held<'p> = MutexGuard<'p, Value>;

    fn new(permits: usize, fairness: Fairness) -> Self {
        assert_eq!(permits, 1);
        Mutex::with_fairness(0, fairness)
    }

    fn wait(&self, _need: usize) -> Lock<'_, Value> {
        self.lock()
    }

    fn got<'p>(&'p self, guard: MutexGuard<'p, Value>) -> Got<MutexGuard<'p, Value>> {
        entered(guard)
    }

    fn try_take(&self, _need: usize) -> Got<MutexGuard<'_, Value>> {
        self.try_lock().map_or(Got::NotYet, entered)
    }

    fn differs(&self, rules: &Rules) -> Option<String> {
        let (locked, free) = (self.is_locked(), rules.free());
        (locked != (free == 0)).then(|| format!("is_locked is {locked}, but {free} is free"))
    }
}

impl Driven for CountingMutex {
    const RESIZES: bool = false;

    fn begin(_: &mut Bytes<'_>) -> (usize, u8) {
        (1, 4)
    }

    fn need(_: &mut Bytes<'_>) -> usize {
        1
    }

    fn other(pair: &mut Pair<'_, Self>, _: usize, _: &mut Bytes<'_>) -> Result<(), Mismatch> {
        pair.release(0)
    }

    fn enlarge(_: &mut Pair<'_, Self>, _: usize) -> Result<(), Mismatch> {
        unreachable!("nobody waits for more than the one")
    }
}
