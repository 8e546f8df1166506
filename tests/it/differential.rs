//! The real primitives against the reference model, step by step: random operations, and the inputs that
//! once told the two apart.

use wakeful::Semaphore;

use crate::model::drive::check;
use crate::model::mutex::CountingMutex;
use crate::model::primitive::Driven;
use crate::model::queue::drive::{Storage, check as check_queue, check_orders};
use crate::model::queue::weighted::check as check_weighted;
#[cfg(feature = "futures-sink")]
use crate::model::seen::OF_SINKS;
use crate::model::seen::{OF_MANY, OF_ONE, OF_RENDEZVOUS, OF_STORAGE, OF_STORED, Seen, What};
use crate::model::smallest::smallest;
use crate::support::Rng;

const CASES: u32 = 4_000;
const CASES_OF_QUEUE: u32 = 2_000;

/// Where several slots may be free.
const OF_SLOTS: [What; 4] = [
    What::Hole,
    What::LeftEnough,
    What::CalledSeveral,
    What::HeadGaveWay,
];

#[test]
fn mutex_agrees_with_the_rules() {
    let seen = agree::<CountingMutex>();
    assert_came_to(&seen, OF_ONE);
}

#[test]
fn semaphore_agrees_with_the_rules() {
    let seen = agree::<Semaphore>();
    assert_came_to(&seen, OF_ONE.into_iter().chain(OF_MANY));
}

#[test]
fn bounded_queue_agrees_with_the_model() {
    let seen = agree_on_queue(|bytes| check_queue(Storage::Bounded, bytes));
    assert_came_to(&seen, OF_ONE.into_iter().chain(OF_SLOTS).chain(OF_STORAGE));
}

#[test]
fn unbounded_queue_agrees_with_the_model() {
    agree_on_queue(|bytes| check_queue(Storage::Unbounded, bytes));
}

#[test]
fn rendezvous_agrees_with_the_model() {
    let seen = agree_on_queue(|bytes| check_queue(Storage::Rendezvous, bytes));
    assert_came_to(&seen, OF_RENDEZVOUS);
}

#[test]
fn lifo_queue_agrees_with_the_model() {
    let seen = agree_on_queue(|bytes| check_queue(Storage::Lifo, bytes));
    assert_came_to(&seen, OF_STORAGE);
}

#[test]
fn priority_queue_agrees_with_the_model() {
    let seen = agree_on_queue(|bytes| check_queue(Storage::Priority, bytes));
    assert_came_to(&seen, OF_STORAGE);
}

#[test]
fn weighted_queue_agrees_with_the_model() {
    let seen = agree_on_queue(check_weighted);
    assert_came_to(&seen, OF_ONE.into_iter().chain(OF_SLOTS));
}

/// Several receivers store a waiter each, and nobody may overtake: then these probe.
#[test]
fn stored_pops_agree_with_the_model() {
    let mut seen =
        agree_on_queue(|bytes| check_queue(Storage::Bounded, &[&[0, 252], bytes].concat()));
    seen.add(&agree_on_queue(|bytes| {
        check_queue(Storage::Unbounded, &[&[0, 252], bytes].concat())
    }));
    assert_came_to(&seen, OF_STORED);
}

/// Stored pops of one task give way to each other, whatever the limit on overtaking.
#[test]
fn stored_pops_of_one_task_agree_with_the_model() {
    let seen = agree_on_queue(|bytes| check_queue(Storage::Bounded, &with_handles(5, bytes)));
    assert_came_to(&seen, [What::StoredGaveWay, What::StoredWentOn]);
    agree_on_queue(|bytes| check_queue(Storage::Rendezvous, &with_handles(5, bytes)));
}

/// Several senders store a push each.
#[cfg(feature = "futures-sink")]
#[test]
fn sinks_agree_with_the_model() {
    let mut seen = Seen::default();
    for check in [
        |bytes: &[u8]| check_queue(Storage::Bounded, &with_handles(4, bytes)),
        |bytes: &[u8]| check_queue(Storage::Bounded, &with_handles(6, bytes)),
        |bytes: &[u8]| check_queue(Storage::Rendezvous, &with_handles(6, bytes)),
    ] {
        seen.add(&agree_on_queue(check));
    }
    assert_came_to(&seen, OF_SINKS);
}

