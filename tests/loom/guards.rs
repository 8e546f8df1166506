//! Guards that are mapped, owned, sent to other threads and dropped there: the lock goes with them.

use std::sync::Arc;

use wakeful::{MappedMutexGuard, Mutex, MutexGuard, OwnedMutexGuard};

use crate::support::*;

type Pair = (u32, u32);

/// Adds one to both halves through a guard of each, one lock after the other.
fn add(mutex: &Mutex<Pair>) {
    *MutexGuard::map(block_on(mutex.lock()), |pair| &mut pair.0) += 1;
    *MutexGuard::map(block_on(mutex.lock()), |pair| &mut pair.1) += 1;
}

/// What a mutex with such a value holds when all threads have ended and it is idle.
fn idle_pair(mutex: &Mutex<Pair>) -> Pair {
    join_all();
    mutex.assert_idle();
    *mutex.try_lock().expect("it is idle")
}

/// Bounded: two locks each.
#[test]
fn mapped() {
    model(4, || {
        let mutex = Arc::new(Mutex::new((0, 0)));
        spawn_with(&mutex, move |theirs| add(&theirs));
        add(&mutex);
        assert_eq!(idle_pair(&mutex), (2, 2));
    });
}

/// A part that is not there: the guard comes back, still locked.
#[test]
fn not_mapped() {
    model(UNBOUNDED, || {
        let mutex = Arc::new(Mutex::new((0, 0)));
        spawn_with(&mutex, move |theirs| block_on(theirs.lock()).1 += 1);
        let refused: Result<MappedMutexGuard<'_, u32>, _> =
            MutexGuard::try_map(block_on(mutex.lock()), |_| None);
        let mut guard = refused.expect_err("there is no part");
        guard.0 += 1;
        drop(guard);
        assert_eq!(idle_pair(&mutex), (1, 1));
    });
}

/// Locked on one thread, mapped, sent, mapped again, and dropped on another.
#[test]
fn sent_to_another_thread() {
    model(UNBOUNDED, || {
        let mutex = Arc::new(Mutex::new((0, [0; 2])));
        let guard = mutex.clone().try_lock_owned().unwrap();
        let mut array = OwnedMutexGuard::map(guard, |pair| &mut pair.1);
        array[0] += 1;
        spawn(move || {
            let mut last = wakeful::OwnedMappedMutexGuard::map(array, |array| &mut array[1]);
            *last += 1;
        });
        let guard = block_on(mutex.lock());
        assert_eq!(guard.1, [1, 1]);
        drop(guard);
        join_all();
        mutex.assert_idle();
    });
}

/// The same for a borrowed guard, of a mutex that lives forever.
#[test]
fn borrowed_and_sent() {
    model(UNBOUNDED, || {
        let mutex: &'static Mutex<Pair> = Box::leak(Box::new(Mutex::new((0, 0))));
        let mut part = MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
        *part += 1;
        spawn(move || *part += 1);
        assert_eq!(block_on(mutex.lock()).0, 2);
        assert_eq!(idle_pair(mutex), (2, 0));
    });
}

/// Owned guards contend like any others, on threads, in tasks, and for those who only try. Bounded:
/// one of them tries before it waits.
#[test]
fn owned() {
    model(4, || {
        let mutex = Arc::new(Mutex::new((0, 0)));
        spawn_with(&mutex, move |theirs| block_on(theirs.lock_owned()).0 += 1);
        let tried = mutex.clone().try_lock_owned().map(|mut pair| pair.1 += 1);
        mutex.clone().blocking_lock_owned().0 += 1;
        assert_eq!(idle_pair(&mutex), (2, u32::from(tried.is_ok())));
    });
}

/// The last owner drops the mutex, so an unlock must not touch it once the next owner may have the lock.
#[test]
fn last_owner() {
    model(UNBOUNDED, || {
        let value = Arc::new(());
        let mutex = Arc::new(Mutex::new(value.clone()));
        let guard = mutex.clone().try_lock_owned().unwrap();
        spawn(move || drop(guard));
        drop(block_on(mutex.lock_owned()));
        join_all();
        assert_eq!(Arc::strong_count(&value), 1);
    });
}
