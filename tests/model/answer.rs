//! What a step came to, really or in the model.

use std::fmt;

use super::waiter::{Got, Task};

/// An item, by the order in which they were made.
pub(crate) type Item = u32;

/// By what items are compared, so that many are equal.
pub(crate) fn rank(item: Item) -> u32 {
    item % 3
}

/// What items weigh: some nothing.
pub(crate) fn weight(item: Item) -> usize {
    item as usize * 7 % 5
}

/// The outcome of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Done,
    NotYet,
    Closed,
}

/// The same with what came out: items that were popped, thrown out or given back, and a number of items
/// or permits where there may be several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) items: Vec<Item>,
    pub(crate) count: usize,
}

impl Answer {
    pub(crate) fn new(verdict: Verdict, items: impl IntoIterator<Item = Item>) -> Self {
        Self {
            verdict,
            items: items.into_iter().collect(),
            count: 0,
        }
    }

    pub(crate) fn done() -> Self {
        Verdict::Done.into()
    }

    pub(crate) fn counted(self, count: usize) -> Self {
        Self { count, ..self }
    }
}

impl<T> From<Got<T>> for Verdict {
    fn from(got: Got<T>) -> Self {
        match got {
            Got::It(_) => Self::Done,
            Got::NotYet => Self::NotYet,
            Got::Closed => Self::Closed,
        }
    }
}

impl<V: Into<Verdict>> From<V> for Answer {
    fn from(verdict: V) -> Self {
        Self::new(verdict.into(), [])
    }
}

/// Everything observable about a step.
#[derive(PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) woken: Vec<Task>,
    pub(crate) dropped: Vec<Item>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            answer,
            woken,
            dropped,
        } = self;
        let Answer {
            verdict,
            items,
            count,
        } = answer;
        write!(
            f,
            "{verdict:?} {items:?} {count}, woke {woken:?}, dropped {dropped:?}"
        )
    }
}
