//! A crowd: the line of those who want a number of something each, and its *front*, which is
//! everybody up to the last one called, with what they need all together.
//!
//! ```text
//!    called   called   asleep   called | asleep   asleep
//!      2        1        3        1    |   5        1
//!                      (hole)    last  |
//!    needs of the front: 7, holes: 1
//! ```
//!
//! Calls go out in order, so there are no holes until somebody who was called finds too little and
//! sleeps again ahead of others who have not answered yet, or comes back to a place ahead of them.
//! While there are none, who is to be called next, and what is free beyond the needs of those called,
//! takes no walk: the sums lie in the last waiter of the front, and move from one to the next with it.
//!
//! With holes, the front is walked: to at most [`SEEN`] waiters, so that no operation's cost grows
//! with the line. A waiter further back that is called, finds less than *all* of the front needs and
//! sleeps again is called again at the latest when no more than so many are ahead of it, because
//! whoever leaves the line, or answers in vain, looks who is to be called (invariant D). What it may
//! take for nothing is never overestimated.

mod price;

use std::task::Waker;

use super::line::{Line, Queued, SEEN, Unanswered};
use super::place::Asks;
use super::waiter::{Node, State};
use crate::fairness::Fairness;

pub(crate) use price::{Price, Stand};

/// How many a waiter asks for, and its part of the front.
#[derive(Debug)]
pub(crate) struct Need {
    number: u32,
    /// How many of the front are asleep; valid in its last waiter.
    holes: u32,
    /// What the whole front needs; valid in its last waiter. Anything but 0 in all others of the
    /// front, 0 in those behind it. (The needs of 2^32 waiters fit.)
    front: u64,
}

impl Need {
    #[inline]
    pub(crate) const fn new(number: u32) -> Self {
        Self {
            number,
            holes: 0,
            front: 0,
        }
    }
}

impl Asks for Need {
    #[inline]
    fn number(&self) -> u32 {
        self.number
    }
}

/// What a waiter in a crowd asks for.
pub(crate) trait Needs {
    fn need(&self) -> &Need;
    fn need_mut(&mut self) -> &mut Need;
}

impl Needs for Need {
    #[inline]
    fn need(&self) -> &Need {
        self
    }

    #[inline]
    fn need_mut(&mut self) -> &mut Need {
        self
    }
}

/// The line, and the last one called, which is never a sleeper.
#[derive(Debug)]
pub(crate) struct Crowd<A> {
    pub(crate) line: Line<A>,
    last: Option<Node<A>>,
}

impl<A> Queued<A> for Crowd<A> {
    #[inline]
    fn line(&mut self) -> &mut Line<A> {
        &mut self.line
    }
}

impl<A> Crowd<A> {
    pub(crate) const fn new(fairness: Fairness) -> Self {
        Self {
            line: Line::new(fairness),
            last: None,
        }
    }
}

impl<A: Needs> Crowd<A> {
    #[inline]
    fn need(&self, node: Node<A>) -> u64 {
        u64::from(self.number(node))
    }

    /// How many `node` asks for.
    #[inline]
    pub(crate) fn number(&self, node: Node<A>) -> u32 {
        self.line.get(node).ask.need().number
    }

    fn is_in_front(&self, node: Node<A>) -> bool {
        self.line.get(node).ask.need().front != 0
    }

    fn is_called(&self, node: Node<A>) -> bool {
        self.line.get(node).state() == State::Called
    }

    /// What the front needs, and how many of it are asleep.
    fn sums(&self) -> (u64, u32) {
        self.last.map_or((0, 0), |last| {
            let ask = self.line.get(last).ask.need();
            (ask.front, ask.holes)
        })
    }

    /// Who stands just behind the front.
    fn behind_front(&self) -> Option<Node<A>> {
        match self.last {
            Some(last) => self.line.behind(last),
            None => self.line.first(),
        }
    }

    /// What the front needs, and whether somebody is asleep.
    #[inline]
    pub(crate) fn summary(&self) -> (usize, bool) {
        let Some(last) = self.last else {
            return (0, self.line.first().is_some());
        };
        let sums = self.line.get(last).ask.need();
        let kept = usize::try_from(sums.front).unwrap_or(usize::MAX);
        (kept, sums.holes > 0 || self.line.behind(last).is_some())
    }

    /// What is free beyond the needs of the front.
    pub(crate) fn spare(&self, free: usize) -> usize {
        free.saturating_sub(self.kept())
    }

    /// What the front needs.
    #[inline]
    pub(crate) fn kept(&self) -> usize {
        usize::try_from(self.sums().0).unwrap_or(usize::MAX)
    }

