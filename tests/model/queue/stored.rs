//! The waiters that handles store: each an arrival at each poll, for whom nothing is kept. They sleep on
//! a shelf beside the line, and there those of one task give way to each other.

use std::collections::BTreeMap;
use std::mem::replace;

use super::channel::Channel;
use super::{Answer, Id, Item, Rules, Task, Verdict};
use crate::model::seen::What;
use crate::model::waiter::{State, Waiter};

/// Who waits there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Pops,
    Pushes,
}

pub(crate) const SIDES: [Side; 2] = [Side::Pops, Side::Pushes];

/// The pops that receivers store, or the pushes that senders do.
#[derive(Default)]
pub(crate) struct Shelf {
    /// Those that sleep, in the order in which they fell asleep.
    pub(super) asleep: Vec<Id>,
    /// Those woken and not polled since, in the order in which they were.
    pub(super) called: Vec<Id>,
    memories: BTreeMap<Id, Memory>,
    /// Counts what all who sleep are to look at.
    news: u32,
    /// Numbers arrivals and calls.
    numbers: u32,
}

/// What one remembers until it is done.
#[derive(Default)]
struct Memory {
    /// When it first slept; 0 if it never did.
    arrival: u32,
    /// Which news it knew when it fell asleep.
    knows: u32,
    /// Which call woke it last.
    call: u32,
    /// To which call it gave way last.
    gave_way_to: u32,
}

impl Side {
    fn what(self, pop: What, push: What) -> What {
        match self {
            Self::Pops => pop,
            Self::Pushes => push,
        }
    }
}

impl Shelf {
    pub(super) fn tell(&mut self) {
        self.news += 1;
    }

    fn memory(&mut self, id: Id) -> &mut Memory {
        self.memories.entry(id).or_default()
    }

    fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// The call of the first of its task, of those who have waited for longer: it leaves that one what is
    /// free, once. One that has not slept yet is an arrival, and takes what it finds.
    fn meets(&self, id: Id, task: Task, rules: &Rules) -> Option<u32> {
        let arrival = self.memories.get(&id).map_or(0, |own| own.arrival);
        let mut called = self.called.iter().map(|at| (at, &self.memories[at]));
        let met = called.find(|(at, other)| {
            rules.waiter(**at).task == task && arrival != 0 && other.arrival < arrival
        });
        met.map(|(_, other)| other.call)
    }

    /// It is woken, or wakes itself.
    fn call(&mut self, id: Id) {
        self.asleep.retain(|&asleep| asleep != id);
        self.called.push(id);
        self.memory(id).call = self.number();
    }

    /// It was polled and has to wait: behind all others, unless it slept and there is no news.
    fn sleeps(&mut self, id: Id) {
        let news = self.news;
        if self.asleep.contains(&id) && self.memory(id).knows == news {
            return;
        }
        self.asleep.retain(|&asleep| asleep != id);
        self.asleep.push(id);
        self.memory(id).knows = news;
        if self.memory(id).arrival == 0 {
            self.memory(id).arrival = self.number();
        }
    }

    fn leave(&mut self, id: Id) {
        self.asleep.retain(|&asleep| asleep != id);
        self.called.retain(|&called| called != id);
        self.memories.remove(&id);
    }
}

impl Channel {
    /// Where the capacity is 0, it waits in line and is an offer, as any push.
    pub(crate) fn new_stored_push(&mut self, task: Task, item: Item) -> Id {
        self.in_hand.push(Some(item));
        if self.is_rendezvous() {
            return self.pushes.newcomer(task, 1);
        }
        self.pushes.guest(task)
    }

    pub(crate) fn shelf(&self, side: Side) -> (&Shelf, &Rules) {
        match side {
            Side::Pops => (&self.streams, &self.pops),
            Side::Pushes => (&self.sinks, &self.pushes),
        }
    }

    fn shelf_mut(&mut self, side: Side) -> (&mut Shelf, &mut Rules) {
        match side {
            Side::Pops => (&mut self.streams, &mut self.pops),
            Side::Pushes => (&mut self.sinks, &mut self.pushes),
        }
    }

