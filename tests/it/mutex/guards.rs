//! The four guards: mapping them, and the lock they keep.

use std::sync::Arc;

use wakeful::{
    MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard as Owned,
};

use crate::support::{asleep, hold};

type Pair = (u8, Option<u16>);

fn pair() -> Mutex<Pair> {
    Mutex::new((1, None))
}

fn owned(mutex: &Arc<Mutex<Pair>>) -> Owned<Pair> {
    Arc::clone(mutex).try_lock_owned().expect("free")
}

#[test]
fn a_guard_leads_to_its_mutex() {
    let mutex = Arc::new(pair());
    let borrowed = hold(&mutex);
    assert!(std::ptr::eq(MutexGuard::mutex(&borrowed), &*mutex));
    drop(borrowed);
    assert!(Arc::ptr_eq(Owned::mutex(&owned(&mutex)), &mutex));
}

#[test]
fn the_mutex_outlives_the_guard_that_told_it() {
    let mutex = Mutex::new(1);
    let found = {
        let guard = hold(&mutex);
        MutexGuard::mutex(&guard)
    };
    assert_eq!(*hold(found), 1);
}

#[test]
fn a_mapped_guard_writes_the_part_and_keeps_the_lock() {
    let mutex = pair();
    // With type arguments as tokio's takes them.
    let mut part = MutexGuard::map::<_, _>(hold(&mutex), |pair| &mut pair.0);
    *part = 2;
    assert!(mutex.is_locked());
    let waiter = asleep(&mutex);
    drop(part);
    assert_eq!(waiter.wakes(), 1, "its drop is a release");
    drop(waiter);
    assert_eq!(mutex.into_inner().0, 2);
}

#[test]
fn a_mapped_guard_maps_further() {
    let mutex = Mutex::new([[1, 2], [3, 4]]);
    let row = MutexGuard::map(hold(&mutex), |rows| &mut rows[1]);
    let mut cell = MappedMutexGuard::map(row, |row| &mut row[0]);
    *cell = 9;
    assert!(mutex.is_locked());
    drop(cell);
    assert!(!mutex.is_locked());
    assert_eq!(mutex.into_inner(), [[1, 2], [9, 4]]);
}

#[test]
fn an_owned_guard_maps_and_maps_further() {
    let mutex = Arc::new(Mutex::new([[1, 2], [3, 4]]));
    let guard = Arc::clone(&mutex).try_lock_owned().expect("free");
    let row = Owned::map(guard, |rows| &mut rows[1]);
    let mut cell = OwnedMappedMutexGuard::map(row, |row| &mut row[0]);
    *cell = 9;
    assert!(mutex.is_locked());
    assert_eq!(Arc::strong_count(&mutex), 2);
    drop(cell);
    assert!(!mutex.is_locked());
    assert_eq!(Arc::strong_count(&mutex), 1);
    assert_eq!(*hold(&mutex), [[1, 2], [9, 4]]);
}

#[test]
fn try_map_succeeds_where_there_is_a_part() {
    let mutex = Arc::new(Mutex::new((1, Some(2))));
    let part = MutexGuard::try_map(hold(&mutex), |pair| pair.1.as_mut());
    let part = part.expect("there is one");
    let mut part = MappedMutexGuard::try_map(part, |part| Some(part)).expect("the same");
    *part += 1;
    assert!(mutex.is_locked());
    drop(part);
    let guard = Arc::clone(&mutex).try_lock_owned().expect("released");
    let part = Owned::try_map(guard, |pair| pair.1.as_mut()).expect("there is one");
    let mut part = OwnedMappedMutexGuard::try_map(part, |part| Some(part)).expect("the same");
    *part += 1;
    assert!(mutex.is_locked());
    drop(part);
    assert_eq!(*hold(&mutex), (1, Some(4)));
}

#[test]
fn a_failing_try_map_gives_every_guard_back_still_locked() {
    let mutex = Arc::new(pair());

    let mut back = MutexGuard::try_map(hold(&mutex), |pair| pair.1.as_mut())
        .expect_err("there is no such part");
    back.0 += 1;
    assert!(mutex.try_lock().is_err(), "still locked");

    let part = MutexGuard::map(back, |pair| &mut pair.1);
    let back = MappedMutexGuard::try_map(part, Option::as_mut).expect_err("no such part");
    assert_eq!(*back, None);
    assert!(mutex.try_lock().is_err(), "still locked");
    drop(back);

    let mut back =
        Owned::try_map(owned(&mutex), |pair| pair.1.as_mut()).expect_err("there is no such part");
    back.0 += 1;
    assert!(mutex.try_lock().is_err(), "still locked");
    assert!(Arc::ptr_eq(Owned::mutex(&back), &mutex));

    let part = Owned::map(back, |pair| &mut pair.1);
    let back = OwnedMappedMutexGuard::try_map(part, Option::as_mut).expect_err("no such part");
    assert_eq!(*back, None);
    assert!(mutex.try_lock().is_err(), "still locked");
    drop(back);

    assert_eq!(*hold(&mutex), (3, None));
    assert_eq!(Arc::strong_count(&mutex), 1);
}

#[test]
fn a_guard_maps_to_what_is_not_sized() {
    let mutex = Arc::new(Mutex::new(vec![1, 2, 3]));
    let mut tail: MappedMutexGuard<'_, [u8]> = MutexGuard::map(hold(&mutex), |all| &mut all[1..]);
    tail[0] = 7;
    drop(tail);
    let guard = Arc::clone(&mutex).try_lock_owned().expect("free");
    let mut tail: OwnedMappedMutexGuard<Vec<u8>, [u8]> = Owned::map(guard, |all| &mut all[2..]);
    tail[0] = 8;
    drop(tail);
    assert_eq!(*hold(&mutex), [1, 7, 8]);
}