    /// Who is to be called next, while so many are free (rule 1).
    pub(crate) fn next_to_call(&self, free: usize) -> Option<Node<A>> {
        let mut free = free as u64;
        let (front, holes) = self.sums();
        if holes == 0 {
            // Everybody needs something: if nothing is left, there is no need to look at who is next.
            let spare = free.checked_sub(front).filter(|&spare| spare > 0)?;
            let next = self.behind_front()?;
            return (spare >= self.need(next)).then_some(next);
        }
        let mut next = self.line.first();
        for _ in 0..SEEN {
            let at = next?;
            let need = self.need(at);
            if free < need {
                // Called or asleep, nobody behind it finds enough.
                return None;
            }
            if !self.is_called(at) {
                return Some(at);
            }
            free -= need;
            next = self.line.behind(at);
        }
        None
    }

    /// Calls a sleeper that is to be called next, and returns whom to wake.
    pub(crate) fn call(&mut self, node: Node<A>) -> Option<Waker> {
        if let Some(last) = self.last.filter(|_| self.is_in_front(node)) {
            self.line.get_mut(last).ask.need_mut().holes -= 1;
        } else {
            let (front, holes) = self.sums();
            let need = self.need(node);
            let sums = self.line.get_mut(node).ask.need_mut();
            (sums.front, sums.holes) = (front + need, holes);
            self.last = Some(node);
        }
        self.line.call(node)
    }

    /// A new waiter takes its place at the end.
    #[inline]
    pub(crate) fn enqueue(&mut self, node: Node<A>, always_answers: bool) {
        debug_assert!(self.number(node) > 0, "who needs nothing is never called");
        self.line.enqueue(node, always_answers);
    }

    /// One who was called found too little: it sleeps again, with half of its credit.
    pub(crate) fn answered_in_vain(&mut self, node: Node<A>) {
        self.line.get_mut(node).credit /= 2;
        match self.last {
            Some(last) if last != node => self.line.get_mut(last).ask.need_mut().holes += 1,
            _ => self.retreat(node),
        }
        self.line.sleep_again(node);
    }

    /// One who was passed over comes back to its place.
    pub(crate) fn come_back(&mut self, node: Node<A>) {
        let first = self.line.first();
        self.line.come_back(node);
        let behind_it = |last: &Node<A>| self.line.is_first(node) || first != Some(*last);
        if let Some(last) = self.last.filter(behind_it) {
            let need = self.need(node);
            let sums = self.line.get_mut(last).ask.need_mut();
            sums.front += need;
            sums.holes += 1;
            self.line.get_mut(node).ask.need_mut().front = 1;
        }
    }

    /// `node` was polled with `waker` and can not have what it wants, although enough is free if that is
    /// `kept`. Whether it probes; `None` if somebody was passed over, so that others are to be called.
    pub(super) fn heed(
        &mut self,
        node: Node<A>,
        waker: &Waker,
        is_new: bool,
        kept: bool,
    ) -> Option<bool> {
        match self.line.unanswered(node, waker, is_new, kept) {
            Unanswered::Nothing => return Some(false),
            Unanswered::Probe => return Some(true),
            Unanswered::SameTask(called) => self.pass_over(called),
            Unanswered::Late(called) => {
                self.pass_over(called);
                self.line.grow_patience(called);
            }
        }
        None
    }

    /// A called one is passed over.
    pub(crate) fn pass_over(&mut self, node: Node<A>) {
        self.leave_front(node);
        self.line.pass_over(node);
    }

    /// Leaves for good, from wherever it is.
    pub(crate) fn leave(&mut self, node: Node<A>) {
        self.leave_front(node);
        self.line.leave(node);
    }

    fn leave_front(&mut self, node: Node<A>) {
        if !self.is_in_front(node) {
            return;
        }
        match self.last {
            Some(last) if last != node => {
                let (need, is_hole) = (self.need(node), !self.is_called(node));
                let sums = self.line.get_mut(last).ask.need_mut();
                sums.front -= need;
                sums.holes -= u32::from(is_hole);
                self.line.get_mut(node).ask.need_mut().front = 0;
            }
            _ => self.retreat(node),
        }
    }

    /// The front ends ahead of `node`, its last so far, and ahead of the sleepers ahead of that. Each of
    /// them is passed once for each time that it was called.
    fn retreat(&mut self, node: Node<A>) {
        let (mut front, mut holes) = self.sums();
        holes -= u32::from(!self.is_called(node));
        let mut at = node;
        self.last = loop {
            front -= self.need(at);
            self.line.get_mut(at).ask.need_mut().front = 0;
            let Some(ahead) = self.line.ahead(at) else {
                debug_assert_eq!((front, holes), (0, 0));
                break None;
            };
            at = ahead;
            if self.is_called(at) {
                let sums = self.line.get_mut(at).ask.need_mut();
                (sums.front, sums.holes) = (front, holes);
                break Some(at);
            }
            holes -= 1;
        };
    }
}
