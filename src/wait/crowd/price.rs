//! What it costs to take some (rule 3).

use super::{Crowd, Needs};
use crate::wait::line::SEEN;
use crate::wait::waiter::Node;

/// Where somebody stands who wants some.
#[derive(Clone, Copy)]
pub(crate) enum Stand<A> {
    /// Not in line: behind all.
    Behind,
    /// Passed over: ahead of all if it comes back.
    First,
    /// Passed over: behind the first if it comes back.
    Second,
    InLine(Node<A>),
}

/// What an acquisition costs (rule 3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Price {
    Nothing,
    /// A unit of the first waiter's credit.
    Credit,
}

impl<A: Needs> Crowd<A> {
    /// What `need` permits cost somebody there while so many are free; `None` if they are not to be
    /// had.
    #[inline]
    pub(crate) fn price(&self, stand: Stand<A>, need: u32, free: usize) -> Option<Price> {
        let (need, free) = (u64::from(need), free as u64);
        if free < need {
            return None;
        }
        let Some(first) = self.line.first() else {
            return Some(Price::Nothing);
        };
        if self.leaves_enough(stand, first, need, free) {
            Some(Price::Nothing)
        } else {
            (self.line.get(first).credit > 0).then_some(Price::Credit)
        }
    }

    /// Whether everybody ahead was called and finds enough beside it.
    #[inline]
    fn leaves_enough(&self, stand: Stand<A>, first: Node<A>, need: u64, free: u64) -> bool {
        match stand {
            Stand::First => true,
            Stand::InLine(node) if node == first => true,
            Stand::Second => self.is_called(first) && free >= need + self.need(first),
            Stand::Behind => {
                let (front, holes) = self.sums();
                holes == 0 && self.behind_front().is_none() && free >= need + front
            }
            Stand::InLine(node) => {
                let (front, holes) = self.sums();
                if !self.is_in_front(node) {
                    holes == 0 && self.behind_front() == Some(node) && free >= need + front
                } else if holes == 0 && free >= front {
                    true
                } else {
                    self.leaves_enough_ahead(first, node, free - need)
                }
            }
        }
    }

    /// Whether `spare` is enough for all ahead of `node`, and they were called: false if too many are.
    fn leaves_enough_ahead(&self, first: Node<A>, node: Node<A>, mut spare: u64) -> bool {
        let mut at = first;
        for _ in 0..SEEN {
            if at == node {
                return true;
            }
            let need = self.need(at);
            if !self.is_called(at) || spare < need {
                return false;
            }
            spare -= need;
            let Some(next) = self.line.behind(at) else {
                unreachable!("it stands in line behind the first");
            };
            at = next;
        }
        false
    }

    /// The first in line, if there is one, pays.
    pub(crate) fn pay(&mut self, price: Price) {
        if let (Price::Credit, Some(first)) = (price, self.line.first()) {
            self.line.get_mut(first).credit -= 1;
        }
    }
}
