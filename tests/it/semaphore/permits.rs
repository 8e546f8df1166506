//! Permits: taken apart, put together, forgotten.

use std::sync::Arc;

use wakeful::{OwnedSemaphorePermit, Semaphore};

use super::{asleep, assert_idle, hold};
use crate::support::panics;

/// The largest request, or `MAX_PERMITS` where that is smaller.
const MANY: u32 = if Semaphore::MAX_PERMITS > u32::MAX as usize {
    u32::MAX
} else {
    Semaphore::MAX_PERMITS as u32
};

fn own(semaphore: &Arc<Semaphore>, n: u32) -> OwnedSemaphorePermit {
    let permit = Arc::clone(semaphore).try_acquire_many_owned(n);
    permit.expect("enough are free")
}

#[test]
fn a_permit_leads_to_its_semaphore_and_knows_its_number() {
    let semaphore = Arc::new(Semaphore::new(5));
    let permit = hold(&semaphore, 2);
    assert!(std::ptr::eq(permit.semaphore(), &*semaphore));
    assert_eq!(permit.num_permits(), 2);
    let owned = own(&semaphore, 3);
    assert!(Arc::ptr_eq(owned.semaphore(), &semaphore));
    assert_eq!(owned.num_permits(), 3);
}

/// The same for both kinds; `$take` takes a number of permits from a semaphore.
macro_rules! both_kinds {
    ($kind:ident, $take:ident) => {
        mod $kind {
            use super::*;

            #[test]
            fn forgotten_permits_are_gone_for_good() {
                let semaphore = Arc::new(Semaphore::new(5));
                $take(&semaphore, 2).forget();
                assert_eq!(Arc::strong_count(&semaphore), 1);
                assert_idle(&semaphore, 3);
            }

            #[test]
            fn split_takes_off_what_it_is_asked_for() {
                let semaphore = Arc::new(Semaphore::new(5));
                let mut permit = $take(&semaphore, 5);
                let two = permit.split(2).expect("of 5");
                assert_eq!((permit.num_permits(), two.num_permits()), (3, 2));
                assert_eq!(semaphore.available_permits(), 0);
                drop(two);
                assert_eq!(semaphore.available_permits(), 2);
                let none = permit.split(0).expect("of 3");
                assert_eq!((permit.num_permits(), none.num_permits()), (3, 0));
                drop(none);
                assert!(permit.split(4).is_none(), "too many");
                assert!(permit.split(usize::MAX).is_none());
                assert_eq!(permit.num_permits(), 3, "nothing is changed");
                let all = permit.split(3).expect("all");
                assert_eq!((permit.num_permits(), all.num_permits()), (0, 3));
                drop(permit);
                assert_eq!(semaphore.available_permits(), 2);
                drop(all);
                assert_eq!(Arc::strong_count(&semaphore), 1);
                assert_idle(&semaphore, 5);
            }

            #[test]
            fn merged_permits_come_back_together_and_call_once() {
                let semaphore = Arc::new(Semaphore::new(5));
                let mut permit = $take(&semaphore, 2);
                let other = $take(&semaphore, 3);
                let mut waiter = asleep(&semaphore, 5);
                permit.merge(other);
                assert_eq!(permit.num_permits(), 5);
                assert_eq!((semaphore.available_permits(), waiter.wakes()), (0, 0));
                drop(permit);
                assert_eq!(waiter.wakes(), 1);
                drop(waiter.poll().unwrap().unwrap());
                assert_eq!(Arc::strong_count(&semaphore), 1);
                assert_idle(&semaphore, 5);
            }

            #[test]
            fn merging_with_nothing_changes_nothing() {
                let semaphore = Arc::new(Semaphore::new(5));
                let mut permit = $take(&semaphore, 2);
                permit.merge($take(&semaphore, 0));
                assert_eq!(permit.num_permits(), 2);
                let mut none = $take(&semaphore, 0);
                none.merge(permit);
                assert_eq!(none.num_permits(), 2);
                drop(none);
                assert_idle(&semaphore, 5);
            }

            #[test]
            fn merging_with_those_of_another_panics_and_loses_none() {
                let (semaphore, other) = (Arc::new(Semaphore::new(2)), Arc::new(Semaphore::new(3)));
                let mut permit = $take(&semaphore, 2);
                let theirs = $take(&other, 3);
                let said = panics(|| permit.merge(theirs));
                assert!(said.contains("different semaphore"), "{said}");
                assert_eq!(permit.num_permits(), 2, "still whole");
                assert_idle(&other, 3);
                assert_eq!(semaphore.available_permits(), 0);
                drop(permit);
                assert_idle(&semaphore, 2);
            }
        }
    };
}

