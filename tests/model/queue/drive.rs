//! Bytes become steps of a few tasks on one channel.

use wakeful::Fairness;

use super::Task;
use super::channel::{Channel, UNBOUNDED, Verdict};
use super::ending::end;
use super::items;
use super::pair::{LINE, Live, Mismatch, Pair};
use super::steps::Kind;
use super::waits::Wish;
use crate::model::drive::{LIMITS, PATIENCES, in_looks, told};
use crate::model::live::Graveyard;
use crate::model::primitive::{Bytes, next};
use crate::model::seen::Seen;
use crate::model::tasks;
use crate::model::trace::Trace;
use crate::model::waiter::{Id, State};

/// Where the items lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Storage {
    Bounded,
    Unbounded,
    /// Nowhere: the capacity is 0.
    Rendezvous,
}

const BOUNDS: [usize; 8] = [1, 2, 3, 1, 2, 4, 6, 9];
const TASKS: [u8; 4] = [4, 3, 8, 16];
/// Receivers and senders to begin with: where there are several, see [`beside_stored`].
const HANDLES: [(usize, usize); 8] = [
    (1, 1),
    (1, 1),
    (1, 1),
    (3, 1),
    (1, 4),
    (4, 1),
    (3, 3),
    (4, 1),
];
/// From here on, tasks poll nothing but what is stored.
const STORED: Task = 32;
/// Futures of one run that are alive at a time, and steps of one run.
const LIVE: usize = 12;
const STEPS: usize = 250;

/// Runs the steps. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check(storage: Storage, bytes: &[u8]) -> Result<Seen, String> {
    told(bytes, |trace| run(storage, bytes, trace))
}

fn run(storage: Storage, bytes: &[u8], trace: &Trace) -> Result<Seen, Mismatch> {
    tasks::reset();
    items::reset();
    let mut bytes = bytes.iter().copied();
    let header = next(&mut bytes);
    let limit = LIMITS[header % LIMITS.len()];
    let patience = PATIENCES[header / LIMITS.len() % PATIENCES.len()];
    let header = next(&mut bytes);
    let tasks = TASKS[header % TASKS.len()];
    let max = match storage {
        Storage::Bounded => BOUNDS[header / TASKS.len() % BOUNDS.len()],
        Storage::Unbounded => UNBOUNDED,
        Storage::Rendezvous => 0,
    };
    trace.line(|| format!("room for {max}, overtakes {limit}, patience {patience:?}"));

    let mut graveyard = Graveyard::default(); // outlives the channel
    let model = Channel::new(max, limit.into(), in_looks(patience));
    let fairness = Fairness::overtakes(limit).with_patience(patience);
    let mut pair = Pair::new(max, fairness, model, trace.clone());
    let (receivers, senders) = HANDLES[header / 32];
    for _ in 1..receivers {
        pair.clone_handle(false)?;
    }
    for _ in 1..senders {
        pair.clone_handle(true)?;
    }
    for _ in 0..STEPS {
        let Some(byte) = bytes.next() else { break };
        if senders > 1 {
            beside_sinks(&mut pair, tasks, byte, &mut bytes, &mut graveyard)?;
        } else if receivers > 1 {
            beside_stored(&mut pair, tasks, byte, &mut bytes, &mut graveyard)?;
        } else {
            step(&mut pair, tasks, byte, &mut bytes, &mut graveyard)?;
        }
    }
    trace.line(|| "everything that is alive runs to its end".into());
    end(&mut pair)?;
    Ok(pair.end())
}

/// One step where several receivers store a waiter: calls are rarely answered, so that these probe.
fn beside_stored(
    pair: &mut Pair,
    tasks: u8,
    byte: u8,
    more: &mut Bytes<'_>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    match byte & 31 {
        // An item for the first of them.
        10 => {
            forget_some(pair, Kind::Pop, byte, graveyard)?;
            pair.try_push(0, false)
        }
        // Futures borrow from the first handle, so that the others can still be polled themselves.
        3..=8 => step(pair, tasks, byte & 31, more, graveyard),
        // Probers are dropped more often, and stored waiters are polled where a future would be.
        27 => step(pair, tasks, byte & !31 | 22, more, graveyard),
        28..=31 => step(pair, tasks, byte & !31 | 19, more, graveyard),
        _ => step(pair, tasks, byte, more, graveyard),
    }
}

/// The same where several senders store one.
fn beside_sinks(
    pair: &mut Pair,
    tasks: u8,
    byte: u8,
    more: &mut Bytes<'_>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    match byte & 31 {
        // A slot for the first of them.
        10 => {
            forget_some(pair, Kind::Push, byte, graveyard)?;
            pair.try_pop(0, false)
        }
        // Futures borrow from the first handle, so that the others can still be polled themselves.
        0..=8 => step(pair, tasks, byte & 31, more, graveyard),
        13 => step(pair, tasks, byte & !31 | 12, more, graveyard),
        27 => step(pair, tasks, byte & !31 | 22, more, graveyard),
        28..=31 => sink(pair, usize::from(byte >> 5), tasks, more),
        _ => step(pair, tasks, byte, more, graveyard),
    }
}

