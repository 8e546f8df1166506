//! `yield_now` in a model: a loop that yields until another thread has done something comes to an end.

use wakeful::{Fairness, yield_now};

use crate::support::*;

#[test]
fn a_loop_that_yields_lets_the_owner_leave() {
    let waited = Witness::default();
    let seen = waited.clone();
    model(UNBOUNDED, move || {
        let mutex = shared(Fairness::DEFAULT);
        let mut held = mutex.try_lock().unwrap();
        let (theirs, seen) = (mutex.clone(), seen.clone());
        let thread = spawn(move || {
            block_on(async {
                while !barge(&theirs, 't') {
                    seen.saw(true);
                    yield_now().await;
                }
            });
        });
        held.push('m');
        drop(held);
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['m', 't']);
    });
    waited.expect("it finds the lock held");
}
