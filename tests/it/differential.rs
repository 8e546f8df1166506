//! The real mutex against the reference model, step by step: random operations, and the inputs that
//! once told the two apart.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use wakeful::{Fairness, Mutex};

use crate::model::drive::{check, smallest};
use crate::model::pair::Pair;
use crate::model::rules::Rules;
use crate::model::seen::{ALL, Seen};
use crate::model::tasks;
use crate::model::trace::Trace;

const CASES: u32 = 4_000;

#[test]
fn mutex_agrees_with_the_rules() {
    // A failure is kept as a named test below, not in a file.
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let seen = Cell::new(Seen::default());
    let outcome = TestRunner::new(config).run(&vec(any::<u8>(), 0..250), |bytes| {
        let run = check(&bytes).map_err(TestCaseError::fail)?;
        let mut sum = seen.get();
        sum.add(&run);
        seen.set(sum);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(_, bytes)) => panic!("{}", smallest(bytes)),
        Err(abort) => panic!("{abort}"),
    }
    for what in ALL {
        assert!(seen.get().times(what) > 0, "no case came to {what:?}");
    }
}

/// Runs one input, such as an artifact of the fuzz target `mutex`, and tells its story:
/// `WAKEFUL_INPUT=fuzz/artifacts/mutex/crash-... cargo test --test it replay -- --ignored`
#[test]
#[ignore = "needs an input"]
fn replay() {
    let path = std::env::var("WAKEFUL_INPUT").expect("WAKEFUL_INPUT is the path of an input");
    let bytes = std::fs::read(path).expect("the input can be read");
    if check(&bytes).is_err() {
        panic!("{}", smallest(bytes));
    }
}

fn agrees(bytes: &[u8]) {
    if let Err(story) = check(bytes) {
        panic!("{story}");
    }
}

// By hand, what random bytes do not come to; then what was found, each named for what went wrong.

/// It grows eightfold up to 4,096, or not at all beyond.
#[test]
fn patience_grows_to_its_most() {
    for (patience, most) in [(3, 4096), (4097, 4097)] {
        tasks::reset();
        let mutex = Mutex::with_fairness(0, Fairness::FIFO.with_patience(patience));
        let rules = Rules::new(1, 0, patience.into());
        let mut pair = Pair::new(&mutex, rules, Trace::default());
        assert!(pair.try_lock().unwrap());
        let slow = pair.start(0);
        assert!(!pair.poll(slow, 0).unwrap());
        for _ in 0..5 {
            pair.release().unwrap();
            let arrival = pair.start(1);
            while !pair.poll(arrival, 1).unwrap() {}
            assert!(!pair.poll(slow, 0).unwrap(), "it comes back");
        }
        assert_eq!(pair.rules.waiter(pair.live[slow].id).grant, most);
    }
}

/// It had been the first, another was called meanwhile, and nothing is free: it comes back to the
/// front all the same, and the next release calls it too.
#[test]
fn who_was_first_comes_back_ahead_of_a_called_one() {
    agrees(&[106, 0, 48, 0, 10, 0, 10, 48, 4]);
}

/// The first wants no nudge when the prober behind it is dropped.
#[test]
fn the_first_is_no_heir_of_a_prober() {
    agrees(&[0, 0, 0, 0, 0, 0, 10, 176, 80, 164, 36, 56]);
}
