//! Wakers that panic when permits are added.

use std::sync::Arc;

use wakeful::Semaphore;

use super::{assert_idle, of_all_kinds};
use crate::support::loud::{Crowd, asleep_with, panics_in_wake};
use crate::support::{Hooks, Task, panics, sleeping};

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_adding() {
    for semaphore in of_all_kinds(0) {
        let mut crowd = Crowd::new(50, || semaphore.acquire());
        assert_eq!(panics(|| semaphore.add_permits(50)), "the first");
        crowd.assert_all_woken();
        assert!(crowd.outcomes().iter().all(Result::is_ok));
        assert_idle(&semaphore, 50);
    }
}

/// While permits are added, and wakers woken in batches, one of the first takes permits out. That calls nobody,
/// and so it meets none of those that panic.
#[test]
fn taking_permits_out_wakes_nobody() {
    for reduces in [false, true] {
        for semaphore in of_all_kinds(0) {
            let semaphore: &'static Semaphore = Box::leak(Box::new(semaphore));
            let done = Task::new();
            let tells = Arc::clone(&done);
            let takes = move || {
                if reduces {
                    semaphore.reduce_permits(1);
                } else {
                    assert_eq!(semaphore.forget_permits(1), 1);
                }
                tells.count();
            };
            let waker = Hooks::default().on_wake(takes).waker();
            let first = asleep_with(&waker, semaphore.acquire());
            let quiet: Vec<_> = (1..20)
                .map(|_| sleeping(&Task::new(), semaphore.acquire()))
                .collect();
            let loud = asleep_with(&panics_in_wake("in wake"), semaphore.acquire());
            assert_eq!(panics(|| semaphore.add_permits(22)), "in wake");
            assert_eq!(done.wakes(), 1);
            assert_eq!(semaphore.available_permits(), 21);
            drop((first, quiet, loud));
            assert_idle(semaphore, 21);
        }
    }
}