/// A few waiters that are never polled again.
fn forget_some(
    pair: &mut Pair,
    kind: Kind,
    byte: u8,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    for task in 0..=byte >> 6 {
        if pair.live.len() + pair.forgotten >= LIVE {
            break;
        }
        if let Some(at) = pair.start(kind, task, 0) {
            if pair.poll(at, pair.live[at].task)? == Verdict::NotYet {
                pair.forget(at, graveyard)?;
            }
        }
    }
    Ok(())
}

/// By which task something that is stored is polled, and how often.
fn stored(tasks: u8, more: &mut Bytes<'_>) -> (Task, u8, u8) {
    let byte = next(more) as u8;
    // Futures may be polled by the same task, or not.
    let own = if byte & 8 == 0 { STORED } else { 0 };
    (own + byte % 8 % tasks, byte / 16 % 4, 1 + byte / 64)
}

#[cfg(feature = "futures-sink")]
fn sink(pair: &mut Pair, whose: usize, tasks: u8, more: &mut Bytes<'_>) -> Result<(), Mismatch> {
    let (task, how, times) = stored(tasks, more);
    pair.sink(whose, LINE + task, how, times)
}

#[cfg(not(feature = "futures-sink"))]
fn sink(pair: &mut Pair, whose: usize, _: u8, _: &mut Bytes<'_>) -> Result<(), Mismatch> {
    pair.try_push(whose, false)
}

/// One step: its kind in the low bits of the byte, of whom in the high ones.
fn step(
    pair: &mut Pair,
    tasks: u8,
    byte: u8,
    more: &mut Bytes<'_>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    let (kind, whom) = (byte & 31, usize::from(byte >> 5));
    if kind <= 8 {
        if pair.live.len() >= LIVE {
            return Ok(());
        }
        let (kind, polls) = match kind {
            0 | 1 => (Kind::Push, true),
            2 => (Kind::ReserveMany(whom % 5), true),
            3..=5 => (Kind::Pop, true),
            _ => other(more),
        };
        let task = next(more) as u8 % tasks;
        let at = pair.start(kind, task, whom);
        return match at.filter(|_| polls) {
            Some(at) => pair.poll(at, pair.live[at].task).map(drop),
            None => Ok(()),
        };
    }
    if let (22, Some(at)) = (kind, stored_prober(pair)) {
        return pair.drop_receiver(at);
    }
    if let (22, Some(at)) = (kind, sink_prober(pair)) {
        return pair.drop_sender(at);
    }
    match kind {
        9 => pair.turn(),
        10 => (0..=whom).try_for_each(|_| pair.turn()),
        11 if matches!(whom, 4..=6) => sink(pair, whom, tasks, more),
        11 => pair.try_push(whom, whom == 7),
        12 => pair.try_pop(whom, whom == 7),
        13 => pair.try_pop_many(whom, next(more) % 5),
        14 => pair.force(whom),
        15 if whom == 7 => pair.try_reserve_owned(whom),
        15 => pair.try_reserve(whom, next(more) % 5),
        16..=18 if pair.held.is_empty() => Ok(()),
        16 => pair.use_slot(whom % pair.held.len(), true),
        17 => pair.use_slot(whom % pair.held.len(), false),
        18 => pair.drop_slots(whom % pair.held.len()),
        19 => {
            let (task, _, times) = stored(tasks, more);
            pair.poll_stored(whom, task, times)
        }
        20 => handles(pair, whom),
        21 => match next(more) % 12 {
            1 => pair.close(whom < 4),
            2 => pair.drain_all(whom, true),
            3 | 4 => pair.drop_sender(whom),
            5 | 6 => pair.drop_receiver(whom),
            _ => pair.drain_all(whom, false),
        },
        _ if pair.live.is_empty() => Ok(()),
        _ => step_of_one(pair, kind, whom, tasks, more, graveyard),
    }
}

/// Other futures than pushes and pops, or such as are not polled at once.
fn other(more: &mut Bytes<'_>) -> (Kind, bool) {
    let byte = next(more);
    let number = byte / 16 % 5;
    let kind = match byte % 16 {
        0 => return (Kind::Push, false),
        1 => return (Kind::Pop, false),
        2 | 3 => Kind::PushMany(number),
        4 | 5 => Kind::PopMany(number),
        6 => Kind::PopMany(usize::MAX),
        7 | 8 => Kind::Reserve,
        9..=11 => Kind::ReserveMany(number),
        12 | 13 => Kind::ReserveOwned,
        _ => Kind::Closed,
    };
    (kind, true)
}

