//! Bytes become operations of a few tasks on one primitive.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use wakeful::Fairness;

use super::pair::{Mismatch, Pair};
use super::primitive::{Beside, Driven, Ruled};
use super::queue::items;
use super::rules::Rules;
use super::seen::Seen;
use super::tasks;
use super::trace::Trace;
use super::waiter::NEVER;

const LIMITS: [u16; 5] = [0, 1, 2, 3, 5];
/// A plain build measures patience, so that a run can be repeated only where it is nothing or without
/// end. Built with `--cfg fuzzing` the crate counts looks at the clock instead, a nanosecond each.
const PATIENCES: [Duration; 5] = if cfg!(fuzzing) {
    let looks = Duration::from_nanos;
    [looks(1), looks(2), looks(3), Duration::MAX, Duration::ZERO]
} else {
    let none = Duration::ZERO;
    [none, none, none, Duration::MAX, none]
};
/// Futures of one run that are alive at a time, and steps of one run.
const LIVE: usize = 10;
const STEPS: usize = 250;

/// The bytes of an input.
pub(crate) type Bytes = std::vec::IntoIter<u8>;

/// The next byte, or 0 when the input is exhausted.
pub(crate) fn next(bytes: &mut Bytes) -> usize {
    bytes.next().unwrap_or(0).into()
}

pub(super) fn fairness(bytes: &mut Bytes) -> Fairness {
    let header = next(bytes);
    let patience = PATIENCES[header / LIMITS.len() % PATIENCES.len()];
    Fairness::overtakes(LIMITS[header % LIMITS.len()]).with_patience(patience)
}

/// The rules count patience in looks. Zero patience expires at the first check, and stays zero.
pub(super) fn rules_for(permits: usize, fairness: Fairness) -> Rules {
    let looks = match fairness.patience() {
        Duration::MAX => NEVER,
        looks => looks.as_nanos().try_into().expect("patience is short"),
    };
    Rules::new(permits, fairness.limit().into(), looks)
}

/// Runs the operations. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check<P: Driven>(bytes: &[u8]) -> Result<Seen, String> {
    told(bytes, run::<P>)
}

/// Runs what one input leads to; once more if that fails, to tell its story.
pub(super) fn told(
    bytes: &[u8],
    run: impl Fn(Bytes, &Trace) -> Result<Seen, Mismatch>,
) -> Result<Seen, String> {
    let run = |trace: &Trace| {
        tasks::reset();
        items::reset();
        let input = Vec::from(bytes).into_iter();
        catch_unwind(AssertUnwindSafe(|| run(input, trace)))
    };
    if let Ok(Ok(seen)) = run(&Trace::default()) {
        return Ok(seen);
    }
    let trace = Trace::telling();
    let what = match run(&trace) {
        Ok(Ok(_)) => "it does not fail the second time".into(),
        Ok(Err(mismatch)) => mismatch,
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => format!("panic: {text}"),
            Err(panic) => format!("panic: {:?}", panic.downcast_ref::<&str>()),
        },
    };
    Err(format!("{what}\ninput {bytes:?}{}", trace.story()))
}

/// Makes the steps of an input, `STEPS` at most.
pub(super) fn steps(
    bytes: &mut Bytes,
    mut step: impl FnMut(u8, &mut Bytes) -> Result<(), Mismatch>,
) -> Result<(), Mismatch> {
    for _ in 0..STEPS {
        let Some(byte) = bytes.next() else { break };
        step(byte, bytes)?;
    }
    Ok(())
}

fn run<P: Driven>(mut bytes: Bytes, trace: &Trace) -> Result<Seen, Mismatch> {
    let fairness = fairness(&mut bytes);
    let (permits, tasks) = P::begin(&mut bytes);
    trace.line(|| format!("{permits} permits, {fairness:?}"));
    let mut pair = Pair::new(Beside::<P>::new(permits, fairness), trace.clone());
    steps(&mut bytes, |byte, more| pair.operation(tasks, byte, more))?;
    trace.line(|| "everything that is alive runs to its end".into());
    pair.drain()?;
    trace.line(|| "it is moved".into());
    let mut pair = pair.moved();
    pair.drain()?;
    pair.end()
}

impl<P: Driven> Ruled<P> {
    /// One operation: its kind in the low half of the byte, of whom in the high half.
    fn operation(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let (kind, whom) = (byte & 15, byte >> 4);
        if kind <= 3 && self.live.len() < LIVE {
            let task = whom % tasks;
            let at = self.start(task, P::need(more));
            return match kind {
                3 => Ok(()),
                _ => self.poll(at, task).map(drop),
            };
        }
        match kind {
            10 => return self.release(usize::from(whom) % self.held.len().max(1)),
            11 => return P::other(self, whom.into(), more),
            5 if P::RESIZES => return P::other(self, whom.into(), more),
            12 => return self.try_take(P::need(more)).map(drop),
            13 => return self.turn(),
            _ if self.live.is_empty() => return Ok(()),
            _ => {}
        }
        let at = self.pick(kind == 6, whom.into());
        let own = self.live[at].task;
        match kind {
            7 => self.poll(at, next(more) as u8 % tasks).map(drop),
            8 if whom % 2 == 0 => self.drop_future(self.prober().unwrap_or(at)),
            8 => self.drop_future(at),
            9 if whom < 8 && self.live[at].polled => self.forget(at),
            // Whoever wakes itself is polled again and again.
            14 => self.poll_on(at, usize::from(whom) + 1),
            15 => (0..whom).try_for_each(|_| self.turn()),
            _ => self.poll(at, own).map(drop),
        }
    }
}