    pub(crate) fn poll_stored(&mut self, side: Side, id: Id, task: Task) -> Answer {
        if side == Side::Pushes && self.is_rendezvous() {
            let answer = self.poll_push(id, task);
            if answer.verdict == Verdict::Done {
                self.count(What::SinkOffered);
            }
            return answer;
        }
        loop {
            if self.gives_way(side, id, task) {
                return Verdict::NotYet.into();
            }
            let answer = match side {
                Side::Pops => self.poll_pop(id, task),
                Side::Pushes => self.poll_push(id, task),
            };
            if self.shelf_mut(side).1.had_spare.take().is_none() {
                self.settle_stored(side, id);
                return answer;
            }
            self.wake_all_stored(side, Some(id));
        }
    }

    /// Whether it leaves what is free to another of its task, and wakes itself.
    fn gives_way(&mut self, side: Side, id: Id, task: Task) -> bool {
        let (shelf, rules) = self.shelf_mut(side);
        shelf.called.retain(|&called| called != id);
        let Some(call) = shelf.meets(id, task, rules).filter(|_| !rules.closed) else {
            return false;
        };
        if replace(&mut shelf.memory(id).gave_way_to, call) == call {
            self.count(side.what(What::StoredWentOn, What::SinkWentOn));
            return false;
        }
        shelf.call(id);
        rules.waiters[id].task = task;
        rules.start_again(id);
        self.own = Some(task);
        self.count(side.what(What::StoredGaveWay, What::SinkGaveWay));
        true
    }

    fn settle_stored(&mut self, side: Side, id: Id) {
        let (shelf, rules) = self.shelf_mut(side);
        match rules.waiter(id).state {
            State::Asleep => shelf.sleeps(id),
            _ => shelf.leave(id),
        }
        if !rules.waiter(id).probed {
            return;
        }
        let probing = |x: &&Waiter| x.is_guest && x.probed && x.state == State::Asleep;
        let together = rules.waiters.iter().filter(probing).count() > 1;
        self.count(side.what(What::StoredProbes, What::SinkProbes));
        if together {
            self.count(side.what(What::StoredProbeTogether, What::SinkProbeTogether));
        }
    }

    /// With what it has in hand.
    pub(crate) fn drop_stored(&mut self, side: Side, id: Id) {
        if side == Side::Pushes && self.is_rendezvous() {
            let item = self.cancel_push(id);
            return self.dropped.extend(item);
        }
        let (shelf, rules) = self.shelf_mut(side);
        shelf.leave(id);
        if !rules.is(id, State::Done) {
            let woken = rules.drop(id);
            self.woken.extend(woken);
        }
        if side == Side::Pushes {
            self.dropped.extend(self.in_hand[id].take());
        }
    }

    /// Wakes every stored waiter that has something to look at, or may have what it wants.
    pub(super) fn wake_stored(&mut self) {
        for side in SIDES {
            while self.is_first_due(side) {
                self.wake_first(side, None);
            }
        }
    }

    fn is_first_due(&self, side: Side) -> bool {
        let (shelf, rules) = self.shelf(side);
        let Some(first) = shelf.asleep.first() else {
            return false;
        };
        let has_news = shelf.memories[first].knows != shelf.news;
        let may_take = rules.price(1, &rules.queue).is_some();
        match side {
            Side::Pops => may_take || has_news && (self.ready() > 0 || self.closed),
            Side::Pushes => may_take || has_news && self.room() > 0 || self.closed,
        }
    }

    /// `by` is being polled and needs no waking.
    pub(super) fn wake_all_stored(&mut self, side: Side, by: Option<Id>) {
        while !self.shelf(side).0.asleep.is_empty() {
            self.wake_first(side, by);
        }
    }

    fn wake_first(&mut self, side: Side, by: Option<Id>) {
        let (shelf, rules) = self.shelf_mut(side);
        let first = shelf.asleep[0];
        shelf.call(first);
        rules.start_again(first);
        let task = rules.waiter(first).task;
        if by != Some(first) {
            self.woken.push(task);
            self.count(side.what(What::StoredWoken, What::SinkWoken));
        }
    }
}
