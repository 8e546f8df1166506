//! A real primitive beside the rules.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use wakeful::Fairness;

use super::answer::{Answer, Item, Verdict};
use super::drive::{Bytes, rules_for};
use super::live::{Graveyard, borrow};
use super::pair::{Mismatch, Pair, Subject};
use super::rules::Rules;
use super::seen::Seen;
use super::trace::queue;
use super::waiter::{Got, Id, Task};

/// A real primitive that the rules describe, and how bytes become what only it has.
pub(crate) trait Driven: Sized + 'static {
    type Wait: Future;
    /// What is had until it is dropped.
    type Held;

    /// Whether what only it has is tried twice as often.
    const RESIZES: bool;

    fn new(permits: usize, fairness: Fairness) -> Self;

    fn wait(&'static self, need: usize) -> Self::Wait;

    fn got(output: <Self::Wait as Future>::Output) -> Got<Self::Held>;

    fn try_take(&'static self, need: usize) -> Got<Self::Held>;

    /// What it says of itself that is not so by the rules.
    fn differs(&self, rules: &Rules) -> Option<String>;

    /// How many permits it starts with, and for how many tasks.
    fn begin(bytes: &mut Bytes) -> (usize, u8);

    /// How many permits an operation is about.
    fn need(bytes: &mut Bytes) -> usize;

    /// An operation that others do not have.
    fn other(pair: &mut Ruled<Self>, whom: usize, bytes: &mut Bytes) -> Result<(), Mismatch>;

    /// Frees enough for all waiters, if it can.
    fn enlarge(pair: &mut Ruled<Self>, most: usize) -> Result<(), Mismatch>;
}

/// A primitive, and the rules.
pub(crate) struct Beside<P> {
    real: Rc<P>,
    pub(crate) rules: Rules,
    /// Whom the rules woke in this step.
    pub(super) woken: Vec<Task>,
    /// Who is never polled again.
    pub(super) dead: Vec<Id>,
}

pub(crate) type Ruled<P> = Pair<Beside<P>>;

/// A future.
pub(crate) struct Wait<P: Driven> {
    pub(crate) id: Id,
    real: Pin<Box<P::Wait>>,
}

/// What a future or a `try_*` got.
pub(crate) struct Holding<P: Driven> {
    pub(super) permits: usize,
    pub(super) real: P::Held,
}

impl<P: Driven> Beside<P> {
    pub(crate) fn new(permits: usize, fairness: Fairness) -> Self {
        Self {
            real: Rc::new(P::new(permits, fairness)),
            rules: rules_for(permits, fairness),
            woken: Vec::new(),
            dead: Vec::new(),
        }
    }

    pub(super) fn real(&self) -> &'static P {
        // SAFETY: a pair drops its futures and what they got before this, or not at all.
        unsafe { borrow(&self.real) }
    }
}

/// Keeps what was got. (More than the rules allow is kept only on the way to a mismatch.)
fn keep<P: Driven>(got: Got<P::Held>, permits: usize, held: &mut Vec<Holding<P>>) -> Verdict {
    match got {
        Got::It(real) => {
            held.push(Holding { permits, real });
            Verdict::Done
        }
        Got::NotYet => Verdict::NotYet,
        Got::Closed => Verdict::Closed,
    }
}

impl<P: Driven> Subject for Beside<P> {
    type Wait = Wait<P>;
    type Held = Holding<P>;

    const LINE: Task = Task::MAX;

    fn poll(
        &mut self,
        wait: &mut Wait<P>,
        task: Task,
        cx: &mut Context<'_>,
        held: &mut Vec<Holding<P>>,
    ) -> [Answer; 2] {
        let got = match wait.real.as_mut().poll(cx) {
            Poll::Ready(output) => P::got(output),
            Poll::Pending => Got::NotYet,
        };
        let real = keep(got, self.rules.waiter(wait.id).need, held);
        let polled = self.rules.poll(wait.id, task);
        self.woken.extend(polled.woken);
        [real.into(), polled.got.into()]
    }

    fn cancel(&mut self, wait: Wait<P>) {
        drop(wait.real);
        self.woken.extend(self.rules.drop(wait.id));
    }

    fn forget(&mut self, wait: Wait<P>, graveyard: &mut Graveyard) {
        graveyard.bury(wait.real);
        self.dead.push(wait.id);
    }

    fn give_back(pair: &mut Ruled<P>, at: usize) -> Result<(), Mismatch> {
        pair.release(at)
    }

    fn end_of_step(&mut self) -> (Vec<Task>, Vec<Item>) {
        (std::mem::take(&mut self.woken), Vec::new())
    }

    fn differs(&self) -> Option<String> {
        self.real.differs(&self.rules)
    }

    fn model_line(&self) -> String {
        queue(&self.rules)
    }

    fn assert_invariants(&self) {
        self.rules.assert_invariants();
    }

    fn place(&self, wait: &Wait<P>) -> Option<(&Rules, Id)> {
        Some((&self.rules, wait.id))
    }

    fn end(self) -> Seen {
        self.rules.seen
    }
}

impl<P: Driven> Ruled<P> {
    /// Makes a future for a task; it is not polled yet, and is the last one of `live`.
    pub(crate) fn start(&mut self, task: Task, need: usize) -> usize {
        let id = self.rules.newcomer(task, need);
        let real = Box::pin(self.real().wait(need));
        self.adopt(task, Wait { id, real })
    }

    pub(crate) fn try_take(&mut self, need: usize) -> Result<Verdict, Mismatch> {
        let real = keep(self.real().try_take(need), need, &mut self.held);
        let model = self.rules.try_take(need);
        self.compare(|| format!("try for {need}"), real, model)?;
        Ok(real)
    }

    /// Gives back what was got, if so much was.
    pub(crate) fn release(&mut self, at: usize) -> Result<(), Mismatch> {
        if at >= self.held.len() {
            return Ok(());
        }
        let Holding { permits, real } = self.held.remove(at);
        drop(real);
        let woken = self.rules.release(permits);
        self.woken.extend(woken);
        self.says_nothing(|| format!("release {permits}"))
    }

    /// Moves the primitive: nobody borrows from it any more, though waiters may still be linked.
    pub(super) fn moved(mut self) -> Self {
        assert!(self.live.is_empty() && self.held.is_empty());
        let old_place = Rc::downgrade(&self.subject.real); // not given back, so that the new one differs
        let real = Rc::into_inner(self.subject.real).expect("it has one owner");
        self.subject.real = Rc::new(real);
        drop(old_place);
        self
    }

    /// Gives back what was got last.
    pub(super) fn release_last(&mut self) -> Result<(), Mismatch> {
        self.release(self.held.len().saturating_sub(1))
    }
}
