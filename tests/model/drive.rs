//! Bytes become operations of a few tasks on one primitive.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use wakeful::Fairness;

use super::ending::drain;
use super::live::{Graveyard, Live};
use super::pair::{Mismatch, Pair};
use super::primitive::{Bytes, Driven, next};
use super::rules::Rules;
use super::seen::Seen;
use super::tasks;
use super::trace::Trace;
use super::waiter::{NEVER, State};

pub(super) const LIMITS: [u16; 5] = [0, 1, 2, 3, 5];
/// A plain build measures patience, so that a run can be repeated only where it is nothing or without
/// end. Built with `--cfg fuzzing` the crate counts looks at the clock instead, a nanosecond each.
pub(super) const PATIENCES: [Duration; 5] = if cfg!(fuzzing) {
    let looks = Duration::from_nanos;
    [looks(1), looks(2), looks(3), Duration::MAX, Duration::ZERO]
} else {
    let none = Duration::ZERO;
    [none, none, none, Duration::MAX, none]
};
/// Futures of one run that are alive at a time, and operations of one run.
const LIVE: usize = 10;
const STEPS: usize = 250;

/// Runs the operations. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check<P: Driven>(bytes: &[u8]) -> Result<Seen, String> {
    told(bytes, |trace| run::<P>(bytes, trace))
}

/// Runs what one input leads to; once more if that fails, to tell its story.
pub(super) fn told(
    bytes: &[u8],
    run: impl Fn(&Trace) -> Result<Seen, Mismatch>,
) -> Result<Seen, String> {
    let quietly = AssertUnwindSafe(|| run(&Trace::default()));
    if let Ok(Ok(seen)) = catch_unwind(quietly) {
        return Ok(seen);
    }
    let trace = Trace::telling();
    let what = match catch_unwind(AssertUnwindSafe(|| run(&trace))) {
        Ok(Ok(_)) => "it does not fail the second time".into(),
        Ok(Err(mismatch)) => mismatch,
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => format!("panic: {text}"),
            Err(panic) => format!("panic: {:?}", panic.downcast_ref::<&str>()),
        },
    };
    Err(format!("{what}\ninput {bytes:?}{}", trace.story()))
}

/// Patience as the rules count it. Nothing is worn down by the first look, and does not grow.
pub(super) fn in_looks(patience: Duration) -> u32 {
    match patience {
        Duration::MAX => NEVER,
        looks => looks.as_nanos().try_into().expect("patience is short"),
    }
}

fn run<P: Driven>(bytes: &[u8], trace: &Trace) -> Result<Seen, Mismatch> {
    tasks::reset();
    let mut bytes = bytes.iter().copied();
    let header = next(&mut bytes);
    let limit = LIMITS[header % LIMITS.len()];
    let patience = PATIENCES[header / LIMITS.len() % PATIENCES.len()];
    let (permits, tasks) = P::begin(&mut bytes);
    trace.line(|| format!("{permits} permits, overtakes {limit}, patience {patience:?}"));
    let looks = in_looks(patience);
    let rules = Rules::new(permits, limit.into(), looks);

    let mut graveyard = Graveyard::default(); // outlives the primitive
    let fairness = Fairness::overtakes(limit).with_patience(patience);
    let real = P::new(permits, fairness);
    let mut pair = Pair::new(&real, rules, trace.clone());
    for _ in 0..STEPS {
        let Some(byte) = bytes.next() else { break };
        operation(&mut pair, tasks, byte, &mut bytes, &mut graveyard)?;
    }
    trace.line(|| "everything that is alive runs to its end".into());
    drain(&mut pair, u32::from(limit), looks)?;
    let (rules, forgotten) = pair.end();

    // Forgetting ended the borrows: with waiters still linked, the primitive may be moved.
    let moved = Box::new(real);
    trace.line(|| "it is moved".into());
    let mut pair = Pair::new(&*moved, rules, trace.clone());
    pair.forgotten = forgotten;
    drain(&mut pair, u32::from(limit), looks)?;
    let (rules, forgotten) = pair.end();
    drop(moved);
    let wakers = tasks::wakers();
    if !(0..=forgotten.len() as isize).contains(&wakers) {
        return Err(format!(
            "{wakers} wakers are left for {} forgotten futures",
            forgotten.len()
        ));
    }
    Ok(rules.seen)
}

/// One operation: its kind in the low half of the byte, of whom in the high half.
fn operation<P: Driven>(
    pair: &mut Pair<'_, P>,
    tasks: u8,
    byte: u8,
    more: &mut Bytes<'_>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    let (kind, whom) = (byte & 15, byte >> 4);
    let start = kind <= 3 && pair.live.len() < LIVE;
    if start {
        let task = whom % tasks;
        let at = pair.start(task, P::need(more));
        return if kind == 3 {
            Ok(())
        } else {
            pair.poll(at, task).map(drop)
        };
    }
    match kind {
        10 => return pair.release(usize::from(whom) % pair.held.len().max(1)),
        11 => return P::other(pair, whom.into(), more),
        5 if P::RESIZES => return P::other(pair, whom.into(), more),
        12 => return pair.try_take(P::need(more)).map(drop),
        13 => return pair.turn().map(drop),
        _ if pair.live.is_empty() => return Ok(()),
        _ => {}
    }
    let at = pick(pair, kind == 6, whom.into());
    let own = pair.live[at].task;
    match kind {
        7 => pair.poll(at, next(more) as u8 % tasks).map(drop),
        8 if whom % 2 == 0 => pair.drop_future(prober(pair).unwrap_or(at)),
        8 => pair.drop_future(at),
        9 if whom < 8 && pair.live[at].polled => pair.forget(at, graveyard),
        // Whoever wakes itself is polled again and again.
        14 => {
            let id = pair.live[at].id;
            for round in 0..=whom {
                let again = |live: &Live<'_, P>| live.id == id && (round == 0 || live.woken);
                let Some(at) = pair.live.iter().position(again) else {
                    break;
                };
                pair.poll(at, own)?;
            }
            Ok(())
        }
        15 => (0..whom).try_for_each(|_| pair.turn().map(drop)),
        _ => pair.poll(at, own).map(drop),
    }
}

/// The one that probes, if it is alive.
fn prober<P: Driven>(pair: &Pair<'_, P>) -> Option<usize> {
    let prober = pair.rules.prober;
    let mut live = pair.live.iter();
    live.position(|live| Some(live.id) == prober)
}

/// One that is alive: one that is called, if there is one and that is wanted.
fn pick<P: Driven>(pair: &Pair<'_, P>, called: bool, whom: usize) -> usize {
    let is_called = |&at: &usize| {
        let waiter = pair.rules.waiter(pair.live[at].id);
        called && waiter.state == State::Called
    };
    let all: Vec<usize> = (0..pair.live.len()).filter(is_called).collect();
    match all.len() {
        0 => whom % pair.live.len(),
        many => all[whom % many],
    }
}
