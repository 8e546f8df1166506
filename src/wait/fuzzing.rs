//! The line with its waiters, for a fuzzer and for tests: waiters are known by their numbers, and
//! what a primitive must not ask for is refused.

use std::ptr::NonNull;

use super::line::Line;
use super::waiter::{Node, State, Waiter};
use crate::fairness::Fairness;

/// A line and the waiters that may stand in it.
#[derive(Debug)]
pub struct LineUnderTest {
    line: Line<()>,
    /// Each in an allocation of its own, reached through its node alone until the end.
    waiters: Vec<NonNull<Waiter<()>>>,
}

impl LineUnderTest {
    /// An empty line, and so many waiters that do not stand in it yet.
    pub fn new(waiters: usize) -> Self {
        let waiter = |_| NonNull::from(Box::leak(Box::new(Waiter::new(()))));
        Self {
            line: Line::new(Fairness::DEFAULT),
            waiters: (0..waiters).map(waiter).collect(),
        }
    }

    fn node(&self, waiter: usize) -> Node<()> {
        // SAFETY: the waiter is freed in `drop`, after the last use of the line.
        unsafe { Node::new(self.waiters[waiter]) }
    }

    fn state(&self, waiter: usize) -> State {
        self.line.get(self.node(waiter)).state()
    }

    fn number(&self, node: Node<()>) -> usize {
        let is_it = |&waiter: &usize| self.node(waiter) == node;
        (0..self.waiters.len())
            .find(is_it)
            .expect("a node of this line")
    }

    /// It takes its place at the end; `false` if it had its turn already.
    pub fn enqueue(&mut self, waiter: usize) -> bool {
        let may = self.state(waiter) == State::New;
        if may {
            self.line.enqueue(self.node(waiter), false);
        }
        may
    }

    /// Calls the first; whom, unless nobody sleeps there.
    pub fn call_first(&mut self) -> Option<usize> {
        let first = self.line.first().map(|node| self.number(node))?;
        let may = self.state(first) == State::Asleep;
        may.then(|| {
            self.line.call(self.node(first));
            first
        })
    }

    /// A called one sleeps again; `false` if it is not called.
    pub fn sleep_again(&mut self, waiter: usize) -> bool {
        let may = self.state(waiter) == State::Called;
        if may {
            self.line.sleep_again(self.node(waiter));
        }
        may
    }

    /// A called one is passed over; `false` if it is not called.
    pub fn pass_over(&mut self, waiter: usize) -> bool {
        let may = self.state(waiter) == State::Called;
        if may {
            self.line.pass_over(self.node(waiter));
        }
        may
    }

    /// One that was passed over comes back; `false` if it was not.
    pub fn come_back(&mut self, waiter: usize) -> bool {
        let may = self.state(waiter) == State::Passed;
        if may {
            self.line.come_back(self.node(waiter));
        }
        may
    }

    /// It leaves for good, from wherever it is.
    pub fn leave(&mut self, waiter: usize) {
        self.line.leave(self.node(waiter));
    }

    /// Who stands in line, from the front. Panics if the links are broken.
    pub fn order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut next = self.line.first();
        while let Some(node) = next {
            order.push(self.number(node));
            next = self.line.behind(node);
        }
        assert_eq!(order.len(), self.line.assert_valid());
        order
    }

    /// Those called ahead of one that stands in line, as the fairness rules look for them.
    pub fn called_ahead(&self, waiter: usize) -> Vec<usize> {
        let mut called = Vec::new();
        self.line.called_ahead(self.node(waiter), |node, _| {
            called.push(self.number(node));
            false
        });
        called
    }
}

impl Drop for LineUnderTest {
    fn drop(&mut self) {
        for waiter in 0..self.waiters.len() {
            self.leave(waiter);
        }
        for waiter in &self.waiters {
            // SAFETY: it came out of a box, and no list leads to it any more.
            drop(unsafe { Box::from_raw(waiter.as_ptr()) });
        }
    }
}
