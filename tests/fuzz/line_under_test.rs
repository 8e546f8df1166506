//! The line with its waiters, for a fuzzer: waiters are numbered, and requests that a primitive must not make
//! are refused. With `--cfg fuzzing`, this is a module of
//! `src/wait/line.rs`.

use std::panic::Location;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Wake, Waker};

use super::{Line, Tally};
use crate::fairness::Fairness;
use crate::wait::Needs;
use crate::wait::node::{Node, NodeRef, State, mark};

/// A task that nobody runs.
struct Idle;

impl Wake for Idle {
    fn wake(self: Arc<Self>) {}
}

/// A line and the waiters that may join it.
#[derive(Debug)]
pub struct LineUnderTest {
    line: Line<Needs>,
    /// Each in an allocation of its own, reached through its `NodeRef` alone until the end.
    waiters: Vec<NodeRef>,
    /// Of each waiter, the waker that it is polled with.
    wakers: Vec<Waker>,
}

impl LineUnderTest {
    /// An empty line, and one waiter for each pair of a need and a task number, not yet in the line.
    pub fn new(fairness: Fairness, waiters: impl IntoIterator<Item = (u32, usize)>) -> Self {
        let mut tasks: Vec<Waker> = Vec::new();
        let (waiters, wakers) = waiters
            .into_iter()
            .map(|(need, task)| {
                while tasks.len() <= task {
                    tasks.push(Arc::new(Idle).into());
                }
                let node = Box::leak(Box::new(Node::new(need, Location::caller())));
                // SAFETY: N1: it is freed in `drop`, after the last use of the line.
                let node = unsafe { NodeRef::new(NonNull::from(node)) };
                (node, tasks[task].clone())
            })
            .unzip();
        Self {
            line: Line::new(fairness),
            waiters,
            wakers,
        }
    }

    fn number(&self, node: NodeRef) -> usize {
        let number = self.waiters.iter().position(|&waiter| waiter == node);
        number.expect("a node of this line")
    }

    /// The waiter joins the end, unless it is queued; one that left starts again.
    pub fn enqueue(&mut self, waiter: usize) -> bool {
        let (node, waker) = (self.waiters[waiter], &self.wakers[waiter]);
        if node.state() == State::Done {
            drop(node.disarm());
            node.initialise();
        }
        let may = node.state() == State::New;
        if may {
            self.line.enqueue(node, false, waker.clone(), waker);
        }
        may
    }

    /// Calls the waiter that is due while `free` units are free; returns which.
    pub fn call(&mut self, free: usize) -> Option<usize> {
        let due = self.line.next_to_call(free)?;
        drop(self.line.call(due));
        Some(self.number(due))
    }

    /// Whether it acquires, while `free` units are free. It leaves then, unless it never came.
    pub fn take(&mut self, waiter: usize, free: usize) -> bool {
        let node = self.waiters[waiter];
        let takes = match node.state() {
            State::New | State::Done => return self.line.admit_newcomer(node.need(), free),
            State::Called => self.line.admit_called(node, free),
            State::Asleep => self.line.admit_queued(node, free),
            State::Passed | State::Served => false,
        };
        if takes {
            self.leave(waiter);
        }
        takes
    }

    /// A called one sleeps again.
    pub fn answer_in_vain(&mut self, waiter: usize) -> bool {
        let (node, waker) = (self.waiters[waiter], &self.wakers[waiter]);
        let may = node.state() == State::Called;
        if may {
            self.line.answer_in_vain(node);
            self.line.drop_near_holes();
            node.arm(waker.clone(), waker);
        }
        may
    }

    /// A called one is passed over.
    pub fn pass_over(&mut self, waiter: usize) -> bool {
        let node = self.waiters[waiter];
        let may = node.state() == State::Called;
        if may {
            self.line.pass_over(node);
        }
        may
    }

    /// One that was passed over comes back.
    pub fn come_back(&mut self, waiter: usize) -> bool {
        let (node, waker) = (self.waiters[waiter], &self.wakers[waiter]);
        let may = node.state() == State::Passed;
        if may {
            self.line.come_back(node);
            node.arm(waker.clone(), waker);
        }
        may
    }

