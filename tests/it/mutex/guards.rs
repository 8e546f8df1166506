//! The four guards: mapping them, and the lock they keep.

use std::sync::Arc;

use wakeful::{MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::support::{asleep, hold, panics};

fn own<T>(mutex: &Arc<Mutex<T>>) -> OwnedMutexGuard<T> {
    Arc::clone(mutex).try_lock_owned().expect("free")
}

/// It is unlocked, and this is the only reference.
#[track_caller]
fn assert_unlocked<T>(mutex: &Arc<Mutex<T>>) {
    assert!(!mutex.is_locked());
    assert_eq!(Arc::strong_count(mutex), 1);
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

/// The same for both kinds; `$lock` takes the lock, and `$count` is the mutex's reference count while locked.
macro_rules! both_kinds {
    ($kind:ident, $lock:ident, $guard:ident, $mapped:ident, $count:literal) => {
        mod $kind {
            use super::*;

            #[test]
            fn a_guard_leads_to_its_mutex() {
                let mutex = Arc::new(Mutex::new(1));
                let guard = $lock(&mutex);
                let led: &Mutex<i32> = $guard::mutex(&guard);
                assert!(std::ptr::eq(led, &*mutex));
            }

            #[test]
            fn a_mapped_guard_writes_the_part_and_keeps_the_lock() {
                let mutex = Arc::new(Mutex::new((1, 2)));
                // With type arguments as tokio's takes them.
                let mut part = $guard::map::<_, _>($lock(&mutex), |pair| &mut pair.0);
                *part = 2;
                assert!(mutex.is_locked());
                let waiter = asleep(&mutex);
                drop(part);
                assert_eq!(waiter.wakes(), 1, "its drop is a release");
                drop(waiter);
                assert_unlocked(&mutex);
                assert_eq!(*hold(&mutex), (2, 2));
            }

            #[test]
            fn a_mapped_guard_maps_further() {
                let mutex = Arc::new(Mutex::new([[1, 2], [3, 4]]));
                let row = $guard::map($lock(&mutex), |rows| &mut rows[1]);
                let mut cell = $mapped::map(row, |row| &mut row[0]);
                *cell = 9;
                assert!(mutex.is_locked());
                assert_eq!(Arc::strong_count(&mutex), $count);
                drop(cell);
                assert_unlocked(&mutex);
                assert_eq!(*hold(&mutex), [[1, 2], [9, 4]]);
            }

            #[test]
            fn try_map_succeeds_where_there_is_a_part() {
                let mutex = Arc::new(Mutex::new((1, Some(2))));
                let part = $guard::try_map($lock(&mutex), |pair| pair.1.as_mut());
                let part = part.expect("there is one");
                let mut part = $mapped::try_map(part, |part| Some(part)).expect("the same");
                *part += 1;
                assert!(mutex.is_locked());
                drop(part);
                assert_eq!(*hold(&mutex), (1, Some(3)));
            }

            #[test]
            fn a_failing_try_map_gives_the_guard_back_still_locked() {
                let mutex = Arc::new(Mutex::new((1, None::<u16>)));
                let back = $guard::try_map($lock(&mutex), |pair| pair.1.as_mut());
                let mut back = back.expect_err("there is no such part");
                back.0 += 1;
                assert!(mutex.try_lock().is_err(), "still locked");
                let led: &Mutex<_> = $guard::mutex(&back);
                assert!(std::ptr::eq(led, &*mutex));

                let part = $guard::map(back, |pair| &mut pair.1);
                let back = $mapped::try_map(part, Option::as_mut).expect_err("no such part");
                assert_eq!(*back, None);
                assert!(mutex.try_lock().is_err(), "still locked");
                drop(back);
                assert_unlocked(&mutex);
                assert_eq!(*hold(&mutex), (2, None));
            }

            #[test]
            fn a_guard_maps_to_what_is_not_sized() {
                let mutex = Arc::new(Mutex::new(vec![1, 2, 3]));
                let mut tail = $guard::map::<[u8], _>($lock(&mutex), |all| &mut all[1..]);
                tail[0] = 7;
                drop(tail);
                assert_eq!(*hold(&mutex), [1, 7, 3]);
            }

            #[test]
            fn a_panic_in_a_map_unlocks() {
                let mutex = Arc::new(Mutex::new(0));
                panics(|| $guard::map($lock(&mutex), |_| -> &mut u8 { panic!() }));
                assert_unlocked(&mutex);
                panics(|| $guard::try_map($lock(&mutex), |_| -> Option<&mut u8> { panic!() }));
                assert_unlocked(&mutex);
                let part = || $guard::map($lock(&mutex), |value| value);
                panics(|| $mapped::map(part(), |_| -> &mut u8 { panic!() }));
                assert_unlocked(&mutex);
                panics(|| $mapped::try_map(part(), |_| -> Option<&mut u8> { panic!() }));
                assert_unlocked(&mutex);
            }
        }
    };
}

both_kinds!(borrowed, hold, MutexGuard, MappedMutexGuard, 1);
both_kinds!(owned, own, OwnedMutexGuard, OwnedMappedMutexGuard, 2);
