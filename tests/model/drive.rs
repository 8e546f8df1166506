//! Bytes become operations of a few tasks on one mutex, and everything ends well: nobody alive is
//! left asleep beside a free lock, and whoever arrives gets in.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wakeful::{Fairness, Mutex};

use super::pair::{Graveyard, Mismatch, Pair, Value};
use super::rules::Rules;
use super::seen::Seen;
use super::tasks;
use super::trace::Trace;
use super::waiter::{NEVER, Task};

const LIMITS: [u16; 5] = [0, 1, 2, 3, 5];
const PATIENCES: [u16; 5] = [1, 2, 3, u16::MAX, 0];
const TASKS: u8 = 4;
/// Futures of one run that are alive at a time, and operations of one run.
const LIVE: usize = 10;
const STEPS: usize = 250;
/// More polls than any draining needs.
const QUIET_WITHIN: usize = 100_000;
/// The tasks of the arrivals at the end.
const LATE: Task = 100;

/// Runs the operations. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check(bytes: &[u8]) -> Result<Seen, String> {
    if let Ok(Ok(seen)) = catch_unwind(|| run(bytes, &Trace::default())) {
        return Ok(seen);
    }
    let trace = Trace::telling();
    let what = match catch_unwind(AssertUnwindSafe(|| run(bytes, &trace))) {
        Ok(Ok(_)) => "it does not fail the second time".into(),
        Ok(Err(mismatch)) => mismatch,
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => format!("panic: {text}"),
            Err(panic) => format!("panic: {:?}", panic.downcast_ref::<&str>()),
        },
    };
    Err(format!("{what}\ninput {bytes:?}{}", trace.story()))
}

/// The story of the smallest input that fails, found from one that does.
pub(crate) fn smallest(mut bytes: Vec<u8>) -> String {
    let fails = |bytes: &[u8]| check(bytes).is_err();
    let mut len = bytes.len();
    while len > 0 {
        let mut at = 0;
        let mut smaller = false;
        while at + len <= bytes.len() {
            let without = [&bytes[..at], &bytes[at + len..]].concat();
            // A byte that must stay may still be one of a smaller task or a plainer kind.
            let plainer = |to: u8| [&bytes[..at], &[to], &bytes[at + 1..]].concat();
            let simple = [bytes[at] & 15, 4, 0].map(plainer);
            let others = simple
                .into_iter()
                .filter(|other| len == 1 && *other < bytes);
            match std::iter::once(without)
                .chain(others)
                .find(|other| fails(other))
            {
                Some(other) => (bytes, smaller) = (other, true),
                None => at += 1,
            }
        }
        // After the last pass that changed something, one more at length one.
        len = if smaller { len } else { len / 2 };
    }
    check(&bytes)
        .err()
        .unwrap_or_else(|| "it does not fail any more".into())
}

fn run(bytes: &[u8], trace: &Trace) -> Result<Seen, Mismatch> {
    tasks::reset();
    let mut bytes = bytes.iter().copied();
    let header = usize::from(bytes.next().unwrap_or(0));
    let limit = LIMITS[header % LIMITS.len()];
    let patience = PATIENCES[header / LIMITS.len() % PATIENCES.len()];
    trace.line(|| format!("overtakes {limit}, patience {patience}"));
    let polls = if patience == u16::MAX {
        NEVER
    } else {
        u32::from(patience.max(1))
    };
    let rules = Rules::new(1, limit.into(), polls);

    let mut graveyard = Graveyard::default(); // outlives the mutex
    let fairness = Fairness::overtakes(limit).with_patience(patience);
    let mutex: Mutex<Value> = Mutex::with_fairness(0, fairness);
    let mut pair = Pair::new(&mutex, rules, trace.clone());
    for _ in 0..STEPS {
        let Some(byte) = bytes.next() else { break };
        operation(&mut pair, byte, &mut bytes, &mut graveyard)?;
    }
    trace.line(|| "everything that is alive runs to its end".into());
    drain(&mut pair, u32::from(limit), polls)?;
    let (rules, forgotten) = pair.end();

    // Forgetting ended the borrows: with waiters still linked, the mutex may be moved.
    let moved = Box::new(mutex);
    trace.line(|| "the mutex is moved".into());
    let mut pair = Pair::new(&moved, rules, trace.clone());
    pair.forgotten = forgotten;
    drain(&mut pair, u32::from(limit), polls)?;
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
fn operation(
    pair: &mut Pair<'_>,
    byte: u8,
    more: &mut impl Iterator<Item = u8>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    let (kind, whom) = (byte & 15, byte >> 4);
    let start = kind <= 3 && pair.live.len() < LIVE;
    if start {
        let task = whom % TASKS;
        let at = pair.start(task);
        return if kind == 3 {
            Ok(())
        } else {
            pair.poll(at, task).map(drop)
        };
    }
    match kind {
        10 | 11 => return pair.release(),
        12 => return pair.try_lock().map(drop),
        13 => return pair.turn().map(drop),
        _ if pair.live.is_empty() => return Ok(()),
        _ => {}
    }
    let at = usize::from(whom) % pair.live.len();
    let own = pair.live[at].task;
    match kind {
        7 => pair.poll(at, more.next().unwrap_or(0) % TASKS).map(drop),
        8 => pair.drop_future(at),
        9 if whom < 8 && pair.live[at].polled => pair.forget(at, graveyard),
        // Whoever wakes itself is polled again and again.
        14 => {
            let id = pair.live[at].id;
            for _ in 0..=whom {
                let found = pair.live.iter().position(|live| live.id == id);
                let Some(at) = found else { break };
                if pair.poll(at, own)? || !pair.live[at].woken {
                    break;
                }
            }
            Ok(())
        }
        15 => (0..whom).try_for_each(|_| pair.turn().map(drop)),
        _ => pair.poll(at, own).map(drop),
    }
}

/// Everyone alive is run until all is quiet; then arrivals come, until nobody alive sleeps.
fn drain(pair: &mut Pair<'_>, limit: u32, patience: u32) -> Result<(), Mismatch> {
    while let Some(at) = pair.live.iter().position(|live| !live.polled) {
        pair.drop_future(at)?;
    }
    pair.release()?;
    quiet(pair)?;
    let dead = pair
        .rules
        .queue()
        .iter()
        .filter(|id| pair.forgotten.contains(id))
        .count();
    if dead == 0 && !pair.live.is_empty() {
        return Err(
            "somebody alive sleeps beside a free lock, with nobody forgotten in line".into(),
        );
    }
    if patience == NEVER && dead > 0 {
        // P3 is not promised: as with a plain queue, all may sleep for ever.
        while !pair.live.is_empty() {
            pair.drop_future(0)?;
        }
        return quiet(pair);
    }
    let arrivals = (dead + pair.live.len() + 1) * (limit as usize + 2);
    let mut came = 0;
    while came == 0 || !pair.live.is_empty() {
        if came == arrivals {
            return Err(format!("somebody alive sleeps after {came} arrivals"));
        }
        let task = LATE + (came % 100) as Task;
        let at = pair.start(task);
        if pair.poll(at, task)? {
            pair.release()?;
        }
        quiet(pair)?;
        came += 1;
    }
    Ok(())
}

/// Runs woken tasks until nobody is woken.
fn quiet(pair: &mut Pair<'_>) -> Result<(), Mismatch> {
    for _ in 0..QUIET_WITHIN {
        if !pair.turn()? {
            return if pair.is_held() {
                Err("held by nobody".into())
            } else {
                Ok(())
            };
        }
    }
    Err("tasks wake each other without end".into())
}
