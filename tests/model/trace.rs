//! The story of a run, told only when it is wanted: a run that fails is run again to tell it.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use super::rules::Rules;
use super::waiter::{State, Task};

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

/// What a step came to: whether it acquired (or nothing to tell), and who was woken.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) acquired: Option<bool>,
    pub(crate) woken: Vec<Task>,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.acquired {
            Some(true) => f.write_str("acquired")?,
            Some(false) => f.write_str("not acquired")?,
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
    let mut line = format!("free {}, queue:", rules.free());
    for &id in rules.queue() {
        let waiter = rules.waiter(id);
        let called = if waiter.state == State::Called {
            " called"
        } else {
            ""
        };
        let prober = if rules.prober() == Some(id) {
            " prober"
        } else {
            ""
        };
        let (task, used, patience) = (waiter.task, waiter.overtaken, waiter.patience);
        let _ = write!(
            line,
            " [f{id} t{task}{called}{prober} overtaken {used} patience {patience}]"
        );
    }
    line
}
