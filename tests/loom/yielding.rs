//! `yield_now` in a model: a loop that yields until another thread has done something comes to an end.

use wakeful::yield_now;

use crate::support::*;

#[test]
fn a_loop_that_yields_lets_the_owner_leave() {
    model(UNBOUNDED, || {
        let (mutex, mut held) = locked::<Shared>(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| {
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
        assert_eq!(idle(&mutex), ['m', 't']);
    });
}
