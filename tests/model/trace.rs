//! The story of a run, told only when it is wanted: a run that fails is run again to tell it.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use super::rules::Rules;
use super::tasks;
use super::waiter::{Got, State, Task};

/// Where the lines go, if anywhere. Clones share them, so that they outlive a panic.
#[derive(Clone, Default)]
pub(crate) struct Trace(Option<Rc<RefCell<Vec<String>>>>);

impl Trace {
    pub(crate) fn telling() -> Self {
        Self(Some(Rc::default()))
    }

    pub(crate) fn line(&self, line: impl FnOnce() -> String) {
        if let Some(lines) = &self.0 {
            lines.borrow_mut().push(line());
        }
    }

    pub(crate) fn story(&self) -> String {
        let mut story = String::new();
        for (step, line) in self
            .0
            .iter()
            .flat_map(|lines| lines.borrow().clone())
            .enumerate()
        {
            let _ = write!(story, "\n{step:4}  {line}");
        }
        story
    }
}

/// What a step came to: what was got, if something was asked for, and who was woken.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    got: Option<Got>,
    pub(crate) woken: Vec<Task>,
}

impl Outcome {
    pub(crate) fn of(got: Option<Got>, woken: Vec<Task>) -> Self {
        Self { got, woken }
    }

    /// That of a real step that asked for nothing.
    pub(crate) fn woke() -> Self {
        Self::of(None, tasks::take_woken())
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.got {
            Some(Got::It(())) => f.write_str("acquired")?,
            Some(Got::NotYet) => f.write_str("not acquired")?,
            Some(Got::Closed) => f.write_str("closed")?,
            None => f.write_str("done")?,
        }
        if !self.woken.is_empty() {
            write!(f, ", woke tasks {:?}", self.woken)?;
        }
        Ok(())
    }
}

/// The queue of the model on one line.
pub(crate) fn queue(rules: &Rules) -> String {
    let mut line = format!("free {}, queue:", rules.balance);
    for &id in &rules.queue {
        let waiter = rules.waiter(id);
        let called = if waiter.state == State::Called {
            " called"
        } else {
            ""
        };
        let prober = if rules.prober == Some(id) {
            " prober"
        } else {
            ""
        };
        let (task, need, used, patience) =
            (waiter.task, waiter.need, waiter.overtaken, waiter.patience);
        let _ = write!(
            line,
            " [f{id} t{task} for {need}{called}{prober} overtaken {used} patience {patience}]"
        );
    }
    line
}