#[track_caller]
fn assert_came_to(seen: &Seen, all: impl IntoIterator<Item = What>) {
    for what in all {
        assert!(seen.times(what) > 0, "no case came to {what:?}");
    }
}

/// The same input, with the entry of this number in the driver's `HANDLES`.
fn with_handles(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().max(2), 0);
    bytes[1] = bytes[1] % 32 + 32 * number;
    bytes
}

fn agree<P: Driven>() -> Seen {
    agree_on(CASES, check::<P>)
}

fn agree_on_queue(check: fn(&[u8]) -> Result<Seen, String>) -> Seen {
    agree_on(CASES_OF_QUEUE, check)
}

/// So many inputs of fewer than 250 bytes, others in each run.
fn agree_on(cases: u32, check: fn(&[u8]) -> Result<Seen, String>) -> Seen {
    let mut random = Rng::new();
    let mut seen = Seen::default();
    for _ in 0..cases {
        let mut bytes = vec![0; random.usize(..250)];
        random.fill(&mut bytes);
        match check(&bytes) {
            Ok(run) => seen.add(&run),
            // What is found is kept as a named test below.
            Err(_) => panic!("{}", smallest(bytes, check)),
        }
    }
    seen
}

/// Runs one input, such as an artifact of the fuzz target `mutex`, and tells its story:
/// `WAKEFUL_INPUT=fuzz/artifacts/mutex/crash-... cargo test --test it replay_mutex -- --ignored`
#[test]
#[ignore = "needs an input"]
fn replay_mutex() {
    replay::<CountingMutex>();
}

/// The same for the fuzz targets of the queue, with `replay_queue` and the name of the target as
/// `WAKEFUL_TARGET`.
#[test]
#[ignore = "needs an input"]
fn replay_queue() {
    let target = std::env::var("WAKEFUL_TARGET").expect("WAKEFUL_TARGET is the name of a target");
    let storage = match target.as_str() {
        "queue_bounded" => Storage::Bounded,
        "queue_unbounded" => Storage::Unbounded,
        "queue_rendezvous" => Storage::Rendezvous,
        "queue_orders" => return replay_on(check_orders),
        other => panic!("no target is called {other}"),
    };
    replay_on(|bytes| check_queue(storage, bytes));
}

/// The same for the fuzz target `semaphore`.
#[test]
#[ignore = "needs an input"]
fn replay_semaphore() {
    replay::<Semaphore>();
}

fn replay<P: Driven>() {
    replay_on(check::<P>);
}

fn replay_on(check: impl Fn(&[u8]) -> Result<Seen, String>) {
    let path = std::env::var("WAKEFUL_INPUT").expect("WAKEFUL_INPUT is the path of an input");
    let bytes = std::fs::read(path).expect("the input can be read");
    if check(&bytes).is_err() {
        panic!("{}", smallest(bytes, check));
    }
}

fn agrees<P: Driven>(bytes: &[u8]) {
    if let Err(story) = check::<P>(bytes) {
        panic!("{story}");
    }
}

// By hand, what random bytes do not come to; then what was found, each named for what went wrong.

/// It grows eightfold up to 4,096 looks, or not at all beyond (4,100 is kept exactly, in 11 bits):
/// `RUSTFLAGS="--cfg fuzzing" cargo test --test it patience_grows`
#[cfg(fuzzing)]
#[test]
fn patience_grows_to_its_most() {
    patience_grows::<CountingMutex>();
    patience_grows::<Semaphore>();
}

