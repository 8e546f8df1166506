//! The model: what is queued, and two cores of the fairness rules, of which one counts items and the
//! other slots. What the one gives out comes back to the other.
//!
//! Where the capacity is 0, the slots are none, and a push that waits for one is an item itself.

use std::collections::VecDeque;

use super::stored::{SIDES, Shelf};
use super::{Id, Rules, Task, Waiter};
use crate::model::seen::{Seen, What};
use crate::model::waiter::{Got, State};

/// An item, by the order in which they were made.
pub(crate) type Item = u32;

/// The capacity of an unbounded queue.
pub(crate) const UNBOUNDED: usize = usize::MAX;
/// More slots than any run fills.
const PLENTY: usize = 1 << 30;

/// What became of a wish.
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
        Self::new(Verdict::Done, [])
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

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Handles {
    pub(crate) senders: usize,
    pub(crate) receivers: usize,
    pub(crate) weak_senders: usize,
    pub(crate) weak_receivers: usize,
}

pub(crate) struct Channel {
    pub(crate) max: usize,
    pub(super) items: VecDeque<Item>,
    pub(super) reserved: usize,
    pub(crate) closed: bool,
    /// Nobody will ever receive.
    pub(super) deserted: bool,
    pub(crate) handles: Handles,
    pub(crate) pops: Rules,
    pub(crate) pushes: Rules,
    /// What those who push have in hand, by their ids.
    pub(super) in_hand: Vec<Option<Item>>,
    /// Pushes whose item was taken where the capacity is 0, and that were not polled since.
    pub(super) taken: Vec<Id>,
    pub(super) streams: Shelf,
    pub(super) sinks: Shelf,
    /// Those who wait for it to be closed.
    pub(super) closings: Vec<(Id, Task)>,
    pub(super) next_closing: Id,
    /// Who was woken in this step, at last the task that wakes itself, and what was dropped.
    pub(super) woken: Vec<Task>,
    pub(super) own: Option<Task>,
    pub(super) dropped: Vec<Item>,
    pub(super) seen: Seen,
}

impl Channel {
    /// With one handle at each end.
    pub(crate) fn new(max: usize, limit: u32, patience: u32) -> Self {
        Self {
            max,
            items: VecDeque::new(),
            reserved: 0,
            closed: false,
            deserted: false,
            handles: Handles {
                senders: 1,
                receivers: 1,
                ..Handles::default()
            },
            pops: Rules::new(0, limit, patience),
            pushes: Rules::new(max.min(PLENTY), limit, patience).of_slots(),
            in_hand: Vec::new(),
            taken: Vec::new(),
            streams: Shelf::default(),
            sinks: Shelf::default(),
            closings: Vec::new(),
            next_closing: 0,
            woken: Vec::new(),
            own: None,
            dropped: Vec::new(),
            seen: Seen::default(),
        }
    }

    pub(crate) fn is_rendezvous(&self) -> bool {
        self.max == 0
    }

    /// Items that are queued or, where the capacity is 0, offered.
    pub(crate) fn ready(&self) -> usize {
        if self.is_rendezvous() {
            self.pushes.queue.len()
        } else {
            self.items.len()
        }
    }

    /// Slots that are neither filled nor reserved.
    pub(crate) fn room(&self) -> usize {
        self.max - self.items.len() - self.reserved
    }

    pub(crate) fn capacity(&self) -> usize {
        if self.max == UNBOUNDED {
            UNBOUNDED
        } else {
            self.room()
        }
    }

    /// In their order.
    pub(crate) fn items(&self) -> &VecDeque<Item> {
        &self.items
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item is there nor can arrive.
    pub(crate) fn is_over(&self) -> bool {
        self.closed && self.reserved == 0 && self.ready() == 0
    }

    /// An item fills a slot that was taken for it.
    pub(super) fn arrives(&mut self, item: Item) {
        self.items.push_back(item);
        self.calls_pops(1);
    }

    pub(super) fn calls_pops(&mut self, items: usize) {
        self.streams.tell();
        let woken = self.pops.release(items);
        self.woken.extend(woken);
    }

    pub(super) fn calls_pushes(&mut self, slots: usize) {
        if slots > 0 {
            self.sinks.tell();
        }
        let woken = self.pushes.release(slots);
        self.woken.extend(woken);
    }

    /// The oldest item leaves; that there is one was found before.
    pub(super) fn leaves(&mut self) -> Item {
        if let Some(item) = self.items.pop_front() {
            self.calls_pushes(1);
            return item;
        }
        self.seen.count(What::OfferTaken);
        let first = self.pushes.queue[0];
        self.woken.push(self.pushes.waiter(first).task);
        self.pushes.leave(first, State::Done);
        self.taken.push(first);
        self.in_hand[first].take().expect("an offer has its item")
    }

    /// What ends each step: those stored are woken who are to look. Then: who was woken and what was dropped.
    pub(crate) fn end_of_step(&mut self) -> (Vec<Task>, Vec<Item>) {
        self.wake_stored();
        self.woken.extend(self.own.take());
        self.pops.closed = self.is_over();
        let (woken, dropped) = (&mut self.woken, &mut self.dropped);
        (std::mem::take(woken), std::mem::take(dropped))
    }

    pub(crate) fn try_push(&mut self, item: Item) -> Answer {
        match self.pushes.try_take(1).into() {
            Verdict::Done => {
                self.arrives(item);
                Answer::done()
            }
            refused => Answer::new(refused, [item]),
        }
    }

    pub(crate) fn try_pop(&mut self) -> Answer {
        match self.pops.try_take(1).into() {
            Verdict::Done => Answer::new(Verdict::Done, [self.leaves()]),
            refused => Answer::new(refused, []),
        }
    }

    /// Takes a slot whoever it is kept for, or the oldest item's.
    pub(crate) fn force(&mut self, item: Item) -> Answer {
        if self.closed {
            return Answer::new(Verdict::Closed, [item]);
        }
        if self.room() > 0 {
            self.pushes.take(1);
            self.arrives(item);
            return Answer::done();
        }
        let Some(oldest) = self.items.pop_front() else {
            self.seen.count(What::AllReserved);
            return Answer::new(Verdict::Done, [item]);
        };
        // News to those who store a push, though the slot is taken again.
        self.sinks.tell();
        self.seen.count(What::ThrownOut);
        self.items.push_back(item);
        self.streams.tell();
        Answer::new(Verdict::Done, [oldest])
    }

    pub(crate) fn tally(&self) -> Seen {
        let mut seen = self.seen;
        seen.add(&self.pops.seen);
        seen.add(&self.pushes.seen);
        seen
    }

    pub(crate) fn assert_invariants(&self) {
        self.pops.assert_invariants();
        self.pushes.assert_invariants();
        assert_eq!(self.pops.balance, self.ready() as isize);
        assert!(self.pops.waiters.iter().all(|x: &Waiter| x.need == 1));
        let room = self.room().min(PLENTY - self.items.len() - self.reserved);
        assert_eq!(self.pushes.balance, room as isize);
        assert_eq!(self.pops.closed, self.is_over());
        for side in SIDES {
            let (shelf, rules) = self.shelf(side);
            let asleep = |id: &Id| rules.is(*id, State::Asleep);
            assert!(shelf.asleep().iter().all(asleep));
            assert!(!shelf.called().iter().any(asleep));
        }
    }
}
