//! `yield_now` in a model: a loop that yields until another thread has done something comes to an end.

use wakeful::{Fairness, yield_now};

use crate::support::*;

#[test]
fn a_loop_that_yields_lets_the_owner_leave() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        let mut held = mutex.try_lock().unwrap();
        let thread = spawn_with(&mutex, move |theirs| {
            block_on(async {
                let mut waited = false;
                while !barge(&theirs, 't') {
                    waited = true;
                    yield_now().await;
                }
                saw(waited, "it finds the lock held");
            });
        });
        held.push('m');
        drop(held);
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['m', 't']);
    });
}