#[cfg(fuzzing)]
fn patience_grows<P: Driven>() {
    use std::time::Duration;

    use wakeful::Fairness;

    use crate::model::answer::Verdict::{Done, NotYet};
    use crate::model::{pair::Pair, primitive::Beside, tasks, trace::Trace};

    for (patience, most) in [(3, 4096), (4100, 4100)] {
        tasks::reset();
        let fairness = Fairness::FIFO.with_patience(Duration::from_nanos(patience));
        let mut pair = Pair::new(Beside::<P>::new(1, fairness), Trace::default());
        assert_eq!(pair.try_take(1), Ok(Done));
        let slow = pair.start(0, 1);
        assert_eq!(pair.poll(slow, 0), Ok(NotYet));
        for _ in 0..5 {
            pair.release(0).unwrap();
            let arrival = pair.start(1, 1);
            while pair.poll(arrival, 1) == Ok(NotYet) {}
            assert_eq!(pair.poll(slow, 0), Ok(NotYet), "it comes back");
        }
        assert_eq!(pair.rules.waiter(pair.live[slow].wait.id).grant, most);
        pair.end().unwrap();
    }
}

/// It had been the first, another was called meanwhile, and nothing is free: it comes back to the
/// front all the same, and the next release calls it too.
#[test]
fn who_was_first_comes_back_ahead_of_a_called_one() {
    agrees::<CountingMutex>(&[106, 0, 48, 0, 10, 0, 10, 48, 4]);
}

/// The first wants no nudge when the prober behind it is dropped.
#[test]
fn the_first_is_no_heir_of_a_prober() {
    agrees::<CountingMutex>(&[0, 0, 0, 0, 0, 0, 10, 176, 80, 164, 36, 56]);
}

fn queue_agrees(storage: Storage, bytes: &[u8]) {
    if let Err(story) = check_queue(storage, bytes) {
        panic!("{story}");
    }
}

/// Two pops were called for two items, and the one that takes many paid with the other's credit.
#[test]
fn pop_many_takes_nothing_that_is_kept() {
    queue_agrees(Storage::Unbounded, &[4, 0, 3, 0, 6, 212, 0, 0, 0, 0, 0, 56]);
}

/// It waited when others did.
#[test]
fn reserving_no_slots_needs_no_waiting() {
    queue_agrees(Storage::Bounded, &[0, 0, 0, 0, 0, 0, 6, 9]);
}

/// It passes one of its own task over, and is first then: with half of its credit, so that nobody stored is
/// woken for the item that it takes.
#[test]
fn an_answer_in_vain_halves_the_credit_before_it_passes_over() {
    queue_agrees(
        Storage::Unbounded,
        &[
            1, 0, 52, 3, 0, 3, 0, 11, 12, 59, 11, 11, 21, 0, 11, 19, 0, 59,
        ],
    );
}

/// The called one of its own task is the 17th, which a poll does not look at: so it probes beside the first.
#[test]
fn only_the_first_16_called_are_looked_at() {
    queue_agrees(
        Storage::Unbounded,
        &[
            4, 234, 234, 8, 227, 0, 234, 234, 234, 8, 227, 0, 0, 0, 3, 0, 4, 0, 3, 0, 3, 0, 3, 0,
            3, 0, 8, 227, 0, 3, 7, 10, 10, 0, 0, 8, 227, 0, 4, 0, 4, 15,
        ],
    );
}

/// A stored waiter probes beside a sleeper of the line, and is dropped: nobody inherits anything.
#[test]
fn a_stored_pop_that_probes_has_no_heir() {
    queue_agrees(
        Storage::Unbounded,
        &[10, 0, 52, 3, 0, 3, 0, 0, 0, 51, 0, 51, 0, 53, 5, 0],
    );
}

/// Once the queue is closed, a stored waiter that gave way has woken itself, and is polled once more.
#[test]
fn a_stored_pop_that_gave_way_at_the_end_is_polled_again() {
    queue_agrees(
        Storage::Bounded,
        &[
            0, 0, 116, 243, 5, 4, 0, 4, 0, 99, 0, 11, 6, 0, 0, 10, 150, 83, 5, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 4,
        ],
    );
}