both_kinds!(borrowed, hold);
both_kinds!(owned, own);

#[test]
fn a_permit_is_no_guard_of_a_thread() {
    let semaphore = Arc::new(Semaphore::new(2));
    let (borrowed, owned) = (hold(&semaphore, 1), own(&semaphore, 1));
    std::thread::scope(|scope| {
        scope.spawn(move || drop(borrowed));
    });
    std::thread::spawn(move || drop(owned)).join().unwrap();
    assert_idle(&semaphore, 2);
}

/// Permits overflow in a drop: it has to saturate, and a drop may not panic.
#[test]
fn a_permit_that_comes_back_to_the_most_there_may_be_saturates() {
    let most = Semaphore::MAX_PERMITS;
    let semaphore = Arc::new(Semaphore::new(3));
    let (borrowed, owned) = (hold(&semaphore, 1), own(&semaphore, 2));
    semaphore.add_permits(most);
    drop(borrowed);
    assert_eq!(semaphore.available_permits(), most);
    drop(owned);
    assert_eq!(semaphore.available_permits(), most);

    let held = hold(&semaphore, 5);
    semaphore.add_permits(2);
    drop(held);
    assert_eq!(semaphore.available_permits(), most, "2 + 5 are 2 too many");
    assert!(!semaphore.is_closed());
    drop(hold(&semaphore, MANY));
}

#[test]
fn a_permit_that_saturates_calls_who_waits() {
    let semaphore = Semaphore::new(3);
    let held = hold(&semaphore, 3);
    semaphore.add_permits(Semaphore::MAX_PERMITS);
    semaphore.reduce_permits(Semaphore::MAX_PERMITS);
    let mut big = asleep(&semaphore, MANY);
    semaphore.add_permits(Semaphore::MAX_PERMITS);
    drop(held);
    assert_eq!(semaphore.available_permits(), Semaphore::MAX_PERMITS);
    assert_eq!(big.wakes(), 1);
    assert!(big.poll().unwrap().is_ok());
}

/// Permits that are merged may be more than there may be free.
#[test]
fn more_permits_than_may_be_free_are_merged_split_and_come_back() {
    let semaphore = Semaphore::new(0);
    let mut all = hold(&semaphore, 0);
    for _ in 0..3 {
        semaphore.add_permits(MANY as usize);
        all.merge(hold(&semaphore, MANY));
    }
    assert_eq!(all.num_permits(), 3 * MANY as usize);
    semaphore.add_permits(Semaphore::MAX_PERMITS);
    drop(all);
    assert_eq!(semaphore.available_permits(), Semaphore::MAX_PERMITS);
}

#[test]
fn a_panic_while_permits_are_held_gives_them_back() {
    let semaphore = Arc::new(Semaphore::new(3));
    let (borrowed, owned) = (hold(&semaphore, 1), own(&semaphore, 2));
    let mut next = asleep(&semaphore, 3);
    panics(move || {
        let _held = (borrowed, owned);
        panic!("while they are held");
    });
    assert_eq!(next.wakes(), 1);
    drop(next.poll().unwrap().unwrap());
    assert_idle(&semaphore, 3);
}
