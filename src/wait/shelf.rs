//! Where stored waiters sleep: those that live in a handle and outlive their futures, so nobody knows whether
//! they will be polled again. Nothing is kept for them, and waking one never replaces waking another waiter.

use std::task::Waker;

use super::line::{FAR, Line};
use super::list::WaitList;
use super::node::{NodeRef, State};
use super::rules::CALLED_SEEN;
use super::tally::Tally;

#[derive(Debug)]
pub(crate) struct Shelf {
    /// The sleeping ones.
    list: WaitList,
    /// Woken, and not polled since.
    called: WaitList,
    /// Counts the changes that may let a stored waiter acquire.
    news: u32,
}

impl Shelf {
    pub(crate) const fn new() -> Self {
        Self {
            list: WaitList::new(),
            called: WaitList::new(),
            news: 0,
        }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Something has changed that all waiters here must check.
    #[inline]
    pub(crate) fn tell(&mut self) {
        self.news = self.news.wrapping_add(1);
    }

    /// The first sleeping waiter.
    pub(crate) fn first(&self) -> Option<NodeRef> {
        self.list.first()
    }

    /// The same, if it has yet to check the latest change.
    pub(crate) fn first_with_news(&self) -> Option<NodeRef> {
        self.first()
            .filter(|first| first.queued().call.get() != self.news)
    }

    /// A waiter goes to sleep behind all others, having checked the latest change.
    pub(crate) fn shelve<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) {
        if node.state() == State::Asleep {
            if node.queued().call.get() == self.news {
                return; // in place: all behind it have checked the latest change, too
            }
            self.list.remove(node);
        } else {
            node.state.set(State::Asleep);
            if node.queued().ticket.get() == 0 {
                node.queued().ticket.set(line.number());
            }
        }
        self.list.push_back(node);
        node.queued().call.set(self.news);
    }

    /// A waiter leaves for good.
    pub(crate) fn leave(&mut self, node: NodeRef) {
        match node.state() {
            State::Asleep => self.list.remove(node),
            State::Called => self.called.remove(node),
            _ => {}
        }
        node.state.set(State::Done);
    }

    /// The first sleeping waiter that would be admitted: `admits` says whether one with this need is. Checks at most
    /// [`FAR`] of them, and none behind one that needs a single unit.
    pub(crate) fn admissible(&self, admits: impl Fn(u32) -> bool) -> Option<NodeRef> {
        let mut next = self.list.first();
        for _ in 0..FAR {
            let at = next?;
            if admits(at.need()) {
                return Some(at);
            }
            if at.need() == 1 {
                return None; // nobody needs less
            }
            next = self.list.behind(at);
        }
        None
    }

    /// Calls a sleeping waiter; returns its waker.
    pub(crate) fn call<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) -> Option<Waker> {
        let waker = node.disarm();
        self.is_called(node, line);
        waker
    }

    /// A waiter that is polled with `waker`, and has none, counts as woken: it wakes itself.
    pub(crate) fn await_turn<F: Tally>(
        &mut self,
        node: NodeRef,
        waker: &Waker,
        line: &mut Line<F>,
    ) {
        node.is_polled_with(waker);
        self.is_called(node, line);
    }

    fn is_called<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) {
        if node.state() == State::Asleep {
            self.list.remove(node);
        }
        self.called.push_back(node);
        node.state.set(State::Called);
        node.queued().call.set(line.number());
    }

    /// A waiter is polled, as an arrival.
    pub(crate) fn answer(&mut self, node: NodeRef) {
        if node.state() == State::Called {
            self.called.remove(node);
            node.state.set(State::New);
        }
    }

    /// Whether `node`, polled with `waker`, leaves what is free to an older stored waiter of its own task that
    /// was woken for it. It does so once: the older one will be polled in the same turn, or not at all. (A
    /// waiter that has not slept yet is an arrival, and takes what is free.)
    pub(crate) fn gives_way(&self, node: NodeRef, waker: &Waker) -> bool {
        if node.queued().ticket.get() == 0 {
            return false;
        }
        let mut next = self.called.first();
        for _ in 0..CALLED_SEEN {
            let Some(at) = next else { return false };
            if at.is_of_task(waker) && at.stands_ahead_of(node) {
                let met = at.queued().call.get() as u16;
                // Not stored in `met`: that is for calls in the line, which the same poll may meet.
                return node.credit.replace(met) != met;
            }
            next = self.called.behind(at);
        }
        false
    }

    #[cfg(wakeful_loom)]
    pub(crate) fn assert_idle(&self) {
        assert!(self.is_empty(), "a stored waiter waits still");
    }
}
