//! Bytes become steps of a few tasks on one channel.

use super::channel::{Order, UNBOUNDED};
use super::pair::{Ends, Handle, LINE, Mismatch, Pair, Waiting};
use super::steps::Kind;
use super::waits::Wish;
use super::weighted;
use super::{Rules, Task, Verdict};
use crate::model::drive::{Bytes, fairness, next, steps, told};
use crate::model::seen::Seen;
use crate::model::trace::Trace;

/// Where the items lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Storage {
    Bounded,
    Unbounded,
    /// Nowhere: the capacity is 0.
    Rendezvous,
    /// Bounded or not, and in another order than that of pushing.
    Lifo,
    Priority,
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
/// Futures of one run that are alive at a time.
const LIVE: usize = 12;

/// Runs the steps. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check(storage: Storage, bytes: &[u8]) -> Result<Seen, String> {
    told(bytes, |bytes, trace| run(storage, bytes, trace))
}

/// The same of any queue but a plain `Queue`: the first byte says which.
pub(crate) fn check_orders(bytes: &[u8]) -> Result<Seen, String> {
    let Some((which, rest)) = bytes.split_first() else {
        return Ok(Seen::default());
    };
    match which % 3 {
        0 => check(Storage::Lifo, rest),
        1 => check(Storage::Priority, rest),
        _ => weighted::check(rest),
    }
}

fn run(storage: Storage, mut bytes: Bytes, trace: &Trace) -> Result<Seen, Mismatch> {
    let fairness = fairness(&mut bytes);
    let header = next(&mut bytes);
    let tasks = TASKS[header % TASKS.len()];
    let max = match storage {
        Storage::Bounded => BOUNDS[header / TASKS.len() % BOUNDS.len()],
        Storage::Unbounded => UNBOUNDED,
        Storage::Rendezvous => 0,
        Storage::Lifo | Storage::Priority => match header / TASKS.len() % BOUNDS.len() {
            0..3 => UNBOUNDED,
            bound => BOUNDS[bound],
        },
    };
    let order = match storage {
        Storage::Bounded | Storage::Unbounded | Storage::Rendezvous => Order::Fifo,
        Storage::Lifo => Order::Lifo,
        Storage::Priority => Order::Priority,
    };
    trace.line(|| format!("room for {max}, {order:?}, {fairness:?}"));
    let mut pair = Pair::new(Ends::new(max, order, fairness), trace.clone());
    let (receivers, senders) = HANDLES[header / 32];
    for _ in 1..receivers {
        pair.clone_receiver()?;
    }
    for _ in 1..senders {
        pair.clone_sender()?;
    }
    let step = match (receivers, senders) {
        (1, 1) => Pair::step,
        (_, 1) => Pair::step_beside_stored,
        _ => Pair::step_beside_sinks,
    };
    steps(&mut bytes, |byte, more| step(&mut pair, tasks, byte, more))?;
    trace.line(|| "everything that is alive runs to its end".into());
    pair.end_all()?;
    pair.end()
}

/// By which task something that is stored is polled, and how often.
fn stored(tasks: u8, more: &mut Bytes) -> (Task, u8, u8) {
    let byte = next(more) as u8;
    // Futures may be polled by the same task, or not.
    let own = if byte & 8 == 0 { STORED } else { 0 };
    (own + byte % 8 % tasks, byte / 16 % 4, 1 + byte / 64)
}

