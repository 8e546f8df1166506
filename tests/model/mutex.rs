//! The mutex, which is the case of one permit.

use wakeful::{Fairness, Lock, Mutex, MutexGuard};

use super::drive::Bytes;
use super::pair::Mismatch;
use super::primitive::{Driven, Ruled};
use super::rules::Rules;
use super::waiter::Got;

/// It counts acquisitions under itself.
type Value = u32;

pub(crate) type CountingMutex = Mutex<Value>;

impl Driven for CountingMutex {
    type Wait = Lock<'static, Value>;
    type Held = MutexGuard<'static, Value>;

    const RESIZES: bool = false;

    fn new(permits: usize, fairness: Fairness) -> Self {
        assert_eq!(permits, 1);
        Mutex::with_fairness(0, fairness)
    }

    fn wait(&'static self, _need: usize) -> Self::Wait {
        self.lock()
    }

    fn got(mut guard: Self::Held) -> Got<Self::Held> {
        *guard += 1;
        Got::It(guard)
    }

    fn try_take(&'static self, _need: usize) -> Got<Self::Held> {
        self.try_lock().map_or(Got::NotYet, Self::got)
    }

    fn differs(&self, rules: &Rules) -> Option<String> {
        let (locked, free) = (self.is_locked(), rules.free());
        (locked != (free == 0)).then(|| format!("is_locked is {locked}, but {free} is free"))
    }

    fn begin(_: &mut Bytes) -> (usize, u8) {
        (1, 4)
    }

    fn need(_: &mut Bytes) -> usize {
        1
    }

    fn other(pair: &mut Ruled<Self>, _: usize, _: &mut Bytes) -> Result<(), Mismatch> {
        pair.release(0)
    }

    fn enlarge(_: &mut Ruled<Self>, _: usize) -> Result<(), Mismatch> {
        unreachable!("nobody waits for more than the one")
    }
}
