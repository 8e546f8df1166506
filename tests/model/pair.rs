//! A real primitive and the model side by side: every step is made on both, and the two are compared.

use std::collections::VecDeque;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::task::{Context, Poll};

use super::live::{Graveyard, Holding, Live};
use super::primitive::Primitive;
use super::rules::Rules;
use super::tasks;
use super::trace::{Outcome, Trace, queue};
use super::waiter::{Got, Id, Task};

/// A step that the two disagree on, or a promise that was broken, in words.
pub(crate) type Mismatch = String;

/// Futures and what they got are dropped by a step or by `end`: after a mismatch or a panic they are
/// left as they are, so that nothing hides it.
pub(crate) struct Pair<'p, P: Primitive> {
    pub(super) real: &'p P,
    pub(crate) held: ManuallyDrop<Vec<Holding<'p, P>>>,
    pub(crate) rules: Rules,
    pub(crate) live: ManuallyDrop<Vec<Live<'p, P>>>,
    pub(crate) forgotten: Vec<Id>,
    /// Tasks in order of waking.
    pub(crate) ready: VecDeque<Task>,
    trace: Trace,
}

impl<'p, P: Primitive> Pair<'p, P> {
    pub(crate) fn new(real: &'p P, rules: Rules, trace: Trace) -> Self {
        Self {
            real,
            held: ManuallyDrop::default(),
            rules,
            live: ManuallyDrop::default(),
            forgotten: Vec::new(),
            ready: VecDeque::new(),
            trace,
        }
    }

    /// Makes a future for a task; it is not polled yet, and is the last one of `live`.
    pub(crate) fn start(&mut self, task: Task, need: usize) -> usize {
        let id = self.rules.newcomer(task, need);
        self.live.push(Live {
            id,
            task,
            need,
            polled: false,
            woken: false,
            future: Box::pin(self.real.wait(need)),
        });
        self.live.len() - 1
    }

    /// Says whether it acquired.
    pub(crate) fn poll(&mut self, at: usize, task: Task) -> Result<bool, Mismatch> {
        let live = &mut self.live[at];
        let (id, need) = (live.id, live.need);
        (live.task, live.polled, live.woken) = (task, true, false);
        let waker = tasks::waker(task);
        let polled = live.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        let got = match polled {
            Poll::Ready(output) => self.enter(self.real.got(output), need),
            Poll::Pending => Got::NotYet,
        };
        let real = Outcome::of(Some(got), tasks::take_woken());
        if got != Got::NotYet {
            drop(self.live.remove(at));
        }
        let polled = self.rules.poll(id, task);
        let model = Outcome::of(Some(polled.got), polled.woken);
        self.compare(
            || format!("task {task} polls f{id} for {need}"),
            &real,
            &model,
        )?;
        Ok(got == Got::It(()))
    }

    pub(crate) fn try_take(&mut self, need: usize) -> Result<bool, Mismatch> {
        let got = self.real.try_take(need);
        let got = self.enter(got, need);
        let real = Outcome::of(Some(got), tasks::take_woken());
        let model = Outcome::of(Some(self.rules.try_take(need)), Vec::new());
        self.compare(|| format!("try for {need}"), &real, &model)?;
        Ok(got == Got::It(()))
    }

    /// Gives back what was got, if so much was.
    pub(crate) fn release(&mut self, at: usize) -> Result<(), Mismatch> {
        if at >= self.held.len() {
            return Ok(());
        }
        let Holding { permits, real } = self.held.remove(at);
        drop(real);
        let real = Outcome::woke();
        let model = Outcome::of(None, self.rules.release(permits));
        self.compare(|| format!("release {permits}"), &real, &model)
    }

    /// Gives back what was got last.
    pub(crate) fn release_last(&mut self) -> Result<(), Mismatch> {
        self.release(self.held.len().saturating_sub(1))
    }

    pub(crate) fn drop_future(&mut self, at: usize) -> Result<(), Mismatch> {
        let Live { id, future, .. } = self.live.remove(at);
        drop(future);
        let real = Outcome::woke();
        let model = Outcome::of(None, self.rules.drop(id));
        self.compare(|| format!("drop f{id}"), &real, &model)
    }

    /// Ends the borrow and leaves the waiter as it is, forever.
    pub(crate) fn forget(&mut self, at: usize, graveyard: &mut Graveyard) -> Result<(), Mismatch> {
        let Live { id, future, .. } = self.live.remove(at);
        graveyard.bury(future);
        self.forgotten.push(id);
        self.wakes_nobody(|| format!("forget f{id}"))
    }

    /// One turn of a woken task: it polls what it has, and releases at once what it gets.
    pub(crate) fn turn(&mut self) -> Result<bool, Mismatch> {
        let Some(task) = self.ready.pop_front() else {
            return Ok(false);
        };
        let mine = |live: &&Live<'_, P>| live.task == task && live.polled;
        if !self.live.iter().filter(mine).any(|live| live.woken) {
            return Ok(true);
        }
        let ids: Vec<Id> = self.live.iter().filter(mine).map(|live| live.id).collect();
        for id in ids {
            let at = self.live.iter().position(|live| live.id == id);
            let at = at.expect("only its own poll ends it");
            if self.poll(at, task)? {
                self.release_last()?;
            }
        }
        Ok(true)
    }

    /// Ends the borrow of the primitive; the model and who is forgotten stay.
    pub(crate) fn end(self) -> (Rules, Vec<Id>) {
        drop(ManuallyDrop::into_inner(self.live));
        drop(ManuallyDrop::into_inner(self.held));
        (self.rules, self.forgotten)
    }

    /// Keeps what was got. (More than the rules allow is kept only on the way to a mismatch.)
    pub(super) fn enter(&mut self, got: Got<P::Held<'p>>, permits: usize) -> Got {
        match got {
            Got::It(real) => {
                self.held.push(Holding { permits, real });
                Got::It(())
            }
            Got::NotYet => Got::NotYet,
            Got::Closed => Got::Closed,
        }
    }

    pub(super) fn wakes_nobody(&mut self, step: impl Fn() -> String) -> Result<(), Mismatch> {
        self.compare(step, &Outcome::woke(), &Outcome::of(None, Vec::new()))
    }

    pub(super) fn compare(
        &mut self,
        step: impl Fn() -> String,
        real: &Outcome,
        model: &Outcome,
    ) -> Result<(), Mismatch> {
        self.trace
            .line(|| format!("{}: {real}; model: {}", step(), queue(&self.rules)));
        if real != model {
            return Err(format!("{}: really {real}, by the rules {model}", step()));
        }
        if let Some(what) = self.real.differs(&self.rules) {
            return Err(format!("{}: {what}", step()));
        }
        if !tasks::take_woken().is_empty() {
            return Err(format!("{}: somebody was woken by no step", step()));
        }
        for &task in &real.woken {
            if !self.ready.contains(&task) {
                self.ready.push_back(task);
            }
            for live in self
                .live
                .iter_mut()
                .filter(|live| live.task == task && live.polled)
            {
                live.woken = true;
            }
        }
        self.rules.assert_invariants();
        Ok(())
    }
}
