//! An urgent thread that does one operation now and then, beside many threads of the lowest priority that do so
//! all the time: how long it waits shows what happens when the holder of an internal lock is not running.

use super::payload::Payload;
use super::rows::{Traffic, Users};
use crate::support::executor::Executor;
use crate::support::row::Row;
use crate::support::waits::{Timed, Waits, Watch};
use crate::support::workload::Sample;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};
use wakeful::{Fairness, Queue};

/// How long the urgent one sleeps after each operation.
const SLEEPS: Duration = Duration::from_micros(100);

/// Something to put into and to take out of, without waiting.
pub(crate) trait Store<T>: Sync {
    fn open(capacity: usize) -> Self;
    fn put(&self, item: T);
    fn take(&self) -> Option<T>;
}

pub(crate) struct Wakeful<T>(Queue<T>);
pub(crate) struct Fifo<T>(Queue<T>);
/// A floor that nothing with a lock can be expected to beat: no waiters, no fairness, no closing.
pub(crate) struct Locked<T>(Mutex<VecDeque<T>>);

macro_rules! ours {
    ($($kind:ident: $fairness:expr;)*) => {$(
        impl<T: Send> Store<T> for $kind<T> {
            fn open(capacity: usize) -> Self {
                Self(Queue::bounded(capacity).with_fairness($fairness))
            }

            fn put(&self, item: T) {
                let _ = self.0.try_push(item);
            }

            fn take(&self) -> Option<T> {
                self.0.try_pop().ok()
            }
        }
    )*};
}

ours! {
    Wakeful: Fairness::DEFAULT;
    Fifo: Fairness::FIFO;
}

impl<T: Send> Store<T> for Locked<T> {
    fn open(capacity: usize) -> Self {
        Self(Mutex::new(VecDeque::with_capacity(capacity)))
    }

    fn put(&self, item: T) {
        let mut items = self.0.lock();
        if items.len() < items.capacity() {
            items.push_back(item);
        }
    }

    fn take(&self) -> Option<T> {
        self.0.lock().pop_front()
    }
}

/// One batch of a fixed number of operations by the urgent thread, each of them timed.
pub(crate) fn batch<T: Payload, S: Store<T>>(
    row: &Row<Traffic>,
    _: &Executor,
    operations: u64,
) -> Sample {
    let Users::Urgent { niced } = row.setting.users else {
        unreachable!("another row");
    };
    let store = S::open(row.setting.capacity.expect("a bound"));
    let stop = AtomicBool::new(false);
    let ready = Barrier::new(usize::try_from(niced).expect("few") + 1);
    let mut watch = Timed::default();
    let mut elapsed = Duration::ZERO;
    thread::scope(|scope| {
        for _ in 0..niced {
            scope.spawn(|| {
                give_way();
                ready.wait();
                while !stop.load(Relaxed) {
                    store.put(T::of(0));
                    store.take();
                }
            });
        }
        ready.wait();
        let start = Instant::now();
        for number in 0..operations {
            let asked = watch.now();
            if number % 2 == 0 {
                store.put(T::of(number));
            } else {
                store.take();
            }
            watch.record(asked, watch.now());
            thread::sleep(SLEEPS);
        }
        elapsed = start.elapsed();
        stop.store(true, Relaxed);
    });
    let mut waits = Waits::none();
    watch.report(&mut waits);
    Sample {
        elapsed,
        operations,
        waits,
    }
}

/// Gives this thread the lowest priority, where the system can do that for a single thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    rustix::process::setpriority_process(None, 19).expect("anybody may be nicer");
}
