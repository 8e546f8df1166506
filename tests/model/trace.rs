//! The story of a run, told only when it is wanted: a run that fails is run again to tell it.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use super::rules::Rules;

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
        let lines = self.0.iter().flat_map(|lines| lines.borrow().clone());
        let numbered = lines.enumerate();
        numbered
            .map(|(step, line)| format!("\n{step:4}  {line}"))
            .collect()
    }
}

/// The queue of the model on one line.
pub(crate) fn queue(rules: &Rules) -> String {
    let (free, prober) = (rules.balance, rules.prober);
    let mut line = format!("free {free}, prober {prober:?}, queue:");
    for &id in &rules.queue {
        let waiter = rules.waiter(id);
        let (task, need, state) = (waiter.task, waiter.need, waiter.state);
        let (used, patience) = (waiter.overtaken, waiter.patience);
        let _ = write!(
            line,
            " [f{id} t{task} for {need} {state:?} overtaken {used} patience {patience}]"
        );
    }
    line
}
