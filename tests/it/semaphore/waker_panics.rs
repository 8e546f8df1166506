//! Wakers that panic when permits are added.

use wakeful::Semaphore;

use super::assert_idle;
use crate::support::loud::Crowd;
use crate::support::{KINDS, panics};

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_adding() {
    for fairness in KINDS {
        let semaphore = Semaphore::with_fairness(0, fairness);
        let mut crowd = Crowd::new(50, || semaphore.acquire());
        assert_eq!(panics(|| semaphore.add_permits(50)), "the first");
        crowd.assert_all_woken();
        assert!(crowd.outcomes().iter().all(Result::is_ok));
        assert_idle(&semaphore, 50);
    }
}
