//! A real thing and its model side by side: every step is made on both, and the two are compared.

use std::collections::VecDeque;
use std::mem::{ManuallyDrop, take};
use std::ops::{Deref, DerefMut};
use std::task::Context;

use super::answer::{Answer, Item, Outcome, Verdict};
use super::live::Graveyard;
use super::queue::items::take_dropped;
use super::rules::Rules;
use super::seen::Seen;
use super::tasks;
use super::trace::Trace;
use super::waiter::{Id, State, Task};

/// A step that the two disagree on, or a promise that was broken, in words.
pub(crate) type Mismatch = String;

/// More turns than any ending needs.
pub(super) const QUIET_WITHIN: usize = 100_000;

/// A real thing and its model.
pub(crate) trait Subject: Sized {
    /// A future, and what the model knows of it.
    type Wait;
    /// What a future got.
    type Held;

    /// So many tasks wait in one line. Those of one line are woken in order.
    const LINE: Task;

    /// Polls both, and keeps what the real one got. Returns both outcomes: the real one's first, then the model's.
    fn poll(
        &mut self,
        wait: &mut Self::Wait,
        task: Task,
        cx: &mut Context<'_>,
        held: &mut Vec<Self::Held>,
    ) -> [Answer; 2];

    /// Drops both.
    fn cancel(&mut self, wait: Self::Wait);

    /// Leaves the waiter as it is, forever.
    fn forget(&mut self, wait: Self::Wait, graveyard: &mut Graveyard);

    fn give_back(pair: &mut Pair<Self>, at: usize) -> Result<(), Mismatch>;

    /// A woken task has polled its futures, and polls what else it has.
    fn turn(_pair: &mut Pair<Self>, _task: Task) -> Result<(), Mismatch> {
        Ok(())
    }

    /// Whom the model woke in this step, and what it dropped.
    fn end_of_step(&mut self) -> (Vec<Task>, Vec<Item>);

    /// What the real one says of itself that is not so in the model.
    fn differs(&self) -> Option<String>;

    /// The model on one line.
    fn model_line(&self) -> String;

    fn assert_invariants(&self);

    /// A task was woken, which may have more to poll than its futures.
    fn wakes(&mut self, _task: Task) {}

    /// In which line it waits, and as whom.
    fn place(&self, wait: &Self::Wait) -> Option<(&Rules, Id)>;

    /// Says how often each rule made a difference.
    fn end(self) -> Seen;
}

/// A future that somebody still has.
pub(crate) struct Live<W> {
    pub(crate) wait: W,
    pub(crate) name: usize,
    pub(crate) task: Task,
    pub(crate) polled: bool,
    /// Its task was woken since it was last polled.
    pub(crate) woken: bool,
}

/// Futures and what they got are dropped by a step or by `end`: after a mismatch or a panic they are
/// left as they are, so that nothing hides it.
pub(crate) struct Pair<S: Subject> {
    pub(super) subject: S,
    pub(crate) live: ManuallyDrop<Vec<Live<S::Wait>>>,
    pub(crate) held: ManuallyDrop<Vec<S::Held>>,
    /// How many futures were forgotten.
    pub(super) forgotten: usize,
    made: usize,
    /// Tasks in order of waking.
    pub(super) ready: VecDeque<Task>,
    trace: Trace,
    /// Dropped after what its futures waited for.
    graveyard: Graveyard,
}

/// Lets steps use the subject's fields directly.
impl<S: Subject> Deref for Pair<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.subject
    }
}

impl<S: Subject> DerefMut for Pair<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.subject
    }
}

impl<S: Subject> Pair<S> {
    pub(crate) fn new(subject: S, trace: Trace) -> Self {
        Self {
            subject,
            live: ManuallyDrop::default(),
            held: ManuallyDrop::default(),
            forgotten: 0,
            made: 0,
            ready: VecDeque::new(),
            trace,
            graveyard: Graveyard::default(),
        }
    }

    /// A future that is not polled yet becomes the last one of `live`. Says where it is.
    pub(super) fn adopt(&mut self, task: Task, wait: S::Wait) -> usize {
        self.made += 1;
        self.live.push(Live {
            wait,
            name: self.made,
            task,
            polled: false,
            woken: false,
        });
        self.live.len() - 1
    }

    /// Says whether it is done.
    pub(crate) fn poll(&mut self, at: usize, task: Task) -> Result<Verdict, Mismatch> {
        let live = &mut self.live[at];
        (live.task, live.polled, live.woken) = (task, true, false);
        let name = live.name;
        let waker = tasks::waker(task);
        let mut cx = Context::from_waker(&waker);
        let wait = &mut live.wait;
        let [real, model] = self.subject.poll(wait, task, &mut cx, &mut self.held);
        drop(waker);
        let verdict = real.verdict;
        if verdict != Verdict::NotYet {
            drop(self.live.remove(at));
        }
        self.compare(|| format!("task {task} polls f{name}"), real, model)?;
        Ok(verdict)
    }

    /// Polls it, and again while it wakes itself, up to `times` in all.
    pub(super) fn poll_on(&mut self, at: usize, times: usize) -> Result<(), Mismatch> {
        let Live { name, task, .. } = self.live[at];
        for round in 0..times {
            let again = |live: &Live<_>| live.name == name && (round == 0 || live.woken);
            let Some(at) = self.live.iter().position(again) else {
                break;
            };
            self.poll(at, task)?;
        }
        Ok(())
    }

