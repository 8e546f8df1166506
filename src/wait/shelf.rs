//! Where stored waiters sleep: those that outlive their futures, in a handle, so that nobody knows
//! whether they will be polled again. Nothing is kept for them, and a call of one stands for nobody
//! else's.

use std::task::Waker;

use super::line::{Line, Tally};
use super::list::WaitList;
use super::node::{NodeRef, State};

#[derive(Debug)]
pub(crate) struct Shelf {
    list: WaitList,
    /// Counts what may let somebody on the shelf go on.
    news: u32,
}

impl Shelf {
    pub(crate) const fn new() -> Self {
        Self {
            list: WaitList::new(),
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
        let knows = |first: NodeRef| first.get().queued().call.get() == self.news;
        self.list.first().is_some_and(|first| !knows(first))
    }

    /// A waiter goes to sleep behind all others, and knows the news.
    pub(crate) fn shelve<F: Tally>(&mut self, node: NodeRef, line: &mut Line<F>) {
        let waiter = node.get();
        if waiter.state.get() == State::Asleep {
            if waiter.queued().call.get() == self.news {
                return; // where it is, as all behind it know them too
            }
            self.list.remove(node);
        } else {
            waiter.state.set(State::Asleep);
            if waiter.queued().ticket.get() == 0 {
                waiter.queued().ticket.set(line.number());
            }
        }
        self.list.push_back(node);
        waiter.queued().call.set(self.news);
    }

    /// A waiter leaves for good.
    pub(crate) fn leave(&mut self, node: NodeRef) {
        if node.state() == State::Asleep {
            self.list.remove(node);
        }
        node.get().state.set(State::Done);
    }

    /// Takes the first off the shelf, to be woken.
    pub(crate) fn call(&mut self) -> Option<Waker> {
        let first = self.list.first()?;
        self.dismiss(first)
    }

    /// Takes the last off the shelf, to be woken.
    pub(crate) fn call_last(&mut self) -> Option<Waker> {
        let last = self.list.last()?;
        self.dismiss(last)
    }

    fn dismiss(&mut self, node: NodeRef) -> Option<Waker> {
        self.leave(node);
        let waker = node.get().disarm();
        node.get().start_again();
        waker
    }

    #[cfg(wakeful_loom)]
    pub(crate) fn assert_idle(&self) {
        assert!(self.is_empty(), "a stored waiter waits still");
    }
}