fn handles(pair: &mut Pair, whom: usize) -> Result<(), Mismatch> {
    let sender = whom % 2 == 0;
    match whom / 2 {
        0 | 1 => pair.clone_handle(sender),
        2 => pair.downgrade(sender),
        _ => pair.upgrade(sender),
    }
}

fn step_of_one(
    pair: &mut Pair,
    kind: u8,
    whom: usize,
    tasks: u8,
    more: &mut Bytes<'_>,
    graveyard: &mut Graveyard,
) -> Result<(), Mismatch> {
    let whom = whom + 8 * usize::from(kind % 2 == 0); // there may be more than 8
    let at = pick(pair, kind >= 30, whom);
    let own = pair.live[at].task;
    match kind {
        22 => pair.drop_future(prober(pair).unwrap_or(at)),
        23 => pair.take_back(at),
        24 if pair.live[at].polled && owns_nothing(&pair.live[at]) => pair.forget(at, graveyard),
        25 => pair
            .poll(at, own / LINE * LINE + next(more) as u8 % tasks)
            .map(drop),
        // Whoever wakes itself is polled again and again.
        26 => {
            let name = pair.live[at].name;
            for round in 0..=2 * whom {
                let again = |live: &Live| live.name == name && (round == 0 || live.woken);
                let Some(at) = pair.live.iter().position(again) else {
                    break;
                };
                pair.poll(at, own)?;
            }
            Ok(())
        }
        _ => pair.poll(at, own).map(drop),
    }
}

/// Whether it leaks nothing when it is forgotten.
fn owns_nothing(live: &Live) -> bool {
    match live.wish {
        Wish::Push(_) | Wish::Reserve(_) | Wish::Pop(_) | Wish::Closed(_) => true,
        Wish::ReserveTooMany | Wish::ReserveOwned(_) => false,
        Wish::PushMany { .. } | Wish::PopMany(..) => false,
    }
}

/// One that probes, if it is alive.
fn prober(pair: &Pair) -> Option<usize> {
    let probes = |live: &Live| match live.wish {
        Wish::Pop(id) | Wish::PopMany(id, _) => pair.model.pops.prober == Some(id),
        Wish::Push(id) | Wish::Reserve(id) => pair.model.pushes.prober == Some(id),
        _ => false,
    };
    pair.live.iter().position(probes)
}

/// A receiver whose stored waiter probes, if there is one.
fn stored_prober(pair: &Pair) -> Option<usize> {
    let probes = |id: Id| pair.model.pops.waiter(id).probed;
    let mut receivers = pair.receivers.iter();
    receivers.position(|it| it.stored.is_some_and(probes))
}

/// A sender whose stored waiter probes, if there is one.
fn sink_prober(pair: &Pair) -> Option<usize> {
    let probes = |id: Id| pair.model.pushes.waiter(id).probed;
    let mut senders = pair.senders.iter();
    senders.position(|it| it.stored.is_some_and(probes))
}

/// One that is alive: one that is called, if there is one and that is wanted.
fn pick(pair: &Pair, called: bool, whom: usize) -> usize {
    let is_called = |&at: &usize| {
        let (rules, id) = match pair.live[at].wish {
            Wish::Pop(id) | Wish::PopMany(id, _) => (&pair.model.pops, id),
            Wish::Push(id) | Wish::Reserve(id) | Wish::ReserveOwned(id) => (&pair.model.pushes, id),
            Wish::PushMany { push: Some(id), .. } => (&pair.model.pushes, id),
            _ => return false,
        };
        called && rules.is(id, State::Called)
    };
    let all: Vec<usize> = (0..pair.live.len()).filter(is_called).collect();
    match all.len() {
        0 => whom % pair.live.len(),
        many => all[whom % many],
    }
}

impl Pair {
    /// One turn of a woken task: it polls what it has, and gives back what slots it gets.
    pub(super) fn turn(&mut self) -> Result<(), Mismatch> {
        let Some(task) = self.ready.pop_front() else {
            return Ok(());
        };
        let mine = |live: &&Live| live.task == task && live.polled;
        if self.live.iter().filter(mine).any(|live| live.woken) {
            let names: Vec<usize> = self
                .live
                .iter()
                .filter(mine)
                .map(|live| live.name)
                .collect();
            for name in names {
                let at = self.live.iter().position(|live| live.name == name);
                let at = at.expect("only its own poll ends it");
                let held = self.held.len();
                if self.poll(at, task)? == Verdict::Done && self.held.len() > held {
                    self.drop_slots(held)?;
                }
            }
        }
        self.turn_stored(task)
    }
}