    pub(crate) fn drop_future(&mut self, at: usize) -> Result<(), Mismatch> {
        let Live { wait, name, .. } = self.live.remove(at);
        self.subject.cancel(wait);
        self.says_nothing(|| format!("drop f{name}"))
    }

    pub(super) fn drop_unpolled(&mut self) -> Result<(), Mismatch> {
        while let Some(at) = self.live.iter().position(|live| !live.polled) {
            self.drop_future(at)?;
        }
        Ok(())
    }

    /// Ends the borrow and leaves the waiter as it is, forever.
    pub(super) fn forget(&mut self, at: usize) -> Result<(), Mismatch> {
        let Live { wait, name, .. } = self.live.remove(at);
        self.subject.forget(wait, &mut self.graveyard);
        self.forgotten += 1;
        self.says_nothing(|| format!("forget f{name}"))
    }

    /// One turn of a woken task: it polls what it has, and gives back at once what it gets.
    pub(super) fn turn(&mut self) -> Result<(), Mismatch> {
        let Some(task) = self.ready.pop_front() else {
            return Ok(());
        };
        let mine = |live: &&Live<_>| live.task == task && live.polled;
        let mine = self.live.iter().filter(mine);
        if mine.clone().any(|live| live.woken) {
            for name in mine.map(|live| live.name).collect::<Vec<_>>() {
                let at = self.live.iter().position(|live| live.name == name);
                let held = self.held.len();
                self.poll(at.expect("only its own poll ends it"), task)?;
                if self.held.len() > held {
                    S::give_back(self, held)?;
                }
            }
        }
        S::turn(self, task)
    }

    /// Runs woken tasks until nobody is woken.
    pub(super) fn quiet(&mut self) -> Result<(), Mismatch> {
        for _ in 0..QUIET_WITHIN {
            if self.ready.is_empty() {
                let all_given_back = self.held.is_empty();
                return all_given_back.then_some(()).ok_or("held by nobody".into());
            }
            self.turn()?;
        }
        Err("tasks wake each other without end".into())
    }

    /// The future that probes, if there is one.
    pub(super) fn prober(&self) -> Option<usize> {
        let probes = |(rules, id): (&Rules, Id)| rules.prober == Some(id);
        let mut live = self.live.iter();
        live.position(|live| self.place(&live.wait).is_some_and(probes))
    }

    /// One that is alive: one that is called, if there is one and that is wanted.
    pub(super) fn pick(&self, called: bool, whom: usize) -> usize {
        let is_called = |&at: &usize| {
            let place = self.place(&self.live[at].wait);
            called && place.is_some_and(|(rules, id)| rules.is(id, State::Called))
        };
        let all: Vec<usize> = (0..self.live.len()).filter(is_called).collect();
        match all.len() {
            0 => whom % self.live.len(),
            many => all[whom % many],
        }
    }

    pub(super) fn says_nothing(&mut self, step: impl Fn() -> String) -> Result<(), Mismatch> {
        self.compare(step, Answer::done(), Answer::done())
    }

    pub(super) fn compare(
        &mut self,
        step: impl Fn() -> String,
        real: impl Into<Answer>,
        model: impl Into<Answer>,
    ) -> Result<(), Mismatch> {
        let real = Self::outcome(real.into(), tasks::take_woken(), take_dropped());
        let (woken, dropped) = self.subject.end_of_step();
        let model = Self::outcome(model.into(), woken, dropped);
        self.trace
            .line(|| format!("{}: {real}; model: {}", step(), self.subject.model_line()));
        if real != model {
            return Err(format!("{}: really {real}, by the model {model}", step()));
        }
        if let Some(what) = self.differs() {
            return Err(format!("{}: {what}", step()));
        }
        if !tasks::take_woken().is_empty() {
            return Err(format!("{}: somebody was woken by no step", step()));
        }
        for task in real.woken {
            if !self.ready.contains(&task) {
                self.ready.push_back(task);
            }
            for live in self.live.iter_mut() {
                live.woken |= live.task == task && live.polled;
            }
            self.wakes(task);
        }
        self.assert_invariants();
        Ok(())
    }

    fn outcome(answer: Answer, mut woken: Vec<Task>, mut dropped: Vec<Item>) -> Outcome {
        woken.sort_by_key(|task| task / S::LINE);
        dropped.sort();
        Outcome {
            answer,
            woken,
            dropped,
        }
    }

    pub(super) fn tell(&self, line: impl FnOnce() -> String) {
        self.trace.line(line);
    }

    /// Ends the run. All is gone then but forgotten futures, with one waker each.
    pub(crate) fn end(mut self) -> Result<Seen, Mismatch> {
        drop(take(&mut *self.live));
        drop(take(&mut *self.held));
        let seen = self.subject.end();
        let (wakers, forgotten) = (tasks::wakers(), self.forgotten);
        if !(0..=forgotten as isize).contains(&wakers) {
            return Err(format!(
                "{wakers} wakers are left for {forgotten} forgotten futures"
            ));
        }
        Ok(seen)
    }
}