/// Other futures than pushes and pops, or such as are not polled at once.
fn other(more: &mut Bytes) -> (Kind, bool) {
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

/// Whether it leaks nothing when it is forgotten.
fn owns_nothing(wait: &Waiting) -> bool {
    match wait.wish {
        Wish::Push(_) | Wish::Reserve(_) | Wish::Pop(_) | Wish::Closed(_) => true,
        Wish::ReserveTooMany | Wish::ReserveOwned(_) => false,
        Wish::PushMany { .. } | Wish::PopMany(..) => false,
    }
}

/// A handle whose stored waiter probes, if there is one.
fn stored_prober<H>(handles: &[Handle<H>], rules: &Rules) -> Option<usize> {
    let probes = |it: &Handle<H>| it.stored.is_some_and(|id| rules.waiter(id).probed);
    handles.iter().position(probes)
}

impl Pair {
    /// One step: its kind in the low bits of the byte, of whom in the high ones.
    fn step(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let (kind, whom) = (byte & 31, usize::from(byte >> 5));
        if kind <= 8 {
            return self.start_one(tasks, byte, more);
        }
        if kind == 22 {
            if let Some(at) = stored_prober(&self.receivers, &self.model.pops) {
                return self.drop_receiver(at);
            }
            if let Some(at) = stored_prober(&self.senders, &self.model.pushes) {
                return self.drop_sender(at);
            }
        }
        match kind {
            9 => self.turn(),
            10 => (0..=whom).try_for_each(|_| self.turn()),
            11 if matches!(whom, 4..=6) => self.sink(whom, tasks, more),
            11 => self.try_push(whom, whom == 7),
            12 => self.try_pop(whom, whom == 7),
            13 => self.try_pop_many(whom, next(more) % 5),
            14 => self.force(whom),
            15 if whom == 7 => self.try_reserve_owned(whom),
            15 => self.try_reserve(whom, next(more) % 5),
            16..=18 if self.held.is_empty() => Ok(()),
            16 => self.use_slot(whom % self.held.len(), true),
            17 => self.use_slot(whom % self.held.len(), false),
            18 => self.drop_slots(whom % self.held.len()),
            19 => {
                let (task, _, times) = stored(tasks, more);
                self.poll_stored(whom, task, times)
            }
            20 => match whom {
                0 | 2 => self.clone_sender(),
                1 | 3 => self.clone_receiver(),
                4 => self.downgrade_sender(),
                5 => self.downgrade_receiver(),
                6 => self.upgrade_sender(),
                _ => self.upgrade_receiver(),
            },
            21 => match next(more) % 12 {
                1 => self.close(whom < 4),
                2 => self.drain_all(whom, true),
                3 | 4 => self.drop_sender(whom),
                5 | 6 => self.drop_receiver(whom),
                _ => self.drain_all(whom, false),
            },
            _ if self.live.is_empty() => Ok(()),
            _ => self.step_of_one(tasks, byte, more),
        }
    }

    /// Starts a future and, of most kinds, polls it at once.
    fn start_one(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        if self.live.len() >= LIVE {
            return Ok(());
        }
        let whom = usize::from(byte >> 5);
        let (kind, polls) = match byte & 31 {
            0 | 1 => (Kind::Push, true),
            2 => (Kind::ReserveMany(whom % 5), true),
            3..=5 => (Kind::Pop, true),
            _ => other(more),
        };
        let task = next(more) as u8 % tasks;
        match self.start(kind, task, whom) {
            Some(at) if polls => self.poll(at, self.live[at].task).map(drop),
            _ => Ok(()),
        }
    }

    /// One step of a future that is alive.
    fn step_of_one(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let kind = byte & 31;
        let whom = usize::from(byte >> 5) + 8 * usize::from(kind % 2 == 0); // there may be more than 8
        let at = self.pick(kind >= 30, whom);
        let live = &self.live[at];
        let own = live.task;
        match kind {
            22 => self.drop_future(self.prober().unwrap_or(at)),
            23 => self.take_back(at),
            24 if live.polled && owns_nothing(&live.wait) => self.forget(at),
            25 => {
                let task = own / LINE * LINE + next(more) as u8 % tasks;
                self.poll(at, task).map(drop)
            }
            // Whoever wakes itself is polled again and again.
            26 => self.poll_on(at, 2 * whom + 1),
            _ => self.poll(at, own).map(drop),
        }
    }

    /// One step where several receivers store a waiter: calls are rarely answered, so that these probe.
    fn step_beside_stored(
        &mut self,
        tasks: u8,
        byte: u8,
        more: &mut Bytes,
    ) -> Result<(), Mismatch> {
        let byte = match byte & 31 {
            // An item for the first of them.
            10 => {
                self.forget_some(Kind::Pop, byte)?;
                return self.try_push(0, false);
            }
            // Futures borrow from the first handle, so that the others can still be polled themselves.
            3..=8 => byte & 31,
            // Probers are dropped more often, and stored waiters are polled where a future would be.
            27 => byte & !31 | 22,
            28..=31 => byte & !31 | 19,
            _ => byte,
        };
        self.step(tasks, byte, more)
    }

    /// The same where several senders store one.
    fn step_beside_sinks(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let byte = match byte & 31 {
            // A slot for the first of them.
            10 => {
                self.forget_some(Kind::Push, byte)?;
                return self.try_pop(0, false);
            }
            // Futures borrow from the first handle, so that the others can still be polled themselves.
            0..=8 => byte & 31,
            13 => byte & !31 | 12,
            27 => byte & !31 | 22,
            28..=31 => return self.sink(usize::from(byte >> 5), tasks, more),
            _ => byte,
        };
        self.step(tasks, byte, more)
    }

    /// A few waiters that are never polled again.
    fn forget_some(&mut self, kind: Kind, byte: u8) -> Result<(), Mismatch> {
        for task in 0..=byte >> 6 {
            if self.live.len() + self.forgotten >= LIVE {
                break;
            }
            if let Some(at) = self.start(kind, task, 0) {
                if self.poll(at, self.live[at].task)? == Verdict::NotYet {
                    self.forget(at)?;
                }
            }
        }
        Ok(())
    }

    #[cfg(feature = "futures-sink")]
    fn sink(&mut self, whose: usize, tasks: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let (task, how, times) = stored(tasks, more);
        self.poll_or_send(whose, LINE + task, how, times)
    }

    #[cfg(not(feature = "futures-sink"))]
    fn sink(&mut self, whose: usize, _: u8, _: &mut Bytes) -> Result<(), Mismatch> {
        self.try_push(whose, false)
    }
}
