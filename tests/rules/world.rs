//! A few tasks that run their scripts over the rules, one turn after another.
//!
//! A task has one branch or several, as `join!` makes them: a turn runs each, in order, until it has to
//! wait or ends its turn.

use std::rc::Rc;

use crate::rules::Rules;
use crate::script::{Names, Step};
use crate::waiter::{Got, Id, Polled, State, Task};
use crate::watch::{Broken, Watch};
use crate::without::Without;

/// Under which rules, on which executor.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// How often later arrivals may overtake.
    pub overtakes: u32,
    /// In looks at the clock.
    pub patience: u32,
    /// What is waited for are the slots of a queue.
    pub slots: bool,
    /// Tasks run in the order in which they were woken; otherwise any that is ready may be next.
    pub fifo: bool,
    pub without: Option<Without>,
}

/// What each task does, and how many permits there are.
#[derive(Debug)]
pub struct Scenario {
    pub setting: Setting,
    permits: usize,
    names: Names,
    scripts: Vec<Vec<Step>>,
    /// Whose each script is: one and the same task's where there are several branches.
    of: Vec<Task>,
}

impl Scenario {
    pub fn new(setting: Setting, permits: usize, tasks: &[&[&str]]) -> Self {
        let (mut names, mut scripts, mut of) = (Names::default(), Vec::new(), Vec::new());
        for (task, branches) in tasks.iter().enumerate() {
            for branch in *branches {
                scripts.push(names.steps(branch));
                of.push(task as Task);
            }
        }
        Self {
            setting,
            permits,
            names,
            scripts,
            of,
        }
    }

    pub fn start(self: &Rc<Self>) -> World {
        let Setting {
            overtakes,
            patience,
            slots,
            without,
            ..
        } = self.setting;
        let rules = Rules::new(self.permits, overtakes, patience).without(without);
        let mut rules = if slots { rules.of_slots() } else { rules };
        for &need in &self.names.needs {
            rules.newcomer(0, need);
        }
        let tasks = self.of.last().map_or(0, |last| last + 1);
        World {
            scenario: Rc::clone(self),
            rules,
            at: vec![0; self.scripts.len()],
            ready: (0..tasks).collect(),
            broken: None,
        }
    }
}

/// How a waiter is polled.
type Poll = fn(&mut Rules, Id, Task) -> Polled;

/// How far everything is.
#[derive(Clone)]
pub struct World {
    scenario: Rc<Scenario>,
    pub rules: Rules,
    /// The next step of each script.
    at: Vec<u8>,
    /// Tasks that were woken, in order.
    pub ready: Vec<Task>,
    /// What was promised and is not so.
    pub broken: Option<Broken>,
}

impl World {
    pub fn setting(&self) -> &Setting {
        &self.scenario.setting
    }

    pub fn at(&self) -> &[u8] {
        &self.at
    }

    /// Who may be next.
    pub fn choices(&self) -> &[Task] {
        let most = if self.setting().fifo { 1 } else { usize::MAX };
        &self.ready[..self.ready.len().min(most)]
    }

    /// One turn of a task that is ready.
    pub fn turn(&mut self, task: Task) {
        self.ready.retain(|&x| x != task);
        let scenario = Rc::clone(&self.scenario);
        for (branch, steps) in scenario.scripts.iter().enumerate() {
            if scenario.of[branch] == task {
                self.branch(branch, steps, task);
            }
        }
        for late in scenario.scripts.len()..self.at.len() {
            let future = self.late(late);
            if self.rules.waiter(future).task == task {
                self.branch(late, &[Step::Wait(future), Step::Add(1)], task);
            }
        }
    }

    fn branch(&mut self, branch: usize, steps: &[Step], task: Task) {
        while let Some(&step) = steps.get(usize::from(self.at[branch])) {
            match step {
                Step::Wait(id) => {
                    if !self.poll(id, task, Rules::poll) {
                        return;
                    }
                }
                Step::Poll(id) => self.poll_once(id, task, Rules::poll),
                Step::Look(id) => self.poll_once(id, task, Rules::look_again),
                Step::Drop(id) => {
                    if !self.has_ended(id) {
                        let woken = self.rules.drop(id);
                        self.wake(&woken);
                    }
                }
                Step::Try(need) => {
                    let watch = Watch::before(&self.rules, None, need);
                    if self.rules.try_take(need) == Got::It(()) {
                        self.watched(watch, true);
                        self.release(need);
                    }
                }
                Step::Add(permits) => self.release(permits),
                Step::Reduce(permits) => self.rules.reduce_permits(permits),
                Step::Turn => {
                    self.at[branch] += 1;
                    return self.wake(&[task]);
                }
                Step::After(id) => {
                    if self.rules.waiter(id).state == State::New {
                        return self.wake(&[task]);
                    }
                }
            }
            self.at[branch] += 1;
        }
    }

    fn has_ended(&self, id: Id) -> bool {
        matches!(self.rules.waiter(id).state, State::Done | State::Gone)
    }

    /// Gives back at once what it gets.
    fn poll_once(&mut self, id: Id, task: Task, poll: Poll) {
        if !self.has_ended(id) && self.poll(id, task, poll) {
            self.release(self.rules.waiter(id).need);
        }
    }

    /// Says whether it has what it needs.
    fn poll(&mut self, id: Id, task: Task, poll: Poll) -> bool {
        if self.has_ended(id) {
            return true;
        }
        let watch = Watch::before(&self.rules, Some(id), self.rules.waiter(id).need);
        let polled = poll(&mut self.rules, id, task);
        self.wake(&polled.woken);
        let ready = polled.got == Got::It(());
        self.watched(watch, ready);
        ready
    }

    fn watched(&mut self, watch: Watch, acquired: bool) {
        let broken = watch.after(&self.rules, acquired);
        self.broken = self.broken.or(broken);
    }

    fn release(&mut self, permits: usize) {
        let woken = self.rules.release(permits);
        let few = self.rules.free().checked_ilog2().map_or(0, |log| log + 1);
        if self.setting().slots && woken.len() > few as usize {
            self.broken = Some("more than a few were called for slots");
        }
        self.wake(&woken);
    }

    fn wake(&mut self, tasks: &[Task]) {
        for &task in tasks {
            if !self.ready.contains(&task) {
                self.ready.push(task);
            }
        }
    }

    /// A task that nobody has heard of arrives, locks and unlocks.
    pub fn newcomer(&mut self) {
        let task = self.at.len() as Task;
        self.rules.newcomer(task, 1);
        self.at.push(0);
        self.ready.push(task);
    }

    /// The future of a newcomer.
    fn late(&self, branch: usize) -> Id {
        self.scenario.names.needs.len() + branch - self.scenario.scripts.len()
    }

    /// Whether the newcomer that came last is through.
    pub fn newcomer_is_through(&self) -> bool {
        self.at.last() == Some(&2)
    }

    /// The scripts that are not at their end.
    pub fn stuck(&self) -> impl Iterator<Item = usize> {
        let len = |branch| self.scenario.scripts.get(branch).map_or(2, Vec::len);
        (0..self.at.len()).filter(move |&branch| usize::from(self.at[branch]) < len(branch))
    }

    /// The queue on one line, for the story of a failure.
    pub fn queue(&self) -> String {
        let one = |&id: &Id| {
            let waiter = self.rules.waiter(id);
            format!(
                "{} {:?} for {}",
                self.scenario.names.name(id),
                waiter.state,
                waiter.need
            )
        };
        let queue: Vec<String> = self.rules.queue.iter().map(one).collect();
        format!("{} free, queue: {queue:?}", self.rules.balance)
    }
}
