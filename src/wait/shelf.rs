//! Where stored waiters sleep: those that outlive their futures, in a handle, so that nobody knows
//! whether they will be polled again. Nothing is kept for them, and a call of one stands for nobody
//! else's.

use std::task::Waker;

use super::line::Line;
use super::list::WaitList;
use super::node::{NodeRef, State};
use super::rules::CALLED_SEEN;
use super::tally::Tally;

#[derive(Debug)]
pub(crate) struct Shelf {
    /// Those asleep.
    list: WaitList,
    /// Those woken, and not polled since.
    called: WaitList,
    /// Counts what may let somebody on the shelf go on.
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

    /// Something has changed that all here are to look at.
    #[inline]
    pub(crate) fn tell(&mut self) {
        self.news = self.news.wrapping_add(1);
    }

    /// Whether the first here has not looked at the latest change.
    pub(crate) fn has_news(&self) -> bool {
        let knows = |first: NodeRef| first.queued().call.get() == self.news;
        self.list.first().is_some_and(|first| !knows(first))
    }

    /// A waiter goes to sleep behind all others, and knows the news.
    pub(crate) fn shelve<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) {
        if node.state() == State::Asleep {
            if node.queued().call.get() == self.news {
                return; // where it is, as all behind it know them too
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

    /// Wakes the first that sleeps.
    pub(crate) fn call(&mut self) -> Option<Waker> {
        let node = self.list.first()?;
        self.list.remove(node);
        let waker = node.disarm();
        self.called.push_back(node);
        node.state.set(State::Called);
        node.queued().call.set(self.news);
        waker
    }

    /// A waiter that is polled counts as woken: it wakes itself.
    pub(crate) fn await_turn<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) {
        if node.state() == State::Asleep {
            self.list.remove(node);
        }
        self.called.push_back(node);
        node.state.set(State::Called);
        if node.queued().ticket.get() == 0 {
            node.queued().ticket.set(line.number());
        }
    }

    /// A waiter is polled: as an arrival, wherever it was.
    pub(crate) fn answer(&mut self, node: NodeRef) {
        if node.state() == State::Called {
            self.called.remove(node);
            node.state.set(State::New);
        }
    }

    /// Whether `node`, polled with `waker`, leaves what is free to one of its own task that waits longer
    /// and was woken for it: once, since it will be polled at the same turn, or not at all.
    pub(crate) fn gives_way(&self, node: NodeRef, waker: &Waker) -> bool {
        let ticket = node.queued().ticket.get();
        let mut next = self.called.first();
        for _ in 0..CALLED_SEEN {
            let Some(at) = next else { return false };
            if at.is_of_task(waker) && (ticket == 0 || at.stands_ahead_of(node)) {
                // Which waiter, woken by which news.
                let queued = at.queued();
                let met = queued.ticket.get() ^ queued.call.get().rotate_left(16);
                let met = (met ^ met >> 16) as u16;
                // Not in `met`: that is for calls in line, which it may meet at the same poll.
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
