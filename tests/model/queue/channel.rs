//! The model: what is queued, and two cores of the fairness rules, of which one counts items and the
//! other slots. What the one gives out comes back to the other.
//!
//! Where the capacity is 0, the slots are none, and a push that waits for one is an item itself.

use std::collections::VecDeque;

use wakeful::Fairness;

use super::stored::{SIDES, Shelf};
use super::{Answer, Id, Item, Rules, Task, Verdict, Waiter};
use crate::model::answer::{rank, weight};
use crate::model::drive::rules_for;
use crate::model::seen::{Seen, What};
use crate::model::waiter::State;

/// The capacity of an unbounded queue.
pub(crate) const UNBOUNDED: usize = usize::MAX;
/// More slots than any run fills.
const PLENTY: usize = 1 << 30;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Handles {
    pub(crate) senders: usize,
    pub(crate) receivers: usize,
    pub(crate) weak_senders: usize,
    pub(crate) weak_receivers: usize,
}

/// In which order items leave.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Order {
    #[default]
    Fifo,
    Lifo,
    /// By [`rank`].
    Priority,
    /// As `Fifo`, but each item takes as many slots as its [`weight`] says.
    Weighted,
}

#[derive(Default)]
pub(crate) struct Channel {
    pub(crate) max: usize,
    pub(crate) order: Order,
    /// In the order in which they came.
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
    pub(crate) fn new(max: usize, order: Order, fairness: Fairness) -> Self {
        Self {
            max,
            order,
            handles: Handles {
                senders: 1,
                receivers: 1,
                ..Handles::default()
            },
            pops: rules_for(0, fairness),
            pushes: rules_for(max.min(PLENTY), fairness).of_slots(),
            ..Self::default()
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
        self.max - self.filled() - self.reserved
    }

    fn filled(&self) -> usize {
        self.items.iter().map(|&item| self.slots(item)).sum()
    }

    /// How many slots an item takes.
    pub(super) fn slots(&self, item: Item) -> usize {
        match self.order {
            Order::Weighted => weight(item),
            _ => 1,
        }
    }

    /// How many slots a push waits for.
    pub(super) fn need(&self, item: Item) -> usize {
        self.slots(item).max(1)
    }

    pub(crate) fn capacity(&self) -> usize {
        if self.max == UNBOUNDED {
            UNBOUNDED
        } else {
            self.room()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item is there nor can arrive.
    pub(crate) fn is_over(&self) -> bool {
        self.closed && self.reserved == 0 && self.ready() == 0
    }

    /// An item fills the slots that were taken for it.
    pub(super) fn arrives(&mut self, item: Item) {
        self.items.push_back(item);
        self.calls_pops(1);
        let unfilled = self.need(item) - self.slots(item);
        self.woken.extend(self.pushes.release(unfilled));
    }

    pub(super) fn calls_pops(&mut self, items: usize) {
        self.streams.tell();
        self.woken.extend(self.pops.release(items));
    }

    pub(super) fn calls_pushes(&mut self, slots: usize) {
        if slots > 0 {
            self.sinks.tell();
        }
        self.woken.extend(self.pushes.release(slots));
    }

    /// The item that is next to leave.
    pub(super) fn take_next(&mut self) -> Option<Item> {
        let mut places = 0..self.items.len();
        let next = match self.order {
            Order::Fifo | Order::Weighted => places.next(),
            Order::Lifo => places.last(),
            Order::Priority => places.rev().max_by_key(|&place| rank(self.items[place])),
        };
        self.items.remove(next?)
    }

    /// The next item leaves; that there is one was found before.
    pub(super) fn leaves(&mut self) -> Item {
        if let Some(item) = self.take_next() {
            self.calls_pushes(self.slots(item));
            return item;
        }
        self.count(What::OfferTaken);
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

    /// Whether an item fills nothing and has nobody to wait for.
    pub(super) fn passes(&self, item: Item) -> bool {
        self.slots(item) == 0 && self.pushes.queue.is_empty() && !self.closed
    }

    /// Such an item arrives.
    pub(super) fn passes_by(&mut self, item: Item) -> Answer {
        self.items.push_back(item);
        self.calls_pops(1);
        Answer::done()
    }

    pub(crate) fn try_push(&mut self, item: Item) -> Answer {
        if self.passes(item) {
            return self.passes_by(item);
        }
        match self.pushes.try_take(self.need(item)).into() {
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
            refused => refused.into(),
        }
    }

    /// Takes a free slot, even if it is kept, or that of the item that is to make room.
    pub(crate) fn force(&mut self, item: Item) -> Answer {
        if self.closed {
            return Answer::new(Verdict::Closed, [item]);
        }
        if self.room() > 0 {
            self.pushes.take(1);
            self.arrives(item);
            return Answer::done();
        }
        if self.items.is_empty() {
            self.count(What::AllReserved);
            return Answer::new(Verdict::Done, [item]);
        }
        // News to those who store a push, though the slot is taken again.
        self.sinks.tell();
        self.count(What::ThrownOut);
        self.items.push_back(item);
        self.streams.tell();
        let mut places = 0..self.items.len();
        let last = match self.order {
            Order::Fifo | Order::Lifo | Order::Weighted => places.next(),
            Order::Priority => places.rev().min_by_key(|&place| rank(self.items[place])),
        };
        let out = last.and_then(|last| self.items.remove(last));
        Answer::new(Verdict::Done, out)
    }

    pub(super) fn count(&mut self, what: What) {
        self.seen.count(what);
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
        let room = self.room().min(PLENTY - self.filled() - self.reserved);
        assert_eq!(self.pushes.balance, room as isize);
        assert_eq!(self.pops.closed, self.is_over());
        for side in SIDES {
            let (shelf, rules) = self.shelf(side);
            let asleep = |id: &Id| rules.is(*id, State::Asleep);
            assert!(shelf.asleep.iter().all(asleep));
            assert!(!shelf.called.iter().any(asleep));
        }
    }
}