    /// One that stands in line is sent away, to be polled again as if for the first time.
    pub fn dismiss(&mut self, waiter: usize) -> bool {
        let node = self.waiters[waiter];
        let may = matches!(node.state(), State::Asleep | State::Called);
        if may {
            drop(self.line.dismiss(node));
        }
        may
    }

    /// It leaves for good, from wherever it is.
    pub fn leave(&mut self, waiter: usize) {
        let node = self.waiters[waiter];
        if node.state() == State::New {
            // It has nothing to be left.
            return;
        }
        self.line.leave(node);
        drop(node.disarm());
    }

    /// The waiter that is due, while `free` units are free.
    pub fn due(&self, free: usize) -> Option<usize> {
        self.line.next_to_call(free).map(|due| self.number(due))
    }

    /// What a newcomer may take at no cost, while `free` units are free.
    pub fn spare_for_newcomer(&self, free: usize) -> usize {
        self.line.spare_for_newcomer(free)
    }

    /// The waiters in line. Panics unless all invariants hold (L3, if there are fewer than `FAR`).
    fn assert_valid(&self) -> Vec<NodeRef> {
        let line = &self.line;
        let mut order: Vec<NodeRef> = Vec::new();
        let (mut holes, mut needs, mut behind) = (0, 0, false);
        let mut next = line.first();
        while let Some(node) = next {
            assert_eq!(line.list.ahead(node), order.last().copied(), "the way back");
            if let Some(&ahead) = order.last() {
                assert!(ahead.stands_ahead_of(node), "L3");
            }
            behind |= line.next == Some(node);
            let is_hole = node.has(mark::HOLE);
            match node.state() {
                State::Called => assert!(!behind && !is_hole, "L2: called, but not in the front"),
                State::Asleep => assert_eq!(behind, !is_hole, "L2: asleep, but no hole"),
                state => panic!("L1: {state:?}"),
            }
            if !behind {
                holes += u32::from(is_hole);
                needs += u64::from(node.need());
            }
            order.push(node);
            next = line.list.behind(node);
        }
        assert_eq!(line.list.last(), order.last().copied(), "the last");
        assert_eq!(behind, line.next.is_some(), "L2: next is in line");
        assert_eq!((holes, needs), (line.holes, line.front.needs()), "L2");
        order
    }

    /// The waiters in line, from the first. Panics if an invariant of the line is broken.
    pub fn order(&self) -> Vec<usize> {
        let order = self.assert_valid();
        order.into_iter().map(|node| self.number(node)).collect()
    }

    /// How many waiters are in the front.
    pub fn front(&self) -> usize {
        let is_in_front = |&&node: &&NodeRef| node.state() == State::Called || node.has(mark::HOLE);
        let order = self.assert_valid();
        order.iter().take_while(is_in_front).count()
    }

    /// What the front needs.
    pub fn kept(&self) -> usize {
        self.line.kept()
    }

    /// The sleeping waiters of the front.
    pub fn holes(&self) -> Vec<usize> {
        let mut order = self.order();
        order.retain(|&waiter| self.waiters[waiter].has(mark::HOLE));
        order
    }

    /// Whether holes end the front.
    pub fn is_untidy(&self) -> bool {
        self.line.is_untidy()
    }

    /// The first called one ahead of this, which stands in line, that is of the same task.
    pub fn called_of_its_task(&self, waiter: usize) -> Option<usize> {
        let (node, waker) = (self.waiters[waiter], &self.wakers[waiter]);
        let called = self.line.called_of_task(node, waker)?;
        Some(self.number(called))
    }
}

impl Drop for LineUnderTest {
    fn drop(&mut self) {
        for waiter in 0..self.waiters.len() {
            self.leave(waiter);
        }
        for node in &self.waiters {
            // SAFETY: it came out of a box, and no list leads to it any more.
            drop(unsafe { Box::from_raw(node.as_ptr()) });
        }
    }
}
